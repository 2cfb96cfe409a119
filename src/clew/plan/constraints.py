"""What a person's edits of a plan ask for when it is fed back.

A function whose decision says "pin", or whose entry was deleted, keeps its signature; a changed
parameter name is used where it is free.  Everything else is planned anew, so that an edited plan can be
smaller than clew's own but never unsound.
"""

from dataclasses import dataclass, field

from clew.plan.model import Plan


@dataclass(frozen=True, slots=True)
class Constraints:
    """*allowed* limits threading to these (name, path) pairs (None: no limit); *names* are the parameter
    names asked for."""

    allowed: frozenset[tuple[str, str]] | None = None
    names: dict[tuple[str, str], str] = field(default_factory=dict)

    @classmethod
    def of(cls, plan: Plan) -> "Constraints":
        """Read the constraints off an edited plan."""
        threaded = [function for function in plan.functions if function.decision == "thread"]
        allowed = frozenset((function.name, function.path) for function in threaded)
        return cls(allowed, {(function.name, function.path): function.parameter for function in threaded})
