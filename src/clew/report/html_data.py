"""What the page of ``clew report`` knows, as one JSON value; ``templates/report-model.js`` reads it.

Lists stand for records where there are thousands of them; their order is documented beside each.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from clew.plan.catalogue import entries_of
from clew.plan.model import Place, Refusal
from clew.report.changes import Change
from clew.report.map_layout import place_nodes
from clew.report.reasons import Reasons
from clew.report.review import Review
from clew.report.shown import Texts, show, show_path

Data = dict[str, Any]


class PageData:
    """Makes the data; files and notes are numbered, so that their words stand in the page once."""

    def __init__(self, review: Review) -> None:
        self._review = review
        self._texts = Texts(review.sources)
        self._reasons = Reasons(review)
        self._files: dict[str, int] = {}
        self._notes: dict[tuple[str, str], int] = {}

    def make(self) -> Data:
        """Return the data."""
        data = {
            "changes": [self._change(change) for change in self._review.changes],
            "nodes": self._nodes(),
            "edges": self._edges(),
            "refusals": [self._refusal(refusal) for refusal in self._review.plan.refusals],
            "codes": self._codes(),
            "fetches": self._fetches(),
        }
        return data | {
            "files": [show_path(path) for path in self._files],
            "notes": [[rule, show(note)] for rule, note in self._notes],
        }

    def _file(self, path: str) -> int:
        return self._files.setdefault(path, len(self._files))

    def _change(self, change: Change) -> Data:
        return {
            "names": [show(name) for name in change.names],
            "file": self._file(change.path),
            "line": change.line,
            "to": change.new_line,
            "role": self._reasons.role_of(change),
            "why": show(self._reasons.of_change(change)),
            "parts": self._parts(change),
        }

    def _parts(self, change: Change) -> list[Any]:
        """Return unchanged text as strings, and each edit as [old, new, number of the note]."""
        text, at = self._review.sources[change.path].text, change.span.start
        parts: list[Any] = []
        for edit in change.edits:
            parts.append(self._texts.show(change.path, text[at : edit.span.start]))
            note = self._notes.setdefault((edit.rule, edit.note), len(self._notes))
            old = self._texts.show(change.path, edit.span.of(text))
            parts.append([old, self._texts.show(change.path, edit.text), note])
            at = edit.span.end
        return [*parts, self._texts.show(change.path, text[at : change.span.end])]

    def _nodes(self) -> list[list[Any]]:
        """Each is [name, file, line, fetches, role, kind, x, y, why, pin code]."""
        spots = place_nodes(self._review.survey)
        found = []
        for node in self._review.survey.nodes:
            x, y = spots[node.id]
            pin, _ = ("", "") if node.role == "threaded" else self._reasons.pin_of(node.name, node.path)
            where = [show(node.name), self._file(node.path), node.line]
            why = show(self._reasons.of_node(node))
            found.append([*where, node.fetches, node.role, node.kind, round(x, 1), round(y, 1), why, pin])
        return found

    def _edges(self) -> list[list[int]]:
        """Each is [caller, callee], by number of the node."""
        number = {node.id: index for index, node in enumerate(self._review.survey.nodes)}
        return [[number[caller], number[callee]] for caller, callee in self._review.survey.edges]

    def _refusal(self, refusal: Refusal) -> Data:
        chain = [[*self._place(place), show(words)] for place, words in refusal.chain]
        return {
            "code": refusal.code,
            "place": self._place(refusal.place),
            "subject": show(refusal.subject),
            "why": show(refusal.why),
            "chain": chain,
        }

    def _place(self, place: Place) -> list[Any]:
        """Return [file, line, column, text of the line]."""
        line = self._texts.line(place.path, place.offset)
        return [self._file(place.path), place.line, place.column, line]

    def _codes(self) -> Mapping[str, Data]:
        codes = {refusal.code for refusal in self._review.plan.refusals}
        codes |= {boundary.pin for boundary in self._review.plan.boundaries}
        codes |= {pin.code for pin in self._review.pins}
        return {
            entry.code: {"title": entry.title, "why": entry.why, "proceed": entry.proceed}
            for entry in entries_of(codes)
        }

    def _fetches(self) -> Iterable[list[Any]]:
        """Each is [file, line, function, accessor, outcome, why]."""
        return [
            [
                self._file(fetch.place.path),
                fetch.place.line,
                show(fetch.function),
                show(fetch.accessor),
                fetch.outcome,
                show(fetch.why),
            ]
            for fetch in self._review.plan.fetches
        ]
