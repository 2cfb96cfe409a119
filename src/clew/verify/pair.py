"""A change together with what the earlier stages know of both sides."""

from dataclasses import dataclass

from clew.link.program import Program
from clew.verify.change import Change


@dataclass(frozen=True, slots=True)
class Pair:
    """A change, and the program before and after it."""

    change: Change
    before: Program
    after: Program
