"""What an audit finds, as values."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AuditedFetch:
    """One fetch; *function* is the function or macro around it ("" at file scope)."""

    path: str
    offset: int
    line: int
    column: int
    function: str
    accessor: str


@dataclass(frozen=True, slots=True)
class AuditedPin:
    """Why a function that fetches, or calls one that does, keeps its signature."""

    function: str
    path: str
    line: int
    code: str
    why: str


@dataclass(frozen=True, slots=True)
class Sandwich:
    """A function that fetches although *callers_holding* of its *callers* have the state in hand."""

    function: str
    path: str
    line: int
    fetches: int
    callers_holding: int
    callers: int


@dataclass(frozen=True, slots=True)
class Audit:
    """The whole result for one state."""

    state: str
    files: int
    functions: int
    fetches: tuple[AuditedFetch, ...]
    pins: tuple[AuditedPin, ...]
    sandwiches: tuple[Sandwich, ...]
