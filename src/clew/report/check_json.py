"""The result of a check as JSON."""

import json
from dataclasses import asdict

from clew.check.model import CheckFinding, CheckResult
from clew.text.source import display


def check_json(result: CheckResult) -> str:
    """Return *result* as one JSON document."""
    data = {
        "version": 1,
        "findings": [_finding(finding) for finding in result.findings],
        "totals": {
            "new": len(result.findings),
            "known": result.known,
            "allowed": result.allowed,
            "files": result.checked,
        },
        "left_out": list(result.left_out),
    }
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _finding(finding: CheckFinding) -> dict[str, object]:
    mark = finding.fingerprint
    return {
        "code": mark.code,
        "state": mark.state,
        "path": mark.path,
        "line": finding.line,
        "column": finding.column,
        "function": mark.function,
        "what": display(mark.what),
        "message": finding.message,
        "source": display(finding.source),
        "evidence": [asdict(evidence) for evidence in finding.evidence],
    }
