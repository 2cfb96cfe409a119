"""Who gets the parameter: a fixed point over the call graph.

A function is threaded when, at some point where the state is still the one it was entered with, it
fetches or calls a threaded function (least fixed point, so mutual recursion alone threads nobody).
Pins found on the way (no free name, a call that cannot be rewritten) and macros that cannot take a
variable start the computation again with one more fact; facts only grow, so it ends.
"""

from collections.abc import Iterable, Iterator

from clew.detect.body import SiteKey, Use
from clew.detect.pins import Pin, PinContext, find_pins, is_silent
from clew.link.graph import Node
from clew.link.mentions import CallMention, Symbol, symbol_key
from clew.link.paste import PasteIndex
from clew.link.program import Definition, MacroDefinition
from clew.parse.flow import CallOp
from clew.plan.concerned import concerned
from clew.plan.constraints import Constraints
from clew.plan.decide import FunctionDecider, FunctionDecision
from clew.plan.economy import find_unprofitable
from clew.plan.heads import hidden_calls, hidden_macro_calls
from clew.plan.macro_use import is_used_in_functions
from clew.plan.position import choose_position
from clew.plan.problem import Problem, SymbolKey
from clew.plan.providers import find_provided
from clew.plan.scope import is_threadable, layers
from clew.plan.settle import settle_mentions
from clew.plan.twinning import Twinning, choose_twinning, takes_state


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


