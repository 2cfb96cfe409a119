"""Edits and whole lines: which lines edits write to, and edits that lead from one text to another."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from itertools import accumulate

from clew.text.edit import Edit, order_edits
from clew.text.span import Span


def touched_lines(text: str, edits: Iterable[Edit]) -> list[tuple[int, int]]:
    """Return the lines of the edited *text* that *edits* wrote to: first and last, from 1, in order, those
    that meet made one.  What only takes lines away writes to none."""
    found: list[tuple[int, int]] = []
    at = newlines = 0  # behind the last edit in *text*, and the lines of the result up to there
    for edit in order_edits(edits):
        newlines += text.count("\n", at, edit.span.start)
        line = newlines + 1
        at = edit.span.end
        added = edit.text.count("\n")
        begins_line = edit.span.start == 0 or text[edit.span.start - 1] == "\n"
        is_removal = not edit.text and begins_line and "\n" in edit.span.of(text)
        last = line + added - (edit.text.endswith("\n") and begins_line)
        newlines += added
        if is_removal:
            continue
        if found and line <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((line, last))
    return found


def line_edits(text: str, new: str, reasons: Sequence[Edit]) -> list[Edit]:
    """Return edits of whole lines that make *new* of *text*; each takes rule and notes from those of
    *reasons* (edits of *text*, in order) that lie in its lines, or else from the nearest one above."""
    old_lines, new_lines = _split(text), _split(new)
    starts = list(accumulate(map(len, old_lines), initial=0))
    matcher = SequenceMatcher(None, old_lines, new_lines, autojunk=False)
    made = []
    for kind, first, last, new_first, new_last in matcher.get_opcodes():
        if kind == "equal":
            continue
        span = Span(starts[first], starts[last])
        rule, note = _reason(span, reasons)
        made.append(Edit(span, "".join(new_lines[new_first:new_last]), rule, note))
    return made


def _split(text: str) -> list[str]:
    """Split at line feeds alone, as git does."""
    lines = text.split("\n")
    return [*(line + "\n" for line in lines[:-1]), *([lines[-1]] if lines[-1] else [])]


def _reason(span: Span, reasons: Sequence[Edit]) -> tuple[str, str]:
    low = bisect_left(reasons, span.start, key=lambda edit: edit.span.end)
    high = bisect_right(reasons, span.end, key=lambda edit: edit.span.start)
    inside = list(reasons[low:high]) or list(reasons[max(0, low - 1) : low]) or list(reasons[:1])
    notes = dict.fromkeys(edit.note for edit in inside if edit.note)
    return inside[0].rule if inside else "", "; ".join(notes)
