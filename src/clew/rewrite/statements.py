"""Declarations that come and go."""

import re
from collections.abc import Collection

from clew.text.edit import Edit
from clew.text.source import SourceText
from clew.text.span import Span

_BLANKS = " \t"
# Two words in a row begin a declaration, unless the first is one of these.
_DECLARATION = re.compile(
    r"(?!(?:return|goto|else|case|default|break|continue|do|typedef|sizeof)\b)"
    r"[A-Za-z_]\w*(?:\s+[A-Za-z_]\w*)*(?:\s+|\s*\*[\s*]*)"
    r"(?:(?:const\s+)?[A-Za-z_]\w*\s*[=;,\[]"
    r"|\(\s*\*\s*(?:const\s+)?[A-Za-z_]\w*(?:\[\w*\])?\s*\)\s*\([^;{}]*\)\s*[=;,])"  # int (*f)(void);
)
# an attribute that ends there
_ATTRIBUTE = re.compile(
    r"(?:\b(?:__attribute(?:__)?|_Alignas|alignas|__declspec)\s*\((?:[^();{}]|\((?:[^();{}]|\([^();{}]*\))*\))*\)"
    r"|\[\s*\[[^\[\];{}]*\]\s*\])\Z"
)
_LONGEST = 200  # characters of an attribute
_EXTENSION = "__extension__"  # GNU C, before a declaration that is not ISO C
_CONTROL = re.compile(r"(?:\)|\belse|\bdo|:)\Z")


def line_ending(text: str, at: int) -> str:
    """Return the line ending in use at *at*."""
    newline = text.find("\n", at)
    if newline < 0:
        newline = text.rfind("\n", 0, at)
    return "\r\n" if newline > 0 and text[newline - 1] == "\r" else "\n"


def end_before(code: str, at: int) -> int:
    """Return the end of the last text before *at* that is not blank."""
    while at > 0 and code[at - 1].isspace():
        at -= 1
    return at


def start_after(code: str, at: int) -> int:
    """Return the start of the first text from *at* on that is not blank."""
    while at < len(code) and code[at].isspace():
        at += 1
    return at


def remove_statement(source: SourceText, code: str, span: Span, note: str) -> Edit:
    """Return the edit that removes a statement: with its line, and the comment behind it, where it stands
    alone on it.

    A blank line goes too where it would open the block, or follow another blank line.  A statement that is
    the whole body of an ``if``, or all that a label has, becomes an empty one.
    """
    text = source.text
    span = Span(_start_with_attributes(code, span.start), span.end)
    if _is_needed(code, span):
        return Edit(span, ";", "remove-local", note)
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end)
    end = len(text) if end < 0 else end + 1
    before, after = code[start : span.start].strip(), code[span.end : end].strip()
    if before or text[start : span.start].strip() or after:
        return _remove_within_line(text, span, alone_behind=not text[span.end : end].strip(), note=note)
    behind = _after_comment(text, span.end, end)
    if behind is None:
        return _remove_within_line(text, span, alone_behind=False, note=note)
    end = behind
    above = end_before(code, start)
    blank_end = text.find("\n", end) + 1
    next_is_blank = blank_end > 0 and not text[end:blank_end].strip()
    opens = code[above - 1 : above] == "{" and not text[above:start].strip()
    follows_blank = text.count("\n", end_before(text, start), start) > 1
    if next_is_blank and (opens or follows_blank):
        end = blank_end
    return Edit(Span(start, end), "", "remove-local", note)


def _start_with_attributes(code: str, start: int) -> int:
    """Return where the attributes before the declaration at *start* begin."""
    while True:
        end = end_before(code, start)
        if code.endswith(_EXTENSION, 0, end):
            start = end - len(_EXTENSION)
        elif (found := _ATTRIBUTE.search(code, max(0, end - _LONGEST), end)) is not None:
            start = found.start()
        else:
            return start


