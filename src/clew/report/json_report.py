"""Audits and rewrites as JSON.  Plans have a format of their own (`clew.plan.serialise`)."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any, Protocol

from clew.plan.catalogue import entries_of
from clew.plan.model import Place, Plan
from clew.plan.serialise import plan_data
from clew.report.audit import Audit
from clew.report.audit_files import Progress, audit_files, count_clean
from clew.rewrite.bindings.model import BindingRefusal
from clew.text.edit import Edit
from clew.text.source import SourceText, display

Data = dict[str, Any]


# Grows when a key goes away or changes its meaning; new keys may come without.
AUDIT_VERSION = 1


def audits_json(audits: Iterable[Audit], progress: Mapping[str, Progress | None] | None = None) -> str:
    """Return *audits* as one JSON document, which ``schemas/audit-1.json`` describes; *progress* is what
    changed since an earlier audit, by state."""
    found = list(audits)
    codes = [pin.code for audit in found for pin in audit.pins]
    data = [_audit_data(audit, (progress or {}).get(audit.state)) for audit in found]
    head = {"format": "clew-audit", "version": AUDIT_VERSION}
    return _dump(head | {"audits": data, "codes": _codes_data(codes)})


class Rewritten(Protocol):
    """A plan that became edits."""

    @property
    def plan(self) -> Plan:
        """The plan that was carried out."""

    @property
    def edits(self) -> Mapping[str, Iterable[Edit]]:
        """The edits of each file."""

    @property
    def sources(self) -> Mapping[str, SourceText]:
        """The files that the edits are for."""

    @property
    def refused(self) -> Iterable[BindingRefusal]:
        """The places in Python that were left as they are."""


def rewrite_json(rewritten: Rewritten, written: bool, undo: str) -> str:
    """Return a rewrite as JSON: the plan, every edit with its rule and reason, and whether it was written."""
    files = {
        path: [_edit_data(rewritten.sources[path], edit) for edit in rewritten.edits[path]]
        for path in sorted(rewritten.edits)
    }
    plan = plan_data(rewritten.plan)
    codes = [refusal.code for refusal in rewritten.plan.refusals]
    codes += [boundary.pin for boundary in rewritten.plan.boundaries]
    explained = {"codes": _codes_data(codes)}
    bindings = [asdict(refusal) for refusal in rewritten.refused]
    done = {"written": written, "undo": undo or None}
    return _dump({"plan": plan, "edits": files, "bindings": bindings} | done | explained)


def _codes_data(codes: Iterable[str]) -> Data:
    """Explain the codes that a report uses."""
    return {
        entry.code: {"title": entry.title, "why": entry.why, "proceed": entry.proceed}
        for entry in entries_of(codes)
    }


def _dump(data: Data) -> str:
    return json.dumps(data, indent=2) + "\n"


def _audit_data(audit: Audit, progress: Progress | None) -> Data:
    files = audit_files(audit)
    return {
        "state": audit.state,
        "functions": audit.functions,
        "files": audit.files,
        "totals": {
            "fetches": len(audit.fetches),
            "pins": len(audit.pins),
            "sandwiches": len(audit.sandwiches),
            "problems": len(audit.problems),
            "defining_files": len(files),
            "clean_files": count_clean(files),
        },
        "since": asdict(progress) if progress is not None else None,
        "by_file": [asdict(file) for file in files],
        "fetches": [
            _place_data(fetch.place) | {"function": fetch.function, "accessor": fetch.accessor}
            for fetch in audit.fetches
        ],
        "pins": [pin._asdict() for pin in audit.pins],
        "sandwiches": [sandwich._asdict() for sandwich in audit.sandwiches],
        "problems": [problem._asdict() for problem in audit.problems],
    } | ({} if audit.twins is None else {"twins": [twin._asdict() for twin in audit.twins]})


def _place_data(place: Place) -> Data:
    return {"path": place.path, "offset": place.offset, "line": place.line, "column": place.column}


def _edit_data(source: SourceText, edit: Edit) -> Data:
    position = source.position(edit.span.start)
    return {
        "start": edit.span.start,
        "end": edit.span.end,
        "line": position.line,
        "column": position.column,
        "old": display(edit.span.of(source.text)),
        "new": display(edit.text),
        "rule": edit.rule,
        "note": edit.note,
    }
