"""What a function does better with a variable in hand: it calls twins, and derives other states.

These functions work on a `FunctionDecider` once its own decisions are made; see `clew.plan.chances` for
what there is to find.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from clew.detect.accessors import FetchSite
from clew.detect.body import SiteKey, Use
from clew.detect.members import path_members
from clew.detect.twins import Pair
from clew.parse.flow import CallOp
from clew.plan.decisions import Redirect, ReplaceFetch
from clew.plan.place import is_served
from clew.plan.twinning import is_twin_visible
from clew.scan.facts import Call
from clew.text.span import Span

if TYPE_CHECKING:
    from clew.plan.decide import FunctionDecider


def find_pairs(decider: "FunctionDecider") -> Iterator[tuple[SiteKey, Pair]]:
    """Yield the calls of wrappers that can become calls of their twins."""
    problem = decider.problem
    for key, uses in problem.uses(decider.definition).items():
        pair = problem.chances.pair_at(key[0], uses[0].op) if decider.is_own(key) else None
        if pair is None or any(use.spoiled or use.op.origin != uses[0].op.origin for use in uses):
            continue
        if _is_threaded(decider, key):
            continue
        if problem.twin_calls.can_call(pair, *key):
            yield key, pair


def find_derivable(decider: "FunctionDecider") -> Iterator[tuple[SiteKey, FetchSite]]:
    """Yield the fetches of other states that can become paths."""
    problem = decider.problem
    for key, uses in problem.uses(decider.definition).items():
        site = problem.chances.derived.get(key)
        one_place = all(use.op.origin == uses[0].op.origin for use in uses)
        if site is not None and decider.is_own(key) and one_place and _sees_member(decider, key, site):
            yield key, site


def _sees_member(decider: "FunctionDecider", key: SiteKey, site: FetchSite) -> bool:
    problem, first = decider.problem, path_members(site.spelled.path)[:1]
    return all(problem.members.sees(*key, problem.state.type, member) for member in first)


def take_chances(decider: "FunctionDecider", *, derives: bool = True) -> None:
    """Redirect calls of wrappers, and (*derives*) derive other states, where a variable is at hand."""
    chances = decider.problem.chances
    for key, uses in decider.problem.uses(decider.definition).items():
        one_place = all(use.op.origin == uses[0].op.origin for use in uses)
        if not decider.is_own(key) or not one_place or key in decider.pairs or key in decider.derivable:
            continue
        _call_new_twin(decider, key, uses)
        if not decider.takes_chances:
            continue
        if key in chances.derived:
            if derives:
                _derive(decider, key, uses)
            continue
        pair = chances.pair_at(key[0], uses[0].op) if not _is_threaded(decider, key) else None
        if pair is not None and not any(use.spoiled for use in uses):
            redirect(decider, pair, uses[0], _variable(decider, uses))


def _is_threaded(decider: "FunctionDecider", key: SiteKey) -> bool:
    """Tell whether the function called at *key*, a wrapper perhaps, is about to take the state itself."""
    return any(symbol.key in decider.threaded for symbol, _ in decider.problem.calls_by_key.get(key, ()))


def redirect(decider: "FunctionDecider", pair: Pair, use: Use, variable: str) -> None:
    """Let the call *use* of a wrapper go to its twin with *variable*, if there is one and the twin can be
    called there."""
    twin_calls = decider.problem.twin_calls
    if not variable or not isinstance(use.op, CallOp) or not twin_calls.can_call(pair, *use.key):
        return
    name = use.op.origin.span
    span = Span(name.start, name.start + len(use.op.callee))
    call = Call(use.op.callee, span, use.op.open, use.op.close)
    home = twin_calls.exposing_header(pair, use.key[0])
    decider.result.redirects.append(Redirect(use.key[0], call, pair.twin, variable, pair.position, home))


def _derive(decider: "FunctionDecider", key: SiteKey, uses: list[Use]) -> None:
    """Let the fetch of another state at *key* become a path, where the member that it starts with is seen."""
    site = decider.problem.chances.derived[key]
    variable = _variable(decider, uses)
    if variable and _sees_member(decider, key, site):
        decider.result.derived.append(ReplaceFetch(site, variable))


def _call_new_twin(decider: "FunctionDecider", key: SiteKey, uses: list[Use]) -> None:
    """Let a call of a function that is being split go to the twin, where a variable is at hand."""
    for symbol, mention in decider.problem.calls_by_key.get(key, ()):
        twinning = decider.twinning.get(symbol.key)
        if twinning is None or symbol.key not in decider.threaded or symbol in decider.threaded_symbols(key):
            continue
        seen = is_twin_visible(decider.problem, symbol, twinning, *key)
        if not seen or decider.problem.state.redirect == "off" or any(use.spoiled for use in uses):
            continue
        variable = _variable(decider, uses)
        if variable:
            decider.result.pass_state(symbol, mention, twinning, variable, decider.threaded)


def _variable(decider: "FunctionDecider", uses: list[Use]) -> str:
    """Return the variable that holds the state at *uses*, perhaps a new local, or ""."""
    found = decider.variable(uses)
    if found:
        return found
    for name, placement in decider.placed:
        if all(use.at in placement.scope for use in uses) and is_served(decider.body, placement, uses):
            return name
    return ""
