"""Which file includes which, by name alone: no compiler flags are needed.

An ``#include`` target resolves to the file of the tree next to the including one, else to the files
whose path ends with the target; several such files are all kept, since clew cannot know the search
path and must not miss a reader of a macro or a caller of a static function.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from functools import cached_property
from posixpath import dirname, normpath

from clew.parse.path_sets import Closures, Paths, PathSet, list_bits


def resolve_target(including: str, target: str, by_name: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Return the files that *target* in the file *including* may mean, best guess first."""
    name = target.rsplit("/", 1)[-1]
    known = by_name.get(name, ())
    beside = _beside(including, target)
    if beside in known:
        return (beside,)
    return _with_tail(target, known)


def _beside(including: str, target: str) -> str:
    folder = dirname(including)
    return normpath(f"{folder}/{target}") if folder else normpath(target)


def _with_tail(target: str, known: Iterable[str]) -> tuple[str, ...]:
    tail = "/" + normpath(target).lstrip("./")
    return tuple(path for path in known if ("/" + path).endswith(tail))


class _Resolver:
    """`resolve_target` for many includes: most targets are spelled many times."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = frozenset(paths)
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for path in sorted(self._paths):
            self._by_name[path.rsplit("/", 1)[-1]].append(path)
        self._tails: dict[str, tuple[str, ...]] = {}
        self._beside: dict[tuple[str, str], tuple[str, ...]] = {}

    def resolve(self, including: str, target: str) -> tuple[str, ...]:
        key = (dirname(including), target)
        if key not in self._beside:
            beside = _beside(including, target)
            # A name that ends in / has no last part, and means no file beside.
            is_file = beside in self._paths and beside.rsplit("/", 1)[-1] == target.rsplit("/", 1)[-1]
            self._beside[key] = (beside,) if is_file else self._tail(target)
        return self._beside[key]

    def _tail(self, target: str) -> tuple[str, ...]:
        if target not in self._tails:
            self._tails[target] = _with_tail(target, self._by_name.get(target.rsplit("/", 1)[-1], ()))
        return self._tails[target]


@dataclass(frozen=True)
class IncludeGraph:
    """*includes* and *includers* map a path to its direct neighbours, *places* to the offsets of its
    ``#include`` directives with the files that each may mean; closures are cached."""

    includes: dict[str, frozenset[str]]
    includers: dict[str, frozenset[str]]
    places: dict[str, tuple[tuple[int, tuple[str, ...]], ...]]
    _above: dict[tuple[str, int], PathSet] = field(default_factory=dict, repr=False)
    _seen_with: dict[str, PathSet] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, files: Iterable[tuple[str, Sequence[tuple[str, int]]]]) -> "IncludeGraph":
        """Build the graph from the targets and offsets of each file's includes."""
        all_files = list(files)
        resolver = _Resolver(path for path, _ in all_files)
        includes: dict[str, frozenset[str]] = {}
        backward: dict[str, set[str]] = defaultdict(set)
        places: dict[str, tuple[tuple[int, tuple[str, ...]], ...]] = {}
        for path, targets in all_files:
            places[path] = tuple((at, resolver.resolve(path, target)) for target, at in targets)
            found = {p for _, paths in places[path] for p in paths}
            includes[path] = frozenset(found - {path})
            for other in includes[path]:
                backward[other].add(path)
        return cls(includes, {path: frozenset(found) for path, found in backward.items()}, places)

    @cached_property
    def paths(self) -> Paths:
        """All files, numbered."""
        return Paths(sorted(self.includes))

    @cached_property
    def _forward(self) -> Closures:
        return Closures(lambda number: self._numbers(self.includes, number))

    @cached_property
    def _backward(self) -> Closures:
        return Closures(lambda number: self._numbers(self.includers, number))

    def _numbers(self, edges: Mapping[str, frozenset[str]], number: int) -> list[int]:
        numbers = self.paths.numbers
        return [numbers[other] for other in edges.get(self.paths.names[number], ())]

    def _set(self, bits: int) -> PathSet:
        return PathSet(self.paths, bits)

    def included_by(self, path: str) -> AbstractSet[str]:
        """Return *path* and every file that it includes, directly or not."""
        number = self.paths.numbers.get(path)
        return frozenset((path,)) if number is None else self._set(self._forward.of(number))

    def directives_above(self, path: str, before: int) -> int:
        """Return how many ``#include`` directives stand in *path* above *before*."""
        return bisect_left(self.places[path], before, key=lambda place: place[0])

    def included_above(self, path: str, before: int) -> AbstractSet[str]:
        """Return every file but *path* that the ``#include`` directives of *path* above *before* bring."""
        above = self.directives_above(path, before)
        if (path, above) not in self._above:
            targets = {target for _, paths in self.places[path][:above] for target in paths} - {path}
            bits = 0
            for target in targets:
                bits |= self._forward.of(self.paths.numbers[target])
            self._above[path, above] = self._set(bits & ~(1 << self.paths.numbers[path]))
        return self._above[path, above]

    def including(self, path: str) -> AbstractSet[str]:
        """Return *path* and every file that includes it, directly or not."""
        number = self.paths.numbers.get(path)
        return frozenset((path,)) if number is None else self._set(self._backward.of(number))

    def share_unit(self, path: str, other: str) -> bool:
        """Tell whether `seen_with` of *path* holds *other*: some file includes both, or is one of them."""
        number, second = self.paths.numbers.get(path), self.paths.numbers.get(other)
        if number is None or second is None:
            return path == other
        # what nobody includes is in one unit, its own
        if other not in self.includers:
            return path == other or (path in self.includers and self._includes(second, number))
        if path not in self.includers:
            return self._includes(number, second)
        return self._backward.of(number) & self._backward.of(second) != 0

    def _includes(self, number: int, other: int) -> bool:
        """Tell whether file *number* includes *other*, directly or not, or is the same."""
        return self._backward.of(other) >> number & 1 == 1

    def seen_with(self, path: str) -> AbstractSet[str]:
        """Return every file that shares a translation unit with *path* so that it may see its names."""
        number = self.paths.numbers.get(path)
        if number is None:
            return frozenset((path,))
        if path not in self._seen_with:
            bits = 0
            for unit in list_bits(self._backward.of(number)):
                if not bits >> unit & 1:  # what brings it brings what it brings
                    bits |= self._forward.of(unit)
            self._seen_with[path] = self._set(bits)
        return self._seen_with[path]
