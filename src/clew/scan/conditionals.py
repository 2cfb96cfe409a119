"""Conditional directives: which parts are C++, and which ways there are through the branches.

In the masked text a conditional directive is a lone ``#``.  `Marks` tells for each of them whether it
opens a group, starts the next branch, or ends the group.
"""

import re
from collections.abc import Iterable
from typing import Literal

from clew.scan.facts import Directive
from clew.scan.lexis import SPACE

Mark = Literal["open", "next", "close"]
Marks = dict[int, Mark]

_MARK_OF: dict[str, Mark] = {
    "if": "open",
    "ifdef": "open",
    "ifndef": "open",
    "elif": "next",
    "elifdef": "next",
    "elifndef": "next",
    "else": "next",
    "endif": "close",
}
_CPLUSPLUS = re.compile(
    r"#[ \t]*(?:ifdef|(ifndef)|if[ \t]*(!)?[ \t]*(?:defined)?)[ \t]*"
    r"\(?[ \t]*__cplusplus\b[ \t]*\)?([^|]*)$"
)
_LINKAGE = re.compile(rf'extern{SPACE}*+" *+"{SPACE}*+(\{{)?')
_CODE = re.compile(r"[^\n]+")
_MOST_VARIANTS = 32


def read_marks(directives: Iterable[Directive]) -> Marks:
    """Map the offset of every conditional directive to what it does."""
    return {d.span.start: _MARK_OF[d.keyword] for d in directives if d.keyword in _MARK_OF}


def drop_cplusplus(text: str, masked: str, directives: Iterable[Directive]) -> tuple[str, int]:
    """Blank what only a C++ compiler sees, and ``extern "C"`` with its brace.

    Returns the text, of the same length, and the number of braces blanked outside ``__cplusplus``
    branches: as many closing ones will be left over.
    """
    pieces, at = [], 0
    for start, end in _find_cplusplus(text, directives) if "__cplusplus" in text else ():
        pieces += [masked[at:start], _blank(masked[start:end])]
        at = end
    pieces.append(masked[at:])
    braces = 0

    def drop(match: re.Match[str]) -> str:
        nonlocal braces
        braces += match[1] is not None
        return _blank(match[0])

    code = _LINKAGE.sub(drop, "".join(pieces))
    return code, braces


def _find_cplusplus(text: str, directives: Iterable[Directive]) -> list[tuple[int, int]]:
    """Return the ranges between directives that are compiled only as C++ (none within another)."""
    ranges: list[tuple[int, int]] = []
    stack: list[int] = []  # per open group: where its C++ branch starts; -1: none; -2: in its `#else`
    for directive in directives:
        mark = _MARK_OF.get(directive.keyword)
        if mark is None:
            continue
        if mark != "open" and stack:
            start = stack.pop()
            if start >= 0 and not any(outer >= 0 for outer in stack):
                ranges.append((start, directive.span.start))
            if mark == "next":
                start = directive.span.end if start == -2 and directive.keyword == "else" else -1
                stack.append(start)
        elif mark == "open":
            stack.append(_cplusplus_state(text, directive))
    return ranges


def _cplusplus_state(text: str, directive: Directive) -> int:
    found = _CPLUSPLUS.match(directive.span.of(text))
    if found is None:
        return -1
    if found[1] or found[2]:
        return -1 if "&" in found[3] else -2
    return directive.span.end


def _blank(piece: str) -> str:
    """Blank code but keep line endings and marks."""
    return _CODE.sub(lambda match: re.sub(r"[^#\r]", " ", match[0]), piece)


def list_variants(piece: str, base: int, marks: Marks) -> list[str]:
    """Return *piece* once for each way through its conditionals that shows something new.

    Every result has the length of *piece*, with the other branches and the marks blanked.  Each
    variant takes, in every group, the first branch that holds something no earlier one showed.  A
    mark without its group's start is only blanked: the piece starts inside that group.
    """
    branches = _split_branches(piece, base, marks)
    pending = {branch.number for branch in branches}
    variants: list[str] = []
    while (pending or not variants) and len(variants) < _MOST_VARIANTS:
        taken = _choose_branches(branches, pending)
        pending -= taken
        variants.append(_show(piece, branches, taken))
    return variants


class _Branch:
    """A stretch of a piece between two marks; *group* numbers the conditional it belongs to (-1: none),
    *inside* lists the branches around it, outermost first."""

    __slots__ = ("end", "group", "inside", "number", "start")

    def __init__(self, number: int, group: int, start: int, inside: tuple[int, ...]) -> None:
        self.number, self.group, self.start, self.end = number, group, start, start
        self.inside = inside


def _split_branches(piece: str, base: int, marks: Marks) -> list[_Branch]:
    """List the branches of all groups in order; their ranges include branches nested in them."""
    branches: list[_Branch] = []
    stack: list[_Branch] = []
    groups = 0
    at = piece.find("#")
    while at >= 0:
        mark = marks.get(base + at)
        if mark in ("next", "close") and stack:
            last = stack.pop()
            last.end = at
        else:
            last = None
        if mark == "open" or (mark == "next" and last is not None):
            group = groups if last is None else last.group
            groups += last is None
            inside = tuple(branch.number for branch in stack[-8:])
            stack.append(_Branch(len(branches), group, at, inside))
            branches.append(stack[-1])
        at = piece.find("#", at + 1)
    for branch in stack:
        branch.end = len(piece)
    return branches


def _choose_branches(branches: list[_Branch], pending: set[int]) -> set[int]:
    """Choose a branch in every group: the first that is pending or holds a pending one."""
    wanted = set(pending)
    for branch in branches:
        if branch.number in pending:
            wanted.update(branch.inside)
    chosen: dict[int, _Branch] = {}
    for branch in branches:
        best = chosen.get(branch.group)
        if best is None or (best.number not in wanted and branch.number in wanted):
            chosen[branch.group] = branch
    taken: set[int] = set()
    for branch in branches:
        if chosen[branch.group] is branch and taken.issuperset(branch.inside):
            taken.add(branch.number)
    return taken


def _show(piece: str, branches: list[_Branch], taken: set[int]) -> str:
    shown, at = [], 0
    for branch in branches:
        if branch.number not in taken and branch.start >= at:
            shown += [piece[at : branch.start], _hide(piece[branch.start : branch.end])]
            at = branch.end
    shown.append(piece[at:])
    return "".join(shown).replace("#", " ")


def _hide(piece: str) -> str:
    return _CODE.sub(lambda match: " " * len(match[0]), piece)
