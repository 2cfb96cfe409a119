"""What a person's edits of a plan ask for when it is fed back.

A function whose decision says "pin", or whose entry was deleted, keeps its signature; a changed
parameter name is used where it is free.  Everything else is planned anew, so that an edited plan can be
smaller than clew's own but never unsound.
"""

import re
from dataclasses import field

from clew.errors import PlanFileError
from clew.plan.model import Plan
from clew.text.record import record

_IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        "auto bool break case char const continue default do double else enum extern false float for goto if "
        "inline int long nullptr register restrict return short signed sizeof static struct switch true "
        "typedef typeof union unsigned void volatile while",
    )
)


@record()
class Constraints:
    """*allowed* limits threading to these (name, path) pairs (None: no limit); *names* are the parameter
    names asked for.  Those in *later* are no boundaries for good: they pass the accessor where they need the
    state, and nothing is moved in them."""

    allowed: frozenset[tuple[str, str]] | None = None
    names: dict[tuple[str, str], str] = field(default_factory=dict)
    later: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, plan: Plan) -> "Constraints":
        """Read the constraints off an edited plan; raise `PlanFileError` for a name that C does not allow."""
        for function in plan.functions:
            if not _IDENTIFIER.fullmatch(function.parameter) or function.parameter in _KEYWORDS:
                what = f"the parameter of {function.name} cannot be called {function.parameter!r}"
                raise PlanFileError(what, next_step="give it a name that C allows")
        threaded = [function for function in plan.functions if function.decision == "thread"]
        allowed = frozenset((function.name, function.path) for function in threaded)
        return cls(allowed, {(function.name, function.path): function.parameter for function in threaded})

    def names_function(self, name: str) -> bool:
        """Tell whether a function called *name* may be threaded, in whatever file."""
        return self.allowed is None or any(allowed == name for allowed, _ in self.allowed)
