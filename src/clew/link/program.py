"""All scanned files of a tree, with names looked up across them."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

from clew.link.includes import IncludeGraph
from clew.link.interest import Interest
from clew.link.reach import Reach
from clew.parse.macros import MacroTable
from clew.scan import identifiers, mask_macro_body
from clew.scan.facts import FileFacts, Function, Macro, Prototype
from clew.text.source import SourceText
from clew.text.span import Span

# by their word, which the search can skip to
ALIASES = {
    word: re.compile(rf'{word}(?:(?<=\b{word})|(?<=\b_{word})|(?<=\b__{word}))_{{0,2}}\s*\(\s*"(\w+)"')
    for word in ("alias", "ifunc", "weakref")
}
WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Definition:
    """One function definition; *index* is its place in `Program.definitions`."""

    index: int
    path: str
    function: Function
    static: bool

    @property
    def name(self) -> str:
        """The function's name."""
        return self.function.name


@dataclass(frozen=True, slots=True)
class MacroDefinition:
    """One macro definition; *index* is its place in `Program.macros`."""

    index: int
    path: str
    macro: Macro

    @property
    def name(self) -> str:
        """The macro's name."""
        return self.macro.name


class _Named(Protocol):
    @property
    def name(self) -> str: ...


_T = TypeVar("_T", bound=_Named)


