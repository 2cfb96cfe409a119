"""All macros of a tree, and which definition a file sees.

The table itself is a dictionary of names; bodies are cut into tokens, conditionals read and includes
followed only when somebody asks for the name.
"""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from clew.parse.conditions import Conditionals, are_exclusive
from clew.parse.includes import IncludeReach
from clew.parse.standard import STANDARD_MACROS
from clew.parse.tokens import Token, tokenise_body
from clew.scan.facts import FileFacts, Macro
from clew.text.span import Span

# Definitions of one name in one file that are compared with the one in force.
MAX_SIBLINGS = 16


@dataclass(frozen=True, slots=True, eq=False)
class Definition:
    """One ``#define``: *params* is None for an object-like macro; the last one collects the remaining
    arguments when *variadic*.  *body* are template tokens (see `tokenise_body`)."""

    name: str
    path: str
    params: tuple[str, ...] | None
    variadic: bool
    pastes: bool
    body: tuple[Token, ...]
    span: Span  # of the body, in the file *path*


class Found(Protocol):
    """A macro definition with the file that it stands in."""

    @property
    def path(self) -> str:
        """The file."""

    @property
    def macro(self) -> Macro:
        """The macro."""


class Finder(Protocol):
    """All macros of a tree by name."""

    def __contains__(self, name: object) -> bool:
        """Tell whether some file defines *name*."""

    def near(self, name: str, is_wanted: Callable[[str], bool]) -> Sequence[Found]:
        """Return the definitions of *name* in the files that *is_wanted*, in order."""

    def paths_of(self, name: str) -> Iterator[str]:
        """Yield the files that define *name*."""


class FileMacros:
    """The macros of *facts* by name."""

    def __init__(self, facts: Iterable[FileFacts]) -> None:
        self._places: dict[str, list[Place]] = {}
        for one in facts:
            for macro in one.macros:
                self._places.setdefault(macro.name, []).append(Place(one.path, macro))

    def __contains__(self, name: object) -> bool:
        return name in self._places

    def near(self, name: str, is_wanted: Callable[[str], bool]) -> list["Place"]:
        """Return the definitions of *name* in the files that *is_wanted*."""
        return [place for place in self._places.get(name, ()) if is_wanted(place.path)]

    def paths_of(self, name: str) -> Iterator[str]:
        """Yield the files that define *name*."""
        return (place.path for place in self._places.get(name, ()))


class Place(NamedTuple):
    """A macro and the file that it stands in."""

    path: str
    macro: Macro