class Solver:
    """Solves one `Problem`; *constraints* is what a person asked for by editing a plan."""

    def __init__(self, problem: Problem, constraints: Constraints) -> None:
        self.problem = problem
        self.solution = Solution()
        self._constraints = constraints
        self._positions: dict[SymbolKey, int] = {}

    def solve(self) -> Solution:
        """Run to the fixed point."""
        self.problem.compute_effects()
        self._find_pins()
        self._capture_macros()
        self._check_calls()
        while True:
            self._thread()
            if not self._pin_partly_used() and not self._decide() and not self._pin_unprofitable():
                return self.solution

    # facts that do not depend on who is threaded

    def _find_pins(self) -> None:
        problem = self.problem
        context = PinContext(
            problem.program,
            problem.settings,
            problem.in_scope,
            problem.scope.linkage == "any",
            problem.state.type,
            problem.visibility.type_hidden,
        )
        for symbol in problem.symbols.values():
            settle_mentions(problem, symbol)
            if symbol.key not in problem.pins:
                problem.pins[symbol.key] = tuple(find_pins(symbol, context))
            pins = list(problem.pins[symbol.key])
            if symbol.name in problem.effects.fetch_calls:
                pins.append(self._pin(symbol, "accessor", "it is an accessor itself"))
            if any(problem.holder_parameters(definition) for definition in symbol.definitions):
                pins.append(self._pin(symbol, "has-parameter", "one of its parameters is the state already"))
            elif problem.may_bring_state(symbol):
                why = "a parameter of the state's type is not known to be the current state"
                pins.append(self._pin(symbol, "other-state", why))
            self._positions[symbol.key], misplaced = choose_position(problem.program, problem.state, symbol)
            pins += misplaced
            allowed = self._constraints.allowed
            if allowed is not None and (symbol.name, symbol.definitions[0].path) not in allowed:
                pins.append(self._pin(symbol, "listed", "the plan leaves it out"))
            pins += self._find_stringified(symbol)
            self.solution.pins[symbol.key] = self._choose_twinning(symbol, pins)
            symbol.prototypes = [m for m in symbol.prototypes if not is_silent(problem.program, symbol, m)]
        self._find_pasted()

    def _choose_twinning(self, symbol: Symbol, pins: list[Pin]) -> list[Pin]:
        """Note how *symbol* is split or renamed; return the pins that are left."""
        if symbol.name in self.problem.chances.pairs:
            return pins  # it is a wrapper already
        closed = not all(is_threadable(one, self.problem.scope) for one in symbol.definitions)
        program, state = self.problem.program, self.problem.state
        copied = symbol.definitions[0].index in self.problem.companions
        twinning, left = choose_twinning(program, state, symbol, pins, closed=closed, copied=copied)
        if twinning is not None:
            self.solution.twinning[symbol.key] = twinning
        return left

    def _is_wrapped(self, symbol: Symbol) -> bool:
        twinning = self.solution.twinning.get(symbol.key)
        return twinning is not None and twinning.form != "rename"

    def _find_stringified(self, symbol: Symbol) -> Iterator[Pin]:
        for mention in symbol.calls:
            at = mention.call.name_span
            if macro := self.problem.stringifying.around(mention.path, at.start):
                why = f"the macro {macro} turns a call of it into a string"
                yield Pin("stringified", mention.path, at, why)

    def _find_pasted(self) -> None:
        unpinned = (symbol for symbol in self.problem.symbols.values() if not self._is_pinned(symbol))
        free = [symbol for symbol in unpinned if not self._is_wrapped(symbol)]
        builders = PasteIndex(self.problem.program).builders(symbol.key for symbol in free)
        for symbol in free:
            if symbol.key in builders:
                macro = builders[symbol.key]
                why = f"the macro {macro.name} may build its name with ##"
                self.solution.pins[symbol.key].append(
                    Pin("pasted-name", macro.path, macro.macro.name_span, why)
                )

    def _pin(self, symbol: Symbol, code: str, why: str) -> Pin:
        first = symbol.definitions[0]
        return Pin(code, first.path, first.function.header.name_span, why)

    def _is_pinned(self, symbol: Symbol) -> bool:
        return bool(self.solution.pins[symbol.key])

    def _capture_macros(self) -> None:
        """Assume that every macro in scope can take a variable, until a use shows otherwise."""
        name = self.problem.state.names[0]
        for index in self.problem.macro_sites:
            macro = self.problem.program.macros[index]
            if macro.name in self.problem.effects.accessor_names:
                continue  # it fetches for others, whoever they are
            if any(self.problem.stringifying.around(*key) for key in self.problem.macro_sites[index]):
                continue
            if macro.name in self.problem.chances.pairs:
                continue  # where there is a variable, its twin is called instead
            if self.problem.in_scope(macro.path) and self.problem.names.is_free_in_macro(name, macro.name):
                if name not in (macro.macro.params or ()) and is_used_in_functions(self.problem, macro.name):
                    self.solution.captured[index] = name
        self._release(set(self.problem.macro_sites) - self.solution.captured.keys())

    def _release(self, failed: set[int]) -> bool:
        """Let the macros *failed* fetch themselves, and all macros of the same names with them; tell whether
        any of them was to take a variable."""
        names = {self.problem.program.macros[index].name for index in failed}
        gone = [i for i in self.solution.captured if self.problem.program.macros[i].name in names]
        for index in gone:
            del self.solution.captured[index]
        return bool(gone)

    def _check_calls(self) -> None:
        for symbol in self.problem.symbols.values():
            if self._is_pinned(symbol):
                continue
            for definition in symbol.definitions:
                self._check_definition(symbol, definition)
            for mention in symbol.calls if not self._is_wrapped(symbol) else ():
                if mention.definition is not None:
                    self._check_call(symbol, mention, mention.definition)
                if len(self.problem.calls_by_key[mention.path, mention.call.name_span.start]) > 1:
                    self._add(symbol, "ambiguous", mention, "the name means several functions here")

    def _check_definition(self, symbol: Symbol, definition: Definition) -> None:
        if not self.problem.body(definition).parsed.parsed:
            self.solution.pins[symbol.key].append(
                self._pin(symbol, "unparsed", "its body could not be parsed")
            )

    def _check_call(self, symbol: Symbol, mention: CallMention, caller: Definition) -> None:
        body = self.problem.body(caller)
        if not body.parsed.parsed:
            self._add(symbol, "caller-unparsed", mention, f"its caller {caller.name} could not be parsed")
            return
        at = mention.call.name_span.start
        if not any(isinstance(op, CallOp) and op.callee == symbol.name for op in body.ops_at(at)):
            self._add(
                symbol, "unseen-call", mention, f"this mention in {caller.name} is not an executed call"
            )
        self._check_strays(caller)
        for use in self.problem.uses(caller).get((mention.path, at), ()):
            if use.spoiled or use.point.scrambled:
                self._add(symbol, "argument-changes-state", mention, "an argument may change the state")

    def _check_strays(self, caller: Definition) -> None:
        """Pin what *caller* calls in a way that no mention accounts for (a name made by a macro)."""
        for key, uses in self.problem.uses(caller).items():
            if key in self.problem.calls_by_key or key in self.problem.fetch_by_key:
                continue
            for definition in self.problem.graph.resolver.functions(caller.path, uses[0].name):
                symbol = self.problem.symbols.get(symbol_key(definition))
                if symbol is not None and isinstance(uses[0].op, CallOp) and not self._is_pinned(symbol):
                    span = uses[0].op.origin.span
                    why = f"{caller.name} calls it by a name that a macro makes"
                    self.solution.pins[symbol.key].append(Pin("pasted-name", caller.path, span, why))

    def _add(self, symbol: Symbol, code: str, mention: CallMention, why: str) -> None:
        self.solution.pins[symbol.key].append(Pin(code, mention.path, mention.call.name_span, why))

    # the fixed point

    def _thread(self) -> None:
        """Thread layer by layer: first what fetches, then its callers, as deep as the scope allows."""
        self.solution.threaded = {}
        threaded = self.solution.threaded
        waiting = {
            d.index: d
            for d in self.problem.candidates
            if not self._is_pinned(self.problem.symbols[symbol_key(d)])
        }
        depth, layer = layers(self.problem.scope), 0
        near: Iterable[int] = tuple(waiting)  # what may have come to need the state since the last layer
        while depth is None or layer <= depth:
            found = [waiting[index] for index in near if self._is_wanted(waiting[index], layer)]
            if not found:
                return
            for definition in found:
                threaded[symbol_key(definition)] = self._positions[symbol_key(definition)]
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
        return self._needs_state(definition)

    def _pin_partly_used(self) -> bool:
        """Pin what would not use its parameter in some ``#if`` branches; tell whether there was any."""
        found = [
            (symbol, definition)
            for symbol in map(self.problem.symbols.__getitem__, self.solution.threaded)
            for definition in symbol.definitions
            if definition.index not in self.problem.asked and not self._uses_state_everywhere(definition)
        ]
        for symbol, definition in found:
            name = definition.function.header.name_span
            why = "in some #if branches it would not use the parameter"
            self.solution.pins[symbol.key].append(Pin("used-in-some-branches", definition.path, name, why))
        return bool(found)

    def _uses_state_everywhere(self, definition: Definition) -> bool:
        using = {
            use.variant
            for key, uses in self.problem.uses(definition).items()
            for use in uses
            if use.point.at_entry_value
            and self._is_need(key, use)
            and self._is_sure(definition.path, key, use)
        }
        return len(using) == len(self.problem.body(definition).variants)

    def _is_sure(self, path: str, key: SiteKey, use: Use) -> bool:
        """Tell whether the use needs the state whichever definition of its macro holds."""
        site, calls = self.problem.fetch_by_key.get(key), self.problem.calls_by_key.get(key)
        if site is not None:
            index = site.macro
        elif calls:
            index = calls[0][1].macro.index if calls[0][1].macro else -1
        else:
            return self._always_needs(path, use.name, frozenset())
        return index < 0 or self._always_needs(path, self.problem.program.macros[index].name, frozenset())

    def _always_needs(self, path: str, name: str, seen: frozenset[str]) -> bool:
        macros = self.problem.graph.resolver.macros(path, name)
        return bool(macros) and all(self._macro_needs(macro, seen | {name}) for macro in macros)

    def _macro_needs(self, macro: MacroDefinition, seen: frozenset[str]) -> bool:
        if any(self._is_active(key) for key in self.problem.macro_sites.get(macro.index, ())):
            return True
        inner = {m.name for m in self.problem.graph.macros_in(macro)} - seen
        return any(self._always_needs(macro.path, name, seen) for name in inner)

    def _needs_state(self, definition: Definition) -> bool:
        return any(
            any(self._is_need(key, use) for use in uses if use.point.at_entry_value)
            and not self._is_provided(definition, uses)
            for key, uses in self.problem.uses(definition).items()
        )

    def _is_provided(self, definition: Definition, uses: list[Use]) -> bool:
        """Tell whether a parameter carries the state at *uses*, and the settings prefer that."""
        if self.problem.state.prefer != "provided":
            return False
        problem = self.problem
        return bool(find_provided(problem.providers, problem.members, problem.body(definition), uses))

    def _is_need(self, key: SiteKey, use: Use) -> bool:
        if key in self.problem.fetch_by_key or key in self.problem.calls_by_key:
            return self._is_active(key)
        if use.name in self.problem.chances.pairs:
            return self.problem.redirects_all(key[0])
        return any(self._is_active(site) for site in self.problem.sites_through.get(use.name, ()))

    def _is_active(self, key: SiteKey) -> bool:
        """Tell whether the site needs a variable: a fetch, or a call of a threaded function, and if in a
        macro's body one that takes a variable."""
        site = self.problem.fetch_by_key.get(key)
        if site is not None and self.problem.fixed_reason(key) is not None:
            return False
        if site is not None:
            return site.macro < 0 or site.macro in self.solution.captured
        for symbol, mention in self.problem.calls_by_key.get(key, ()):
            if symbol.key in self.solution.threaded and self._takes_state(symbol, mention):
                if mention.macro is None or mention.macro.index in self.solution.captured:
                    return True
        return False

    def _takes_state(self, symbol: Symbol, mention: CallMention) -> bool:
        return takes_state(self.problem, symbol, self.solution.twinning.get(symbol.key), mention)

    # what follows from it

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
        released = self._release(failed)
        hidden = self._pin_hidden()
        for symbol in conflicts:
            names = ", ".join(self.problem.state.names)
            self.solution.pins[symbol.key].append(
                self._pin(symbol, "name-taken", f"none of the names {names} is free")
            )
        return released or hidden or bool(conflicts)

    def _decide_function(self, definition: Definition, threaded: dict[SymbolKey, int]) -> FunctionDecision:
        return FunctionDecider(
            self.problem,
            definition,
            threaded,
            self.solution.captured,
            self.solution.twinning,
            self._wanted(definition),
            is_later=(definition.name, definition.path) in self._constraints.later,
        ).decide()

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
        found = find_unprofitable(self.problem, self.solution.threaded, self.solution.decisions)
        for symbol, pin in found:
            self.solution.pins[symbol.key].append(pin)
        return bool(found)

    def _wanted(self, definition: Definition) -> str:
        return self._constraints.names.get((definition.name, definition.path), "")
