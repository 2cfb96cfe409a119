"""What a file's includes bring, where ``#if`` around them is a file's own choice.

``#ifdef NAME`` around an include, or a declaration, counts for files that define NAME if any file of the tree
does: then it is no matter of the build (git's ``USE_THE_REPOSITORY_VARIABLE``).  Other conditions may hold.
"""

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping

from clew.link.includes import IncludeGraph
from clew.link.macro_index import MacrosByName
from clew.link.outline import Conditions, Outline, conditions_at
from clew.parse.conditions import Conditionals
from clew.scan.facts import FileFacts
from clew.text.record import record
from clew.text.source import SourceText

_NAME = re.compile(r"[A-Za-z_]\w*")


@record()
class Place:
    """The conditions around a place: *choices* are macros that must be defined and that files of the tree
    define, *is_open* tells that there are others (guards against double inclusion aside)."""

    choices: tuple[str, ...]
    is_open: bool


class Reach:
    """Follows includes for a viewer, the file whose definitions decide; keeps what it found.

    What is *sure* holds in every build: nothing but guards, and what the viewer chose, stands around it.
    """

    def __init__(
        self,
        facts: Mapping[str, FileFacts],
        sources: Mapping[str, SourceText],
        includes: IncludeGraph,
        macros: MacrosByName,
        outlines: Mapping[str, Outline],
    ) -> None:
        self._facts, self._sources, self._includes, self._macros = facts, sources, includes, macros
        self._outlines = outlines
        self._defining: dict[str, frozenset[str]] = {}
        self._conditionals: dict[str, Conditionals] = {}
        self._edges: dict[str, list[tuple[Place, tuple[str, ...]]]] = {}
        self._above: dict[tuple[str, int, frozenset[str], bool], frozenset[str]] = {}

    def place(self, path: str, at: int) -> Place:
        """Return what stands around *at* in *path*."""
        if path not in self._conditionals:
            self._conditionals[path] = Conditionals(self._facts[path], self._sources[path].text)
        own = {macro.name for macro in self._facts[path].macros}
        return self._place(conditions_at(self._conditionals[path], at, own))

    def _place(self, conditions: Conditions) -> Place:
        choices = [key for key, holds, _ in conditions if holds and self._is_choice(key)]
        guards = sum(is_own and not holds for _, holds, is_own in conditions)
        return Place(tuple(choices), is_open=len(choices) + guards < len(conditions))

    def _is_choice(self, key: str) -> bool:
        """Tell whether some file of the tree decides whether the macro *key* is defined."""
        return _NAME.fullmatch(key) is not None and key in self._macros

    def is_met(self, place: Place, viewer: str, defines: frozenset[str], *, sure: bool) -> bool:
        """Tell whether *place* is compiled for *viewer*: maybe, or surely."""
        if sure and place.is_open:
            return False
        if not place.choices:
            return True
        below = self._includes.included_by(viewer)
        return all(name in defines or not below.isdisjoint(self._files(name)) for name in place.choices)

    def _files(self, name: str) -> frozenset[str]:
        """Return the files that define the macro *name*."""
        if name not in self._defining:
            self._defining[name] = frozenset(self._macros.paths_of(name))
        return self._defining[name]

    def above(
        self, path: str, before: int, defines: frozenset[str] = frozenset(), *, sure: bool = False
    ) -> frozenset[str]:
        """Return every file but *path* that its ``#include`` directives above *before* bring."""
        number = self._includes.directives_above(path, before)
        key = (path, number, defines, sure)
        if key not in self._above:
            first = list(self._followed(path, path, number, defines, sure=sure))
            self._above[key] = frozenset(self._spread(first, path, defines, sure=sure)) - {path}
        return self._above[key]

    def brings(
        self,
        path: str,
        before: int,
        is_wanted: Callable[[str], bool],
        defines: frozenset[str] = frozenset(),
        *,
        sure: bool = False,
    ) -> bool:
        """Tell whether a file *is_wanted* of those that `above` returns, without finding them all."""
        number = self._includes.directives_above(path, before)
        known = self._above.get((path, number, defines, sure))
        if known is None:
            first = list(self._followed(path, path, number, defines, sure=sure))
            found = set[str]()
            for other in self._spread(first, path, defines, sure=sure):
                if other != path and is_wanted(other):
                    return True
                found.add(other)
            self._above[path, number, defines, sure] = frozenset(found - {path})
            return False
        return any(map(is_wanted, known))

    def below(self, path: str, viewer: str, defines: frozenset[str] = frozenset()) -> frozenset[str]:
        """Return *path* and what it brings to *viewer*, which would include it."""
        return frozenset(self._spread([path], viewer, defines, sure=False))

    def _spread(
        self, first: Iterable[str], viewer: str, defines: frozenset[str], *, sure: bool
    ) -> Iterator[str]:
        """Yield *first* and what these bring to *viewer*, the nearest first."""
        seen = dict.fromkeys(first)
        yield from seen
        todo = deque(seen)
        while todo:
            for other in self._followed(todo.popleft(), viewer, None, defines, sure=sure):
                if other not in seen:
                    seen[other] = None
                    todo.append(other)
                    yield other

    def _followed(
        self, path: str, viewer: str, number: int | None, defines: frozenset[str], *, sure: bool
    ) -> Iterator[str]:
        """Yield what the first *number* includes of *path* (None: all) may mean for *viewer*."""
        if path not in self._edges:
            self._edges[path] = self._find_edges(path)
        for place, targets in self._edges[path][:number]:
            if self.is_met(place, viewer, defines, sure=sure):
                yield from targets

    def _find_edges(self, path: str) -> list[tuple[Place, tuple[str, ...]]]:
        places, details = self._includes.places[path], self._outlines[path].details
        if details is None:
            return [(self.place(path, at), targets) for at, targets in places]
        found = zip(details.conditions, places, strict=True)
        return [(self._place(conditions), targets) for conditions, (_, targets) in found]
