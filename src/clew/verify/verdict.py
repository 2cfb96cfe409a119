"""What a check showed.  A check that did not run is "not-run", and that is no success."""

from collections.abc import Iterable
from dataclasses import field
from typing import Any, Literal

from clew.text.record import record

Status = Literal["passed", "failed", "not-run"]
CheckName = Literal["compile", "run", "instrument", "poison", "drive"]


@record()
class Verdict:
    """The result of one check: *summary* in one line, *evidence* as lines for people, *figures* for JSON.
    *requested* is false for a check that nobody asked for, which is listed all the same."""

    check: CheckName
    status: Status
    summary: str
    evidence: tuple[str, ...] = ()
    seconds: float = 0.0
    figures: dict[str, Any] = field(default_factory=dict)
    requested: bool = True


def not_asked(check: CheckName, how: str) -> Verdict:
    """Return the verdict on a check that was not asked for; *how* one asks."""
    return Verdict(check, "not-run", f"not asked for ({how})", requested=False)


def all_passed(verdicts: Iterable[Verdict]) -> bool:
    """Tell whether at least one check was asked for, and each of these passed."""
    asked = [verdict.status for verdict in verdicts if verdict.requested]
    return bool(asked) and all(status == "passed" for status in asked)
