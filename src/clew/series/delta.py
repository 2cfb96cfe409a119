"""From one set of edits of a text to another."""

from collections.abc import Iterable

from clew.text.edit import Edit, apply_edits, order_edits
from clew.text.span import Span


def edits_between(text: str, before: Iterable[Edit], after: Iterable[Edit]) -> list[Edit]:
    """Return the edits that turn *text* with *before* made into *text* with *after* made; their places are in
    the former."""
    left, right = order_edits(before), order_edits(after)
    made: list[Edit] = []
    shift = 0
    for span in _join_spans(edit.span for edit in [*left, *right]):
        old, new = (_apply_within(text, span, edits) for edits in (left, right))
        if old != new:
            start = span.start + shift
            made.append(Edit(Span(start, start + len(old)), new))
        shift += len(old) - (span.end - span.start)
    return made


def _join_spans(spans: Iterable[Span]) -> list[Span]:
    """Return spans that cover *spans*, of which none touches another."""
    joined: list[Span] = []
    for span in sorted(spans):
        if joined and span.start <= joined[-1].end:
            joined[-1] = Span(joined[-1].start, max(joined[-1].end, span.end))
        else:
            joined.append(span)
    return joined


def _apply_within(text: str, span: Span, edits: list[Edit]) -> str:
    inside = [
        Edit(Span(edit.span.start - span.start, edit.span.end - span.start), edit.text)
        for edit in edits
        if span.encloses(edit.span)
    ]
    return apply_edits(span.of(text), inside)
