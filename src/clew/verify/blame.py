"""Which edit caused a diagnostic.

In this order: an edit on the line of the message; one on a line that a note of the compiler points to (the
prototype that a call does not fit); the nearest edit above in the same function.
"""

from collections.abc import Callable, Iterator

from clew.text.edit import Edit
from clew.text.record import record
from clew.text.source import display
from clew.verify.change import Change, ChangedFile
from clew.verify.diagnostics import Message

# Path and offset (before the change) -> name of the function around, or "".
FunctionAt = Callable[[str, int], str]


@record()
class Cause:
    """An edit: *before* and *after* are the whole lines; *line* counts before the change."""

    path: str
    line: int
    function: str
    before: str
    after: str
    rule: str


def find_cause(message: Message, change: Change, function_at: FunctionAt) -> Cause | None:
    """Return the edit that most likely caused *message*, or None."""
    for path, edit in _candidates(message, change, function_at):
        line, before, after = change.files[path].lines_of(edit)
        function = function_at(path, edit.span.start)
        return Cause(path, line, function, display(before), display(after), edit.rule)
    return None


def _candidates(message: Message, change: Change, function_at: FunctionAt) -> Iterator[tuple[str, Edit]]:
    places = [(message.diagnostic.file, message.line), *message.notes]
    for path, line in places:
        file = change.files.get(path)
        if file is not None:
            yield from ((path, edit) for edit in file.edits_at(line))
    file = change.files.get(message.diagnostic.file)
    if file is not None:
        yield from ((file.before.path, edit) for edit in _above(message, file, function_at))


def _above(message: Message, file: ChangedFile, function_at: FunctionAt) -> Iterator[Edit]:
    """Yield the edits of the function around the message that stand before it, the nearest first."""
    path = file.before.path
    at = file.offset_before(message.line)
    around = function_at(path, at)
    for edit in reversed(file.edits):
        if edit.span.start <= at and around and function_at(path, edit.span.start) == around:
            yield edit
