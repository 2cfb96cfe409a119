"""Where the head of a file takes one more line: an ``#include``, or the declaration of a tag.

The line has to be compiled whenever the rest of the file is.  So it goes outside ``#if``, apart from those
that enclose all of the file's code, as the guard of a header does; among the first block of includes, or
below them, or below the guard.
"""

import re
from collections.abc import Iterator
from itertools import pairwise, takewhile

from clew.link.program import Program
from clew.parse.conditions import Conditionals
from clew.scan.conditionals import drop_cplusplus
from clew.scan.facts import Directive, Include
from clew.text.span import Span

_CODE = re.compile(r"[^\s#]")
_DEFINES = re.compile(r"#\s*(?:ifndef|define)\s+(\w+)")
_ONCE = re.compile(r"#\s*pragma\s+once\b")
_TAG = re.compile(r"^(struct|union)[ \t]+(\w+)[ \t]*;[ \t\r]*$", re.MULTILINE)
_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)


class Preamble:
    """The head of the file *path*, as far as it stands above *before*; offsets are starts of lines."""

    def __init__(self, program: Program, path: str, before: int) -> None:
        self._facts, self._text = program.facts[path], program.sources[path].text
        self._before = before
        self._is_shared = path in program.includes.includers
        self._conditionals = Conditionals(self._facts, self._text)
        self._code, _ = drop_cplusplus(self._text, self._facts.masked, self._facts.directives)
        self._wrappers = frozenset(self._find_wrappers())
        self.includes = self._leading_includes()

    def place_include(self, target: str) -> int | None:
        """Return the offset for ``#include "target"``; None when there is none outside ``#if``."""
        block = self._block_for(target)
        if not block:
            return self._valid(self._below_includes())
        quoted = [i for i in block if not i.system] or block
        family = [i for i in quoted if _family(i.target) == _family(target) != ""]
        # The first include of a source file is often one that all others need.
        moving = quoted if self._is_shared else [i for i in quoted if i is not self.includes[0]]
        group = family or moving
        if is_sorted([i.target for i in group]):
            below = next((i for i in group if _sorts_before(target, i.target, group)), None)
            if below is not None and below in moving:
                return self._valid(self._line_start(below.span.start))
        last = (family or quoted)[-1]
        return self._valid(self._line_after(last.span.end))

    def place_tag(self, tag: str) -> int | None:
        """Return the offset for ``struct tag;``: beside such lines, if the file has some."""
        group = self._tags()
        if not group:
            return self._valid(self._below_includes())
        names = [match.group(2) for match in group]
        if is_sorted(names):
            below = next((m for m in group if m.group(2) > tag), None)
            if below is not None:
                return self._valid(below.start())
        return self._valid(self._line_after(group[-1].end()))

    def below_includes(self) -> int | None:
        """Return the offset below the leading includes; None when there is none outside ``#if``."""
        return self._valid(self._below_includes())

    @property
    def is_guarded(self) -> bool:
        """Whether a second inclusion of the file does nothing."""
        directives = self._facts.directives
        guarded = any(
            d.span.start in self._wrappers and self._is_guard(d, after) for d, after in pairwise(directives)
        )
        return guarded or any(_ONCE.match(d.span.of(self._text)) for d in directives)

    # what there is

    def _find_wrappers(self) -> Iterator[int]:
        """Yield the groups of one branch outside of which there is no code."""
        markers = self._conditionals.markers
        for number, marker in enumerate(markers):
            if marker.branch is None or marker.branch.ordinal or self._holds_code(0, marker.span.start):
                continue
            same = [m for m in markers[number + 1 :] if m.group == marker.group]
            if len(same) == 1 and not self._holds_code(same[0].span.end, len(self._code)):
                yield marker.group

    def _holds_code(self, start: int, end: int) -> bool:
        return _CODE.search(self._code, start, end) is not None

    def _is_free(self, at: int) -> bool:
        return all(branch.group in self._wrappers for branch in self._conditionals.branches_at(at))

    def _leading_includes(self) -> tuple[Include, ...]:
        """Return the includes above the first code, or else the first that stand together."""
        code = _CODE.search(self._code)
        free = [i for i in self._facts.includes if self._is_free(i.span.start) and i.span.end <= self._before]
        found = list(takewhile(lambda i: code is None or i.span.start < code.start(), free))
        if not found and free:
            found = [i for i in free if not self._holds_code(free[0].span.end, i.span.start)]
        return tuple(i for i in found if i.target)

    def _block_for(self, target: str) -> list[Include]:
        """Return the includes on adjacent lines among which *target* belongs: those with a relative of its
        name, else the last that has names in quotes, else the last."""
        blocks: list[list[Include]] = []
        for include in self.includes:
            if blocks and self._line_after(blocks[-1][-1].span.end) == self._line_start(include.span.start):
                blocks[-1].append(include)
            else:
                blocks.append([include])
        related = [b for b in blocks if any(_family(i.target) == _family(target) != "" for i in b)]
        quoted = [b for b in blocks if any(not i.system for i in b)]
        return next((found[-1] for found in (related, quoted, blocks) if found), [])

    def _tags(self) -> list[re.Match[str]]:
        """Return the first lines ``struct tag;`` that stand together."""
        group: list[re.Match[str]] = []
        for match in _TAG.finditer(self._facts.masked, 0, self._before):
            if not self._is_free(match.start()) or "{" in self._facts.masked[match.start() : match.end()]:
                continue
            if group and self._line_after(group[-1].end()) != match.start():
                break
            group.append(match)
        return group

    # where lines begin

    def _below_includes(self) -> int | None:
        anchors = [include.span.end for include in self.includes] or list(self._guards())
        return self._line_after(max(anchors)) if anchors else self._above_code()

    def _guards(self) -> Iterator[int]:
        """Yield the ends of what encloses or guards the file: ``#ifndef`` with its ``#define``, and such."""
        directives = self._facts.directives
        code = _CODE.search(self._code)
        for number, directive in enumerate(directives):
            if code is not None and directive.span.start > code.start():
                return
            text = directive.span.of(self._text)
            if _ONCE.match(text) and self._is_free(directive.span.start):
                yield directive.span.end
            if directive.span.start in self._wrappers:
                yield directive.span.end
                following = directives[number + 1] if number + 1 < len(directives) else directive
                if self._is_guard(directive, following):
                    yield following.span.end

    def _is_guard(self, opening: Directive, following: Directive) -> bool:
        one, two = (_DEFINES.match(d.span.of(self._text)) for d in (opening, following))
        return one is not None and two is not None and one is not two and one.group(1) == two.group(1)

    def _above_code(self) -> int | None:
        """Return the start of the first code, above the ``#if`` around it and comments that belong to it."""
        code = _CODE.search(self._code)
        if code is None:
            return None
        outer = [
            b.group for b in self._conditionals.branches_at(code.start()) if b.group not in self._wrappers
        ]
        at = self._line_start(min(outer, default=code.start()))
        directives = [d.span.end for d in self._facts.directives if d.span.end <= at]
        floor = max(directives, default=0)
        for comment in reversed(list(_COMMENT.finditer(self._text, floor, at))):
            if self._text.count("\n", comment.end(), at) > 1:
                break
            at = self._line_start(comment.start())
        return at

    def _valid(self, at: int | None) -> int | None:
        return at if at is not None and at <= self._before and self._is_free(at) else None

    def _line_start(self, at: int) -> int:
        return self._text.rfind("\n", 0, at) + 1

    def _line_after(self, at: int) -> int:
        """Return the start of the line below *at*, also below a comment that goes on behind it."""
        opens = Span(at, len(self._text)).of(self._text).partition("\n")[0].find("/*")
        if opens >= 0:
            closes = self._text.find("*/", at + opens)
            at = max(at, closes)
        end = self._text.find("\n", at)
        return len(self._text) if end < 0 else end + 1


def _family(target: str) -> str:
    """Return what a header shares with its relatives: ``pycore_`` of ``pycore_pystate.h``."""
    return target.rpartition("/")[2].partition("_")[0] + "_" if "_" in target.rpartition("/")[2] else ""


def is_sorted(names: list[str]) -> bool:
    """Tell whether *names* are in order, with or without regard to case."""
    return names == sorted(names) or names == sorted(names, key=str.lower)


def _sorts_before(target: str, other: str, group: list[Include]) -> bool:
    names = [i.target for i in group]
    return target < other if names == sorted(names) else target.lower() < other.lower()
