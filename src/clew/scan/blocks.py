"""Find the blocks at file scope: each ``{`` with its ``}``, through every branch of conditionals.

Depth is saved at ``#if`` and restored at ``#else``, and where branches disagree the first one decides.
A file in which that does not come out even is walked a second time, now trusting the layout as well: a
``}`` in column 0 ends the block unless a ``{`` in column 0 waits for it.
"""

import re
from dataclasses import dataclass, field

from clew.scan.conditionals import Marks
from clew.scan.facts import ScanFinding
from clew.scan.lexis import BLANKS
from clew.text.record import record
from clew.text.span import Span

_BLANKS_AND_MARKS = BLANKS + "#"
_ROW_BREAK = re.compile(r"\n[{}]")


@record()
class Block:
    """A block at file scope.  *opens* has several entries where ``#if`` branches each write the opening
    brace.  A closing brace that closes nothing is a block of its own (*stray*)."""

    opens: tuple[int, ...]
    end: int
    stray: bool = False


@record()
class Outline:
    """The blocks of a file in order, and what was odd."""

    blocks: list[Block]
    findings: list[ScanFinding]


@dataclass(slots=True)
class _Group:
    """An open conditional: the state at its start, and the states at the end of its branches."""

    start: int
    depth: int
    opens: tuple[int, ...]
    ends: list[tuple[int, tuple[int, ...]]] = field(default_factory=list)
    has_else: bool = False
    resets: int = 0


def find_blocks(code: str, marks: Marks, linkage_braces: int) -> Outline:
    """Find the blocks of *code*; *linkage_braces* closing braces more than opening ones are expected."""
    walker = _Walker(code, marks, linkage_braces)
    walker.walk()
    if walker.is_even:
        return Outline(walker.blocks, walker.findings)
    walker = _Walker(code, marks, linkage_braces, by_layout=True)
    walker.walk()
    return Outline(walker.blocks, walker.findings)


