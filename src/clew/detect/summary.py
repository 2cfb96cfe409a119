"""What a call does to the ambient state, as symbolic values."""

from collections.abc import Iterable
from typing import Final

from clew.text.record import record

ENTRY: Final = "entry"  # what was current when the function was entered
NULL: Final = "null"  # no state is current
Value = str | int | tuple[str, int]


@record()
class Summary:
    """What a call does: the current state *after* it and what it *returns*, each as `ENTRY` (the state
    current before the call), `NULL`, ``("arg", i)``, or "?" (unknown)."""

    after: Value = ENTRY
    returns: Value = "?"

    @property
    def preserves(self) -> bool:
        """The state current afterwards is the one current before."""
        return self.after == ENTRY


PRESERVES: Final = Summary()
UNKNOWN: Final = Summary("?", "?")


def join_summaries(summaries: Iterable[Summary]) -> Summary:
    """Return what holds for all of *summaries*."""
    found = list(summaries)
    after = {s.after for s in found}
    returns = {s.returns for s in found}
    return Summary(
        after.pop() if len(after) == 1 else "?",
        returns.pop() if len(returns) == 1 else "?",
    )