class Program:
    """The files of a tree and what stands in them; immutable, with look-ups made on first use."""

    def __init__(
        self,
        sources: Mapping[str, SourceText],
        facts: Mapping[str, FileFacts],
        foreign: Mapping[str, frozenset[str]] | None = None,
    ) -> None:
        self.foreign = dict(foreign or {})  # words of files in other languages, by path
        self.sources = dict(sorted(sources.items()))
        self.facts = dict(sorted(facts.items()))
        self.includes = IncludeGraph.of(self.facts.values())
        self.interest = Interest()
        self._bodies: dict[int, str] = {}
        self._paths_with: dict[str, tuple[str, ...]] = {}
        self._words: dict[str, frozenset[str]] = {}

    @cached_property
    def macros(self) -> tuple[MacroDefinition, ...]:
        """Every macro definition of the tree."""
        found = [(path, macro) for path, facts in self.facts.items() for macro in facts.macros]
        return tuple(MacroDefinition(i, path, macro) for i, (path, macro) in enumerate(found))

    @cached_property
    def macros_by_name(self) -> dict[str, tuple[MacroDefinition, ...]]:
        """Macro definitions by name."""
        return _group(self.macros)

    @cached_property
    def macros_by_path(self) -> dict[str, tuple[MacroDefinition, ...]]:
        """Macro definitions by file, in order."""
        grouped: dict[str, list[MacroDefinition]] = defaultdict(list)
        for macro in self.macros:
            grouped[macro.path].append(macro)
        return {path: tuple(found) for path, found in grouped.items()}

    def body_of(self, macro: MacroDefinition) -> str:
        """Return the macro's body with comments and literals blanked; offsets start at ``body.start``."""
        if macro.index not in self._bodies:
            self._bodies[macro.index] = mask_macro_body(self.sources[macro.path].text, macro.macro)
        return self._bodies[macro.index]

    @cached_property
    def variables(self) -> frozenset[str]:
        """The names of all variables at file scope."""
        return frozenset(one.name for facts in self.facts.values() for one in facts.globals)

    @cached_property
    def reach(self) -> Reach:
        """What includes bring, where files choose."""
        return Reach(self.facts, self.sources, self.includes, self.macros_by_name)

    @cached_property
    def macro_table(self) -> MacroTable:
        """The macros with what each file sees of them."""
        return MacroTable(self.facts.values(), {path: source.text for path, source in self.sources.items()})

    @cached_property
    def static_macros(self) -> frozenset[str]:
        """Macros whose every definition contains ``static`` (``Py_LOCAL``, ``STATIC_INLINE``)."""

        def is_static(macro: MacroDefinition) -> bool:
            raw = macro.macro.body.of(self.sources[macro.path].text)
            return "static" in raw and "static" in WORD.findall(self.body_of(macro))

        return frozenset(name for name, found in self.macros_by_name.items() if all(map(is_static, found)))

    @cached_property
    def definitions(self) -> tuple[Definition, ...]:
        """Every function definition of the tree."""
        found: list[Definition] = []
        for path, facts in self.facts.items():
            declared = {prototype.name for prototype in facts.prototypes if prototype.static}
            for function in facts.functions:
                static = function.static or function.name in declared or self._is_static_by_macro(function)
                found.append(Definition(len(found), path, function, static))
        return tuple(found)

    def _is_static_by_macro(self, function: Function) -> bool:
        return not self.static_macros.isdisjoint(WORD.findall(function.specifiers))

    @cached_property
    def definitions_by_name(self) -> dict[str, tuple[Definition, ...]]:
        """Function definitions by name."""
        return _group(self.definitions)

    @cached_property
    def definitions_by_path(self) -> dict[str, tuple[Definition, ...]]:
        """Function definitions by file, in order."""
        grouped: dict[str, list[Definition]] = defaultdict(list)
        for definition in self.definitions:
            grouped[definition.path].append(definition)
        return {path: tuple(found) for path, found in grouped.items()}

    @cached_property
    def _starts(self) -> dict[str, list[int]]:
        return {p: [d.function.span.start for d in ds] for p, ds in self.definitions_by_path.items()}

    def enclosing(self, path: str, offset: int) -> Definition | None:
        """Return the function of *path* whose text (header included) covers *offset*."""
        starts = self._starts.get(path)
        if not starts:
            return None
        found = self.definitions_by_path[path][max(0, bisect_right(starts, offset) - 1)]
        return found if offset in found.function.span else None

    def enclosing_macro(self, path: str, offset: int) -> MacroDefinition | None:
        """Return the macro of *path* whose body covers *offset*."""
        macros = self.macros_by_path.get(path, ())
        at = bisect_right(macros, offset, key=lambda macro: macro.macro.body.start) - 1
        if at < 0 or not macros[at].macro.body.start <= offset < macros[at].macro.body.end:
            return None
        return macros[at]

    def paths_with(self, word: str) -> tuple[str, ...]:
        """Return the files in whose text (comments included) *word* stands."""
        if word not in self._paths_with:
            self.interest.words.add(word)
            self._paths_with[word] = tuple(p for p, source in self.sources.items() if word in source.text)
        return self._paths_with[word]

    def words_in(self, path: str) -> frozenset[str]:
        """Return the identifiers of *path* outside comments, literals and directives."""
        if path not in self._words:
            self._words[path] = identifiers(self.facts[path].masked)
        return self._words[path]

    @cached_property
    def prototypes_by_name(self) -> dict[str, list[tuple[str, Prototype]]]:
        """Prototypes with their files, by name, in the order of files."""
        found: dict[str, list[tuple[str, Prototype]]] = defaultdict(list)
        for path, facts in self.facts.items():
            for prototype in facts.prototypes:
                found[prototype.name].append((path, prototype))
        return dict(found)

    @cached_property
    def aliases(self) -> dict[str, list[tuple[str, Span]]]:
        """The places of functions that ``alias("name")`` and its like name in a string."""
        found: dict[str, list[tuple[str, Span]]] = defaultdict(list)
        for path, source in self.sources.items():
            matches = [m for pattern in ALIASES.values() for m in pattern.finditer(source.text)]
            for match in sorted(matches, key=re.Match.start):
                found[match.group(1)].append((path, Span(*match.span(1))))
        return found

    def text_of(self, path: str, span: Span) -> str:
        """Return the original text of *span* in *path*."""
        return span.of(self.sources[path].text)


def _group(items: Sequence[_T]) -> dict[str, tuple[_T, ...]]:
    grouped: dict[str, list[_T]] = defaultdict(list)
    for item in items:
        grouped[item.name].append(item)
    return {name: tuple(found) for name, found in grouped.items()}
