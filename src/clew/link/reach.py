"""What a file's includes bring, where ``#if`` around them is a file's own choice.

``#ifdef NAME`` around an include, or a declaration, counts for files that define NAME if any file of the tree
does: then it is no matter of the build (git's ``USE_THE_REPOSITORY_VARIABLE``).  Other conditions may hold.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from clew.link.includes import IncludeGraph
from clew.parse.conditions import Condition, Conditionals
from clew.scan.facts import FileFacts
from clew.text.source import SourceText

_NAME = re.compile(r"[A-Za-z_]\w*")


class Macro(Protocol):
    """A macro definition, as far as this stage looks at it."""

    @property
    def path(self) -> str:
        """The file that it stands in."""


@dataclass(frozen=True, slots=True)
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
        macros: Mapping[str, Sequence[Macro]],
    ) -> None:
        self._facts, self._sources, self._includes, self._macros = facts, sources, includes, macros
        self._conditionals: dict[str, Conditionals] = {}
        self._edges: dict[str, list[tuple[Place, tuple[str, ...]]]] = {}
        self._above: dict[tuple[str, int, frozenset[str], bool], frozenset[str]] = {}

    def place(self, path: str, at: int) -> Place:
        """Return what stands around *at* in *path*."""
        if path not in self._conditionals:
            self._conditionals[path] = Conditionals(self._facts[path], self._sources[path].text)
        conditionals = self._conditionals[path]
        conditions = [conditionals.condition(branch) for branch in conditionals.branches_at(at)]
        own = {macro.name for macro in self._facts[path].macros}
        choices = [c.key for c in conditions if self._is_choice(c)]
        guards = [c for c in conditions if not c.holds and c.key in own]
        return Place(tuple(choices), is_open=len(choices) + len(guards) < len(conditions))

    def _is_choice(self, condition: Condition) -> bool:
        """Tell whether some file of the tree decides about *condition*."""
        key = condition.key
        return condition.holds and key in self._macros and _NAME.fullmatch(key) is not None

    def is_met(self, place: Place, viewer: str, defines: frozenset[str], *, sure: bool) -> bool:
        """Tell whether *place* is compiled for *viewer*: maybe, or surely."""
        if sure and place.is_open:
            return False
        below = self._includes.included_by(viewer)
        return all(
            name in defines or any(macro.path in below for macro in self._macros[name])
            for name in place.choices
        )

    def above(
        self, path: str, before: int, defines: frozenset[str] = frozenset(), *, sure: bool = False
    ) -> frozenset[str]:
        """Return every file but *path* that its ``#include`` directives above *before* bring."""
        number = bisect_left(self._includes.places[path], before, key=lambda place: place[0])
        key = (path, number, defines, sure)
        if key not in self._above:
            first = list(self._followed(path, path, number, defines, sure=sure))
            self._above[key] = self._spread(first, path, defines, sure=sure) - {path}
        return self._above[key]

    def below(self, path: str, viewer: str, defines: frozenset[str] = frozenset()) -> frozenset[str]:
        """Return *path* and what it brings to *viewer*, which would include it."""
        return self._spread([path], viewer, defines, sure=False)

    def _spread(
        self, first: Iterable[str], viewer: str, defines: frozenset[str], *, sure: bool
    ) -> frozenset[str]:
        seen, todo = set(first), list(first)
        while todo:
            fresh = set(self._followed(todo.pop(), viewer, None, defines, sure=sure)) - seen
            seen |= fresh
            todo += fresh
        return frozenset(seen)

    def _followed(
        self, path: str, viewer: str, number: int | None, defines: frozenset[str], *, sure: bool
    ) -> Iterator[str]:
        """Yield what the first *number* includes of *path* (None: all) may mean for *viewer*."""
        if path not in self._edges:
            places = self._includes.places[path]
            self._edges[path] = [(self.place(path, at), targets) for at, targets in places]
        for place, targets in self._edges[path][:number]:
            if self.is_met(place, viewer, defines, sure=sure):
                yield from targets
