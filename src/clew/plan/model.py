"""The plan: decisions and refusals, as values that JSON can hold and a person can edit."""

from typing import Literal

from clew.text.record import record

PLAN_VERSION = 1

Outcome = Literal["rewritten", "boundary", "refused", "out-of-scope"]


@record()
class Place:
    """A place in the tree; *line* and *column* count from 1, *offset* counts bytes."""

    path: str
    offset: int
    line: int
    column: int


@record()
class Refusal:
    """What clew will not change.  *code* is an entry of the catalogue (``clew.plan.catalogue``);
    *subject* the function, macro or fetch concerned; *why* one sentence about this very case;
    *chain* further places that prove it (the call chain to a state change, the assignment that takes
    the address), outermost first, each with a few words."""

    code: str
    place: Place
    subject: str
    why: str
    chain: tuple[tuple[Place, str], ...] = ()


@record()
class ThreadedFunction:
    """A function that gets the parameter.  *reason* is the chain of functions from this one to one that
    fetches (this one first); *decision* may be edited by a person: "thread" or "pin"."""

    name: str
    path: str
    line: int
    parameter: str
    position: int
    callers: int
    reason: tuple[str, ...]
    decision: Literal["thread", "pin"] = "thread"


@record()
class Boundary:
    """A pinned function that hands the state to threaded ones.  *style* is how it gets it: a new local
    ("local"), the accessor at each call ("inline"), or a variable that it had already ("held")."""

    name: str
    path: str
    line: int
    style: Literal["local", "inline", "held"]
    variable: str
    pin: str  # code of the reason why it is pinned
    why: str


@record()
class ThreadedMacro:
    """A macro whose body takes the state from a variable of the expansion site."""

    name: str
    path: str
    line: int
    variable: str


@record()
class FetchDecision:
    """What becomes of one fetch in scope.  Every fetch has exactly one."""

    place: Place
    function: str
    accessor: str
    outcome: Outcome
    why: str


@record()
class FetchBalance:
    """Fetches per function before and after: in its text, and executed at most on one path."""

    function: str
    path: str
    removed: int
    added: int


@record()
class Plan:
    """All decisions for one state.  *files* maps every file that will change to the SHA-256 of the
    content that was read."""

    state: str
    scope: dict[str, object]
    files: dict[str, str]
    functions: tuple[ThreadedFunction, ...]
    boundaries: tuple[Boundary, ...]
    macros: tuple[ThreadedMacro, ...]
    fetches: tuple[FetchDecision, ...]
    balance: tuple[FetchBalance, ...]
    refusals: tuple[Refusal, ...]
    version: int = PLAN_VERSION

    @property
    def totals(self) -> dict[str, int]:
        """Number of fetches per outcome, and "total"."""
        totals = {"rewritten": 0, "boundary": 0, "refused": 0, "out-of-scope": 0}
        for fetch in self.fetches:
            totals[fetch.outcome] += 1
        return totals | {"total": len(self.fetches)}
