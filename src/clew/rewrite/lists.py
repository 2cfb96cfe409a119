"""One more element in a parenthesised list: parameters and arguments."""

import re

from clew.scan.lists import Elements, split_list
from clew.text.edit import Edit
from clew.text.span import Span

_KEYWORD_TYPES = frozenset(
    {
        *("void", "char", "short", "int", "long", "float", "double", "signed", "unsigned", "_Bool", "bool"),
        *("const", "volatile", "restrict", "register"),
    }
)
_TAGGED = re.compile(r"\b(?:struct|union|enum)\s+\w+")
_WORD = re.compile(r"[A-Za-z_]\w*")


def add_element(code: str, text: str, whole: Span, new: str, position: int, rule: str, note: str) -> Edit:
    """Return the edit that puts *new* into the list *whole* at *position* (-1: at the end).

    *code* is the masked text and *text* the original; a list that has one element per line stays so.
    """
    elements = split_list(code, whole)
    is_void = len(elements.spans) == 1 and elements.spans[0].of(code) == "void"
    if is_void:
        return Edit(elements.spans[0], new, rule, note)
    if not elements.spans:
        return _only(text, elements.inside, new, rule, note)
    if position < 0 or position >= len(elements.spans):
        before = elements.spans[-1]
        if before.of(code) == "...":
            at = before.start
            return Edit(Span(at, at), new + ", ", rule, note)
        end = _after_comment(text, before.end, elements.inside.end)
        if code[before.end - 1] == "#":  # the list ends with a directive
            end = elements.inside.end
        return Edit(Span(end, end), _separator(text, elements) + new, rule, note)
    at = elements.spans[position].start
    if code[at] == "#":
        return _before_directive(code, text, at, new, rule, note)
    gap = text[whole.start + 1 : at]
    if position == 0 and gap.lstrip(" \t").startswith("/*") and "\n" not in gap:
        at = whole.start + 1  # the comment is about the element behind it
    return Edit(Span(at, at), new + _separator(text, elements), rule, note)


def _before_directive(code: str, text: str, at: int, new: str, rule: str, note: str) -> Edit:
    """Return the edit that puts *new* on a line of its own before the directive at *at*, indented as the
    element is that the directive is about."""
    content = at
    while code[content] == "#":
        content = code.index("\n", content) + 1
        while code[content].isspace():
            content += 1
    indent = text[text.rfind("\n", 0, content) + 1 : content]
    start = text.rfind("\n", 0, at) + 1
    ending = "\r\n" if text[start - 2 : start - 1] == "\r" else "\n"
    return Edit(Span(start, start), f"{indent}{new},{ending}", rule, note)


def _only(text: str, inside: Span, new: str, rule: str, note: str) -> Edit:
    """Return the edit that puts *new* into an empty list, before a comment that it may hold."""
    if inside.of(text).strip():
        return Edit(Span(inside.start, inside.start), new + " ", rule, note)
    return Edit(inside, new, rule, note)


def _after_comment(text: str, end: int, close: int) -> int:
    """Return the end of the comment that follows an element on its line, or the element's own *end*."""
    rest = text[end:close]
    comment = re.match(r"[ \t]*/\*[^\n]*?\*/", rest)
    return end + comment.end() if comment else end


def _separator(text: str, elements: Elements) -> str:
    """Return ", ", or a comma with line break and indentation where every element has its own line."""
    spans = elements.spans
    lines = [text.count("\n", elements.inside.start, span.start) for span in spans]
    own_line = len(set(lines)) == len(lines) and (len(spans) >= 3 or lines[0] > 0)
    if not own_line or (len(spans) == 1 and lines[0] > 0):
        return ", "
    second = spans[1].start if len(spans) > 1 else spans[0].start
    line_start = text.rfind("\n", 0, second) + 1
    return "," + ("\r\n" if text[line_start - 2 : line_start - 1] == "\r" else "\n") + text[line_start:second]


def is_unnamed(code: str, whole: Span) -> bool:
    """Tell whether a prototype's parameters have types but no names."""
    spans = split_list(code, whole).spans
    real = [span.of(code) for span in spans if span.of(code) not in ("void", "...", "")]
    return bool(real) and not any(_names_parameter(one) for one in real)


def _names_parameter(text: str) -> bool:
    pointer = re.search(r"\(\s*(?:\w+\s+)?\*+\s*(?:const\s+)?(\w*)", text)
    if pointer:
        return bool(pointer.group(1))
    plain = re.sub(r"\[[^\]]*\]\s*\Z", "", text).rstrip()
    words = _WORD.findall(_TAGGED.sub("T", plain))
    last = _WORD.search(plain[::-1])
    if not words or not (plain[-1] == "_" or plain[-1].isalnum()) or last is None:
        return False
    return len([w for w in words if w not in ("const", "volatile", "restrict", "register")]) > 1 and (
        words[-1] not in _KEYWORD_TYPES
    )


def declare(type_text: str, name: str) -> str:
    """Return ``type name`` as a person writes it."""
    if not name:
        return type_text.rstrip() if type_text.rstrip().endswith("*") else type_text.strip()
    return (
        f"{type_text.rstrip()}{name}" if type_text.rstrip().endswith("*") else f"{type_text.strip()} {name}"
    )


def with_blanks(text: str, span: Span) -> Span:
    """Return *span*, a word of a list's element, with the blanks that go with it: those before it, or behind
    it where it begins the element or follows a ``*``."""
    start, end = span.start, span.end
    while text[start - 1 : start] in (" ", "\t"):
        start -= 1
    if text[start - 1 : start] not in ("(", ",", "*", "\n"):
        return Span(start, end)
    while text[end : end + 1] in (" ", "\t"):
        end += 1
    return Span(span.start, end)
