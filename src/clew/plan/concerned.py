"""For which functions something is to be decided."""

from clew.link.program import Definition
from clew.plan.problem import Problem
from clew.plan.scope import is_holder
from clew.plan.solution import Solution


def concerned(problem: Problem, solution: Solution) -> list[Definition]:
    """Return the functions in scope that fetch, call what is threaded, or may do better with a variable that
    they hold, in the order of the tree."""
    is_open = not problem.scope.is_named
    beside = {d.index for d in problem.program.definitions if is_open or is_holder(d, problem.scope)}
    fetching = {site.definition for site in problem.fetch_sites if problem.in_scope(site.path)}
    indices = (fetching & beside) | problem.asked
    for index in problem.with_chances:
        if index in beside or problem.redirects_all(problem.program.definitions[index].path):
            indices.add(index)
    for key in solution.threaded:
        symbol = problem.symbols[key]
        indices |= {d.index for d in symbol.definitions}
        indices |= {c.definition.index for c in symbol.calls if c.definition is not None}
    for index in solution.captured:
        indices |= {i for kind, i in problem.graph.reaching_macros([("m", index)]) if kind == "f"}
    found = [problem.program.definitions[index] for index in sorted(indices)]
    return [d for d in found if problem.in_scope(d.path) and problem.body(d).parsed.parsed]
