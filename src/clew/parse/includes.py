"""Which macros' files a file can see: ``#include`` resolved by name, without compiler flags."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from posixpath import dirname, normpath

from clew.parse.path_sets import Closures, Paths


class IncludeReach:
    """The files that each file of a tree reaches through ``#include``, in the order of inclusion."""

    def __init__(self, targets: Mapping[str, Sequence[str]]) -> None:
        self._targets = targets
        self._by_name: dict[str, list[str]] = defaultdict(list)
        for path in targets:
            self._by_name[path.rpartition("/")[2]].append(path)
        self._direct: dict[str, tuple[str, ...]] = {}
        self._closures: dict[str, dict[str, int]] = {}
        self._includers: dict[str, list[str]] | None = None

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
    def _closed(self) -> Closures:
        paths = self._paths
        return Closures(lambda n: [paths.numbers[other] for other in self.direct(paths.names[n])])

    def reaches(self, path: str, others: Collection[str]) -> bool:
        """Tell whether *path* is one of *others* or includes one, directly or not."""
        number = self._paths.numbers.get(path)
        return number is not None and self._closed.of(number) & self._paths.bits_of(others) != 0

    def includers(self, path: str) -> list[str]:
        """Return every file that includes *path*, directly or not."""
        if self._includers is None:
            self._includers = defaultdict(list)
            for other in self._targets:
                for target in self.direct(other):
                    self._includers[target].append(other)
        seen, todo = {path: None}, [path]
        while todo:
            for other in self._includers.get(todo.pop(), ()):
                if other not in seen:
                    seen[other] = None
                    todo.append(other)
        return list(seen)[1:]

    def resolve(self, path: str, target: str) -> tuple[str, ...]:
        """Return the files that *target* may mean in *path*.

        The file beside *path* wins; otherwise those whose path ends in *target*, reduced to the ones
        that share most folders with *path*.
        """
        candidates = self._by_name.get(target.rpartition("/")[2])
        if not candidates:
            return ()
        beside = normpath(f"{dirname(path)}/{target}") if dirname(path) else normpath(target)
        if beside in candidates:
            return (beside,)
        tail = "/" + normpath(target).lstrip("./")
        fitting = [other for other in candidates if ("/" + other).endswith(tail)]
        if len(fitting) < 2:
            return tuple(fitting)
        shared = [_shared_folders(path, other) for other in fitting]
        return tuple(other for other, count in zip(fitting, shared, strict=True) if count == max(shared))


def _shared_folders(first: str, second: str) -> int:
    count = 0
    for one, other in zip(first.split("/")[:-1], second.split("/")[:-1], strict=False):
        if one != other:
            break
        count += 1
    return count
