"""Verdicts as text and as JSON."""

import json
from collections.abc import Sequence

from clew.report.paint import Painter, harmless
from clew.report.terminal import shorten
from clew.verify.verdict import Verdict, all_passed

_ROLES = {"passed": "added", "failed": "error", "not-run": "caret"}


def render_verdicts(verdicts: Sequence[Verdict], paint: Painter, limit: int | None = None) -> str:
    """Return *verdicts* as text, with at most *limit* lines of evidence for each (None: all)."""
    lines: list[str] = []
    for verdict in verdicts:
        word = paint(_ROLES[verdict.status], verdict.status) if verdict.requested else verdict.status
        took = f" ({verdict.seconds:.1f} s)" if verdict.seconds >= 0.05 else ""
        lines.append(f"{paint('heading', verdict.check)}: {word}: {harmless(verdict.summary)}{took}")
        evidence = [f"  {harmless(line)}" for line in verdict.evidence]
        lines += shorten(evidence, limit, "  ")
    return "\n".join([*lines, "", _total(verdicts)])


def _total(verdicts: Sequence[Verdict]) -> str:
    asked = [verdict for verdict in verdicts if verdict.requested]
    passed = sum(verdict.status == "passed" for verdict in asked)
    return f"{passed} of {len(asked)} requested checks passed"


def verdicts_json(state: str, verdicts: Sequence[Verdict]) -> str:
    """Return *verdicts* as one JSON document."""
    data = {
        "state": state,
        "passed": all_passed(verdicts),
        "checks": [
            {
                "check": verdict.check,
                "status": verdict.status,
                "requested": verdict.requested,
                "summary": verdict.summary,
                "evidence": list(verdict.evidence),
                "seconds": round(verdict.seconds, 3),
                "figures": verdict.figures,
            }
            for verdict in verdicts
        ],
    }
    return json.dumps(data, indent=2) + "\n"
