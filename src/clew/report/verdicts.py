"""Verdicts of ``clew verify``: what was checked, and what came out."""

import json
from collections import Counter
from collections.abc import Iterable
from typing import Any, Literal, cast, get_args

from clew.errors import ErrorPlace, UsageError
from clew.text.record import record

Status = Literal["passed", "failed", "not-run"]
STATUSES: tuple[Status, ...] = get_args(Status)
_AGAIN = "write the file with `clew verify --format json`"


@record()
class Verdict:
    """The outcome of one *check*; *evidence* says in words what was seen, or why it did not run."""

    check: str
    status: Status
    evidence: str


def read_verdicts(text: str, title: str, state: str = "") -> tuple[Verdict, ...]:
    """Return the verdicts in *text*, the content of the file *title*: what ``clew verify --format json``
    writes, or a JSON list of {check, status, evidence}.  Raise `UsageError` for anything else, and for
    verdicts on another state than *state*."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        place = ErrorPlace(title, error.lineno, error.colno)
        raise UsageError(f"no JSON: {error.msg}", place, _AGAIN) from error
    found = data.get("checks") if isinstance(data, dict) else data
    if not isinstance(found, list):
        raise UsageError("holds no list of verdicts", ErrorPlace(title), _AGAIN)
    about = data.get("state", "") if isinstance(data, dict) else ""
    if state and about and about != state:
        raise UsageError(
            f"these verdicts are on the state {about!r}, not {state!r}", ErrorPlace(title), _AGAIN
        )
    return tuple(_verdict(item, number, title) for number, item in enumerate(found, 1))


def count_statuses(verdicts: Iterable[Verdict]) -> dict[Status, int]:
    """Return the number of verdicts of each status, those with none included."""
    counted = Counter(verdict.status for verdict in verdicts)
    return {status: counted[status] for status in STATUSES}


def _verdict(item: Any, number: int, title: str) -> Verdict:
    if not isinstance(item, dict) or not isinstance(item.get("check"), str):
        raise UsageError(f'verdict {number} has no "check"', ErrorPlace(title), _AGAIN)
    status = item.get("status")
    if status not in STATUSES:
        allowed = ", ".join(STATUSES)
        raise UsageError(
            f"verdict {number}: the status {status!r} is none of {allowed}", ErrorPlace(title), _AGAIN
        )
    return Verdict(item["check"], cast("Status", status), _evidence(item))


def _evidence(item: dict[str, Any]) -> str:
    """Join the summary and the lines of evidence; values other than words are shown as JSON."""
    lines = item.get("evidence", [])
    shown = [item.get("summary", ""), *(lines if isinstance(lines, list) else [lines])]
    words = (line if isinstance(line, str) else json.dumps(line, indent=2) for line in shown)
    return "\n".join(filter(None, words))
