"""What a variable in hand makes better: calls of wrappers, and states that hang off this one.

In a holder a call of a wrapper becomes one of its twin (*redirect*), and a fetch of another state becomes
a path from the variable (*derive*).  Neither makes a function need the state: without a variable at hand
both stay as they are.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from clew.config.settings import State
from clew.detect.accessors import FetchSite, find_fetch_sites, spelled_accessors
from clew.detect.body import SiteKey
from clew.detect.twins import Pair, PairFinder
from clew.link.graph import CallGraph
from clew.link.program import Definition, Program
from clew.parse.flow import AddressOp, CallOp, Op, ReadOp
from clew.plan.providers import may_provide

if TYPE_CHECKING:
    from clew.plan.problem import Problem


class Chances:
    """The pairs of one state, and the accessors derived from it."""

    def __init__(self, program: Program, graph: CallGraph, state: State, finder: PairFinder) -> None:
        self._program, self._graph, self._state, self._finder = program, graph, state, finder
        self._pair_at: dict[tuple[str, str], Pair | None] = {}

    def find_pairs(self, sites: tuple[FetchSite, ...]) -> None:
        """Look for wrappers among the functions and macros in which *sites* stand."""
        if self._state.redirect == "off" and not self._state.redirect_files:
            return
        for pair in self._finder.find(sites):
            self.pairs.setdefault(pair.wrapper, []).append(pair)
        for pair in [pair for found in self.pairs.values() for pair in found]:
            for definition in self._callers(pair):
                other = self._finder.of_caller(definition, pair)
                if other is not None:
                    self.pairs.setdefault(other.wrapper, []).append(other)

    def _callers(self, pair: Pair) -> list[Definition]:
        """Return the functions of the wrapper's file that call it, and are no wrappers yet."""
        calling = (self._program.definitions[index] for index in self._calling(pair))
        return [d for d in calling if d.path == pair.path and not self.is_wrapper(d)]

    def _calling(self, pair: Pair) -> Iterable[int]:
        """Return who calls the wrapper of *pair*.  Who takes no state matters in its file alone, unless
        the settings want all calls of wrappers redirected."""
        all_matter = self._state.redirect == "all" or self._state.redirect_files
        return self._graph.functions_calling(pair.wrapper, None if all_matter else pair.path)

    @cached_property
    def pairs(self) -> dict[str, list[Pair]]:
        """Pairs by the wrapper's name."""
        return {}

    def is_wrapper(self, definition: Definition) -> bool:
        """Tell whether *definition* is known as a wrapper of its twin."""
        at = definition.function.header.name_span.start
        return any(p.path == definition.path and p.at == at for p in self.pairs.get(definition.name, ()))

    @cached_property
    def derived(self) -> dict[SiteKey, FetchSite]:
        """The derived accessors in functions, by the place where their operation is written."""
        own = set(spelled_accessors(self._state, derived=False))
        spelled = spelled_accessors(self._state, derived=True)
        found = (s for s in find_fetch_sites(self._program, spelled) if s.spelled not in own)
        return {(s.path, s.span.start): s for s in found if s.definition >= 0}

    @cached_property
    def _derived_names(self) -> frozenset[str]:
        return frozenset(site.spelled.name for site in self.derived.values())

    def name_of(self, op: Op) -> str | None:
        """Return the name that *op* mentions when it may be a chance."""
        if isinstance(op, CallOp):
            return op.callee if op.callee in self.pairs or op.callee in self._derived_names else None
        if isinstance(op, ReadOp | AddressOp):
            return op.name if op.name in self._derived_names else None
        return None

    def pair_at(self, path: str, op: Op) -> Pair | None:
        """Return the pair whose wrapper the call *op*, written in the text of *path*, means for certain."""
        if not isinstance(op, CallOp) or op.open < 0 or op.callee not in self.pairs:
            return None
        if op.origin.macros and not op.origin.in_argument:
            return None
        key = (path, op.callee)
        if key not in self._pair_at:
            self._pair_at[key] = self._resolve(path, op.callee)
        return self._pair_at[key]

    def _resolve(self, path: str, name: str) -> Pair | None:
        places = {
            (d.path, d.function.header.name_span.start) for d in self._graph.resolver.functions(path, name)
        }
        places |= {(m.path, m.macro.name_span.start) for m in self._graph.resolver.macros(path, name)}
        found = {(pair.path, pair.at): pair for pair in self.pairs[name]}
        meant = {(found[p].twin, found[p].position) for p in places if p in found}
        if len(meant) != 1 or not all(place in found for place in places):
            return None
        return found[next(iter(places))]

    @cached_property
    def definitions(self) -> dict[int, set[str]]:
        """The names of chances by the function in which they may stand."""
        found: dict[int, set[str]] = defaultdict(set)
        for pair in (pair for pairs in self.pairs.values() for pair in pairs):
            for index in self._calling(pair):
                found[index].add(pair.wrapper)
        for site in self.derived.values():
            found[site.definition].add(site.spelled.name)
        return found


def functions_with_chances(problem: "Problem") -> Iterator[int]:
    """Yield the functions in scope that have the state at hand and may use it for more, by their numbers."""
    for index in problem.chances.definitions:
        one = problem.program.definitions[index]
        if not problem.in_scope(one.path):
            continue
        may_all = problem.redirects_all(one.path) and not problem.chances.is_wrapper(one)
        if (
            may_all
            or problem.bringers.state_parameters(one)
            or may_provide(problem.program, one, problem.providers)
        ):
            yield index