def remove_lines(text: str, span: Span, rule: str, note: str) -> Edit:
    """Return the edit that removes the whole lines of *span*, and one of the blank lines on both sides."""
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", span.end) + 1 or len(text)
    behind = text.find("\n", end) + 1
    above = text[text.rfind("\n", 0, max(start - 1, 0)) + 1 : start]
    if behind and not text[end:behind].strip() and not above.strip():
        end = behind
    return Edit(Span(start, end), "", rule, note)


def _is_needed(code: str, span: Span) -> bool:
    """Tell whether something must stand where the statement stood."""
    if _DECLARATION.match(code, span.start):
        return False  # it cannot be the body of anything
    end = end_before(code, span.start)
    before = code[max(0, end - 8) : end]
    if not _CONTROL.search(before):
        return False
    if not before.endswith(":"):
        return True
    after = start_after(code, span.end)
    return code[after : after + 1] == "}" or _DECLARATION.match(code, after) is not None


def _remove_within_line(text: str, span: Span, *, alone_behind: bool, note: str) -> Edit:
    start, end = span.start, span.end
    if alone_behind:
        while text[start - 1 : start] in tuple(_BLANKS):
            start -= 1
    else:
        while text[end : end + 1] in tuple(_BLANKS):
            end += 1
    return Edit(Span(start, end), "", "remove-local", note)


def _after_comment(text: str, at: int, end: int) -> int | None:
    """Return *end*, the end of the line, or that of the line in which a comment that begins on it ends (None
    where more follows there)."""
    opens = text.find("/*", at, end)
    if opens < 0 or "//" in text[at:opens] or "*/" in text[opens:end]:
        return end
    closes = text.find("*/", opens)
    newline = text.find("\n", closes)
    newline = len(text) if newline < 0 else newline
    if closes < 0 or text[closes + 2 : newline].strip():
        return None
    return min(newline + 1, len(text))


def insert_statement(
    source: SourceText, code: str, at: int, statement: str, note: str, directives: Collection[int]
) -> Edit:
    """Return the edit that puts the declaration *statement* before the statement at *at*.

    It goes below the declarations that stand right above (with nothing but blank lines and comments
    between), or else above the comment that belongs to the statement; on the same line where the statement
    does not begin its line.  *directives* are the offsets at which preprocessor directives begin.
    """
    text = source.text
    start = text.rfind("\n", 0, at) + 1
    indent = text[start:at]
    if indent.strip():
        return Edit(Span(at, at), statement + " ", "boundary", note)
    below = _below_declarations(text, code, start, indent, directives)
    start = above_comments(text, code, start, directives) if below is None else below
    return Edit(Span(start, start), f"{indent}{statement}{line_ending(text, start)}", "boundary", note)


def _below_declarations(
    text: str, code: str, start: int, indent: str, directives: Collection[int]
) -> int | None:
    """Return the start of the line below the declaration that precedes the line at *start*, or None."""
    last = end_before(code, start)
    below = text.find("\n", last) + 1
    if code[last - 1 : last] != ";" or _has_directive(text, below, start, directives):
        return None
    line = text.rfind("\n", 0, last) + 1
    while line > 0 and code[line : line + len(indent) + 1].startswith((indent + " ", indent + "\t")):
        line = text.rfind("\n", 0, line - 1) + 1
    is_declaration = code.startswith(indent, line) and _DECLARATION.match(code, line + len(indent), last)
    if not is_declaration or code.count(";", line, last) > 1 or _opens_comment(text, last, below):
        return None
    return below


def _has_directive(text: str, start: int, end: int, directives: Collection[int]) -> bool:
    """Tell whether a directive begins between *start* and *end*."""
    at = text.find("#", start, end)
    while at >= 0 and at not in directives:
        at = text.find("#", at + 1, end)
    return at >= 0


def _opens_comment(text: str, at: int, end: int) -> bool:
    """Tell whether a comment begins between *at* and *end* and goes on behind."""
    opens = text.rfind("/*", at, end)
    return opens >= 0 and "*/" not in text[opens:end]


def above_comments(text: str, code: str, start: int, directives: Collection[int]) -> int:
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
