"""The result of planning, twice: a `Plan` for people and JSON, `Decisions` for the rewriter."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import field, replace
from functools import cached_property

from clew.detect.body import SiteKey
from clew.link.mentions import Symbol
from clew.link.program import Definition, Program
from clew.plan.assemble import assemble, parameter_of
from clew.plan.chains import reason_chains
from clew.plan.constraints import Constraints
from clew.plan.decisions import Decisions
from clew.plan.model import (
    Boundary,
    FetchBalance,
    FetchDecision,
    Plan,
    Refusal,
    ThreadedFunction,
    ThreadedMacro,
)
from clew.plan.outcomes import Outcomes, describe_decision, place_of
from clew.plan.problem import Problem, SymbolKey
from clew.plan.scope import scope_data
from clew.plan.solution import Solution
from clew.plan.solver import Solver
from clew.plan.unpaste import find_kept
from clew.scan import identifiers
from clew.text.record import record


@record()
class Planned:
    """A plan with what the rewriter needs to carry it out."""

    plan: Plan
    decisions: Decisions
    program: Program | None = None  # a view that the decisions are about (see `clew.plan.unpaste`)
    kept: Mapping[str, str] = field(default_factory=dict)  # what the view shows and the plan does not thread


def make_plan(problem: Problem, constraints: Constraints) -> Planned:
    """Solve *problem* and write the plan; raise `AssertionError` if a fetch has no outcome."""
    solution = Solver(problem, constraints).solve()
    kept = find_kept(problem.unpasted.values(), solution)
    return replace(_Builder(problem, solution).build(), kept=kept)


def _check_balance(fetches: tuple[FetchDecision, ...], refusals: list[Refusal]) -> None:
    """Make sure that every fetch has one outcome and every refused one its refusal."""
    places = [fetch.place for fetch in fetches]
    if len(set(places)) != len(places):
        raise AssertionError("a fetch has two outcomes")
    refused = {fetch.place for fetch in fetches if fetch.outcome == "refused"}
    if refused != {refusal.place for refusal in refusals}:
        raise AssertionError("refused fetches and refusals differ")


class _Builder:
    def __init__(self, problem: Problem, solution: Solution) -> None:
        self.problem, self.solution = problem, solution

    def build(self) -> Planned:
        decisions = assemble(self.problem, self.solution)
        outcomes = Outcomes(self.problem, self.solution)
        fetches = tuple(outcomes.all())
        _check_balance(fetches, outcomes.refusals)
        refusals = [*outcomes.refusals, *self._pin_refusals()]
        refusals.sort(key=lambda r: (r.place.path, r.place.offset, r.code, r.subject))
        plan = Plan(
            state=self.problem.state.name,
            scope=scope_data(self.problem.scope),
            files=self._files(decisions),
            functions=tuple(self._functions()),
            boundaries=tuple(self._boundaries()),
            macros=tuple(self._macros()),
            fetches=fetches,
            balance=tuple(self._balance()),
            refusals=tuple(dict.fromkeys(refusals)),
        )
        return Planned(plan, decisions)

    def _files(self, decisions: Decisions) -> dict[str, str]:
        symbols = [parameter.symbol for parameter in decisions.parameters]
        paths = {definition.path for symbol in symbols for definition in symbol.definitions}
        paths |= {prototype.path for symbol in symbols for prototype in symbol.prototypes}
        paths |= {path for twin in decisions.twins for path in twin.touched}
        paths |= {fetch.site.path for fetch in decisions.fetches}
        paths |= {call.path for call in decisions.calls} | {call.path for call in decisions.redirects}
        paths |= {local.path for local in decisions.removed} | {local.path for local in decisions.inserted}
        paths |= {line.path for line in decisions.heads} | {one.path for one in decisions.unpasted}
        paths |= {path for one in decisions.exposed for path in (one.definition.path, one.home)}
        sources = self.problem.program.sources
        return {path: hashlib.sha256(sources[path].to_bytes()).hexdigest() for path in sorted(paths)}

    def _functions(self) -> list[ThreadedFunction]:
        found = []
        reasons = reason_chains(self.problem, self.solution.threaded)
        for key, position in sorted(
            self.solution.threaded.items(), key=lambda item: (item[0][1], item[0][0])
        ):
            symbol = self.problem.symbols[key]
            first = symbol.definitions[0]
            line = (
                self.problem.program.sources[first.path].position(first.function.header.name_span.start).line
            )
            found.append(
                ThreadedFunction(
                    symbol.name,
                    first.path,
                    line,
                    parameter_of(self.problem, self.solution, symbol),
                    position,
                    0 if key in self.problem.unpasted else len(symbol.calls),  # those pass the state already
                    reasons[key],
                )
            )
        return found

    def _callees(self, site: SiteKey) -> list[SymbolKey]:
        called = self.problem.calls_by_key.get(site, ())
        return [symbol.key for symbol, _ in called if symbol.key in self.solution.threaded]

    def _boundaries(self) -> list[Boundary]:
        found = []
        for index, decision in sorted(self.solution.decisions.items()):
            definition = self.problem.program.definitions[index]
            symbol = self.problem.symbol_of(definition)
            if not decision.calls or (symbol is not None and symbol.key in self.solution.threaded):
                continue
            pins = self.solution.pins.get(symbol.key, []) if symbol is not None else []
            line = self.problem.program.sources[definition.path].position(definition.function.span.start).line
            variable = decision.inserted[0].name if decision.inserted else decision.calls[0].argument
            code, why = (
                (pins[0].code, pins[0].why) if pins else ("out-of-scope", self._why_outside(definition))
            )
            style = describe_decision(decision)
            found.append(Boundary(definition.name, definition.path, line, style, variable, code, why))  # type: ignore[arg-type]
        return found

    def _why_outside(self, definition: Definition) -> str:
        linkage = self.problem.scope.linkage
        if linkage == "static" and not definition.static:
            return "it is not static, and only static functions are threaded (see --linkage)"
        return "it is outside the scope of threading"

    def _macros(self) -> list[ThreadedMacro]:
        found = []
        for index, variable in sorted(self.solution.captured.items()):
            macro = self.problem.program.macros[index]
            if any(self._is_rewritten(key) for key in self.problem.macro_sites[index]):
                line = self.problem.program.sources[macro.path].position(macro.macro.name_span.start).line
                found.append(ThreadedMacro(macro.name, macro.path, line, variable))
        return found

    def _is_rewritten(self, key: SiteKey) -> bool:
        return key in self.problem.fetch_by_key or bool(self._callees(key))

    def _balance(self) -> list[FetchBalance]:
        found = []
        for index, decision in sorted(self.solution.decisions.items()):
            definition = self.problem.program.definitions[index]
            removed = len(decision.fetches) + sum(1 for r in decision.removed for _ in r.spans[-1:])
            added = len(decision.inserted) + len(decision.inline)
            if removed or added:
                found.append(FetchBalance(definition.name, definition.path, removed, added))
        return found

    def _pin_refusals(self) -> list[Refusal]:
        """Functions that fetch or would be threaded, and are pinned: each with its first reason.  One whose
        own parameter is the state lacks nothing, so that nothing is refused."""
        found = []
        for key, pins in self.solution.pins.items():
            symbol = self.problem.symbols[key]
            if any(pin.code == "has-parameter" for pin in pins):
                continue
            if pins and self._would_thread(symbol):
                pin = pins[0]
                place = place_of(self.problem, pin.path, pin.span.start)
                found.append(
                    Refusal(pin.code, place, symbol.name, f"{symbol.name} keeps its signature: {pin.why}")
                )
        return found

    def _would_thread(self, symbol: Symbol) -> bool:
        return any(
            self._is_rewritten(site)
            for definition in symbol.definitions
            if any(map(self._is_rewritten, self._sites_in(definition)))  # else it need not be parsed
            for site in self.problem.uses(definition)
        )

    def _sites_in(self, definition: Definition) -> Iterator[SiteKey]:
        """Yield the fetches and calls of candidates that *definition* may make, by its text."""
        problem = self.problem
        yield from self._fetches_in.get(definition.index, ())
        yield from problem.calls_in.get(definition.index, ())
        code = definition.function.span.of(problem.program.facts[definition.path].masked)
        for word in identifiers(code) if problem.sites_through else ():
            yield from problem.sites_through.get(word, ())

    @cached_property
    def _fetches_in(self) -> dict[int, list[SiteKey]]:
        found: dict[int, list[SiteKey]] = {}
        for key, site in self.problem.fetch_by_key.items():
            found.setdefault(site.definition, []).append(key)
        return found
