"""Who gets the parameter: a fixed point over the call graph.

A function is threaded when, at some point where the state is still the one it was entered with, it
fetches or calls a threaded function (least fixed point, so mutual recursion alone threads nobody).
Pins found on the way (no free name, a call that cannot be rewritten) and macros that cannot take a
variable start the computation again with one more fact; facts only grow, so it ends.
"""

from collections.abc import Iterable

from clew.detect.pin import Pin
from clew.link.graph import Node
from clew.link.mentions import Symbol, symbol_key
from clew.link.program import Definition
from clew.plan.capture import capture_macros, release
from clew.plan.concerned import concerned
from clew.plan.constraints import Constraints
from clew.plan.decide import FunctionDecider, FunctionDecision
from clew.plan.economy import find_unprofitable
from clew.plan.heads import hidden_calls, hidden_macro_calls
from clew.plan.need import Needs
from clew.plan.pinning import Pinning, pin_at_home
from clew.plan.place import Placement
from clew.plan.problem import Problem, SymbolKey
from clew.plan.scope import layers
from clew.plan.solution import Solution


class Solver:
    """Solves one `Problem`; *constraints* is what a person asked for by editing a plan."""

    def __init__(self, problem: Problem, constraints: Constraints) -> None:
        self.problem = problem
        self.solution = Solution()
        self._constraints = constraints
        self._pinning = Pinning(problem, self.solution, constraints)
        self._needs = Needs(problem, self.solution)

    def solve(self) -> Solution:
        """Run to the fixed point."""
        self.problem.compute_effects()
        self._pinning.find()
        capture_macros(self.problem, self.solution)
        self._pinning.check_calls()
        while True:
            self._thread()
            if not self._pin_partly_used() and not self._decide() and not self._pin_unprofitable():
                return self.solution

    def _thread(self) -> None:
        """Thread layer by layer: first what fetches, then its callers, as deep as the scope allows."""
        self.solution.threaded = {}
        threaded = self.solution.threaded
        waiting = {
            d.index: d
            for d in self.problem.candidates
            if not self._pinning.is_pinned(self.problem.symbols[symbol_key(d)])
        }
        depth, layer = layers(self.problem.scope), 0
        near: Iterable[int] = tuple(waiting)  # what may have come to need the state since the last layer
        while depth is None or layer <= depth:
            found = [waiting[index] for index in near if self._is_wanted(waiting[index], layer)]
            if not found:
                return
            for definition in found:
                threaded[symbol_key(definition)] = self._pinning.positions[symbol_key(definition)]
            for symbol in {symbol_key(d): self.problem.symbols[symbol_key(d)] for d in found}.values():
                for definition in symbol.definitions:
                    waiting.pop(definition.index, None)
            named = layer == 0 and self.problem.scope.is_named
            near = tuple(waiting) if named else sorted(waiting.keys() & self._users_of(found))
            layer += 1

    def _users_of(self, found: list[Definition]) -> set[int]:
        """Return the functions that call one of *found*, also through macros."""
        calls = [call for d in found for call in self.problem.symbols[symbol_key(d)].calls]
        macros: set[Node] = {("m", call.macro.index) for call in calls if call.macro is not None}
        users = self.problem.graph.reaching_macros(macros) if macros else set()
        direct = {call.definition.index for call in calls if call.definition is not None}
        return direct | {index for kind, index in users if kind == "f"}

    def _is_wanted(self, definition: Definition, layer: int) -> bool:
        if layer == 0 and self.problem.scope.is_named:
            return definition.index in self.problem.asked
        return self._needs.needs_state(definition)

    def _pin_partly_used(self) -> bool:
        """Pin what would not use its parameter in some ``#if`` branches; tell whether there was any."""
        found = [
            (symbol, definition)
            for symbol in map(self.problem.symbols.__getitem__, self.solution.threaded)
            for definition in symbol.definitions
            if definition.index not in self.problem.asked
            and not self._needs.uses_state_everywhere(definition)
        ]
        for symbol, definition in found:
            name = definition.function.header.name_span
            why = "in some #if branches it would not use the parameter"
            self.solution.pins[symbol.key].append(Pin("used-in-some-branches", definition.path, name, why))
        return bool(found)

    def _decide(self) -> bool:
        """Decide for every function concerned; tell whether that brought a new fact."""
        self.solution.decisions, self.solution.originals = {}, {}
        failed: set[int] = set()
        conflicts: list[Symbol] = []
        for definition in concerned(self.problem, self.solution):
            decision = self._decide_function(definition, self.solution.threaded)
            self.solution.decisions[definition.index] = decision
            failed |= decision.failed_macros
            symbol = self.problem.symbol_of(definition)
            if symbol is not None and self._is_copied(symbol):
                others = {k: v for k, v in self.solution.threaded.items() if k != symbol.key}
                self.solution.originals[definition.index] = self._decide_function(definition, others)
            if decision.conflict and symbol is not None:
                conflicts.append(symbol)
        released = release(self.problem, self.solution, failed)
        hidden = self._pin_hidden()
        for symbol in conflicts:
            names = ", ".join(self.problem.state.names)
            self.solution.pins[symbol.key].append(
                pin_at_home(symbol, "name-taken", f"none of the names {names} is free")
            )
        return released or hidden or bool(conflicts)

    def _decide_function(self, definition: Definition, threaded: dict[SymbolKey, int]) -> FunctionDecision:
        return self._decider(definition, threaded).decide()

    def _decider(self, definition: Definition, threaded: dict[SymbolKey, int]) -> FunctionDecider:
        return FunctionDecider(
            self.problem,
            definition,
            threaded,
            self.solution.captured,
            self.solution.twinning,
            self._wanted(definition),
            is_later=(definition.name, definition.path) in self._constraints.later,
        )

    def _is_copied(self, symbol: Symbol) -> bool:
        twinning = self.solution.twinning.get(symbol.key)
        return symbol.key in self.solution.threaded and twinning is not None and twinning.form == "copy"

    def _pin_hidden(self) -> bool:
        """Pin what could only be called with an accessor that is not visible; tell whether there was any."""
        threaded = self.solution.threaded
        decided = [*self.solution.decisions.values(), *self.solution.originals.values()]
        found = [pin for d in decided for pin in hidden_calls(self.problem, d, threaded)]
        found += hidden_macro_calls(self.problem, self.solution.captured, threaded, self.solution.twinning)
        for symbol, pin in found:
            self.solution.pins[symbol.key].append(pin)
        return bool(found)

    def _pin_unprofitable(self) -> bool:
        """Pin what saves no fetch where the settings ask for that; tell whether there was any."""
        if self.problem.state.goal == "explicit":
            return False
        known: dict[tuple[int, SymbolKey], list[Placement]] = {}

        def places_without(definition: Definition, key: SymbolKey) -> list[Placement]:
            if (definition.index, key) not in known:
                others = {k: v for k, v in self.solution.threaded.items() if k != key}
                decider = self._decider(definition, others)
                decider.decide()
                known[definition.index, key] = [placement for _, placement in decider.placed]
            return known[definition.index, key]

        threaded, decisions = self.solution.threaded, self.solution.decisions
        found = find_unprofitable(self.problem, threaded, decisions, places_without)
        for symbol, pin in found:
            self.solution.pins[symbol.key].append(pin)
        return bool(found)

    def _wanted(self, definition: Definition) -> str:
        return self._constraints.names.get((definition.name, definition.path), "")
