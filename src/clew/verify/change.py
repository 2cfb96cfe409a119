"""What is verified: the texts of a tree before and after, and which line became which."""

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from clew.text.edit import Edit, apply_edits, order_edits
from clew.text.record import record
from clew.text.source import SourceText
from clew.text.span import Span


@dataclass(frozen=True)
class ChangedFile:
    """One file: its text before, and the edits that were made."""

    before: SourceText
    edits: tuple[Edit, ...]

    @cached_property
    def after(self) -> SourceText:
        """The text with the edits made."""
        return SourceText(self.before.path, apply_edits(self.before.text, self.edits))

    def placed(self) -> Iterator[tuple[Edit, int]]:
        """Yield each edit in order, with where its text begins after the change."""
        shift = 0
        for edit in self.edits:
            yield edit, edit.span.start + shift
            shift += len(edit.text) - (edit.span.end - edit.span.start)

    @cached_property
    def _hunks(self) -> list[tuple[int, int, Edit]]:
        """First and last line after the change of each edit, in order."""
        found = []
        for edit, start in self.placed():
            end = start + len(edit.text)
            last = self.after.position(max(start, end - 1)).line  # not the line that a line ending begins
            found.append((self.after.position(start).line, last, edit))
        return found

    def edits_at(self, line: int) -> list[Edit]:
        """Return the edits that touch *line* of the text after the change."""
        return [edit for first, last, edit in self._hunks if first <= line <= last]

    def line_after(self, line: int) -> int:
        """Return the line on which what stood on *line* before now begins."""
        starts = self.before.line_starts
        offset = starts[min(line, len(starts)) - 1]
        shift = sum(
            len(edit.text) - (edit.span.end - edit.span.start)
            for edit in self.edits
            if edit.span.end <= offset
        )
        return self.after.position(min(offset + shift, len(self.after.text))).line

    def offset_before(self, line: int) -> int:
        """Return where what stands on *line* after the change stood before it, at its end."""
        starts = self.after.line_starts
        end = starts[line] if line < len(starts) else len(self.after.text)
        shift = 0
        for edit in self.edits:
            if edit.span.start + shift >= end:
                break
            shift += len(edit.text) - (edit.span.end - edit.span.start)
        return max(min(end - 1 - shift, len(self.before.text)), 0)

    def lines_of(self, edit: Edit) -> tuple[int, str, str]:
        """Return the first line that *edit* touches (before the change), the text of its lines, and what
        they became."""
        first = self.before.position(edit.span.start).line
        last = self.before.position(max(edit.span.start, edit.span.end - 1)).line
        starts = [*self.before.line_starts, len(self.before.text)]
        whole = Span(starts[first - 1], starts[last])
        inside = [e for e in self.edits if whole.encloses(e.span)]
        moved = [
            Edit(Span(e.span.start - whole.start, e.span.end - whole.start), e.text, e.rule) for e in inside
        ]
        old = whole.of(self.before.text)
        return first, old.strip(), apply_edits(old, moved).strip()


@record()
class Change:
    """The files that change, by their path.  *done* tells that the tree on disk is the one after."""

    files: Mapping[str, ChangedFile]
    done: bool = False

    def texts_before(self) -> dict[str, bytes]:
        """Return the texts that make the tree on disk the one before."""
        return {path: file.before.to_bytes() for path, file in self.files.items()} if self.done else {}

    def texts_after(self) -> dict[str, bytes]:
        """Return the texts that make the tree on disk the one after."""
        return {} if self.done else {path: file.after.to_bytes() for path, file in self.files.items()}

    @classmethod
    def of_edits(cls, sources: Mapping[str, SourceText], edits: Mapping[str, Iterable[Edit]]) -> "Change":
        """Take the edits of a rewrite; files that stay as they are do not count."""
        found = {path: ChangedFile(sources[path], tuple(order_edits(edits[path]))) for path in sorted(edits)}
        return cls({path: file for path, file in found.items() if file.after.text != file.before.text})

    @classmethod
    def of_texts(cls, before: Mapping[str, SourceText], after: Mapping[str, SourceText]) -> "Change":
        """Compare two sets of texts, whoever made the second, which is that on disk; a file that only one of
        them has stays as it is."""
        found = {}
        for path in sorted(before.keys() & after.keys()):
            if before[path].text != after[path].text:
                found[path] = ChangedFile(before[path], tuple(_differences(before[path], after[path])))
        return cls(found, done=True)


def _differences(before: SourceText, after: SourceText) -> Iterable[Edit]:
    old, new = before.text.splitlines(keepends=True), after.text.splitlines(keepends=True)
    starts = [0]
    for line in old:
        starts.append(starts[-1] + len(line))
    matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
    for tag, first, last, new_first, new_last in matcher.get_opcodes():
        if tag != "equal":
            yield Edit(Span(starts[first], starts[last]), "".join(new[new_first:new_last]))
