"""The edit that writes a twin as a copy of its function.

What the decisions say happens to the copy alone; the function itself stays where it is, below.
"""

from collections.abc import Callable, Iterable

from clew.plan.decisions import AddTwin
from clew.rewrite.statements import line_ending
from clew.text.edit import Edit, apply_edits
from clew.text.span import Span


def insert_copy(
    decision: AddTwin, text: str, edits: Iterable[Edit], lay_out: Callable[[list[Edit]], list[Edit]]
) -> Edit:
    """Return the edit that puts the twin above its function in *text*; *edits* make the function the twin."""
    definition = decision.symbol.definitions[0]
    start, end = definition.function.header.start, definition.function.body.end
    made = lay_out(list(edits))
    grown = sum(len(edit.text) - (edit.span.end - edit.span.start) for edit in made)
    copied = apply_edits(text, made)[start : end + grown]
    static = "static " if decision.static and not definition.static else ""
    line = line_ending(text, start)
    note = f"does what {decision.symbol.name} does, and takes the state"
    return Edit(Span(start, start), static + copied + line * _gap(text, start), "split", note)


def _gap(text: str, start: int) -> int:
    """Return the number of line endings that separate functions here: as many as stand above *start*."""
    above = text[:start].rstrip(" \t\r\n")
    return max(2, min(3, text.count("\n", len(above), start)))
