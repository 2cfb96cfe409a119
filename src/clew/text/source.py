"""The text of one file, byte for byte.

Bytes are decoded as Latin-1, so that a character is a byte: offsets are byte offsets, every file can
be read whatever its encoding, and writing it back gives the same bytes.  ``display`` decodes a piece
for people.
"""

from bisect import bisect_right
from dataclasses import field
from typing import NamedTuple

from clew.text.record import record


class Position(NamedTuple):
    """Line and column of an offset, both counted from 1; the column counts bytes."""

    line: int
    column: int


@record()
class SourceText:
    """One file: *path* is relative to the tree's root with forward slashes, *text* its bytes as Latin-1.

    *opens_at* is -1 for a file that exists.  For one that is to be made, *text* is what it has in common with
    its neighbours, and declarations go to *opens_at*.
    """

    path: str
    text: str
    opens_at: int = -1
    _starts: list[int] = field(default_factory=list, repr=False, compare=False)

    @classmethod
    def from_bytes(cls, path: str, data: bytes) -> "SourceText":
        """Wrap the bytes of a file."""
        return cls(path, data.decode("latin-1"))

    @property
    def is_new(self) -> bool:
        """Whether the tree does not have the file yet."""
        return self.opens_at >= 0

    def to_bytes(self) -> bytes:
        """Return the bytes of the file, exactly as read."""
        return self.text.encode("latin-1")

    @property
    def line_starts(self) -> list[int]:
        """Offsets at which lines begin (made on first use)."""
        if not self._starts:
            starts, at = [0], self.text.find("\n")
            while at >= 0:
                starts.append(at + 1)
                at = self.text.find("\n", at + 1)
            self._starts.extend(starts)
        return self._starts

    def position(self, offset: int) -> Position:
        """Return line and column of *offset*."""
        line = bisect_right(self.line_starts, offset)
        return Position(line, offset - self.line_starts[line - 1] + 1)

    def line_at(self, offset: int) -> str:
        """Return the whole line around *offset*, without its line ending."""
        start = self.line_starts[bisect_right(self.line_starts, offset) - 1]
        end = self.text.find("\n", start)
        return (self.text[start:] if end < 0 else self.text[start:end]).rstrip("\r")


def display(text: str) -> str:
    """Decode a Latin-1 piece for people: as UTF-8 where that is valid, as it stands otherwise."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return text
