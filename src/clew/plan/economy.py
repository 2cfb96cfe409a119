"""``goal = "fewer-fetches"``: a function is threaded only where some path fetches less often for it, and no
path more often.

A caller that has to fetch for a call gains nothing where the function fetched on each of its paths, and
loses where it did not: maintainers do not take a fetch that merely moves up one level.  Savings are calls
whose caller holds the state anyway, be it in a local that other calls ask for, and locals that serve two uses
on one path.  Functions that fail are pinned and the fixed point is computed again; what fails once fails with
fewer threaded functions as well.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from clew.detect.body import SiteKey
from clew.detect.pin import Pin
from clew.link.mentions import Symbol
from clew.link.program import Definition
from clew.plan.decide import FunctionDecision
from clew.plan.decisions import PassState, Redirect
from clew.plan.place import Placement, is_served
from clew.plan.problem import Problem, SymbolKey
from clew.text.span import Span

_CODE = "no-fewer-fetches"

# where a function would declare locals if another one were not threaded
PlacesWithout = Callable[[Definition, SymbolKey], list[Placement]]


@dataclass(slots=True)
class _Account:
    """What threading one function costs: *paid* are calls for which the caller has to fetch, *saves* tells
    that some call or path needs no fetch any more."""

    paid: list[tuple[str, Span]] = field(default_factory=list)
    saves: bool = False


def find_unprofitable(
    problem: Problem,
    threaded: dict[SymbolKey, int],
    decisions: dict[int, FunctionDecision],
    places_without: PlacesWithout,
) -> list[tuple[Symbol, Pin]]:
    """Return the functions of *threaded* that save no fetch, or add one to some path, with the reason."""
    always = _always_fetching(problem, threaded)
    accounts: defaultdict[SymbolKey, _Account] = defaultdict(_Account)
    for decision in decisions.values():
        _settle(problem, decision, accounts, places_without)
    found = []
    for key in threaded:
        symbol = problem.symbols[key]
        if problem.asked.isdisjoint(d.index for d in symbol.definitions):
            pin = _judge(symbol, accounts[key], is_sure=key in always)
            found += [(symbol, pin)] if pin is not None else []
    return found


def _judge(symbol: Symbol, account: _Account, *, is_sure: bool) -> Pin | None:
    in_macros = [(m.path, m.call.name_span) for m in symbol.calls if m.macro is not None]
    paid = account.paid + in_macros
    if paid and not is_sure:
        why = f"this call would fetch, also where {symbol.name} does not"
        return Pin(_CODE, *paid[0], why)
    if account.saves:
        return None
    first = symbol.definitions[0]
    return Pin(_CODE, first.path, first.function.header.name_span, "no path would fetch less often")


def _settle(
    problem: Problem,
    decision: FunctionDecision,
    accounts: defaultdict[SymbolKey, _Account],
    places_without: PlacesWithout,
) -> None:
    """Enter the calls of one function into *accounts*."""
    passed: list[PassState | Redirect] = [*decision.calls, *decision.redirects]
    inserted = {one.name for one in decision.inserted}
    served: defaultdict[str, set[SiteKey]] = defaultdict(set)
    for fetch in decision.fetches:
        served[fetch.variable].add((fetch.site.path, fetch.site.span.start))
    for one in passed:
        served[one.argument].add((one.path, one.call.name_span.start))
    shared = {name for name in inserted if _share_a_path(problem, decision.definition, served[name])}
    for one in passed:
        is_paid = one.argument in inserted or _is_accessor(problem, one.argument)
        for symbol, _ in problem.calls_by_key.get((one.path, one.call.name_span.start), ()):
            account = accounts[symbol.key]
            at = one.path, one.call.name_span
            is_own = is_paid and not _is_covered(problem, decision.definition, symbol.key, at, places_without)
            account.saves |= not is_own or one.argument in shared
            account.paid += [at] if is_own else []


def _is_covered(
    problem: Problem,
    definition: Definition,
    called: SymbolKey,
    at: tuple[str, Span],
    places_without: PlacesWithout,
) -> bool:
    """Tell whether *definition* holds the state at the call *at*, whether *called* asks for it or not."""
    uses = problem.uses(definition).get((at[0], at[1].start), [])
    places = places_without(definition, called) if uses else []
    return any(is_served(problem.body(definition), one, uses) for one in places)


def _is_accessor(problem: Problem, argument: str) -> bool:
    return any(one.spelling == argument for one in problem.state.accessors)


def _share_a_path(problem: Problem, definition: Definition, sites: set[SiteKey]) -> bool:
    """Tell whether two of *sites* are executed on one path through *definition*."""
    uses = [use for site in sites for use in problem.uses(definition).get(site, ())]
    for number, variant in enumerate(problem.body(definition).variants):
        places = {(use.node, use.index, use.key) for use in uses if use.variant == number}
        for node, index, key in places:
            after = variant.flow.reached(variant.flow.nodes[node].successors)
            same = any(n == node and i > index and k != key for n, i, k in places)
            if same or any(n in after for n, _, _ in places):
                return True
    return False


def _always_fetching(problem: Problem, threaded: dict[SymbolKey, int]) -> set[SymbolKey]:
    """Return those of *threaded* that fetch on each of their paths, by themselves or by what they call."""
    found: set[SymbolKey] = set()
    while True:
        waiting = (key for key in threaded if key not in found)
        more = {
            key
            for key in waiting
            if all(_fetches(problem, d, found) for d in problem.symbols[key].definitions)
        }
        if not more:
            return found
        found |= more


def _fetches(problem: Problem, definition: Definition, always: set[SymbolKey]) -> bool:
    body = problem.body(definition)
    if not body.variants:
        return False
    sites = set(_fetching_sites(problem, definition, always))
    for number, variant in enumerate(body.variants):
        uses = (use for site in sites for use in problem.uses(definition)[site])
        closed = frozenset(use.node for use in uses if use.variant == number)
        open_ = variant.flow.reached((0,), closed)
        if any(variant.flow.nodes[node].ends for node in open_):
            return False
    return True


def _fetching_sites(problem: Problem, definition: Definition, always: set[SymbolKey]) -> Iterator[SiteKey]:
    for site in problem.uses(definition):
        fetch = problem.fetch_by_key.get(site)
        is_own = fetch is not None and fetch.macro < 0 and problem.fixed_reason(site) is None
        if is_own or any(symbol.key in always for symbol, _ in problem.calls_by_key.get(site, ())):
            yield site