class MacroTable:
    """Every macro of the given files; *texts* maps a path to the original text of the file.  Where a whole
    tree is known already, *macros* has them by name, and *targets* what the ``#include`` of a file names."""

    def __init__(
        self,
        files: Iterable[FileFacts] | Mapping[str, FileFacts],
        texts: Mapping[str, str],
        macros: Finder | None = None,
        targets: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        facts = files if isinstance(files, Mapping) else {one.path: one for one in files}
        if targets is None:
            targets = {path: [one.target for one in found.includes] for path, found in facts.items()}
        self._facts, self._texts = facts, texts
        self._macros: Finder = FileMacros(facts.values()) if macros is None else macros
        self._paths_of: dict[str, frozenset[str]] = {}
        self.reach = IncludeReach(targets)
        self._definitions: dict[tuple[str, int], Definition] = {}
        self._conditionals: dict[str, Conditionals] = {}
        self._undefined: dict[str, dict[str, list[int]]] = {}
        self._own_macros: dict[tuple[str, str], list[Macro]] = {}
        self._siblings: dict[tuple[str, str, int], tuple[Definition, ...]] = {}
        self._elsewhere: dict[tuple[str, str], tuple[Definition, ...]] = {}

    def __contains__(self, name: str) -> bool:
        return name in self._macros

    def _places(self, name: str, is_wanted: Callable[[str], bool]) -> list[tuple[str, Macro]]:
        return [(one.path, one.macro) for one in self._macros.near(name, is_wanted)]

    def lookup(self, name: str, path: str, offset: int) -> Definition | None:
        """Return the definition of *name* in force at *offset* of *path*, or None.

        That is the last one before *offset* in the file, else one from the files it includes, else
        from the files that include it, else from any header; never from another ``.c`` file.  Where
        ``#if`` branches define it differently, one with a body is preferred.
        """
        if name not in self._macros:
            return None
        own = self._own(name, path, offset)
        if own is None:
            return None
        found = own or self._from_elsewhere(name, path)
        return next((definition for definition in found if definition.body), found[0] if found else None)

    def definitions(self, name: str, path: str, offset: int | None = None) -> tuple[Definition, ...]:
        """Return every definition of *name* that some configuration may see in *path*, those with a body
        first; *offset* restricts the definitions of *path* itself to those in force there."""
        if name not in self._macros:
            return ()
        if offset is None:
            own = tuple(self._definition(*place) for place in self._places(name, path.__eq__))
        else:
            own = self._own(name, path, offset) or ()
        found = own or self._from_elsewhere(name, path)
        return tuple(sorted(found, key=lambda definition: not definition.body))

    def conditionals(self, path: str) -> Conditionals:
        """Return the conditional directives of the file *path*."""
        known = self._conditionals.get(path)
        if known is None:
            known = Conditionals(self._facts[path], self._texts[path])
            self._conditionals[path] = known
        return known

    def _definition(self, path: str, macro: Macro) -> Definition:
        key = (path, macro.name_span.start)
        known = self._definitions.get(key)
        if known is None:
            body = tokenise_body(self._texts[path], macro.body.start, macro.body.end, path)
            known = Definition(macro.name, path, macro.params, macro.variadic, macro.pastes, body, macro.body)
            self._definitions[key] = known
        return known

    def _own(self, name: str, path: str, offset: int) -> tuple[Definition, ...] | None:
        """Return the last definition before *offset* in *path* with those in sibling ``#if`` branches,
        in the order of the file; None when an ``#undef`` ended them."""
        macros = self._own_macros.get((name, path))
        if macros is None:
            macros = [macro for _, macro in self._places(name, path.__eq__)]
            self._own_macros[name, path] = macros
        at = bisect_left(macros, offset, key=lambda macro: macro.name_span.start)
        if not at:
            return ()
        if self._is_undefined(path, macros[at - 1], offset):
            return None
        key = (name, path, at)
        if key not in self._siblings:
            self._siblings[key] = self._find_siblings(path, macros[max(0, at - MAX_SIBLINGS) : at])
        return self._siblings[key]

    def _find_siblings(self, path: str, macros: list[Macro]) -> tuple[Definition, ...]:
        if len(macros) == 1:
            return (self._definition(path, macros[0]),)
        conditionals = self.conditionals(path)
        branches = conditionals.branches_at(macros[-1].name_span.start)
        kept = [
            (path, macro)
            for macro in macros
            if macro is macros[-1] or are_exclusive(branches, conditionals.branches_at(macro.name_span.start))
        ]
        return self._definitions_of(kept)

    def _definitions_of(self, places: list[tuple[str, Macro]]) -> tuple[Definition, ...]:
        """Return the definitions at *places*, without those for C++ when there are others."""
        if len(places) > 1:
            read_as_c = [
                place
                for place in places
                if not self.conditionals(place[0]).is_cplusplus(place[1].name_span.start)
            ]
            places = read_as_c or places
        return tuple(self._definition(*place) for place in places)

    def _is_undefined(self, path: str, macro: Macro, offset: int) -> bool:
        """Tell whether an ``#undef`` between *macro* and *offset* is compiled whenever *macro* is."""
        undefined = self._undefined.get(path)
        if undefined is None:
            undefined = self._undefined[path] = self._find_undefined(path)
        offsets = undefined.get(macro.name)
        if not offsets:
            return False
        since = macro.name_span.start
        defined_in = set(self.conditionals(path).branches_at(since))
        return any(
            defined_in.issuperset(self.conditionals(path).branches_at(at))
            for at in offsets[bisect_left(offsets, since) : bisect_left(offsets, offset)]
        )

    def _find_undefined(self, path: str) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for directive in self._facts[path].directives:
            if directive.keyword == "undef":
                words = directive.span.of(self._texts[path]).replace("#", " ").split()
                if len(words) > 1:
                    found.setdefault(words[1], []).append(directive.span.start)
        return found

    def _from_elsewhere(self, name: str, path: str) -> tuple[Definition, ...]:
        key = (name, path)
        known = self._elsewhere.get(key)
        if known is None:
            known = self._elsewhere[key] = self._definitions_of(self._places_elsewhere(name, path))
        return known

    def _places_elsewhere(self, name: str, path: str) -> list[tuple[str, Macro]]:
        if name not in self._paths_of:
            self._paths_of[name] = frozenset(self._macros.paths_of(name))
        others = self._paths_of[name] - {path}
        if not others:
            return []
        ranks = self.reach.closure(path)
        reached = self._places(name, lambda other: other in ranks and other in others)
        if reached:
            return self._still_defined(sorted(reached, key=lambda place: ranks[place[0]]))
        for includer in self.reach.includers_reaching(path, others):
            ranks = self.reach.closure(includer)
            wanted = {other for other in others if other in ranks or other == includer}
            if wanted:
                return self._places(name, wanted.__contains__)
        if name in STANDARD_MACROS:
            return []
        return self._still_defined(self._places(name, lambda other: other != path and _is_header(other)))

    def _still_defined(self, places: list[tuple[str, Macro]]) -> list[tuple[str, Macro]]:
        """Return those of *places* whose own file does not undefine the macro again."""
        return [place for place in places if not self._is_undefined(*place, len(self._texts[place[0]]))]


def _is_header(path: str) -> bool:
    return not path.endswith((".c", ".cc", ".cpp", ".cxx", ".m"))
