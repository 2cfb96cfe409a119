r"""Unified diffs, made from the edits themselves: what changed is known, so nothing has to be searched for.

The text of a diff is Latin-1 like the sources, so that its bytes are right for ``git apply`` and ``patch``
whatever encoding the files have.  Lines end at ``\n`` only; a carriage return belongs to its line.
"""

import os
import re
from bisect import bisect_right
from collections.abc import Iterable

from clew.text.edit import Edit, apply_edits, order_edits
from clew.text.record import record
from clew.text.source import SourceText
from clew.text.span import Span

_NO_NEWLINE = "\n\\ No newline at end of file\n"
_FUNCTION_LINE = re.compile(r"[A-Za-z_$]")
_FUNCTION_WIDTH = 80
# git quotes a name with one of these, and escapes it as C does.
_QUOTED = re.compile(r'[\x00-\x1f"\\\x7f-\xff]')
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"}


@record()
class _Change:
    """Old lines ``start <= line < end`` (from 0) become *new*."""

    start: int
    end: int
    new: tuple[str, ...]


def unified_diff(
    path: str, text: str, edits: Iterable[Edit], context: int = 3, *, is_new: bool = False
) -> str:
    """Return the diff that *edits* make of *text*, or "" when they change nothing.  *is_new* tells that there
    is no such file before."""
    if is_new:
        return _whole_file(path, apply_edits(text, edits))
    source = SourceText(path, text)
    changes = _find_changes(source, order_edits(edits))
    if not changes:
        return ""
    # No "diff --git" line: git takes paths below one as relative to the repository, and skips without a
    # word what then lies outside the folder it runs in.
    old, new = _quote_path(f"a/{path}"), _quote_path(f"b/{path}")
    # A name with blanks is closed by a tab, or patch would take what follows for a date.
    tab = "\t" if " " in path else ""
    pieces = [f"--- {old}{tab}\n+++ {new}{tab}\n"]
    shift = 0
    for hunk in _group(changes, context):
        pieces.append(_format_hunk(source, hunk, context, shift))
        shift += sum(len(change.new) - (change.end - change.start) for change in hunk)
    return "".join(pieces)


def _whole_file(path: str, text: str) -> str:
    """Return the diff that makes the file *path*."""
    lines = _split_lines(text)
    new = _quote_path(f"b/{path}")
    tab = "\t" if " " in path else ""
    head = f"--- /dev/null\n+++ {new}{tab}\n@@ -0,0 +{_format_range(0, len(lines))} @@\n"
    return head + "".join(_format_line("+", line) for line in lines)


def _find_changes(source: SourceText, edits: list[Edit]) -> list[_Change]:
    """Return the changed lines, as few as removing equal first and last lines leaves."""
    changes: list[_Change] = []
    for first, last, group in _group_by_lines(source, edits):
        span = Span(_line_start(source, first), _line_start(source, last + 1))
        moved = (
            Edit(Span(edit.span.start - span.start, edit.span.end - span.start), edit.text) for edit in group
        )
        old = _split_lines(span.of(source.text))
        new = _split_lines(apply_edits(span.of(source.text), moved))
        head = _common(old, new)
        tail = _common(old[head:][::-1], new[head:][::-1])
        if len(old) != len(new) or head < len(old):
            change = _Change(first + head, first + len(old) - tail, tuple(new[head : len(new) - tail]))
            if changes and changes[-1].end == change.start:
                above = changes.pop()  # old lines come together before new ones, as in any diff
                change = _Change(above.start, change.end, above.new + change.new)
            changes.append(change)
    return changes


def _group_by_lines(source: SourceText, edits: list[Edit]) -> list[tuple[int, int, list[Edit]]]:
    """Return first line, last line and edits of each run of edits that share lines."""
    groups: list[tuple[int, int, list[Edit]]] = []
    for edit in edits:
        first, last = _line_of(source, edit.span.start), _line_of(source, edit.span.end)
        if groups and first <= groups[-1][1]:
            start, end, group = groups[-1]
            group.append(edit)
            groups[-1] = (start, max(end, last), group)
        else:
            groups.append((first, last, [edit]))
    return groups


def _group(changes: list[_Change], context: int) -> list[list[_Change]]:
    """Put changes together whose contexts touch or overlap."""
    hunks: list[list[_Change]] = []
    for change in changes:
        if hunks and change.start - hunks[-1][-1].end <= 2 * context:
            hunks[-1].append(change)
        else:
            hunks.append([change])
    return hunks


def _format_hunk(source: SourceText, hunk: list[_Change], context: int, shift: int) -> str:
    start = max(hunk[0].start - context, 0)
    end = min(hunk[-1].end + context, _count_lines(source))
    pieces, at, added = [], start, 0
    for change in hunk:
        pieces += [_format_line(" ", line) for line in _lines(source, at, change.start)]
        pieces += [_format_line("-", line) for line in _lines(source, change.start, change.end)]
        pieces += [_format_line("+", line) for line in change.new]
        added += len(change.new) - (change.end - change.start)
        at = change.end
    pieces += [_format_line(" ", line) for line in _lines(source, at, end)]
    old, new = _format_range(start, end - start), _format_range(start + shift, end - start + added)
    return f"@@ -{old} +{new} @@{_function_above(source, start)}\n{''.join(pieces)}"


def _format_range(start: int, count: int) -> str:
    if count == 1:
        return str(start + 1)
    # An empty range names the line before it.
    return f"{start + 1 if count else start},{count}"


def _format_line(mark: str, line: str) -> str:
    return mark + line if line.endswith("\n") else mark + line + _NO_NEWLINE


def _function_above(source: SourceText, line: int) -> str:
    """Return what git shows after ``@@``: the nearest line above that starts like a definition."""
    farthest = max(line - 400, 0)  # the whole of a long function, but not of a long table
    for number in range(line - 1, farthest - 1, -1):
        start = _line_start(source, number)
        if _FUNCTION_LINE.match(source.text, start):
            return " " + source.line_at(start)[:_FUNCTION_WIDTH].rstrip()
    return ""


def _line_of(source: SourceText, offset: int) -> int:
    return bisect_right(source.line_starts, offset) - 1


def _line_start(source: SourceText, line: int) -> int:
    starts = source.line_starts
    return starts[line] if line < len(starts) else len(source.text)


def _count_lines(source: SourceText) -> int:
    r"""Count lines; what follows the last ``\n`` is one only if it is not empty."""
    starts = source.line_starts
    return len(starts) - (starts[-1] == len(source.text))


def _lines(source: SourceText, start: int, end: int) -> list[str]:
    return [source.text[_line_start(source, n) : _line_start(source, n + 1)] for n in range(start, end)]


def _split_lines(text: str) -> list[str]:
    lines = text.split("\n")
    last = lines.pop()
    return [line + "\n" for line in lines] + ([last] if last else [])


def _common(old: list[str], new: list[str]) -> int:
    """Count equal lines at the start."""
    count = 0
    for left, right in zip(old, new, strict=False):
        if left != right:
            break
        count += 1
    return count


def _quote_path(path: str) -> str:
    name = os.fsencode(path).decode("latin-1")
    if not _QUOTED.search(name):
        return name
    escaped = _QUOTED.sub(lambda match: _ESCAPES.get(match[0]) or f"\\{ord(match[0]):03o}", name)
    return f'"{escaped}"'
