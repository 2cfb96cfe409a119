"""The edits of a rewrite by what they change: one function, one macro, or a run of declarations each."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal

from clew.link.program import Program
from clew.text.edit import Edit, order_edits
from clew.text.record import record
from clew.text.source import SourceText
from clew.text.span import Span

Kind = Literal["function", "macro", "declarations"]

# Declarations that stand nearer to each other than this many lines are read together.
_NEAR = 6
_CONTEXT = 3


@record()
class Change:
    """What *edits* do to one thing of *path*.  *span* covers whole lines of the old text; *line* and
    *new_line* are its first line before and after the whole rewrite; *names* are the functions or macros that
    it is about, and empty where nothing has a name."""

    kind: Kind
    names: tuple[str, ...]
    path: str
    span: Span
    line: int
    new_line: int
    edits: tuple[Edit, ...]

    @property
    def name(self) -> str:
        """The first name, or "declarations" where there is none."""
        return self.names[0] if self.names else self.kind


@record()
class _Unit:
    kind: Kind
    name: str
    span: Span


def find_changes(
    program: Program, edits: Mapping[str, Iterable[Edit]], sources: Mapping[str, SourceText] | None = None
) -> tuple[Change, ...]:
    """Return the changes of every file, by path and place; *sources* has files that are not of *program*."""
    texts = program.sources if sources is None else sources
    return tuple(change for path in sorted(edits) for change in _of_file(program, texts[path], edits[path]))


def _of_file(program: Program, source: SourceText, edits: Iterable[Edit]) -> Iterator[Change]:
    path, shift, last = source.path, 0, 0
    groups = list(_group(source, [(_unit(program, path, edit), edit) for edit in order_edits(edits)]))
    for number, (units, group) in enumerate(groups):
        # Context stops where another change begins: what changes there must not look as if it did not.
        limit = _start(*groups[number + 1]) if number + 1 < len(groups) else len(source.text)
        span = _whole_lines(source, units, group, Span(last, limit))
        line = source.position(span.start).line
        names = tuple(dict.fromkeys(unit.name for unit in units if unit.name))
        yield Change(units[0].kind, names, path, span, line, line + shift, tuple(group))
        shift += sum(edit.text.count("\n") - edit.span.of(source.text).count("\n") for edit in group)
        last = span.end


def _start(units: Sequence[_Unit], edits: Sequence[Edit]) -> int:
    return min(edits[0].span.start, *(unit.span.start for unit in units))


def _unit(program: Program, path: str, edit: Edit) -> _Unit:
    at = edit.span.start
    if path not in program.facts:  # Python that calls the program
        return _Unit("declarations", "", edit.span)
    # What is put behind a function belongs to it: the wrapper that stays when its body goes to a twin.
    behind = edit.span.start == edit.span.end and at > 0
    function = program.enclosing(path, at) or (program.enclosing(path, at - 1) if behind else None)
    if function is not None:
        return _Unit("function", function.name, function.function.span)
    macro = program.enclosing_macro(path, at)
    if macro is not None:
        return _Unit("macro", macro.name, Span(macro.macro.name_span.start, macro.macro.body.end))
    prototypes = program.facts[path].prototypes
    number = bisect_right(prototypes, at, key=lambda prototype: prototype.span.start) - 1
    if number >= 0 and at in prototypes[number].span:
        return _Unit("declarations", prototypes[number].name, prototypes[number].span)
    return _Unit("declarations", "", edit.span)


def _group(
    source: SourceText, found: Sequence[tuple[_Unit, Edit]]
) -> Iterator[tuple[list[_Unit], list[Edit]]]:
    """Put edits of one unit together, and declarations that stand near to each other."""
    units: list[_Unit] = []
    edits: list[Edit] = []
    for unit, edit in found:
        if units and not _belongs(source, units[-1], unit):
            yield units, edits
            units, edits = [], []
        units.append(unit)
        edits.append(edit)
    if units:
        yield units, edits


def _belongs(source: SourceText, last: _Unit, unit: _Unit) -> bool:
    if unit == last:
        return True
    if not unit.kind == last.kind == "declarations":
        return False
    return source.position(unit.span.start).line - source.position(last.span.end).line <= _NEAR


def _whole_lines(source: SourceText, units: Sequence[_Unit], edits: Sequence[Edit], within: Span) -> Span:
    """Return the lines of units and edits, with some context around what is no function; the context stays
    *within* a span."""
    start = _start(units, edits)
    end = max(edits[-1].span.end, *(unit.span.end for unit in units))
    context = 0 if units[0].kind == "function" else _CONTEXT
    first = source.position(start).line
    last = source.position(max(start, end - 1)).line
    lower = max(first - context, source.position(within.start).line)
    upper = min(last + context, source.position(within.end).line - (within.end < len(source.text)))
    return Span(_line_start(source, min(first, lower)), _line_start(source, max(last, upper) + 1))


def _line_start(source: SourceText, line: int) -> int:
    """Return where *line* (from 1) begins; a line after the last one begins at the end."""
    return source.line_starts[line - 1] if line <= len(source.line_starts) else len(source.text)
