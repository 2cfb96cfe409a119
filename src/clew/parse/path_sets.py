"""Sets of files as bits, for what follows ``#include``.

In a kernel a file brings thousands of others, and a header is brought by tens of thousands: as one bit each,
such a set takes a few kilobytes, and a union is one operation.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet


class Paths:
    """Numbers for the files of a tree, in their order."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.names = tuple(paths)
        self.numbers = {path: number for number, path in enumerate(self.names)}

    def bits_of(self, paths: Iterable[str]) -> int:
        """Return *paths* as bits; those that are no files of the tree are left out."""
        found = bytearray(len(self.names) // 8 + 1)
        for path in paths:
            number = self.numbers.get(path)
            if number is not None:
                found[number >> 3] |= 1 << (number & 7)
        return int.from_bytes(found, "little")


class PathSet(AbstractSet[str]):
    """A set of files of a tree; not to be changed."""

    __slots__ = ("_paths", "bits")

    def __init__(self, paths: Paths, bits: int) -> None:
        self._paths, self.bits = paths, bits

    def __contains__(self, path: object) -> bool:
        number = self._paths.numbers.get(path) if isinstance(path, str) else None
        return number is not None and self.bits >> number & 1 == 1

    def __iter__(self) -> Iterator[str]:
        names = self._paths.names
        return (names[number] for number in list_bits(self.bits))

    def __len__(self) -> int:
        return self.bits.bit_count()

    def __hash__(self) -> int:
        return hash(self.bits)

    def isdisjoint(self, other: Iterable[object]) -> bool:
        """Tell whether no element of *other* is in the set."""
        return not any(path in self for path in other)

    @classmethod
    def _from_iterable(cls, it: Iterable[str]) -> frozenset[str]:  # type: ignore[override]
        return frozenset(it)


def list_bits(bits: int) -> list[int]:
    """Return the places of the ones in *bits*, lowest first."""
    found: list[int] = []
    if bits.bit_count() * 64 < bits.bit_length():
        while bits:
            lowest = bits & -bits
            found.append(lowest.bit_length() - 1)
            bits ^= lowest
        return found
    digits = bin(bits)[:1:-1]
    at = digits.find("1")
    while at >= 0:
        found.append(at)
        at = digits.find("1", at + 1)
    return found


class Closures:
    """What is reached from each node of a graph, itself included, as bits; found on demand, and kept.

    Nodes that reach each other share one set (Tarjan's algorithm, 1972, without recursion: includes may be
    nested deeper than Python's stack).
    """

    def __init__(self, direct: Callable[[int], Sequence[int]]) -> None:
        self._direct = direct
        self._known: dict[int, int] = {}

    def of(self, start: int) -> int:
        """Return what *start* reaches."""
        if start not in self._known:
            self._find(start)
        return self._known[start]

    def _find(self, start: int) -> None:
        order: dict[int, int] = {start: 0}
        lowest: dict[int, int] = {start: 0}
        open_nodes, pending = [start], [(start, iter(self._direct(start)))]
        while pending:
            node, rest = pending[-1]
            for other in rest:
                if other in self._known:
                    continue
                if other not in order:
                    order[other] = lowest[other] = len(order)
                    open_nodes.append(other)
                    pending.append((other, iter(self._direct(other))))
                    break
                lowest[node] = min(lowest[node], order[other])
            else:
                pending.pop()
                if pending:
                    above = pending[-1][0]
                    lowest[above] = min(lowest[above], lowest[node])
                if lowest[node] == order[node]:
                    self._close(open_nodes, node)

    def _close(self, open_nodes: list[int], root: int) -> None:
        """Give all nodes opened since *root* their set."""
        at = open_nodes.index(root) if len(open_nodes) < 64 else _last(open_nodes, root)
        members = open_nodes[at:]
        del open_nodes[at:]
        bits = 0
        for member in members:
            bits |= 1 << member
        for member in members:
            for other in self._direct(member):
                bits |= self._known.get(other, 0)
        for member in members:
            self._known[member] = bits


def _last(nodes: list[int], wanted: int) -> int:
    at = len(nodes) - 1
    while nodes[at] != wanted:
        at -= 1
    return at
