"""Parameters that are marked as unused, and that the plan uses."""

import re
from collections.abc import Iterator

from clew.detect.parameters import read_parameters
from clew.link.program import Definition
from clew.plan.decide import FunctionDecision
from clew.plan.decisions import DropMark
from clew.plan.problem import Problem
from clew.plan.solution import Solution

_VARIABLE = re.compile(r"[A-Za-z_]\w*")


def used_marks(problem: Problem, solution: Solution) -> Iterator[DropMark]:
    """Yield the marks of parameters that a fetch or a call takes the state from, in every header of their
    function."""
    through_macros = _users_of_macros(problem, solution)
    for _, decision in sorted(solution.decisions.items()):
        definition = decision.definition
        used = _taken(decision) | through_macros.get(definition.index, set())
        if used:
            yield from _marks(problem, definition, used)


def _marks(problem: Problem, definition: Definition, used: set[str]) -> Iterator[DropMark]:
    for header in definition.function.headers:
        for parameter in read_parameters(problem.program, definition.path, header):
            for mark in parameter.marks if parameter.name in used else ():
                yield DropMark(definition.path, mark, parameter.name)


def _taken(decision: FunctionDecision) -> set[str]:
    """Return the variables that fetches and calls of a function take (``istate`` of ``istate->repo``)."""
    taken = [fetch.variable for fetch in (*decision.fetches, *decision.derived)]
    taken += [call.argument for call in decision.calls] + [call.argument for call in decision.redirects]
    return {found.group() for found in map(_VARIABLE.match, taken) if found is not None}


def _users_of_macros(problem: Problem, solution: Solution) -> dict[int, set[str]]:
    """Return the variables that macros take from the functions that use them, by function."""
    found: dict[int, set[str]] = {}
    for index, variable in solution.captured.items():
        for kind, user in problem.graph.reaching_macros([("m", index)]):
            if kind == "f":
                found.setdefault(user, set()).add(variable)
    return found
