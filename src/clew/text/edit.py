"""Edits: replace a span of one text by another text."""

from collections.abc import Iterable

from clew.text.record import record
from clew.text.span import Span


@record(order=True)
class Edit:
    """Replace *span* by *text*.  *rule* names the rule that asked for it, *note* says why, for a reviewer."""

    span: Span
    text: str
    rule: str = ""
    note: str = ""


class OverlapError(ValueError):
    """Two edits claim the same characters, or the same place with different text."""

    def __init__(self, first: Edit, second: Edit) -> None:
        super().__init__(f"edits overlap: {first} and {second}")
        self.first, self.second = first, second


def order_edits(edits: Iterable[Edit]) -> list[Edit]:
    """Sort edits by place, drop exact repetitions, and raise `OverlapError` where two collide.

    Two insertions at one place collide as well: their order would be a guess.  An insertion that
    touches the end or the start of a replacement does not.
    """
    ordered: list[Edit] = []
    for edit in sorted(edits):
        last = ordered[-1] if ordered else None
        if last is not None:
            if last.span == edit.span and last.text == edit.text:
                continue
            if last.span == edit.span or edit.span.start < last.span.end:
                raise OverlapError(last, edit)
        ordered.append(edit)
    return ordered


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return *text* with *edits* made; every character that no edit names stays as it is."""
    pieces, at = [], 0
    for edit in order_edits(edits):
        pieces += [text[at : edit.span.start], edit.text]
        at = edit.span.end
    pieces.append(text[at:])
    return "".join(pieces)
