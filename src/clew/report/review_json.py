"""``clew report --format json``: everything, for programs; ``schemas/report-1.json`` describes it."""

import json
from dataclasses import asdict
from typing import Any

from clew import __version__
from clew.plan.catalogue import entries_of
from clew.plan.serialise import plan_data
from clew.report.changes import Change
from clew.report.reasons import Reasons
from clew.report.review import Review
from clew.report.shown import Texts
from clew.report.summary import summarise
from clew.text.edit import Edit

# Grows when a key goes away or changes its meaning; new keys may come without.
REPORT_VERSION = 1
Data = dict[str, Any]


def render_json(review: Review) -> str:
    """Return the review as JSON."""
    return json.dumps(_Maker(review).data(), indent=1) + "\n"


class _Maker:
    def __init__(self, review: Review) -> None:
        self._review = review
        self._texts = Texts(review.sources)
        self._reasons = Reasons(review)

    def data(self) -> Data:
        review = self._review
        return {
            "format": "clew-report",
            "version": REPORT_VERSION,
            "tool": {"name": "clew", "version": __version__},
            "command": review.command,
            "state": {"name": review.state.name, "type": review.state.type},
            "summary": self._summary(),
            "verdicts": [asdict(verdict) for verdict in review.verdicts],
            "plan": plan_data(review.plan),
            "changes": [self._change(change) for change in review.changes],
            "graph": {
                "nodes": [asdict(node) for node in review.survey.nodes],
                "edges": [{"source": caller, "target": callee} for caller, callee in review.survey.edges],
            },
            "codes": self._codes(),
        }

    def _summary(self) -> Data:
        review, summary = self._review, summarise(self._review)
        return {
            "fetches": {"before": review.fetches_before, "after": review.fetches_after},
            "outcomes": {outcome: number for outcome, _, number in summary.outcomes},
            "threaded": review.threaded,
            "boundaries": len(review.plan.boundaries),
            "refusals": len(review.plan.refusals),
            "files": len(review.plan.files),
            "lines": summary.lines,
        }

    def _change(self, change: Change) -> Data:
        return {
            "kind": change.kind,
            "names": list(change.names),
            "path": change.path,
            "line": change.line,
            "new_line": change.new_line,
            "role": self._reasons.role_of(change),
            "why": self._reasons.of_change(change),
            "edits": [self._edit(change.path, edit) for edit in change.edits],
        }

    def _edit(self, path: str, edit: Edit) -> Data:
        source = self._review.sources[path]
        position = source.position(edit.span.start)
        return {
            "start": edit.span.start,
            "end": edit.span.end,
            "line": position.line,
            "column": position.column,
            "old": self._texts.show(path, edit.span.of(source.text)),
            "new": self._texts.show(path, edit.text),
            "rule": edit.rule,
            "note": edit.note,
        }

    def _codes(self) -> Data:
        plan = self._review.plan
        used = {refusal.code for refusal in plan.refusals} | {boundary.pin for boundary in plan.boundaries}
        return {
            entry.code: {"title": entry.title, "why": entry.why, "proceed": entry.proceed}
            for entry in entries_of(used)
        }
