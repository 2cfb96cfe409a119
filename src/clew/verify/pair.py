"""A change together with what the earlier stages know of it and of both sides."""

from clew.link.program import Program
from clew.plan.model import Plan
from clew.text.record import record
from clew.verify.change import Change


@record()
class Pair:
    """A change, the program before and after it, and the plan that it carries out where there is one."""

    change: Change
    before: Program
    after: Program
    plan: Plan | None = None
