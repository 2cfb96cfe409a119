"""Which macros' files a file can see: ``#include`` resolved by name, without compiler flags."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from posixpath import dirname, normpath

from clew.parse.path_sets import Paths


class IncludeReach:
    """The files that each file of a tree reaches through ``#include``, in the order of inclusion."""

    def __init__(self, targets: Mapping[str, Sequence[str]]) -> None:
        self._targets = targets
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for path in targets:
            self._by_name[path.rpartition("/")[2]].append(path)
        self._direct: dict[str, tuple[str, ...]] = {}
        self._resolved: dict[tuple[str, str], tuple[str, ...]] = {}
        self._closures: dict[str, dict[str, int]] = {}
        self._bits_above: dict[frozenset[str], int] = {}

    def direct(self, path: str) -> tuple[str, ...]:
        """Return the files that *path* includes itself."""
        known = self._direct.get(path)
        if known is None:
            targets = dict.fromkeys(self._targets.get(path, ()))
            found = dict.fromkeys(p for target in targets for p in self.resolve(path, target))
            found.pop(path, None)
            known = self._direct[path] = tuple(found)
        return known

    def closure(self, path: str) -> dict[str, int]:
        """Return every file that *path* includes, directly or not, each with its rank in that order."""
        known = self._closures.get(path)
        if known is None:
            known, todo = {}, list(reversed(self.direct(path)))
            while todo:
                current = todo.pop()
                if current not in known and current != path:
                    known[current] = len(known)
                    todo += reversed(self.direct(current))
            self._closures[path] = known
        return known

    @cached_property
    def _paths(self) -> Paths:
        return Paths(self._targets)

    @cached_property
    def _includers(self) -> defaultdict[str, list[str]]:
        """The files that include each file themselves."""
        found = defaultdict[str, list[str]](list)
        for other in self._targets:
            for target in self.direct(other):
                found[target].append(other)
        return found

    def _above(self, paths: frozenset[str]) -> int:
        """Return *paths* and every file that includes one of them, directly or not, as bits."""
        known = self._bits_above.get(paths)
        if known is None:
            known = self._bits_above[paths] = self._paths.bits_of([*paths, *self._spread(paths)])
        return known

    def includers_reaching(self, path: str, others: frozenset[str]) -> Iterator[str]:
        """Yield the files that include *path*, directly or not, and are, or include, one of *others*; the
        nearest to *path* first."""
        numbers, wanted = self._paths.numbers, self._above(others)
        if wanted & self._above(frozenset((path,))):
            for includer in self.includers(path):
                if wanted >> numbers[includer] & 1:
                    yield includer

    def includers(self, path: str) -> Iterator[str]:
        """Yield every file that includes *path*, directly or not, the nearest first."""
        return self._spread((path,))

    def _spread(self, paths: Iterable[str]) -> Iterator[str]:
        """Yield the files that include some of *paths*, directly or not, and are none of these."""
        todo = list(paths)
        seen = set(todo)
        while todo:
            for other in self._includers.get(todo.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
                    yield other

    def resolve(self, path: str, target: str) -> tuple[str, ...]:
        """Return the files that *target* may mean in *path*.

        The file beside *path* wins; otherwise those whose path ends in *target*, reduced to the ones
        that share most folders with *path*.
        """
        folder = dirname(path)
        known = self._resolved.get((folder, target))
        if known is None:
            known = self._resolved[folder, target] = self._resolve(folder, target)
        return known

    def _resolve(self, folder: str, target: str) -> tuple[str, ...]:
        candidates = self._by_name.get(target.rpartition("/")[2])
        if not candidates:
            return ()
        beside = normpath(f"{folder}/{target}") if folder else normpath(target)
        if beside in candidates:
            return (beside,)
        tail = "/" + normpath(target).lstrip("./")
        fitting = [other for other in candidates if ("/" + other).endswith(tail)]
        if len(fitting) < 2:
            return tuple(fitting)
        shared = [_shared_folders(folder, other) for other in fitting]
        return tuple(other for other, count in zip(fitting, shared, strict=True) if count == max(shared))


def _shared_folders(folder: str, other: str) -> int:
    """Return how many folders, from the root down, the file *other* shares with *folder*."""
    count = 0
    for one, two in zip(folder.split("/"), dirname(other).split("/"), strict=False):
        if one != two:
            break
        count += bool(one)
    return count
