"""The result of one step of a run."""

from dataclasses import dataclass, field
from typing import Literal

StepStatus = Literal["passed", "failed", "not-run"]


@dataclass(frozen=True, slots=True)
class StepResult:
    """What one step showed; *figures* are for the JSON.  What did not run is "not-run", never "passed"."""

    name: str
    status: StepStatus
    detail: str = ""
    seconds: float = 0.0
    peak_mib: float = 0.0
    figures: dict[str, object] = field(default_factory=dict)


class StepError(Exception):
    """A step that cannot go on; the message goes into the table."""
