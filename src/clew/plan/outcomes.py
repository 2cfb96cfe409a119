"""Every fetch gets exactly one outcome, and every outcome but "rewritten" a reason."""

from collections.abc import Iterator

from clew.detect.accessors import FetchSite, name_around
from clew.detect.body import SiteKey, Use
from clew.detect.pin import Pin
from clew.link.mentions import symbol_key
from clew.link.program import Definition
from clew.parse.flow import AddressOp, ReadOp, WriteOp
from clew.plan.decide import FunctionDecision
from clew.plan.evidence import change_chain
from clew.plan.model import FetchDecision, Outcome, Place, Refusal
from clew.plan.problem import Problem
from clew.plan.solution import Solution

_AS_VALUE = "it is named without being called, and what fetches by way of it is not followed"
PIN_WHY = "{name} is pinned: {why}"


def place_of(problem: Problem, path: str, offset: int) -> Place:
    """Return the place of *offset* in *path* for people."""
    position = problem.program.sources[path].position(offset)
    return Place(path, offset, position.line, position.column)


class Outcomes:
    """Works out the outcome of every fetch in scope, with refusals for those that stay unexplained."""

    def __init__(self, problem: Problem, solution: Solution) -> None:
        self.problem, self.solution = problem, solution
        self.refusals: list[Refusal] = []
        self._rewritten = {
            (fetch.site.path, fetch.site.span.start)
            for decision in solution.decisions.values()
            for fetch in decision.fetches
        }
        self._removed = [
            (removed.path, span)
            for decision in solution.decisions.values()
            for removed in decision.removed
            for span in removed.spans
        ]
        self._moved = {key for decision in solution.decisions.values() for key in decision.moved}
        self._first_kept: set[int] = set()
        self._uses: dict[int, dict[SiteKey, list[Use]]] = {}

    def all(self) -> Iterator[FetchDecision]:
        """Yield the decision of every fetch of the tree that clew may edit."""
        for site in self.problem.fetch_sites:
            if self.problem.in_scope(site.path):
                found = self._of(site)
                if found is not None:
                    outcome, why, function = found
                    place = place_of(self.problem, site.path, site.span.start)
                    yield FetchDecision(place, function, site.spelled.accessor.spelling, outcome, why)
        for site in self.problem.named_accessors:
            if self.problem.in_scope(site.path) and self._is_counted(site):
                name = name_around(self.problem.program, site)
                outcome, why, function = self._refuse(site, name, "accessor-as-value", _AS_VALUE)
                place = place_of(self.problem, site.path, site.span.start)
                yield FetchDecision(place, function, site.spelled.name, outcome, why)

    def _is_counted(self, site: FetchSite) -> bool:
        """Tell whether an accessor that is only named at *site* is in scope, and no local of that name."""
        if site.definition < 0:
            return not self.problem.scope.is_named
        definition = self.problem.program.definitions[site.definition]
        is_threaded = symbol_key(definition) in self.solution.threaded
        return self.problem.edits_fetches(definition, is_threaded=is_threaded) and not self.problem.body(
            definition
        ).names_local(site.spelled.name, site.span.start)

    def _of(self, site: FetchSite) -> tuple[Outcome, str, str] | None:
        if self.problem.scope.is_named and site.definition < 0:
            return None
        if site.macro >= 0:
            return self._of_macro(site)
        if site.definition < 0:
            if site.spelled.kind == "call":
                return self._refuse(
                    site, "", "outside-function", "it stands outside any function that clew can read"
                )
            return None  # the declaration of the variable, or a name at file scope
        return self._in_function(site, self.problem.program.definitions[site.definition])

    def _split_into(self, definition: Definition) -> str:
        """Return the twin to which the body of *definition* goes, or ""."""
        twinning = self.solution.twinning.get(symbol_key(definition))
        return "" if twinning is None or twinning.form == "rename" else twinning.twin

    def _in_function(self, site: FetchSite, definition: Definition) -> tuple[Outcome, str, str] | None:
        is_threaded = symbol_key(definition) in self.solution.threaded
        if not self.problem.edits_fetches(definition, is_threaded=is_threaded):
            return None  # the scope names functions, and this is none of them
        if not self._is_fetch(site, definition):
            return None
        key = (site.path, site.span.start)
        twin = self._split_into(definition) if is_threaded else ""
        if twin and definition.index not in self._first_kept:
            self._first_kept.add(definition.index)
            return "boundary", f"the wrapper of {twin} fetches", definition.name
        if key in self._moved:
            return self._kept(site, definition)
        if key in self._rewritten or any(
            p == site.path and site.span.start in span for p, span in self._removed
        ):
            return "rewritten", "a variable holds the state here", definition.name
        return self._kept(site, definition)

    def _is_fetch(self, site: FetchSite, definition: Definition) -> bool:
        """Tell whether the spelling is a use of the state, not a local's name or an assignment to it."""
        if site.spelled.kind == "call":
            return True
        body = self.problem.body(definition)
        if body.names_local(site.spelled.name, site.span.start):
            return False
        ops = list(body.ops_at(site.span.start))
        writes = [op for op in ops if isinstance(op, WriteOp) and not op.member]
        reads = [
            op for op in ops if isinstance(op, ReadOp | AddressOp) or (isinstance(op, WriteOp) and op.member)
        ]
        addresses = site.spelled.kind == "variable" and all(isinstance(op, AddressOp) for op in reads)
        return not (writes or (reads and addresses))

    def _of_macro(self, site: FetchSite) -> tuple[Outcome, str, str]:
        macro = self.problem.program.macros[site.macro]
        if site.macro in self.solution.captured:
            return "rewritten", "every function that uses the macro holds the state", macro.name
        return "boundary", "the macro is used where no variable is at hand", macro.name

    def _kept(self, site: FetchSite, definition: Definition) -> tuple[Outcome, str, str]:
        if not self.problem.body(definition).parsed.parsed:
            return self._refuse(site, definition.name, "unparsed", "its function could not be parsed")
        uses = self._uses_of(definition).get((site.path, site.span.start), [])
        if not uses:
            return self._refuse(site, definition.name, "not-executed", "no executed expression contains it")
        fixed = self.problem.fixed_reason((site.path, site.span.start))
        if fixed is not None:
            return self._refuse(site, definition.name, *fixed)
        decision = self.solution.decisions.get(definition.index)
        if decision is not None and (site.path, site.span.start) in decision.compared:
            why = "it is compared with the variable that would replace it, so it checks that variable"
            return self._refuse(site, definition.name, "compared", why)
        symbol = self.problem.symbols.get(symbol_key(definition))
        pins = self.solution.pins.get(symbol_key(definition), [])
        is_threaded = symbol is not None and symbol.key in self.solution.threaded
        if not is_threaded and definition.index not in self._first_kept:
            if pins or symbol is None:
                self._first_kept.add(definition.index)
                return "boundary", self._boundary_why(definition, pins), definition.name
        if any(use.point.scrambled for use in uses):
            return self._refuse(
                site, definition.name, "unsequenced", "a state change in the same expression is unsequenced"
            )
        if not all(use.point.at_entry_value for use in uses):
            return self._refuse_change(site, definition, uses)
        names = self.problem.names_accessor(definition, is_threaded=is_threaded)
        if names or (self.problem.state.boundary == "inline" and not is_threaded):
            return "boundary", self._boundary_why(definition, pins), definition.name
        return self._refuse(site, definition.name, *self._why_apart(definition, is_threaded=is_threaded))

    def _why_apart(self, definition: Definition, *, is_threaded: bool) -> tuple[str, str]:
        """Return code and words for a fetch that no variable serves although the entry's state is current."""
        if is_threaded:
            return "name-taken", "the parameter's name means something else here, or it has another value"
        if not any(self.problem.names.is_free(name, definition) for name in self.problem.state.names):
            return "name-taken", "no name is free for a variable that would serve more than one fetch"
        return "separate-paths", "one fetch for both would make some path fetch that does not need the state"

    def _uses_of(self, definition: Definition) -> dict[SiteKey, list[Use]]:
        if definition.index not in self._uses:
            self._uses[definition.index] = self.problem.uses(definition)
        return self._uses[definition.index]

    def _boundary_why(self, definition: Definition, pins: list[Pin]) -> str:
        if pins:
            return PIN_WHY.format(name=definition.name, why=pins[0].why)
        return f"{definition.name} is outside the scope of threading"

    def _refuse_change(
        self, site: FetchSite, definition: Definition, uses: list[Use]
    ) -> tuple[Outcome, str, str]:
        chain = change_chain(self.problem, definition, uses)
        why = "the state may have changed since the function was entered"
        self.refusals.append(
            Refusal(
                "state-may-change",
                place_of(self.problem, site.path, site.span.start),
                definition.name,
                why,
                chain,
            )
        )
        return "refused", why, definition.name

    def _refuse(self, site: FetchSite, function: str, code: str, why: str) -> tuple[Outcome, str, str]:
        place = place_of(self.problem, site.path, site.span.start)
        self.refusals.append(Refusal(code, place, function or site.spelled.accessor.spelling, why))
        return "refused", why, function


def describe_decision(decision: FunctionDecision) -> str:
    """Return how a boundary gets the state: "local", "inline" or "held"."""
    if decision.inserted:
        return "local"
    return "inline" if decision.inline else "held"
