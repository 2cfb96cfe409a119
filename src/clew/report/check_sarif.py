"""The result of a check as SARIF 2.1.0, within the limits of code scanning (see `clew.report.sarif`)."""

import hashlib
import json
import os
from collections import Counter
from dataclasses import astuple
from typing import Any
from urllib.parse import quote

from clew import __version__
from clew.check.model import TITLES, CheckFinding, CheckResult, Fingerprint
from clew.report.sarif import MOST_RESULTS, SCHEMA
from clew.text.source import display


def check_sarif(result: CheckResult, prefix: str) -> str:
    """Return one run; *prefix* is the path of the root below the repository's top, with a slash at its end,
    or "".  What does not fit is left out, and a notification counts it."""
    seen: Counter[Fingerprint] = Counter()
    results = []
    for finding in result.findings[:MOST_RESULTS]:
        seen[finding.fingerprint] += 1
        results.append(_result(finding, prefix, seen[finding.fingerprint]))
    rules = [{"id": code, "shortDescription": {"text": title}} for code, title in TITLES.items()]
    driver = {"name": "clew", "version": __version__, "semanticVersion": __version__, "rules": rules}
    invocation: dict[str, Any] = {"executionSuccessful": True}
    left_out = len(result.findings) - len(results)
    if left_out:
        text = f"{left_out} results were left out: code scanning takes no more. `clew check` shows them."
        invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": text}}]
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": "clew-check/"},
        "invocations": [invocation],
        "columnKind": "utf16CodeUnits",
        "results": results,
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(finding: CheckFinding, prefix: str, number: int) -> dict[str, Any]:
    mark = finding.fingerprint
    parts = "\0".join(astuple(mark))
    # Code scanning matches alerts by the second name alone.
    named = f"{hashlib.sha256(parts.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}:{number}"
    related = [
        {
            "id": index,
            **_location(prefix + one.path, {"startLine": one.line}),
            "message": {"text": one.message},
        }
        for index, one in enumerate(finding.evidence, 1)
    ]
    return {
        "ruleId": mark.code,
        "ruleIndex": list(TITLES).index(mark.code),
        "level": "warning",
        "message": {"text": finding.message},
        "locations": [_location(prefix + finding.path, _region(finding))],
        "partialFingerprints": {"clew/v1": named, "primaryLocationLineHash": named},
        **({"relatedLocations": related} if related else {}),
    }


def _region(finding: CheckFinding) -> dict[str, int]:
    """Return the place with columns in UTF-16 code units; findings count bytes."""
    start = finding.column - 1
    before = _utf16(finding.source[:start])
    inside = _utf16(finding.source[start : start + finding.width])
    return {
        "startLine": finding.line,
        "startColumn": before + 1,
        "endColumn": before + 1 + max(inside, 1),
    }


def _utf16(text: str) -> int:
    return len(display(text).encode("utf-16-le", "surrogatepass")) // 2


def _location(path: str, region: dict[str, int]) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": {"uri": quote(os.fsencode(path))}, "region": region}}
