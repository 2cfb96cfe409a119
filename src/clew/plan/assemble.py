"""From the solution to the decisions: what the rewriter has to do, function by function."""

from collections import defaultdict
from collections.abc import Iterator

from clew.detect.attributes import read_indices
from clew.detect.body import SiteKey
from clew.link.mentions import Symbol
from clew.plan.decide import FunctionDecision
from clew.plan.decisions import (
    AddParameter,
    AddTwin,
    Decisions,
    PassState,
    Redirect,
    Rename,
    Renumber,
    ReplaceFetch,
)
from clew.plan.exposing import behind_prototypes, find_exposed
from clew.plan.heads import needed_heads
from clew.plan.macro_functions import place_in_macro
from clew.plan.marks import used_marks
from clew.plan.problem import Problem
from clew.plan.providers import provided_at_entry
from clew.plan.solution import Solution
from clew.plan.twinning import Twinning, prototype_beside, takes_state
from clew.plan.visibility import is_public


def assemble(problem: Problem, solution: Solution) -> Decisions:
    """Return everything to be done for *solution*."""
    result = Decisions()
    for _, decision in sorted((solution.decisions | solution.originals).items()):
        _take(decision, result)
    for index in sorted(problem.macro_sites):
        _decide_macro(problem, solution, index, result)
    for key, position in solution.threaded.items():
        symbol = problem.symbols[key]
        name = parameter_of(problem, solution, symbol)
        parameter = AddParameter(symbol, name, problem.state.type, position)
        twinning = solution.twinning.get(key)
        if twinning is None or twinning.form == "rename":
            result.parameters.append(parameter)
        if twinning is not None and twinning.form == "rename":
            result.renames += _rename(symbol, twinning.twin)
        elif twinning is not None:
            copied = _copied(solution, symbol)
            result.twins.append(_twin(problem, parameter, twinning, result, copied))
    result.unpasted = [problem.unpasted[key] for key in solution.threaded if key in problem.unpasted]
    result.exposed = list(find_exposed(problem, result))
    result.renumbered = [one for p in result.parameters for one in _renumber(problem, p)]
    result.unmarked = list(used_marks(problem, solution))
    result.heads = needed_heads(problem, result)
    return result


def _take(decision: FunctionDecision, result: Decisions) -> None:
    """Add what happens in one function to *result*."""
    result.fetches += decision.fetches
    result.fetches += decision.derived
    result.calls += decision.calls
    result.redirects += decision.redirects
    result.removed += decision.removed
    result.inserted += decision.inserted


def _copied(solution: Solution, symbol: Symbol) -> Decisions | None:
    """Return what happens in the copy of *symbol* that is its twin; None where the twin is no copy."""
    index = symbol.definitions[0].index
    if index not in solution.originals:
        return None
    found = Decisions()
    _take(solution.decisions[index], found)
    return found


def parameter_of(problem: Problem, solution: Solution, symbol: Symbol) -> str:
    """Return the name of the parameter that *symbol* gets."""
    decision = solution.decisions.get(symbol.definitions[0].index)
    return decision.parameter if decision is not None else problem.state.names[0]


def _decide_macro(problem: Problem, solution: Solution, index: int, result: Decisions) -> None:
    variable = solution.captured.get(index)
    path = problem.program.macros[index].path
    if variable is None:
        calls = [key for key in problem.macro_sites[index] if _passes_state(problem, solution, key)]
        macro = problem.program.macros[index]
        placed = place_in_macro(problem, macro, calls) if calls else None
        if placed is not None:
            variable = placed.name
            result.inserted.append(placed)
    for key in problem.macro_sites[index]:
        site = problem.fetch_by_key.get(key)
        if site is not None and index in solution.captured and variable is not None:
            result.fetches.append(ReplaceFetch(site, variable))
        for symbol, mention in problem.calls_by_key.get(key, ()):
            twinning = solution.twinning.get(symbol.key)
            if symbol.key not in solution.threaded or not takes_state(problem, symbol, twinning, mention):
                continue
            passed = variable or problem.accessors.of(path)
            position = solution.threaded[symbol.key]
            if twinning is not None:
                result.redirects.append(Redirect(path, mention.call, twinning.twin, passed, position))
            else:
                result.calls.append(PassState(path, mention.call, passed, position, symbol.name))


