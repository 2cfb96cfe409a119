"""What checking finds, and what it compares."""

from typing import Literal

from clew.text.record import record

Code = Literal["fetch", "sandwich", "allow-reason", "allow-code", "allow-unused"]
# Does the program fetch at a place that looks like it?
Verdict = Literal["fetch", "no-fetch", "unknown"]

# What a person may allow; the other codes are about allowing itself.
ALLOWABLE = ("fetch", "sandwich")

TITLES: dict[Code, str] = {
    "fetch": "A new implicit fetch of the state",
    "sandwich": "A function that holds the state calls one that fetches it again",
    "allow-reason": "An allowance says no reason",
    "allow-code": "An allowance names no code of clew check",
    "allow-unused": "An allowance covers nothing",
}


@record()
class Fingerprint:
    """How a finding is known again when lines have moved: *what* is the accessor (for a sandwich, the
    function called), *text* the line without comments and superfluous blanks."""

    code: Code
    state: str
    path: str
    function: str
    what: str
    text: str


@record()
class Evidence:
    """Another place that a finding speaks of; *line* counts from 1."""

    path: str
    line: int
    message: str


@record()
class CheckFinding:
    """One finding; *line*, *column* (in bytes) and *width* are those of the accessor, the call or the
    comment, *source* the line as it stands, *evidence* further places."""

    fingerprint: Fingerprint
    line: int
    column: int
    width: int
    message: str
    source: str
    evidence: tuple[Evidence, ...] = ()

    @property
    def code(self) -> Code:
        """Which kind it is."""
        return self.fingerprint.code

    @property
    def path(self) -> str:
        """The file that it stands in."""
        return self.fingerprint.path


@record()
class CheckResult:
    """What is new, ordered by place; *known* counts what the baseline or the base has as well, *allowed*
    what a comment allows, *checked* the files that were looked at; *left_out* are files that were named and
    are no files of the program, *notes* what else the user should know."""

    findings: tuple[CheckFinding, ...]
    known: int
    allowed: int
    checked: int
    left_out: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
