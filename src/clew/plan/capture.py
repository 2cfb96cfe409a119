"""Macros whose bodies take the state from a variable of the place that expands them."""

from clew.plan.macro_use import is_used_in_functions
from clew.plan.problem import Problem
from clew.plan.solution import Solution


def capture_macros(problem: Problem, solution: Solution) -> None:
    """Assume that every macro in scope can take a variable, until a use shows otherwise."""
    name = problem.state.names[0]
    if problem.effects.escape is not None:
        return  # the variable may be assigned where a macro stands
    for index in problem.macro_sites:
        macro = problem.program.macros[index]
        if macro.name in problem.effects.accessor_names:
            continue  # it fetches for others, whoever they are
        if any(problem.stringifying.around(*key) for key in problem.macro_sites[index]):
            continue
        if macro.name in problem.chances.pairs:
            continue  # where there is a variable, its twin is called instead
        if problem.in_scope(macro.path) and problem.names.is_free_in_macro(name, macro.name):
            if name not in (macro.macro.params or ()) and is_used_in_functions(problem, macro):
                solution.captured[index] = name
    release(problem, solution, set(problem.macro_sites) - solution.captured.keys())


def release(problem: Problem, solution: Solution, failed: set[int]) -> bool:
    """Let the macros *failed* fetch themselves, and all macros of the same names with them; tell whether
    any of them was to take a variable."""
    names = {problem.program.macros[index].name for index in failed}
    gone = [i for i in solution.captured if problem.program.macros[i].name in names]
    for index in gone:
        del solution.captured[index]
    return bool(gone)
