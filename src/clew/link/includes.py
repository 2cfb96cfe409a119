"""Which file includes which, by name alone: no compiler flags are needed.

An ``#include`` target resolves to the file of the tree next to the including one, else to the files
whose path ends with the target; several such files are all kept, since clew cannot know the search
path and must not miss a reader of a macro or a caller of a static function.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from posixpath import dirname, normpath

from clew.scan.facts import FileFacts


def resolve_target(including: str, target: str, by_name: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Return the files that *target* in the file *including* may mean, best guess first."""
    name = target.rsplit("/", 1)[-1]
    known = by_name.get(name, ())
    beside = normpath(f"{dirname(including)}/{target}") if dirname(including) else normpath(target)
    if beside in known:
        return (beside,)
    tail = "/" + normpath(target).lstrip("./")
    return tuple(path for path in known if ("/" + path).endswith(tail))


@dataclass(frozen=True, slots=True)
class IncludeGraph:
    """*includes* and *includers* map a path to its direct neighbours, *places* to the offsets of its
    ``#include`` directives with the files that each may mean; closures are cached."""

    includes: dict[str, frozenset[str]]
    includers: dict[str, frozenset[str]]
    places: dict[str, tuple[tuple[int, tuple[str, ...]], ...]]
    _closures: dict[tuple[bool, str], frozenset[str]] = field(default_factory=dict, repr=False)
    _above: dict[tuple[str, int], frozenset[str]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, files: Iterable[FileFacts]) -> "IncludeGraph":
        """Build the graph from scanned files."""
        by_name: dict[str, list[str]] = defaultdict(list)
        all_files = list(files)
        for facts in all_files:
            by_name[facts.path.rsplit("/", 1)[-1]].append(facts.path)
        includes: dict[str, frozenset[str]] = {}
        backward: dict[str, set[str]] = defaultdict(set)
        places: dict[str, tuple[tuple[int, tuple[str, ...]], ...]] = {}
        for facts in all_files:
            places[facts.path] = tuple(
                (i.span.start, resolve_target(facts.path, i.target, by_name)) for i in facts.includes
            )
            found = {p for _, paths in places[facts.path] for p in paths}
            includes[facts.path] = frozenset(found - {facts.path})
            for path in found - {facts.path}:
                backward[path].add(facts.path)
        return cls(includes, {path: frozenset(found) for path, found in backward.items()}, places)

    def _closure(self, path: str, *, backward: bool) -> frozenset[str]:
        key = (backward, path)
        if key not in self._closures:
            edges = self.includers if backward else self.includes
            seen, todo = {path}, [path]
            while todo:
                for other in edges.get(todo.pop(), ()):
                    if other not in seen:
                        seen.add(other)
                        todo.append(other)
            self._closures[key] = frozenset(seen)
        return self._closures[key]

    def included_by(self, path: str) -> frozenset[str]:
        """Return *path* and every file that it includes, directly or not."""
        return self._closure(path, backward=False)

    def directives_above(self, path: str, before: int) -> int:
        """Return how many ``#include`` directives stand in *path* above *before*."""
        return bisect_left(self.places[path], before, key=lambda place: place[0])

    def included_above(self, path: str, before: int) -> frozenset[str]:
        """Return every file but *path* that the ``#include`` directives of *path* above *before* bring."""
        above = self.directives_above(path, before)
        if (path, above) not in self._above:
            targets = {target for _, paths in self.places[path][:above] for target in paths} - {path}
            found = frozenset().union(*(self.included_by(target) for target in targets))
            self._above[path, above] = found - {path}
        return self._above[path, above]

    def including(self, path: str) -> frozenset[str]:
        """Return *path* and every file that includes it, directly or not."""
        return self._closure(path, backward=True)

    def seen_with(self, path: str) -> frozenset[str]:
        """Return every file that shares a translation unit with *path* so that it may see its names."""
        return frozenset().union(*(self.included_by(unit) for unit in self.including(path)))
