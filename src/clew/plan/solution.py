"""What the solver computes."""

from clew.detect.pin import Pin
from clew.plan.decide import FunctionDecision
from clew.plan.problem import SymbolKey
from clew.plan.twinning import Twinning


class Solution:
    """The fixed point: *threaded* symbols with the parameter's position, *decisions* by definition,
    *pins* by symbol, *captured* macros with the variable they take, *twinning* how symbols are split,
    *originals* what happens to functions of which the twin is a copy."""

    def __init__(self) -> None:
        self.threaded: dict[SymbolKey, int] = {}
        self.decisions: dict[int, FunctionDecision] = {}
        self.pins: dict[SymbolKey, list[Pin]] = {}
        self.captured: dict[int, str] = {}
        self.twinning: dict[SymbolKey, Twinning] = {}
        self.originals: dict[int, FunctionDecision] = {}
