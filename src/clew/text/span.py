"""A half-open range of offsets in one text."""

from clew.text.record import record


@record(order=True)
class Span:
    """Offsets ``start <= offset < end`` in a text; ``start == end`` is a place between two characters."""

    start: int
    end: int

    def __contains__(self, offset: object) -> bool:
        return isinstance(offset, int) and self.start <= offset < self.end

    def encloses(self, other: "Span") -> bool:
        """Tell whether *other* lies within this span (they may share ends)."""
        return self.start <= other.start and other.end <= self.end

    def overlaps(self, other: "Span") -> bool:
        """Tell whether the two spans share at least one character."""
        return self.start < other.end and other.start < self.end

    def of(self, text: str) -> str:
        """Return the piece of *text* that this span covers."""
        return text[self.start : self.end]
