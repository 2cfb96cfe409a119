"""Cut file scope into pieces: definitions, declarations, and blocks that are neither.

A piece runs to a ``;`` or to the block that makes it a function definition.  Blocks that belong to a
declaration (aggregates, initialisers) are blanked in its piece, so that large tables cost nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import takewhile

from clew.scan.blocks import Block, is_nearly_blank
from clew.scan.conditionals import Marks
from clew.scan.declaration import Declarations, read_declaration
from clew.scan.definition import read_definition
from clew.scan.facts import Function, ScanFinding
from clew.scan.items import list_items
from clew.scan.lexis import BLANKS, SPACE, TAG_WORDS, WORD
from clew.text.span import Span

# ``name(a, b) type``: only the header of an old-style definition looks so.
_OLD_STYLE = re.compile(
    rf"(?<![A-Za-z0-9_$]){WORD}{SPACE}*+\({SPACE}*+{WORD}[^()\"';={{}}]*+\){SPACE}*+[A-Za-z_]"
)
_MOST_PARAMETERS = 64
_MOST_WAITS = 16
_MOST_BLOCKS = 8  # of one piece
_FARTHEST = 1 << 16  # characters between what branches share and the branch
_LEADING = re.compile(rf"[{BLANKS}#]*+")


@dataclass
class FileScope:
    """What stands at file scope, found piece by piece."""

    code: str
    marks: Marks
    functions: list[Function] = field(default_factory=list)
    declarations: Declarations = field(default_factory=Declarations)
    findings: list[ScanFinding] = field(default_factory=list)
    _start: int = 0  # of the pending piece
    _blocks: list[Block] = field(default_factory=list)  # of the pending piece
    _is_initialised: bool = False  # the pending piece has a top-level `=`
    _declared: list[tuple[int, int]] = field(default_factory=list)  # pieces that may turn out old-style

    def read(self, blocks: list[Block]) -> None:
        """Read all pieces around *blocks*."""
        at = 0
        for block in blocks:
            if block.opens[0] < at:
                continue
            self._cut_statements(at, block.opens[0])
            self._take_block(block)
            at = block.end
        self._cut_statements(at, len(self.code))
        self._flush()
        if not is_nearly_blank(self.code[self._start :]):
            self._read_declaration(self._start, len(self.code), self._blocks)
        self.findings += self.declarations.findings

    def _cut_statements(self, start: int, end: int) -> None:
        """Cut at every ``;`` from *start* to *end*, except in the parentheses of a macro call."""
        at = self.code.find(";", start, end)
        while at >= 0:
            at = self._skip_parenthesis(start, at, end)
            if at < 0:
                break
            self._cut(at + 1)
            start = at + 1
            at = self.code.find(";", start, end)

    def _skip_parenthesis(self, start: int, at: int, end: int) -> int:
        """Return the place of the ``;`` at *at*, or of the one behind the parenthesis that it stands in
        (-1 if none follows the parenthesis).

        A parenthesis that does not close soon is a mistake, or closes in another ``#if`` branch.
        """
        code, place = self.code, at
        depth = code.count("(", start, at) - code.count(")", start, at)
        for _ in range(_MOST_WAITS):
            if depth <= 0:
                return place
            following = code.find(";", place + 1, end)
            if following < 0:
                return -1 if depth + code.count("(", place, end) <= code.count(")", place, end) else at
            depth += code.count("(", place, following) - code.count(")", place, following)
            place = following
        return at

    def _cut(self, end: int) -> None:
        if self._blocks:
            self._flush()
            self._read_declaration(self._start, end, self._blocks)
        else:
            self._declared.append((self._start, end))
        self._restart(end)

    def _take_block(self, block: Block) -> None:
        if block.stray:
            self._flush()
            self._restart(block.end)
            return
        if self._is_initialised:
            self._blocks.append(block)
            return
        # Marks in front belong to conditionals around the piece.
        first = self._skip_lead(self._start, block.opens[0])
        header = self._blanked(first, block.opens[-1], self._blocks, block.opens)
        functions = self._read_functions(header, first, block)
        if functions:
            self._flush()
            self.functions += functions
            self._restart(block.end)
        elif self._belongs_to_declaration(header):
            self._blocks.append(block)
        else:
            self._flush()
            message = "this block is no function, aggregate or initialiser that clew can tell"
            self.findings.append(ScanFinding("unknown-block", Span(first, block.end), message))
            self._restart(block.end)

    def _restart(self, at: int) -> None:
        self._start, self._blocks, self._is_initialised = at, [], False

    def _read_functions(self, header: str, first: int, block: Block) -> tuple[Function, ...]:
        """Return the function that *block* is the body of (more than one if branches name it apart); *header*
        is what stands before it, from *first* on."""
        body = Span(self._body_start(block), block.end)
        if is_nearly_blank(header):
            gap = self.code[self._start : first] + header
            return self._read_old_style(gap, body) or self._share_header(body)
        shared, start = self._find_shared(self._start, first)
        if "(" not in header and "(" not in shared:
            return ()  # it has no parameters
        if shared or "#" in header:  # what its branches are, the marks in front tell
            header = shared + self.code[self._start : first] + header
            first = start
        found = read_definition(header, first, body, self.marks)
        if found is None:
            return ()
        self.findings += found.findings
        return found.functions

    def _skip_lead(self, start: int, end: int) -> int:
        """Return where a piece begins that stands between *start* and *end*, behind blanks and marks."""
        lead = _LEADING.match(self.code, start, end)
        return lead.end() if lead else start

    def _read_old_style(self, gap: str, body: Span) -> tuple[Function, ...]:
        for back, (start, end) in enumerate(reversed(self._declared[-_MOST_PARAMETERS:]), 1):
            if _OLD_STYLE.search(self.code, start, end):
                piece = self.code[start : self._declared[-1][1]] + gap
                found = read_definition(piece, start, body, self.marks)
                if found is None or found.functions[0].old_style is None:
                    break
                del self._declared[-back:]
                return found.functions
        return ()

    def _share_header(self, body: Span) -> tuple[Function, ...]:
        """Return the last function with another body: ``#if`` branches write one each."""
        last = self.functions[-1] if self.functions else None
        if last is None or last.body.end != self._start or self._declared:
            return ()
        at = self.code.find("#", self._start, body.start)
        if at < 0 or self.marks.get(at) != "next":
            return ()
        same = takewhile(lambda function: function.body == last.body, reversed(self.functions))
        return tuple(replace(function, body=body) for function in same)[::-1]

    def _body_start(self, block: Block) -> int:
        """Return where the body starts: at the last of several opening braces, if no code gets lost."""
        for start in block.opens[:-1]:
            end = self.code.find("#", start)
            if self.code[start + 1 : end].strip(BLANKS):
                return start
        return block.opens[-1]

    def _belongs_to_declaration(self, header: str) -> bool:
        """Tell whether a piece that begins with *header* goes on behind the block: ``struct s {``,
        ``int a[] = {``."""
        if len(self._blocks) >= _MOST_BLOCKS:
            return False
        items = list_items(header.replace("#", " "))
        self._is_initialised = any(item.kind == "=" for item in items)
        if self._is_initialised:
            return True
        if any(item.kind == "(" and not item.text.endswith(")") for item in items):
            return True  # an argument of a macro call
        after_aggregate = max((n for n, item in enumerate(items) if item.kind == "{"), default=-1)
        return any(item.text in TAG_WORDS for item in items[after_aggregate + 1 :])

    def _blanked(
        self, start: int, end: int, blocks: Sequence[Block] = (), opens: tuple[int, ...] = ()
    ) -> str:
        """Return the code from *start* to *end* with the contents of *blocks* blank, and with the braces
        *opens* blank up to the next mark."""
        if not blocks and len(opens) < 2:
            return self.code[start:end]
        ranges = [(block.opens[0] + 1, block.end - 1) for block in blocks]
        ranges += [(place, self.code.find("#", place)) for place in opens[:-1]]
        shown, at = [], start
        for first, last in ranges:
            shown += [self.code[at:first], " " * (last - first)]
            at = last
        shown.append(self.code[at:end])
        return "".join(shown)

    def _flush(self) -> None:
        """Read the statements that turned out to be declarations."""
        for start, end in self._declared:
            self._read_declaration(start, end)
        self._declared.clear()

    def _read_declaration(self, start: int, end: int, blocks: Sequence[Block] = ()) -> None:
        # Marks in front belong to conditionals around the piece.
        first = self._skip_lead(start, end)
        piece = self._blanked(first, end, blocks)
        shared, base = self._find_shared(start, first)
        if shared:
            piece, first = shared + " " * (first - start) + piece, base
        read_declaration(piece, first, self.marks, self.declarations)

    def _find_shared(self, start: int, first: int) -> tuple[str, int]:
        """Return what the piece at *start* shares with an earlier branch, blank up to *start*, and where
        that begins: in ``int #if A f(int); #else g(long); #endif`` the second piece shares ``int``.
        *first* is where the piece begins behind blanks and marks."""
        mark = self.code.find("#", start, first)
        if mark < 0 or self.marks.get(mark) != "next":
            return "", start
        opening = self._opening_marks.get(mark, start)
        before = self.code[max(0, opening - _FARTHEST) : opening].rstrip(BLANKS + "#")
        begin = max(before.rfind(end) for end in ";{}") + 1
        if begin == len(before) or start - opening > _FARTHEST:
            return "", start
        shared = before[begin:].replace("#", " ")
        base = max(0, opening - _FARTHEST) + begin
        return shared + "\n" + " " * (start - base - len(shared) - 1), base

    @cached_property
    def _opening_marks(self) -> dict[int, int]:
        """Map every mark that starts a further branch to the one that opens its conditional."""
        found: dict[int, int] = {}
        stack: list[int] = []
        for at, mark in self.marks.items():
            if mark == "open":
                stack.append(at)
            elif stack:
                found[at] = stack[-1]
                if mark == "close":
                    stack.pop()
        return found
