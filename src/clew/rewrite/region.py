"""The lines around an edit, from the start of the statement to the end of its last open bracket, as they
read after the edits.

A `Region` is a text with its brackets, its lines, and the places where a line may be broken.  It also knows
which of its characters come from the original and which from an edit.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple, TypeVar

from clew.rewrite.columns import width_of
from clew.text.edit import Edit
from clew.text.span import Span

_BRACKETS = re.compile(r"[()\[\]{}\n#]")
_STRUCTURE = re.compile(r"[()\[\]{}\n#,]|&&|\|\|")
_LITERAL_OR_COMMENT = re.compile(
    r'"(?:\\.|[^"\\\n])*+"|\'(?:\\.|[^\'\\\n])*+\'|(?P<comment>/\*(?s:.)*?\*/|//[^\n]*)'
)
_CONDITIONAL = re.compile(r"#[ \t]*(if|el|endif)")
_CLOSES = {")": "(", "]": "[", "}": "{"}
_DEEP = 100  # brackets open at once beyond which the branches of a conditional are not told apart
_BLANKS = " \t"
_Open = TypeVar("_Open")


class Piece(NamedTuple):
    """From *start* on, the region's text is that of edit *edit*, or (-1) the original from *origin* on."""

    start: int
    edit: int
    origin: int


@dataclass(slots=True)
class Bracket:
    """An opening bracket: where it stands, the column that it had (None: an edit made it), and its new one.

    *commas* counts the original's commas directly inside, *ends* those of them that end a line.
    """

    at: int
    char: str
    depth: int
    old_column: int | None
    column: int = 0
    continuation: int = -1  # number of the first line that begins directly inside
    commas: int = 0
    ends: int = 0


@dataclass(slots=True)
class Place:
    """White space *start*..*end* at which a line may be broken: after a comma, ``&&`` or ``||``."""

    start: int
    end: int
    bracket: int
    operator: str


LineKind = Literal["code", "comment", "opaque"]


@dataclass(slots=True)
class Line:
    """A line: its indentation is *start*..*body*; *end* is before trailing blanks (and a macro's backslash),
    *stop* the line ending.  *bracket* is the innermost bracket open at its start, or -1."""

    start: int
    body: int
    end: int
    stop: int
    bracket: int
    kind: LineKind
    comment: int  # where its first comment starts, or -1
    places: list[Place] = field(default_factory=list)
    brackets: list[int] = field(default_factory=list)


def find_extent(text: str, code: str, at: int, low: int, high: int) -> Span:
    """Return the whole lines that belong together around *at*, between *low* and *high*.

    They begin where no bracket is open since the last ``;``, ``{`` or ``}``, and end where none is.
    """
    line = max(text.rfind("\n", low, at) + 1, low)
    start = max(low, *(code.rfind(char, low, line) + 1 for char in ";{}"))
    start = max(text.rfind("\n", low, start) + 1, low)
    stack: list[str] = []
    saved: list[list[str]] = []
    for match in _BRACKETS.finditer(code, start, high):
        char = match[0]
        if char == "#":
            switch_branch(text, match.start(), stack, saved)
        elif char != "\n":
            _count(char, stack)
        elif not stack:
            if match.start() >= at:
                return Span(start, match.start())
            start = match.end()
    return Span(start, high)


def _count(char: str, stack: list[str]) -> None:
    if char in "([" or (char == "{" and stack):
        stack.append(char)
    elif stack and _CLOSES.get(char) == stack[-1]:
        stack.pop()


def switch_branch(text: str, at: int, stack: list[_Open], saved: list[list[_Open]]) -> None:
    """At a ``#if``, ``#else``, ... at *at*, let every branch begin with the same open brackets."""
    keyword = _CONDITIONAL.match(text, at)
    if keyword is None or len(stack) > _DEEP:
        return
    if keyword[1] == "if":
        saved.append(list(stack))
    elif saved:
        stack[:] = saved[-1]
        if keyword[1] == "endif":
            saved.pop()


