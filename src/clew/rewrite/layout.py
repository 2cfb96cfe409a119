"""Lines after the edits: continuation lines stay aligned, lines that became too long are broken.

Only white space changes here.  A continuation line is realigned when it stood exactly one column right
of the innermost open parenthesis and that parenthesis moved.  A line is broken when an edit made it too
long: at the outermost parenthesised list that offers a comma (or ``&&``, ``||``) within the width.
"""

from bisect import bisect_right
from dataclasses import dataclass, replace

from clew.rewrite.statements import line_ending
from clew.text.edit import Edit, order_edits
from clew.text.source import SourceText
from clew.text.span import Span

_TAB = 8


def width_of(text: str, start: int = 0) -> int:
    """Return the column after *text* when it begins in column *start* (both from 0), tabs every 8."""
    column = start
    for char in text:
        column = (column // _TAB + 1) * _TAB if char == "\t" else column + (not "\x80" <= char < "\xc0")
    return column


@dataclass(slots=True)
class _Paren:
    old_column: int | None
    new_column: int
    depth: int


@dataclass(slots=True)
class _Break:
    """A place in the new line after which it may be broken: column and source of the text before it."""

    column: int
    paren: _Paren
    edit: int  # index of the edit whose text holds the place, or -1
    at: int  # offset in that edit's text, or in the original


class Layout:
    """Lays out one file's edits."""

    def __init__(
        self, source: SourceText, code: str, edits: list[Edit], columns: int, directives: list[Span]
    ) -> None:
        self.source, self.code, self.columns, self.directives = source, code, columns, directives
        self.edits = order_edits(edits)
        self.extra: list[Edit] = []
        self._tabs = source.text.count("\n\t") > source.text.count("\n    ")

    def run(self) -> list[Edit]:
        """Return the edits with those for white space added."""
        done = -1
        for index in range(len(self.edits)):
            line = self._line_start(self.edits[index].span.start)
            if line > done and self._is_layable(index):
                done = self._region(line)
        return order_edits([*self.edits, *self.extra])

    def _is_layable(self, index: int) -> bool:
        edit = self.edits[index]
        return "\n" not in edit.span.of(self.source.text) and not edit.text.endswith("\n")

    def _line_start(self, at: int) -> int:
        return self.source.text.rfind("\n", 0, at) + 1

    def _region(self, start: int) -> int:
        """Lay out lines from *start* until every parenthesis opened there is closed; return the last."""
        stack: list[_Paren] = []
        text, last = self.source.text, start
        while True:
            end = text.find("\n", start)
            end = len(text) if end < 0 else end
            self._line(start, end, stack)
            last = start
            if not stack or end >= len(text):
                return last
            start = end + 1

    def _line(self, start: int, end: int, stack: list[_Paren]) -> None:
        text = self.source.text
        body = start
        while body < end and text[body] in " \t":
            body += 1
        indent = text[start:body]
        column = self._indent(start, body, stack)
        old = width_of(indent)
        edits = [i for i, e in enumerate(self.edits) if start <= e.span.start <= end and self._is_layable(i)]
        breaks: list[_Break] = []
        self._walk(body, end, column, old, edits, stack, breaks)

    def _indent(self, start: int, body: int, stack: list[_Paren]) -> int:
        """Realign a continuation line; return its new column."""
        indent = self.source.text[start:body]
        column = width_of(indent)
        top = stack[-1] if stack else None
        if top is None or top.old_column is None or column != top.old_column + 1 or top.new_column == top.old_column:
            return column
        wanted = top.new_column + 1
        if body < len(self.source.text) and self.source.text[body] not in "\r\n":
            self.extra.append(Edit(Span(start, body), self._blanks(wanted, indent), "layout", "keeps the alignment"))
        return wanted

    def _blanks(self, column: int, like: str) -> str:
        if "\t" in like or (not like and self._tabs):
            return "\t" * (column // _TAB) + " " * (column % _TAB)
        return " " * column

    def _walk(
        self, at: int, end: int, new: int, old: int, edits: list[int], stack: list[_Paren], breaks: list[_Break]
    ) -> None:
        text, pending = self.source.text, list(edits)
        grew = False
        while at <= end:
            if pending and self.edits[pending[0]].span.start <= at:
                number = pending.pop(0)
                edit = self.edits[number]
                grew = True
                for k, char in enumerate(edit.text):
                    new = self._advance(char, char, None, new, stack, breaks, number, k)
                old = width_of(edit.span.of(text), old)
                at = max(at, edit.span.end)
                continue
            if at == end:
                break
            char = text[at]
            if char == "\r":
                break
            new, old = self._advance(char, self.code[at], old, new, stack, breaks, -1, at), width_of(char, old)
            at += 1
        if grew and new > self.columns >= old and not self._in_directive(end - 1):
            self._break(breaks, stack, new, end)

    def _in_directive(self, at: int) -> bool:
        """Tell whether *at* lies in a directive, whose lines would need backslashes."""
        index = bisect_right(self.directives, at, key=lambda span: span.start) - 1
        return index >= 0 and at <= self.directives[index].end

    def _advance(
        self, char: str, code: str, old: int | None, new: int, stack: list[_Paren], breaks: list[_Break], edit: int, at: int
    ) -> int:
        after = 0 if char == "\n" else width_of(char, new)
        if code == "(":
            stack.append(_Paren(old, new, len(stack)))
        elif code == ")" and stack:
            stack.pop()
        elif stack and (code == "," or (edit < 0 and code in "&|" and self.code[at - 1] == code)):
            breaks.append(_Break(after, stack[-1], edit, at))
        return after

    def _break(self, breaks: list[_Break], stack: list[_Paren], width: int, end: int) -> None:
        """Break the line that ended in column *width*, again and again while the rest is too long."""
        while width > self.columns:
            fitting = [b for b in breaks if b.column <= self.columns and self._is_free(b)]
            fitting = [b for b in fitting if b.paren.new_column + 1 < b.column]
            if not fitting:
                return
            depth = min(b.paren.depth for b in fitting)
            chosen = max((b for b in fitting if b.paren.depth == depth), key=lambda b: b.column)
            self._apply(chosen, chosen.paren.new_column + 1, end)
            moved = chosen.column - chosen.paren.new_column  # how far the rest of the line moves left
            later = breaks[breaks.index(chosen) + 1 :]
            for paren in {id(p): p for p in (*stack, *(b.paren for b in later))}.values():
                if paren.new_column >= chosen.column:
                    paren.new_column -= moved
            for each in later:
                each.column -= moved
            breaks, width = later, width - moved

    def _is_free(self, place: _Break) -> bool:
        if place.edit >= 0:
            return True
        after = place.at + 1
        return self.source.text[after : after + 1] in (" ", "\t")

    def _apply(self, place: _Break, column: int, end: int) -> None:
        indent = self.source.text[self._line_start(end - 1) :]
        blanks = self._blanks(column, indent[: len(indent) - len(indent.lstrip(" \t"))])
        newline = line_ending(self.source.text, end - 1) + blanks
        if place.edit >= 0:
            edit = self.edits[place.edit]
            rest = edit.text[place.at + 1 :].lstrip(" ")
            self.edits[place.edit] = replace(edit, text=edit.text[: place.at + 1] + newline + rest)
            return
        start = place.at + 1
        stop = start
        while self.source.text[stop] in " \t":
            stop += 1
        self.extra.append(Edit(Span(start, stop), newline, "layout", "keeps the line within its width"))
