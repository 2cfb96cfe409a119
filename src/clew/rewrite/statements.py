"""Declarations that come and go."""

from collections.abc import Collection

from clew.text.edit import Edit
from clew.text.source import SourceText
from clew.text.span import Span


def line_ending(text: str, at: int) -> str:
    """Return the line ending in use at *at*."""
    newline = text.find("\n", at)
    if newline < 0:
        newline = text.rfind("\n", 0, at)
    return "\r\n" if newline > 0 and text[newline - 1] == "\r" else "\n"


def remove_statement(source: SourceText, code: str, span: Span, note: str) -> Edit:
    """Return the edit that removes a statement: with its line where it stands alone on it.

    A blank line goes too where it would open the block, or follow another blank line.
    """
    text = source.text
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    end = len(text) if end < 0 else end + 1
    if text[start : span.start].strip() or code[span.end : end].strip():
        after = span.end
        while after < len(text) and text[after] in " \t":
            after += 1
        return Edit(Span(span.start, after), "", "remove-local", note)
    before = code[:start].rstrip(" \t\r\n")
    blank_end = text.find("\n", end) + 1
    next_is_blank = blank_end > 0 and not text[end:blank_end].strip()
    opens = before.endswith("{") and not text[len(before) : start].strip(" \t\r\n")
    follows_blank = text[:start].rstrip(" \t").endswith(("\n\n", "\n\r\n"))
    if next_is_blank and (opens or follows_blank):
        end = blank_end
    return Edit(Span(start, end), "", "remove-local", note)


def insert_statement(
    source: SourceText, code: str, at: int, statement: str, note: str, directives: Collection[int]
) -> Edit:
    """Return the edit that puts *statement* on a line of its own before the statement at *at* (above the
    comment that belongs to it), or before it on the same line where it does not begin its line.
    *directives* are the offsets at which preprocessor directives begin."""
    text = source.text
    start = text.rfind("\n", 0, at) + 1
    indent = text[start:at]
    if indent.strip():
        return Edit(Span(at, at), statement + " ", "boundary", note)
    start = _above_comments(text, code, start, directives)
    return Edit(Span(start, start), f"{indent}{statement}{line_ending(text, start)}", "boundary", note)


def _above_comments(text: str, code: str, start: int, directives: Collection[int]) -> int:
    """Return the start of the comment lines that stand directly above the line at *start*; *start* itself
    when the comment begins behind code."""
    above = start
    while above > 0:
        line = text.rfind("\n", 0, above - 1) + 1
        content = text[line:above]
        first = line + len(content) - len(content.lstrip())
        if code[line:above].strip() or first in directives:
            behind = text[line + len(code[line:above].rstrip()) : above]
            return start if "/*" in behind and "*/" not in behind.partition("/*")[2] else above
        if not content.strip() and not _inside_comment(text, code, line, start):
            return above
        above = line
    return above


def _inside_comment(text: str, code: str, line: int, start: int) -> bool:
    """Tell whether the blank line at *line* lies inside a comment that ends before *start*."""
    ends = text.find("*/", line, start)
    opens = text.find("/*", line, start)
    return ends >= 0 and (opens < 0 or ends < opens) and not code[line:ends].strip()
