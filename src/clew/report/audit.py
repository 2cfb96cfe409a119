"""What an audit found, as plain values that every report renders."""

from typing import NamedTuple

from clew.plan.model import Place
from clew.text.record import record


class AuditFetch(NamedTuple):
    """One fetch: *accessor* is written at *place*, in *function* (or macro; "" outside of both)."""

    place: Place
    function: str
    accessor: str


class AuditPin(NamedTuple):
    """A function that fetches, and whose signature must not change."""

    function: str
    path: str
    line: int
    code: str
    why: str


class AuditSandwich(NamedTuple):
    """A function that fetches although *callers_holding* of its *callers* have the state in hand."""

    function: str
    path: str
    line: int
    fetches: int
    callers_holding: int
    callers: int


class AuditTwin(NamedTuple):
    """The function or macro (*kind*) *wrapper* fetches and passes the state to *twin*, defined in
    *twin_path*, as argument *position* from 0."""

    wrapper: str
    path: str
    line: int
    kind: str
    twin: str
    twin_path: str
    twin_line: int
    position: int


class AuditProblem(NamedTuple):
    """Something that was not read or not understood."""

    path: str
    line: int
    code: str
    message: str


@record()
class Audit:
    """The audit of one state; *functions* and *files* count what was scanned.  *sandwiches* are ranked.
    *defining* are the files among these that define functions.  *twins* is None where nobody asked."""

    state: str
    fetches: tuple[AuditFetch, ...]
    pins: tuple[AuditPin, ...]
    sandwiches: tuple[AuditSandwich, ...]
    functions: int
    files: int
    problems: tuple[AuditProblem, ...] = ()
    defining: tuple[str, ...] = ()
    twins: tuple[AuditTwin, ...] | None = None