@dataclass(slots=True)
class _Walker:
    """One walk over the braces and marks of a text."""

    code: str
    marks: Marks
    linkage_braces: int
    by_layout: bool = False
    depth: int = 0
    opens: tuple[int, ...] = ()
    blocks: list[Block] = field(default_factory=list)
    findings: list[ScanFinding] = field(default_factory=list)
    is_even: bool = True
    _groups: list[_Group] = field(default_factory=list)
    _in_column_0: set[int] = field(default_factory=set)  # depths at which such a `{` waits
    _resets: int = 0  # how often the layout overruled the depth
    _row_break: int = -1  # the next brace in column 0, as far as it was looked for

    def walk(self) -> None:
        """Visit every brace and mark, then what is left open."""
        start = 0
        for mark in self.marks:
            self._walk_braces(start, mark)
            self._mark(mark)
            start = mark + 1
        self._walk_braces(start, len(self.code))
        for group in self._groups:
            self._note("unbalanced-conditional", group.start, "this conditional is never closed")
        if self.depth:
            self.is_even = False
            self._note("unbalanced-brace", self.opens[0], "this brace is never closed")
            self._add(Block(self.opens, len(self.code)))

    def _walk_braces(self, start: int, end: int) -> None:
        """Visit the braces from *start* to *end*.  To look for a single character is the quickest search
        there is, and within a block the braces that open are only counted."""
        code = self.code
        while True:
            if self.depth and not self.by_layout:
                close = self._find_close(start, end)
            else:
                close = code.find("}", start, end)
                self._open_all(start, end if close < 0 else close)
            if close < 0:
                return
            self._close(close)
            start = close + 1

    def _find_close(self, start: int, end: int) -> int:
        """Return the place of the brace that closes the block, with the depth there, or -1 if the block goes
        on at *end*."""
        code, depth = self.code, self.depth
        close = code.find("}", start, end)
        while close >= 0:
            depth += code.count("{", start, close)
            if depth == 1:
                self.depth = 1
                return close
            depth -= 1
            start = close + 1
            close = code.find("}", start, end)
        self.depth = depth + code.count("{", start, end)
        return -1

    def _open_all(self, start: int, end: int) -> None:
        at = self.code.find("{", start, end)
        while at >= 0:
            self._open(at)
            at = self.code.find("{", at + 1, end)

    def _open(self, at: int) -> None:
        if self.depth == 0:
            self.opens = (at,)
            self._in_column_0.clear()
        if self.by_layout and self._is_in_column_0(at):
            self._in_column_0.add(self.depth)
        self.depth += 1

    def _close(self, at: int) -> None:
        if self.depth == 0:
            self._close_nothing(at)
            return
        if self.by_layout and not self._settle_by_layout(at):
            return
        self.depth -= 1
        if self.depth == 0:
            self._add(Block(self.opens, at + 1))

    def _close_nothing(self, at: int) -> None:
        if self.linkage_braces > 0:
            self.linkage_braces -= 1
        else:
            self.is_even = False
            self._note("unbalanced-brace", at, "this brace closes nothing")
        self.blocks.append(Block((at,), at + 1, stray=True))

    def _settle_by_layout(self, at: int) -> bool:
        """Correct the depth by the layout; tell whether the brace at *at* closes anything."""
        outer = 0 in self._in_column_0
        if self._is_in_column_0(at):
            if self.depth - 1 in self._in_column_0:
                self._in_column_0.discard(self.depth - 1)
            elif outer or self.depth > 1:
                self.depth = 1
                self._resets += 1
            return True
        if self.depth > 1 or not outer or self.code.find("\n", self.opens[-1], at) < 0:
            return True
        if self._row_break < at:
            following = _ROW_BREAK.search(self.code, at)
            self._row_break = following.end() - 1 if following else len(self.code)
        return not self.code.startswith("}", self._row_break)

    def _mark(self, at: int) -> None:
        mark = self.marks[at]
        if mark == "open":
            self._groups.append(_Group(at, self.depth, self.opens, resets=self._resets))
        elif not self._groups:
            self._note("unbalanced-conditional", at, "this directive belongs to no conditional")
        elif mark == "next":
            group = self._settle_group(self._groups[-1])
            group.ends.append((self.depth, self.opens))
            group.has_else = True
            self.depth, self.opens = group.depth, group.opens
        else:
            self._join(self._settle_group(self._groups.pop()), at)

    def _settle_group(self, group: _Group) -> _Group:
        """Forget the depths of a conditional in which the layout overruled them."""
        if group.resets != self._resets:
            group.depth, group.opens, group.resets = 0, (), self._resets
            group.ends = [(0, ())] * len(group.ends)
        return group

    def _join(self, group: _Group, at: int) -> None:
        """Continue after a conditional: as its branches agree, or else as its first branch left off."""
        ends = [*group.ends, (self.depth, self.opens)]
        self.depth, self.opens = ends[0]
        depths = {depth for depth, _ in ends}
        if not group.has_else:
            depths.add(group.depth)
        if len(depths) > 1:
            self.is_even = False
            message = "the branches of this conditional leave different numbers of braces open"
            self.findings.append(ScanFinding("disagreeing-branches", Span(group.start, at + 1), message))
        elif self.depth and not group.depth:
            self.opens = tuple(dict.fromkeys(place for _, opens in ends for place in opens))

    def _add(self, block: Block) -> None:
        """Add *block*; one that closes in several branches takes the place of its shorter self."""
        if self.blocks and self.blocks[-1].opens == block.opens:
            self.blocks.pop()
        self.blocks.append(block)

    def _is_in_column_0(self, at: int) -> bool:
        return at == 0 or self.code[at - 1] == "\n"

    def _note(self, code: str, at: int, message: str) -> None:
        self.findings.append(ScanFinding(code, Span(at, at + 1), message))


def is_nearly_blank(piece: str) -> bool:
    """Tell whether *piece* holds only white space and marks of conditionals."""
    return not piece.strip(_BLANKS_AND_MARKS)
