"""Where the pieces of a changed file have gone."""

from bisect import bisect_right
from collections.abc import Sequence
from difflib import SequenceMatcher
from itertools import accumulate
from typing import NamedTuple

from clew.incremental.pieces import Piece


class LostError(Exception):
    """A place of an earlier result is not there any more, or not in one piece."""


class Moved(NamedTuple):
    """How the pieces of a file went: *kept* are pairs of old and new ones with the same text, *gone* and
    *come* the numbers of the others."""

    kept: list[tuple[int, int]]
    gone: list[int]
    come: list[int]


def match_pieces(old: Sequence[Piece], new: Sequence[Piece]) -> Moved:
    """Find the pieces of *old* in *new*, in their order (the longest runs first, as difflib does)."""
    keys = [(piece.name, piece.digest, piece.length) for piece in old]
    others = [(piece.name, piece.digest, piece.length) for piece in new]
    matcher = SequenceMatcher(None, keys, others, autojunk=False)
    kept = [(a + n, b + n) for a, b, size in matcher.get_matching_blocks() for n in range(size)]
    gone = set(range(len(old))) - {a for a, _ in kept}
    come = set(range(len(new))) - {b for _, b in kept}
    return Moved(kept, sorted(gone), sorted(come))


class Shift:
    """Finds the places of one old text in the new one; raises `LostError` for those that are not sure."""

    def __init__(self, old: Sequence[Piece], new: Sequence[Piece], moved: Moved) -> None:
        self._starts = list(accumulate((piece.length for piece in old), initial=0))
        self._lines = list(accumulate((piece.lines for piece in old), initial=1))
        new_starts = list(accumulate((piece.length for piece in new), initial=0))
        new_lines = list(accumulate((piece.lines for piece in new), initial=1))
        self._to = {a: new_starts[b] - self._starts[a] for a, b in moved.kept}
        self._line_to = {a: new_lines[b] - self._lines[a] for a, b in moved.kept}
        self._last = len(old) - 1

    @property
    def is_still(self) -> bool:
        """Whether nothing that was kept has moved."""
        return not any(self._to.values()) and not any(self._line_to.values())

    def offset(self, at: int) -> int:
        """Return where the place *at*, before a character, is now."""
        return self.span(at, at + 1)[0]

    def gap(self, at: int) -> int:
        """Return where the place *at*, between two characters, is now."""
        number = min(bisect_right(self._starts, at) - 1, self._last)
        moves = {self._to.get(number)}
        if at == self._starts[number] and number:
            moves.add(self._to.get(number - 1))
        move = moves.pop()
        if move is None or moves:
            raise LostError
        return at + move

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where the text from *start* to *end* is now, whole."""
        if start == end:
            at = self.gap(start)
            return at, at
        first = min(bisect_right(self._starts, start) - 1, self._last)
        last = min(bisect_right(self._starts, end - 1) - 1, self._last)
        moves = {self._to.get(number) for number in range(first, last + 1)}
        move = moves.pop()
        if move is None or moves:
            raise LostError
        return start + move, end + move

    def line(self, line: int) -> int:
        """Return the number that the line *line* has now."""
        last = bisect_right(self._lines, line) - 1
        first = last
        while first > 0 and self._lines[first] == line:
            first -= 1  # a piece that ends in this line
        moves = {self._line_to.get(number) for number in range(first, min(last, self._last) + 1)}
        move = moves.pop()
        if move is None or moves:
            raise LostError
        return line + move
