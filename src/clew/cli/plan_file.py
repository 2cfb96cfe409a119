"""Plan files that a person may have edited: read, and checked against the tree."""

from collections.abc import Mapping
from pathlib import Path

from clew.errors import ErrorPlace, PlanFileError, UsageError
from clew.plan.constraints import Constraints
from clew.plan.model import Plan
from clew.plan.scope import scope_of
from clew.plan.serialise import read_plan
from clew.text.source import SourceText
from clew.text.writer import digest

_AGAIN = "make the plan again with `clew plan`"


def read_plan_file(path: Path) -> Plan:
    """Return the plan in the file *path*."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"cannot be read: {error.strerror}", ErrorPlace(str(path)), "check --plan"
        ) from error
    except UnicodeDecodeError as error:
        raise PlanFileError("not valid UTF-8", ErrorPlace(str(path)), "make the plan again") from error
    plan = read_plan(text, str(path))
    try:
        scope_of(plan)
        Constraints.of(plan)
    except PlanFileError as error:
        error.place = ErrorPlace(str(path))
        raise
    return plan


def check_plan_file(plan: Plan, state: str, sources: Mapping[str, SourceText], place: ErrorPlace) -> None:
    """A plan is for one state and for the files as they were when it was made."""
    if plan.state != state:
        raise PlanFileError(f"this plan is for the state {plan.state!r}, not {state!r}", place, _AGAIN)
    for path, expected in plan.files.items():
        source = sources.get(path)
        if source is None:
            raise PlanFileError(f"the plan changes {path}, which is not in the tree", place, _AGAIN)
        if digest(source.to_bytes()) != expected:
            raise PlanFileError(f"{path} has changed since the plan was made", place, _AGAIN)
