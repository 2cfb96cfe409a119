"""Which functions are likely to be parsed: a second process may begin with them.

Nothing but time depends on it: a function may be named here and not needed, or the other way round.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from clew.link.graph import Node
from clew.link.program import Definition

if TYPE_CHECKING:
    from clew.plan.problem import Problem

# Characters of a function of which others should not have to wait for the parse.
LONG = 20_000


def first_expected(problem: "Problem") -> Iterator[Definition]:
    """Yield, before more is known of the state than its type, long functions in scope with a parameter
    of that type."""
    for definition in problem.program.definitions:
        body = definition.function.body
        is_long = body.end - body.start >= LONG and problem.in_scope(definition.path)
        if is_long and problem.bringers.may_have_state(definition):
            yield definition


def expected_near_fetches(problem: "Problem") -> Iterator[Definition]:
    """Yield, as soon as the fetches are known, functions in scope that fetch, and those that call one which
    fetches and have a parameter of the state's type."""
    program = problem.program
    fetching = dict.fromkeys(site.definition for site in problem.fetch_sites if site.definition >= 0)
    names = {program.definitions[index].name for index in fetching}
    calling = (index for name in sorted(names) for index in problem.graph.likely_callers(name))
    for index in dict.fromkeys((*fetching, *calling)):
        definition = program.definitions[index]
        if not problem.in_scope(definition.path):
            continue
        if index in fetching or problem.bringers.may_have_state(definition):
            yield definition


def expected_of(problem: "Problem", nodes: Iterable[Node]) -> Iterator[Definition]:
    """Yield the functions in scope among *nodes*."""
    for kind, index in nodes:
        if kind == "f" and problem.in_scope(problem.program.definitions[index].path):
            yield problem.program.definitions[index]
