"""A change together with what the earlier stages know of it and of both sides."""

from dataclasses import dataclass

from clew.link.program import Program
from clew.plan.model import Plan
from clew.verify.change import Change


@dataclass(frozen=True, slots=True)
class Pair:
    """A change, the program before and after it, and the plan that it carries out where there is one."""

    change: Change
    before: Program
    after: Program
    plan: Plan | None = None
