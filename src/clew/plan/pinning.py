"""Who keeps the signature, whoever else is threaded."""

from collections.abc import Iterator

from clew.detect.accessors import spelled_accessors
from clew.detect.lists import is_silent
from clew.detect.pin import Pin, PinContext
from clew.detect.pins import find_pins
from clew.detect.unread import words_beyond_reading
from clew.link.mentions import CallMention, Symbol, symbol_key
from clew.link.paste import PasteIndex
from clew.link.program import Definition
from clew.parse.flow import CallOp
from clew.plan.constraints import Constraints
from clew.plan.position import choose_position
from clew.plan.problem import Problem, SymbolKey
from clew.plan.scope import is_threadable
from clew.plan.settle import settle_mentions
from clew.plan.solution import Solution
from clew.plan.twinning import choose_twinning
from clew.plan.unpaste import unpasting_pins


def pin_at_home(symbol: Symbol, code: str, why: str) -> Pin:
    """Return a pin whose place is the definition of *symbol*."""
    first = symbol.definitions[0]
    return Pin(code, first.path, first.function.header.name_span, why)


class Pinning:
    """Finds pins and notes them in *solution*, with how symbols are split; *positions* says where each would
    take the parameter."""

    def __init__(self, problem: Problem, solution: Solution, constraints: Constraints) -> None:
        self.problem, self.solution = problem, solution
        self._constraints = constraints
        self.positions: dict[SymbolKey, int] = {}

    def find(self) -> None:
        """Pin what the text, the settings and the plan that a person gave speak against."""
        problem = self.problem
        context = PinContext(
            problem.program,
            problem.settings,
            problem.in_scope,
            problem.scope.linkage == "any",
            problem.state.type,
            problem.visibility.type_hidden,
            words_beyond_reading(problem.program),
        )
        derived = {one.name for one in spelled_accessors(problem.state, derived=True) if one.kind == "call"}
        for symbol in problem.symbols.values():
            settle_mentions(problem, symbol)
            if symbol.key not in problem.pins:
                problem.pins[symbol.key] = tuple(find_pins(symbol, context))
            pins = list(problem.pins[symbol.key])
            if symbol.key in problem.unpasted:  # calls stay as they are written
                pins = [pin for pin in pins if pin.code != "called-out-of-scope"]
            if symbol.name in problem.effects.fetch_calls or symbol.name in derived:
                pins.append(pin_at_home(symbol, "accessor", "it is an accessor itself"))
            if any(problem.bringers.holder_parameters(definition) for definition in symbol.definitions):
                pins.append(
                    pin_at_home(symbol, "has-parameter", "one of its parameters is the state already")
                )
            elif problem.bringers.may_bring_state(symbol):
                why = "a parameter of the state's type is not known to be the current state"
                pins.append(pin_at_home(symbol, "other-state", why))
            pins += self._choose_position(symbol)
            if switching := self._find_switching(symbol):
                pins.append(pin_at_home(symbol, "listed", switching))
            allowed = self._constraints.allowed
            if allowed is not None and (symbol.name, symbol.definitions[0].path) not in allowed:
                pins.append(pin_at_home(symbol, "listed", "the plan leaves it out"))
            pins += self._find_stringified(symbol)
            self.solution.pins[symbol.key] = self._choose_twinning(symbol, pins)
            symbol.prototypes = [m for m in symbol.prototypes if not is_silent(problem.program, symbol, m)]
        self._find_pasted()

    def _choose_position(self, symbol: Symbol) -> list[Pin]:
        """Note where *symbol* takes the parameter; return what stands against it."""
        unpasted = self.problem.unpasted.get(symbol.key)
        if unpasted is not None:
            self.positions[symbol.key] = unpasted.position
            return list(unpasting_pins(self.problem, symbol, unpasted))
        found = choose_position(self.problem.program, self.problem.state, symbol)
        self.positions[symbol.key], misplaced = found
        return misplaced

    def _find_switching(self, symbol: Symbol) -> str:
        """Say why a function that the settings list should not have the state, unless somebody asks for it by
        name: what makes another state current, or never returns, is called when there may be none."""
        if any(definition.index in self.problem.asked for definition in symbol.definitions):
            return ""
        if any(changer.name == symbol.name for changer in self.problem.state.changers):
            return "the settings list it among what makes another state current"
        listed = symbol.name in self.problem.state.noreturn
        return "the settings list it among what does not return" if listed else ""

    def _choose_twinning(self, symbol: Symbol, pins: list[Pin]) -> list[Pin]:
        """Note how *symbol* is split or renamed; return the pins that are left."""
        known = self.problem.chances.pairs.get(symbol.name, ())
        closed = not all(is_threadable(one, self.problem.scope) for one in symbol.definitions)
        if known:
            asked = dict(self.problem.state.twins).get(symbol.name)
            done = [pair.twin for pair in known if closed or pair.twin == asked]
            why = f"it is a wrapper already, and {done[0]} its twin" if done else ""
            return [*pins, pin_at_home(symbol, "twin-name-taken", why)] if done else pins
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
        unpinned = (symbol for symbol in self.problem.symbols.values() if not self.is_pinned(symbol))
        free = [symbol for symbol in unpinned if not self._is_wrapped(symbol)]
        builders = PasteIndex(self.problem.program).builders(symbol.key for symbol in free)
        for symbol in free:
            if symbol.key in builders:
                macro = builders[symbol.key]
                why = f"the macro {macro.name} may build its name with ##"
                kept = self.problem.pasted.kept.get(symbol.name, "")
                why += f", and stays: {kept}" if kept else ""
                self.solution.pins[symbol.key].append(
                    Pin("pasted-name", macro.path, macro.macro.name_span, why)
                )

    def is_pinned(self, symbol: Symbol) -> bool:
        """Tell whether *symbol* keeps its signature."""
        return bool(self.solution.pins[symbol.key])

    def check_calls(self) -> None:
        """Pin what has a call that the control flow does not show, or that cannot be rewritten."""
        for symbol in self.problem.symbols.values():
            if self.is_pinned(symbol):
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
                pin_at_home(symbol, "unparsed", "its body could not be parsed")
            )

    def _check_call(self, symbol: Symbol, mention: CallMention, caller: Definition) -> None:
        body = self.problem.body(caller)
        if not body.parsed.parsed:
            self._add(symbol, "caller-unparsed", mention, f"its caller {caller.name} could not be parsed")
            return
        at = mention.call.name_span.start
        if not body.is_call_at(at, symbol.name):
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
                if symbol is not None and isinstance(uses[0].op, CallOp) and not self.is_pinned(symbol):
                    span = uses[0].op.origin.span
                    why = f"{caller.name} calls it by a name that a macro makes"
                    self.solution.pins[symbol.key].append(Pin("pasted-name", caller.path, span, why))

    def _add(self, symbol: Symbol, code: str, mention: CallMention, why: str) -> None:
        self.solution.pins[symbol.key].append(Pin(code, mention.path, mention.call.name_span, why))
