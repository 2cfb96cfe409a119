"""Which parameters bring the current state, and which may bring another."""

from collections import defaultdict
from fnmatch import fnmatchcase
from functools import cached_property
from typing import TYPE_CHECKING

from clew.detect.accessors import FetchSite
from clew.detect.parameters import read_parameters
from clew.detect.spelled_type import same_type, type_words
from clew.link.mentions import Symbol, symbol_key
from clew.link.program import Definition
from clew.parse.flow import CallOp
from clew.plan.fixed import bound_name
from clew.plan.holding import Proof, named_holder, prove_holders

if TYPE_CHECKING:
    from clew.plan.problem import Problem, SymbolKey


class Bringers:
    """Answers for the functions of one *problem*."""

    def __init__(self, problem: "Problem") -> None:
        self._problem = problem
        self._known: dict[int, dict[int, str]] = {}

    def state_parameters(self, definition: Definition) -> dict[int, str]:
        """Return the positions and names of *definition*'s parameters that have the state's type."""
        if definition.index not in self._known:
            self._known[definition.index] = self._read_state_parameters(definition)
        return self._known[definition.index]

    def _read_state_parameters(self, definition: Definition) -> dict[int, str]:
        if not self.may_have_state(definition):
            return {}  # reading them takes longer
        found = read_parameters(self._problem.program, definition.path, definition.function.header)
        return {
            i: parameter.name
            for i, parameter in enumerate(found)
            if parameter.name and same_type(parameter.type, self._problem.state.type)
        }

    def may_have_state(self, definition: Definition) -> bool:
        """Tell whether the parameters of *definition* name the state's type."""
        text = definition.function.header.params.of(self._problem.program.facts[definition.path].masked)
        return all(word in text for word in type_words(self._problem.state.type))

    def holder_parameters(self, definition: Definition) -> frozenset[int]:
        """Return the positions of parameters that bring the current state."""
        parameters = self.state_parameters(definition)
        if not parameters:
            return frozenset()
        if self._problem.state.holders == "named":
            named = named_holder(definition, self._problem.state, parameters)
            return frozenset(i for i in named if not self._fetches_beside(definition, parameters[i]))
        position = self._proved.get(symbol_key(definition))
        return frozenset() if position is None else frozenset({position})

    def other_parameters(self, definition: Definition) -> list[str]:
        """Return the names of parameters that bring another state, as the settings say."""
        listed = any(fnmatchcase(definition.name, pattern) for pattern in self._problem.state.others)
        return list(self.state_parameters(definition).values()) if listed else []

    def may_bring_state(self, symbol: Symbol) -> bool:
        """Tell whether a parameter of *symbol* has the state's type and may be the current state: neither do
        the settings say that it is another, nor does a call show it."""
        positions = {i for definition in symbol.definitions for i in self.state_parameters(definition)}
        if not positions or any(fnmatchcase(symbol.name, pattern) for pattern in self._problem.state.others):
            return False
        return not all(self._shows_other(symbol, position) for position in positions)

    def _shows_other(self, symbol: Symbol, position: int) -> bool:
        """Tell whether some call passes the address of a variable that is not the state, which is one."""
        if not all(accessor.object for accessor in self._problem.state.accessors):
            return False
        for mention in symbol.calls:
            body = None if mention.definition is None else self._problem.body(mention.definition)
            for op in () if body is None else body.ops_at(mention.call.name_span.start):
                if isinstance(op, CallOp) and op.callee == symbol.name and position < len(op.args):
                    given = op.args[position]
                    if given.kind == "address" and given.name not in self._problem.effects.objects:
                        return True
        return False

    def _fetches_beside(self, definition: Definition, parameter: str) -> bool:
        """Tell whether *definition* fetches into another variable than *parameter*, as one does that works
        on a state which need not be the current one."""
        masked = self._problem.program.facts[definition.path].masked
        paths, sites = (
            [path for _, path in self._problem.state.derived],
            self._sites_in.get(definition.index, ()),
        )
        return bool({bound_name(masked, site, paths) for site in sites} - {"", parameter})

    @cached_property
    def _sites_in(self) -> dict[int, list[FetchSite]]:
        found: dict[int, list[FetchSite]] = defaultdict(list)
        for site in self._problem.fetch_sites:
            found[site.definition].append(site)
        return found

    @cached_property
    def _proved(self) -> "dict[SymbolKey, int]":
        """Positions of parameters that every caller proves to be the current state."""
        found = (
            self._problem.program.definitions[i] for kind, i in self._problem.near_fetches() if kind == "f"
        )
        roots = [d for d in found if self._problem.in_scope(d.path) and self.state_parameters(d)]
        if not roots:
            return {}
        proof = Proof(
            self._problem.program,
            self._problem.graph.resolver,
            self._problem.settings,
            self._problem.state,
            self.state_parameters,
            self._problem.body_trusting,
            self._problem.graph.is_called_otherwise,
        )
        return prove_holders(proof, roots)
