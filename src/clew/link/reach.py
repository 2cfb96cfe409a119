"""What a file's includes bring, where ``#if`` around them is a file's own choice.

``#ifdef NAME`` around an include, or a declaration, counts for files that define NAME if any file of the tree
does: then it is no matter of the build (git's ``USE_THE_REPOSITORY_VARIABLE``).  Other conditions may hold.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import Protocol

from clew.link.includes import IncludeGraph
from clew.parse.conditions import Conditionals
from clew.scan.facts import FileFacts
from clew.text.source import SourceText

_NAME = re.compile(r"[A-Za-z_]\w*")


class Macro(Protocol):
    """A macro definition, as far as this stage looks at it."""

    @property
    def path(self) -> str:
        """The file that it stands in."""


class Reach:
    """Follows includes for a viewer, the file whose definitions decide; keeps what it found."""

    def __init__(
        self,
        facts: Mapping[str, FileFacts],
        sources: Mapping[str, SourceText],
        includes: IncludeGraph,
        macros: Mapping[str, Sequence[Macro]],
    ) -> None:
        self._facts, self._sources, self._includes, self._macros = facts, sources, includes, macros
        self._conditionals: dict[str, Conditionals] = {}
        self._edges: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
        self._above: dict[tuple[str, int, frozenset[str]], frozenset[str]] = {}

    def choices_at(self, path: str, at: int) -> tuple[str, ...]:
        """Return the macros that must be defined where *at* is compiled, as far as files choose them."""
        if path not in self._conditionals:
            self._conditionals[path] = Conditionals(self._facts[path], self._sources[path].text)
        conditionals = self._conditionals[path]
        conditions = (conditionals.condition(branch) for branch in conditionals.branches_at(at))
        return tuple(
            c.key for c in conditions if c.holds and _NAME.fullmatch(c.key) and c.key in self._macros
        )

    def has(self, viewer: str, name: str, defines: frozenset[str]) -> bool:
        """Tell whether the macro *name* may be defined for *viewer*: by the build, by itself, or by a file
        that it includes."""
        below = self._includes.included_by(viewer)
        return name in defines or any(macro.path in below for macro in self._macros.get(name, ()))

    def above(self, path: str, before: int, defines: frozenset[str] = frozenset()) -> frozenset[str]:
        """Return every file but *path* that its ``#include`` directives above *before* bring."""
        number = bisect_left(self._includes.places[path], before, key=lambda place: place[0])
        key = (path, number, defines)
        if key not in self._above:
            todo = list(self._followed(path, path, number, defines))
            seen = set(todo)
            while todo:
                for other in self._followed(todo.pop(), path, None, defines):
                    if other not in seen:
                        seen.add(other)
                        todo.append(other)
            self._above[key] = frozenset(seen - {path})
        return self._above[key]

    def below(self, path: str, viewer: str, defines: frozenset[str] = frozenset()) -> frozenset[str]:
        """Return *path* and what it brings to *viewer*, which would include it."""
        seen, todo = {path}, [path]
        while todo:
            fresh = set(self._followed(todo.pop(), viewer, None, defines)) - seen
            seen |= fresh
            todo += fresh
        return frozenset(seen)

    def _followed(self, path: str, viewer: str, number: int | None, defines: frozenset[str]) -> Iterator[str]:
        """Yield what the first *number* includes of *path* (None: all) may mean for *viewer*."""
        if path not in self._edges:
            places = self._includes.places[path]
            self._edges[path] = [(self.choices_at(path, at), targets) for at, targets in places]
        for choices, targets in self._edges[path][:number]:
            if all(self.has(viewer, name, defines) for name in choices):
                yield from targets
