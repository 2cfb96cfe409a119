"""Conditional directives of a file: groups, branches, and conditions that can be compared."""

import re
from bisect import bisect_left
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from clew.scan.facts import Directive, FileFacts
from clew.text.record import record
from clew.text.span import Span

OPENING = frozenset(("if", "ifdef", "ifndef"))
MIDDLE = frozenset(("elif", "elifdef", "elifndef", "else"))


@record()
class Condition:
    """``key`` is the text of the condition without blanks and comments; *holds* is the value of the key
    for which the branch is taken: ``#ifdef X`` is (X, True), ``#if !defined(X)`` is (X, False)."""

    key: str
    holds: bool


ALWAYS = Condition("1", True)

_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*|\\\r?\n", re.DOTALL)
_DEFINED = re.compile(r"(!?)defined\(?(\w+)\)?\Z", re.ASCII)
_NEGATED = re.compile(r"!(\w+|\([^()]*\))\Z", re.ASCII)
_HEAD = re.compile(r"#\s*(\w+)(.*)\Z", re.DOTALL | re.ASCII)


@lru_cache(maxsize=65536)
def read_condition(directive: str) -> Condition:
    """Read the condition of the text of one ``#if``/``#elif``... (``#else`` always holds)."""
    head = _HEAD.match(_COMMENT.sub(" ", directive))
    if head is None or head[1] == "else":
        return ALWAYS
    text = "".join(head[2].split())
    if head[1].endswith("ndef"):
        return Condition(text, False)
    if head[1].endswith("def"):
        return Condition(text, True)
    if defined := _DEFINED.match(text):
        return Condition(defined[2], not defined[1])
    if negated := _NEGATED.match(text):
        return Condition(negated[1], False)
    return Condition(text, True)


class Branch(NamedTuple):
    """Branch *ordinal* (from 0) of the ``#if`` group *group* (the offset of its ``#if``)."""

    group: int
    ordinal: int


@record()
class Marker:
    """A conditional directive of the group *group*: *branch* begins after it, or None after ``#endif``."""

    span: Span
    group: int
    branch: Branch | None


# Enclosing branches that are looked at; deeper nesting is not written by people.
MAX_NESTING = 64


class Conditionals:
    """The conditional directives of one file.

    A stray ``#else`` or ``#endif`` is ignored, and a group without ``#endif`` lasts to the end.
    """

    def __init__(self, facts: FileFacts, text: str) -> None:
        self._text = text
        self._parents: dict[int, Branch | None] = {}
        self._openings: dict[Branch, Span] = {}
        self.markers = tuple(self._read_markers(facts.directives))
        self._starts = [marker.span.start for marker in self.markers]

    def _read_markers(self, directives: Iterable[Directive]) -> Iterable[Marker]:
        inside: list[Branch] = []
        for directive in directives:
            keyword, group = directive.keyword, directive.span.start
            if keyword in OPENING:
                self._parents[group] = inside[-1] if inside else None
                inside.append(Branch(group, 0))
            elif keyword in MIDDLE and inside:
                last = inside.pop()
                inside.append(Branch(last.group, last.ordinal + 1))
            elif keyword == "endif" and inside:
                yield Marker(directive.span, inside.pop().group, None)
                continue
            else:
                continue
            self._openings[inside[-1]] = directive.span
            yield Marker(directive.span, inside[-1].group, inside[-1])

    def within(self, span: Span) -> tuple[Marker, ...]:
        """Return the markers in *span*, in order."""
        return self.markers[bisect_left(self._starts, span.start) : bisect_left(self._starts, span.end)]

    def branches_at(self, offset: int) -> tuple[Branch, ...]:
        """Return the branches that *offset* lies in, innermost first (at most `MAX_NESTING`)."""
        at = bisect_left(self._starts, offset)
        if not at:
            return ()
        marker = self.markers[at - 1]
        found: list[Branch] = []
        branch = marker.branch or self._parents[marker.group]
        while branch is not None and len(found) < MAX_NESTING:
            found.append(branch)
            branch = self._parents[branch.group]
        return tuple(found)

    def is_cplusplus(self, offset: int) -> bool:
        """Tell whether only a C++ compiler sees *offset*."""
        return any(
            self.condition(Branch(branch.group, ordinal))
            == Condition("__cplusplus", ordinal == branch.ordinal)
            for branch in self.branches_at(offset)
            for ordinal in (0, *([branch.ordinal] if branch.ordinal else ()))
        )

    def condition(self, branch: Branch) -> Condition:
        """Return the condition that opens *branch*."""
        return read_condition(self._openings[branch].of(self._text))


def are_exclusive(one: Iterable[Branch], other: Iterable[Branch]) -> bool:
    """Tell whether two places, in the branches *one* and *other*, are never compiled together."""
    taken = {branch.group: branch.ordinal for branch in one}
    return any(taken.get(branch.group, branch.ordinal) != branch.ordinal for branch in other)
