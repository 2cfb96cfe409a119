"""The result of a check as SARIF 2.1.0, for code scanning."""

import hashlib
import json
from collections import Counter
from typing import Any
from urllib.parse import quote

from clew import __version__
from clew.check.model import TITLES, CheckFinding, CheckResult, Fingerprint

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def check_sarif(result: CheckResult, prefix: str) -> str:
    """Return one run; *prefix* is the path of the root below the repository's top, with a slash at its end,
    or ""."""
    seen: Counter[Fingerprint] = Counter()
    results = []
    for finding in result.findings:
        results.append(_result(finding, prefix, seen[finding.fingerprint]))
        seen[finding.fingerprint] += 1
    rules = [{"id": code, "shortDescription": {"text": title}} for code, title in TITLES.items()]
    driver = {"name": "clew", "semanticVersion": __version__, "rules": rules}
    # Columns count bytes; for sources that are not ASCII they are what comes nearest.
    run = {"tool": {"driver": driver}, "columnKind": "unicodeCodePoints", "results": results}
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(finding: CheckFinding, prefix: str, occurrence: int) -> dict[str, Any]:
    mark = finding.fingerprint
    parts = "\0".join(
        (mark.code, mark.state, mark.path, mark.function, mark.what, mark.text, str(occurrence))
    )
    region = {
        "startLine": finding.line,
        "startColumn": finding.column,
        "endColumn": finding.column + finding.width,
    }
    related = [
        {**_location(prefix + e.path, {"startLine": e.line}), "message": {"text": e.message}}
        for e in finding.evidence
    ]
    return {
        "ruleId": mark.code,
        "ruleIndex": list(TITLES).index(mark.code),
        "level": "warning",
        "message": {"text": finding.message},
        "locations": [_location(prefix + finding.path, region)],
        "partialFingerprints": {"clewFinding/v1": hashlib.sha256(parts.encode()).hexdigest()},
        **({"relatedLocations": related} if related else {}),
    }


def _location(path: str, region: dict[str, int]) -> dict[str, Any]:
    artifact = {"uri": quote(path), "uriBaseId": "%SRCROOT%"}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}