def _passes_state(problem: Problem, solution: Solution, key: SiteKey) -> bool:
    """Tell whether the call at *key*, in a macro, is one of a threaded function and takes the state."""
    return any(
        symbol.key in solution.threaded
        and takes_state(problem, symbol, solution.twinning.get(symbol.key), mention)
        for symbol, mention in problem.calls_by_key.get(key, ())
    )


def _rename(symbol: Symbol, new: str) -> list[Rename]:
    headers = [(d.path, header) for d in symbol.definitions for header in d.function.headers]
    found = [Rename(path, header.name_span, new) for path, header in headers]
    return found + [Rename(m.path, m.prototype.name_span, new) for m in symbol.prototypes]


def _renumber(problem: Problem, parameter: AddParameter) -> Iterator[Renumber]:
    """Yield the numbers of attributes that mean parameters behind the new one."""
    for index in read_indices(problem.program, parameter.symbol)[0]:
        if 0 <= parameter.position < index.value:
            yield Renumber(index.path, index.span, index.value + 1, index.attribute)


def _twin(
    problem: Problem,
    parameter: AddParameter,
    twinning: Twinning,
    decisions: Decisions,
    copied: Decisions | None,
) -> AddTwin:
    symbol, state = parameter.symbol, problem.state
    definition = symbol.definitions[0]
    calls: dict[str, list[int]] = defaultdict(list)
    for redirect in decisions.redirects:
        if redirect.twin == twinning.twin:
            calls[redirect.path].append(redirect.call.name_span.start)
    is_macro = twinning.form == "macro"
    body = problem.body(definition)
    carried = "" if is_macro else provided_at_entry(problem.providers, problem.program, problem.members, body)
    as_wrapper = state.twin_linkage == "wrapper" and not definition.static
    as_wrapper = as_wrapper and is_public(state, twinning.twin)
    static = not is_macro and not as_wrapper and set(calls) <= {definition.path}
    early = [at for at in calls.get(definition.path, ()) if at < definition.function.header.start]
    return AddTwin(
        symbol,
        twinning.twin,
        parameter,
        static,
        carried or problem.accessors.of(definition.path),
        state.boundary == "inline",
        "copy" if copied else "macro" if is_macro else "before" if state.wrapper == "before" else "after",
        () if is_macro else tuple(_declarations(problem, symbol, twinning, early, static=static)),
        "" if static else problem.twin_calls.export_mark(symbol.name),
        copied,
        problem.settings.export_macros,
    )


def _declarations(
    problem: Problem, symbol: Symbol, twinning: Twinning, early: list[int], *, static: bool
) -> list[tuple[str, int]]:
    """Return where prototypes of the twin are put: in its header, or above the first call in its own file."""
    path = symbol.definitions[0].path
    if not static and twinning.home and twinning.home != path:
        return [(twinning.home, _end_of_prototypes(problem, symbol, twinning.home))]
    beside = prototype_beside(symbol, path)
    if beside is not None and static:
        return [(path, beside.prototype.span.end)]
    if not early:
        return []
    user = problem.program.enclosing(path, min(early))
    return [(path, user.function.span.start if user is not None else min(early))]


def _end_of_prototypes(problem: Problem, symbol: Symbol, path: str) -> int:
    """Return where in the header *path* a prototype goes: behind that of *symbol*, else behind the last."""
    beside = prototype_beside(symbol, path)
    if beside is not None:
        return beside.prototype.span.end
    return behind_prototypes(problem, path)
