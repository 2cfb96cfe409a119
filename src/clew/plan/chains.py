"""Why each threaded function needs the state: the shortest chain of calls to one that fetches."""

from collections import defaultdict
from collections.abc import Collection

from clew.plan.problem import Problem, SymbolKey


def reason_chains(problem: Problem, threaded: Collection[SymbolKey]) -> dict[SymbolKey, tuple[str, ...]]:
    """Return for each of *threaded* the names from itself to a function that fetches, of two equally long
    chains the one that is called first; only itself where there is none."""
    callees = {key: _callees(problem, key, threaded) for key in threaded}
    distances = _distances(callees)
    chains: dict[SymbolKey, tuple[str, ...]] = {}
    for key in sorted(threaded, key=lambda one: distances.get(one, 0)):
        below = distances.get(key, 0) - 1
        following = (callee for callee in callees[key] or () if distances.get(callee) == below)
        chains[key] = (key[0], *(chains[next(following)] if below >= 0 else ()))
    return {key: chains[key] for key in threaded}


def _callees(
    problem: Problem, key: SymbolKey, threaded: Collection[SymbolKey]
) -> tuple[SymbolKey, ...] | None:
    """Return the threaded functions that *key* calls, in order; None when it fetches itself."""
    found: dict[SymbolKey, None] = {}
    for definition in problem.symbols[key].definitions:
        for site in problem.uses(definition):
            if site in problem.fetch_by_key:
                return None
            called = problem.calls_by_key.get(site, ())
            found.update({symbol.key: None for symbol, _ in called if symbol.key in threaded})
    return tuple(found)


def _distances(callees: dict[SymbolKey, tuple[SymbolKey, ...] | None]) -> dict[SymbolKey, int]:
    """Return the number of calls to the nearest function that fetches, by a search against the calls."""
    callers: dict[SymbolKey, list[SymbolKey]] = defaultdict(list)
    for key, called in callees.items():
        for callee in called or ():
            callers[callee].append(key)
    layer = [key for key, called in callees.items() if called is None]
    distances = dict.fromkeys(layer, 0)
    while layer:
        fresh = {c: distances[key] + 1 for key in layer for c in callers[key] if c not in distances}
        distances |= fresh
        layer = list(fresh)
    return distances
