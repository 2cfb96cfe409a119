"""Comments that allow a finding: ``/* clew: allow[fetch] why */``.

A comment covers the lines that it stands on; one with a line of its own covers the next line of code too.
"""

import re
from bisect import bisect_left

from clew.check.facts import Allow
from clew.scan.mask import find_comments
from clew.text.source import SourceText
from clew.text.span import Span

_MARK = re.compile(r"\bclew:[ \t]*allow\b[ \t]*(?:\[([^\]\n]*)\])?")
_FRAME = " \t\r\n*/"  # what a comment is drawn with


def find_allows(source: SourceText) -> tuple[Allow, ...]:
    """Return the allowing comments of *source*, in order."""
    text = source.text
    marks = list(_MARK.finditer(text))
    if not marks:
        return ()
    comments = find_comments(text)
    ends = [comment.end for comment in comments]
    found = []
    for mark in marks:
        at = bisect_left(ends, mark.end())
        if at < len(comments) and mark.start() in comments[at]:
            found.append(_read(source, comments[at], mark))
    return tuple(found)


def _read(source: SourceText, comment: Span, mark: re.Match[str]) -> Allow:
    text = source.text
    codes = tuple(word.strip() for word in (mark.group(1) or "").split(",") if word.strip())
    lines = text[mark.end() : comment.end].removesuffix("*/").splitlines()
    reason = " ".join(line.strip(_FRAME) for line in lines).strip()
    first, last = source.position(comment.start).line, source.position(comment.end - 1).line
    if not _has_code_beside(text, comment):
        last = _next_code_line(source, comment.end)
    line, column = source.position(mark.start())
    return Allow(codes, reason, line, column, first, last)


def _has_code_beside(text: str, comment: Span) -> bool:
    before = text[text.rfind("\n", 0, comment.start) + 1 : comment.start]
    end = text.find("\n", comment.end)
    after = text[comment.end :] if end < 0 else text[comment.end : end]
    return bool(before.strip() or after.strip(" \t\r\\"))


def _next_code_line(source: SourceText, end: int) -> int:
    at = source.text.find("\n", end)
    while at >= 0 and at + 1 < len(source.text) and not source.line_at(at + 1).strip():
        at = source.text.find("\n", at + 1)
    return source.position(len(source.text) if at < 0 else at + 1).line
