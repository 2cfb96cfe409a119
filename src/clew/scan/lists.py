"""Parenthesised lists of parameters or arguments, split at their top-level commas."""

from clew.text.record import record
from clew.text.span import Span


@record()
class Elements:
    """The elements of ``( ... )`` at top level; *spans* without surrounding blanks."""

    spans: tuple[Span, ...]
    inside: Span


def split_list(code: str, whole: Span) -> Elements:
    """Split the list *whole* (parentheses included) of *code*, text without comments and literals."""
    inside = Span(whole.start + 1, whole.end - 1)
    spans = split_at_commas(code, inside)
    is_empty = len(spans) == 1 and spans[0].start == spans[0].end
    return Elements(() if is_empty else spans, inside)


def split_at_commas(code: str, inside: Span) -> tuple[Span, ...]:
    """Return the parts of *inside* between its commas outside of brackets, without surrounding blanks."""
    depth, start, spans = 0, inside.start, []
    for at in range(inside.start, inside.end):
        char = code[at]
        if char in "([{":
            depth += 1
        elif char in ")]}":
            depth -= 1
        elif char == "," and depth == 0:
            spans.append(_trimmed(code, start, at))
            start = at + 1
    return (*spans, _trimmed(code, start, inside.end))


def _trimmed(code: str, start: int, end: int) -> Span:
    while start < end and code[start] in " \t\r\n\\":
        start += 1
    while end > start and code[end - 1] in " \t\r\n\\":
        end -= 1
    return Span(start, end)
