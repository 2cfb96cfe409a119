r"""The text of a string literal, each of its characters with the place that it comes from.

``"int f(int a);\n" 'int g(void);'`` is one text in two parts; an edit of the text becomes an edit of the part
it lies in, spelled as that part spells things.
"""

import ast
import re

import libcst as cst

from clew.rewrite.bindings.model import Refused
from clew.rewrite.bindings.pyfile import PythonFile
from clew.text.edit import Edit
from clew.text.record import record
from clew.text.span import Span

_ESCAPE = re.compile(
    r"\\(?:\r\n|N\{[^}]*\}|U[0-9a-fA-F]{8}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[0-7]{1,3}|(?s:.))|\r\n?|(?s:.)"
)


@record()
class _Part:
    """One literal: its text is that of the whole from *start* to *end*."""

    start: int
    end: int
    raw: bool
    quote: str


@record()
class StringText:
    """*text*, of which character n stands at ``places[n]`` of the file."""

    text: str
    places: tuple[Span, ...]
    parts: tuple[_Part, ...]
    end: int
    newline: str

    @property
    def has_lines(self) -> bool:
        """Whether line breaks in the text are line breaks in the file."""
        return all(len(part.quote) == 3 for part in self.parts)

    def place(self, at: int) -> int:
        """Return the offset in the file of the text's character *at*."""
        return self.places[at].start if at < len(self.places) else self.end

    def edit(self, edit: Edit, note: str) -> Edit:
        """Return *edit*, which is for the text, as one for the file."""
        span = edit.span
        part = next((one for one in self.parts if one.start <= span.start and span.end <= one.end), None)
        if part is None:
            raise Refused("python-literal", "the declaration is split between two literals")
        end = self.places[span.end - 1].end if span.end > span.start else self.place(span.start)
        start = self.place(span.start) if span.start < part.end else end
        if span.start == span.end and span.start == part.end and span.start > part.start:
            start = end = self.places[span.start - 1].end
        return Edit(Span(start, end), self._spell(edit.text, part), "bind", note)

    def _spell(self, text: str, part: _Part) -> str:
        if part.raw:
            return text.replace("\n", self.newline)
        text = text.replace("\\", "\\\\")
        if len(part.quote) == 1:
            return text.replace(part.quote, "\\" + part.quote).replace("\n", "\\n")
        return text.replace("\n", self.newline)


def read_string(file: PythonFile, node: cst.CSTNode) -> StringText | None:
    """Return the text of the literal *node*, or None when it is none, or is made at run time."""
    literals = _literals(node)
    if not literals:
        return None
    text, places, parts = "", list[Span](), list[_Part]()
    for literal in literals:
        start = len(text)
        for piece, span in _characters(file, literal):
            text += piece
            places += [span] * len(piece)
        parts.append(_Part(start, len(text), "r" in literal.prefix.lower(), literal.quote))
    last = literals[-1]
    end = file.offset(file.utf8_span(last).end - len(last.quote))
    return StringText(text, tuple(places), tuple(parts), end, file.newline)


def _literals(node: cst.CSTNode) -> list[cst.SimpleString]:
    if isinstance(node, cst.SimpleString):
        return [node] if "b" not in node.prefix.lower() else []
    if isinstance(node, cst.ConcatenatedString):
        left, right = _literals(node.left), _literals(node.right)
        return [*left, *right] if left and right else []
    return []


def _characters(file: PythonFile, literal: cst.SimpleString) -> list[tuple[str, Span]]:
    """Return the pieces of the evaluated literal with their places: one character mostly, none for a line
    that is continued."""
    raw = "r" in literal.prefix.lower()
    at = file.utf8_span(literal).start + len(literal.prefix) + len(literal.quote)
    inside = literal.value[len(literal.prefix) + len(literal.quote) : -len(literal.quote)]
    found = []
    for match in _ESCAPE.finditer(inside):
        for piece in _whole(match[0], raw):
            end = at + len(piece.encode())
            found.append((_evaluate(piece, raw), Span(file.offset(at), file.offset(end))))
            at = end
    return found


def _whole(piece: str, raw: bool) -> list[str]:
    """In a raw literal a backslash is a character like any other."""
    if not raw or len(piece) == 1 or piece == "\r\n":
        return [piece]
    return ["\\", *_ESCAPE.findall(piece[1:])]


def _evaluate(piece: str, raw: bool) -> str:
    if piece in ("\r\n", "\r"):
        return "\n"
    if raw or not piece.startswith("\\"):
        return piece
    if piece[1:] in ("\n", "\r\n", "\r"):
        return ""
    known = piece[1] in "abfnrtvxuUN01234567\\'\""
    return str(ast.literal_eval(f'"{piece}"')) if known else piece
