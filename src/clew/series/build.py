"""Plan a series: the change is planned again for ever more functions.

Each of these plans is a whole change that is proved for itself, and what lies between two of them is a patch.
Functions that get the parameter in a later patch pass the accessor where they need the state until then.
"""

from collections.abc import Callable
from dataclasses import replace

from clew.link.mentions import symbol_key
from clew.plan.build import Planned, make_plan
from clew.plan.constraints import Constraints
from clew.plan.problem import Problem, SymbolKey
from clew.series.group import group_functions
from clew.series.steps import Edits, Step, make_steps
from clew.text.record import record

Progress = Callable[[str, int, int], None]
Named = tuple[str, str]  # name, and the file of the first definition


@record()
class Series:
    """The *whole* change, and the *steps* that add up to it."""

    whole: Planned
    steps: tuple[Step, ...]


def build_series(
    problem: Problem, constraints: Constraints, rewrite: Callable[[Planned], Edits], progress: Progress
) -> Series:
    """Return the series for *problem*; raise `AssertionError` if it is not the whole change."""
    whole = make_plan(problem, constraints)
    chosen = _choose(problem, whole)
    groups = group_functions(chosen, _calls(problem, chosen))
    stages = []
    allowed: frozenset[Named] = frozenset()
    for number, members in enumerate([(), *(group.members for group in groups[:-1])]):
        progress("planning patches", number, len(groups) + 1)
        allowed |= {chosen[key] for key in members}
        later = frozenset(chosen.values()) - allowed
        part = make_plan(problem, replace(constraints, allowed=allowed, later=later))
        stages.append((part.plan, rewrite(part)))
    stages.append((whole.plan, rewrite(whole)))
    return Series(whole, tuple(make_steps(stages, problem.program.sources)))


def _choose(problem: Problem, whole: Planned) -> dict[SymbolKey, Named]:
    keys = {(s.name, s.definitions[0].path): s.key for s in problem.symbols.values()}
    named = [(function.name, function.path) for function in whole.plan.functions]
    return {keys[name]: name for name in named}


def _calls(problem: Problem, chosen: dict[SymbolKey, Named]) -> list[tuple[SymbolKey, SymbolKey]]:
    """Return who of *chosen* calls whom."""
    found = []
    for key in chosen:
        callers = (mention.definition for mention in problem.symbols[key].calls)
        found += [(symbol_key(one), key) for one in callers if one is not None and symbol_key(one) in chosen]
    return found
