"""``clew report --format sarif``: what was refused, as SARIF 2.1.0 within the limits of code scanning.

Limits: https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit
and https://docs.github.com/en/code-security/code-scanning/integrating-with-code-scanning/sarif-support-for-code-scanning
(25,000 results per run of which 5,000 are shown, 1,000 locations per result of which 100 are shown, 20 tags
per rule of which 10 are shown, 10 MB packed).
"""

import gzip
import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from clew import __version__
from clew.plan.catalogue import Entry, entries_of
from clew.plan.model import Place, Refusal
from clew.report.review import Review
from clew.report.shown import Texts, show

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
MOST_RESULTS = 5_000
MOST_LOCATIONS = 100
MOST_BYTES = 10_000_000

_WORD = re.compile(r"\w+")
_BLANKS = re.compile(r"\s+")
Data = dict[str, Any]


def render_sarif(review: Review) -> str:
    """Return the refusals of *review* as SARIF.  What does not fit is left out, the least severe first, and a
    notification counts it."""
    results = _Results(review).make()
    kept = results[:MOST_RESULTS]
    while True:
        text = json.dumps(_log(review, kept, len(results) - len(kept)), indent=1) + "\n"
        if len(kept) < 2 or len(gzip.compress(text.encode("utf-8"))) <= MOST_BYTES:
            return text
        kept = kept[: len(kept) // 2]


def _log(review: Review, results: Sequence[Data], left_out: int) -> Data:
    entries = entries_of(refusal.code for refusal in review.plan.refusals)
    invocation: Data = {"executionSuccessful": True}
    if left_out:
        text = f"{left_out} results were left out: code scanning takes no more. `clew plan --all` shows them."
        invocation["toolExecutionNotifications"] = [{"level": "warning", "message": {"text": text}}]
    driver = {
        "name": "clew",
        "version": __version__,
        "semanticVersion": __version__,
        "rules": [_rule(entry) for entry in entries],
    }
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": f"clew/{review.state.name}/"},
        "invocations": [invocation],
        "columnKind": "utf16CodeUnits",
        "results": list(results),
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(entry: Entry) -> Data:
    text = f"{entry.why} {entry.proceed}"
    return {
        "id": entry.code,
        "shortDescription": {"text": entry.title},
        "fullDescription": {"text": entry.why},
        "help": {"text": text, "markdown": f"{entry.why}\n\n**How to proceed:** {entry.proceed}"},
        "defaultConfiguration": {"level": "note"},
        "properties": {"tags": ["maintainability", "global-state"]},
    }


class _Results:
    def __init__(self, review: Review) -> None:
        self._review = review
        self._texts = Texts(review.sources)
        self._seen: Counter[tuple[str, str]] = Counter()
        self._fetches = {fetch.place for fetch in review.plan.fetches if fetch.outcome == "refused"}

    def make(self) -> list[Data]:
        """Return all results, those about fetches first."""
        ordered = sorted(self._review.plan.refusals, key=lambda item: (item.place.path, item.place.offset))
        results = [self._result(refusal) for refusal in ordered]
        return sorted(results, key=lambda result: result["level"] != "warning")

    def _result(self, refusal: Refusal) -> Data:
        is_fetch = refusal.place in self._fetches
        result: Data = {
            "ruleId": refusal.code,
            "level": "warning" if is_fetch else "note",
            "message": {"text": _message(refusal)},
            "locations": [self._location(refusal.place)],
            "partialFingerprints": self._fingerprints(refusal),
        }
        # Code scanning takes further places only in this list, and shows the first hundred.
        related = [
            self._location(place) | {"id": number, "message": {"text": show(words)}}
            for number, (place, words) in enumerate(refusal.chain[: MOST_LOCATIONS - 1], 1)
        ]
        return result | ({"relatedLocations": related} if related else {})

    def _location(self, place: Place) -> Data:
        region = {"startLine": place.line, **self._columns(place)}
        uri = quote(os.fsencode(place.path))
        return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}

    def _columns(self, place: Place) -> Data:
        """Return the columns in UTF-16 code units; plans count bytes."""
        source = self._review.sources.get(place.path)
        if source is None:
            return {}
        line, start = source.line_at(place.offset), place.column - 1
        word = _WORD.match(line, start)
        before = _utf16(self._texts.decode(place.path, line[:start]))
        inside = _utf16(self._texts.decode(place.path, word[0])) if word else 1
        return {"startColumn": before + 1, "endColumn": before + 1 + inside}

    def _fingerprints(self, refusal: Refusal) -> dict[str, str]:
        """Name the result by what it is about and the words of its line, so that it stays the same one when
        the line moves or is indented; equal ones in a file are numbered."""
        source = self._review.sources.get(refusal.place.path)
        line = _BLANKS.sub("", source.line_at(refusal.place.offset)) if source is not None else ""
        content = f"{self._review.state.name}\0{refusal.code}\0{refusal.subject}\0{line}"
        digest = hashlib.sha256(content.encode("latin-1", "backslashreplace")).hexdigest()[:16]
        self._seen[refusal.place.path, digest] += 1
        named = f"{digest}:{self._seen[refusal.place.path, digest]}"
        # Code scanning matches alerts by the second name alone.
        return {"clew/v1": named, "primaryLocationLineHash": named}


def _message(refusal: Refusal) -> str:
    """Return one sentence that names its subject."""
    why, subject = show(refusal.why), show(refusal.subject)
    return f"{why}." if why.startswith(subject) else f"{subject}: {why}."


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