class Region:
    """The text of *extent* after *edits*, which come with their numbers.

    *macro* tells that it lies in a directive, whose lines end in backslashes, *leading* that the file begins
    lines with ``&&`` and ``||``.
    """

    def __init__(
        self,
        old: str,
        code: str,
        extent: Span,
        edits: Sequence[tuple[int, Edit]],
        *,
        macro: bool = False,
        leading: bool = False,
    ) -> None:
        self.old, self.extent, self.macro, self._leading = old, extent, macro, leading
        self.pieces: list[Piece] = []
        texts, codes, at, length = [], [], extent.start, 0
        for number, edit in edits:
            self.pieces.append(Piece(length, -1, at))
            texts += [old[at : edit.span.start], edit.text]
            codes += [code[at : edit.span.start], edit.text]
            length += edit.span.start - at
            self.pieces.append(Piece(length, number, edit.span.start))
            length, at = length + len(edit.text), edit.span.end
        self.pieces.append(Piece(length, -1, at))
        self.text = "".join([*texts, old[at : extent.end]])
        self.code = "".join([*codes, code[at : extent.end]])
        self._starts = [piece.start for piece in self.pieces]
        self.brackets: list[Bracket] = []
        self.lines = list(self._find_lines())
        self._find_structure()

    def piece_at(self, at: int) -> Piece:
        """Return the piece that holds the character at *at*."""
        return self.pieces[bisect_right(self._starts, at) - 1]

    def pieces_of(self, start: int, end: int) -> Iterator[tuple[Piece, int, int]]:
        """Yield the pieces that share characters with *start*..*end*, each with the part shared."""
        number = bisect_right(self._starts, start) - 1
        while number < len(self.pieces) and (self.pieces[number].start < end or start == end):
            piece = self.pieces[number]
            after = self._starts[number + 1] if number + 1 < len(self.pieces) else len(self.text)
            if max(piece.start, start) < min(after, end):
                yield piece, max(piece.start, start), min(after, end)
            number += 1
            if start == end:
                return

    def original(self, at: int) -> int | None:
        """Return the offset in the original of the character at *at*, or None when an edit made it."""
        piece = self.piece_at(at)
        return None if piece.edit >= 0 else piece.origin + at - piece.start

    def old_line(self, line: Line) -> Span | None:
        """Return the original line that begins as *line* does, or None when an edit made its beginning."""
        start = self.original(line.start) if line.start < len(self.text) else None
        if start is None or (start and self.old[start - 1] != "\n"):
            return None
        end = self.old.find("\n", start)
        return Span(start, len(self.old) if end < 0 else end)

    def _find_lines(self) -> Iterator[Line]:
        comments = self._find_comments()
        number, start = 0, 0
        while start <= len(self.text):
            stop = self.text.find("\n", start)
            stop = len(self.text) if stop < 0 else stop
            body = start
            while body < stop and self.text[body] in _BLANKS:
                body += 1
            while number < len(comments) and comments[number].end <= body:
                number += 1
            comment = comments[number] if number < len(comments) else None
            kind: LineKind = "code"
            if comment is not None and comment.start < start:
                kind = "comment"
            elif body == stop or (self.text[body] == "#" and not self.macro):
                kind = "opaque"
            first = comment.start if comment is not None and comment.start < stop else -1
            yield Line(start, body, max(body, self._content_end(body, stop)), stop, -1, kind, first)
            start = stop + 1

    def _content_end(self, body: int, stop: int) -> int:
        content = self.text[body:stop].removesuffix("\r")
        if self.macro:
            content = content.removesuffix("\\")
        return body + len(content.rstrip(_BLANKS))

    def _find_comments(self) -> list[Span]:
        if "/*" not in self.text and "//" not in self.text:
            return []
        found = _LITERAL_OR_COMMENT.finditer(self.text)
        return [Span(match.start(), match.end()) for match in found if match["comment"]]

    def _find_structure(self) -> None:
        stack: list[int] = []
        saved: list[list[int]] = []
        number = 0
        for match in _STRUCTURE.finditer(self.code):
            token, at = match[0], match.start()
            line = self.lines[number]
            if token == "\n":
                number += 1
                if number < len(self.lines):
                    self._enter(number, stack[-1] if stack else -1)
            elif token == "#" and not self.macro:
                switch_branch(self.text, at, stack, saved)
            elif token in "([" or (token == "{" and stack):
                stack.append(self._open(at, token, len(stack), line))
            elif stack:
                self._close_or_add(line, match, stack)

    def _close_or_add(self, line: Line, match: re.Match[str], stack: list[int]) -> None:
        innermost, token = self.brackets[stack[-1]].char, match[0]
        if innermost == _CLOSES.get(token):
            stack.pop()
        elif innermost == "(" and token in (",", "&&", "||"):
            self._add_place(line, match.end(), stack[-1], token)

    def _enter(self, number: int, bracket: int) -> None:
        line = self.lines[number]
        line.bracket = bracket
        if bracket >= 0 and line.kind == "code" and self.brackets[bracket].continuation < 0:
            self.brackets[bracket].continuation = number

    def _open(self, at: int, char: str, depth: int, line: Line) -> int:
        origin = self.original(at)
        column = None
        if origin is not None and (line is not self.lines[-1]):
            start = self.old.rfind("\n", 0, origin) + 1
            column = width_of(self.old[start:origin])
        self.brackets.append(Bracket(at, char, depth, column))
        line.brackets.append(len(self.brackets) - 1)
        return len(self.brackets) - 1

    def _add_place(self, line: Line, start: int, bracket: int, operator: str) -> None:
        end = start
        while end < line.end and self.text[end] in _BLANKS:
            end += 1
        if operator == "," and self.original(start - 1) is not None:
            self.brackets[bracket].commas += 1
            self.brackets[bracket].ends += end >= line.end or end == line.comment
        if operator != "," and self._leading:
            start -= len(operator)
            end = start
            while start > line.body and self.text[start - 1] in _BLANKS:
                start -= 1
        if line.body < start and end < line.end:
            line.places.append(Place(start, end, bracket, operator))
