"""The part of the call graph that a plan is about: what fetches and what reaches it, with its role."""

from collections import Counter
from typing import Literal

from clew.link.graph import Node
from clew.link.slice import Edge, edges_among
from clew.plan.model import Plan
from clew.plan.problem import Problem
from clew.text.record import record

Role = Literal["threaded", "boundary", "fetching", "pinned"]


@record()
class SurveyNode:
    """A function or macro, and its *role*: it gets the parameter (a macro: takes the variable), fetches for
    those that it calls, fetches for itself only, or is left as it is although it calls what fetches."""

    id: str
    kind: Literal["function", "macro"]
    name: str
    path: str
    line: int
    fetches: int
    role: Role


@record()
class Survey:
    """The slice for one state; *edges* join ids, from the caller."""

    state: str
    nodes: tuple[SurveyNode, ...]
    edges: tuple[Edge[str], ...]


def survey(problem: Problem, plan: Plan) -> Survey:
    """Return the functions and macros in scope that fetch or reach what fetches, with their calls."""
    fetches: Counter[Node] = Counter()
    for site in problem.fetch_sites:
        fetches["m" if site.macro >= 0 else "f", site.macro if site.macro >= 0 else site.definition] += 1
    wanted = [node for node in sorted(problem.reached) if problem.in_scope(_place(problem, node)[1])]
    roles = _Roles(plan)
    nodes = tuple(_describe(problem, node, fetches[node], roles) for node in wanted)
    ids = {node: described.id for node, described in zip(wanted, nodes, strict=True)}
    edges = edges_among(problem.graph, wanted)
    return Survey(plan.state, nodes, tuple((ids[caller], ids[callee]) for caller, callee in edges))


class _Roles:
    """Looks up what a plan does with a function or macro."""

    def __init__(self, plan: Plan) -> None:
        threaded = [(f.name, f.path) for f in plan.functions if f.decision == "thread"]
        self._threaded = {"f": frozenset(threaded), "m": frozenset((m.name, m.path) for m in plan.macros)}
        self._boundaries = frozenset((b.name, b.path) for b in plan.boundaries)

    def of(self, kind: str, name: str, path: str, *, fetches: bool) -> Role:
        if (name, path) in self._threaded[kind]:
            return "threaded"
        if kind == "f" and (name, path) in self._boundaries:
            return "boundary"
        return "fetching" if fetches else "pinned"


def _describe(problem: Problem, node: Node, fetches: int, roles: _Roles) -> SurveyNode:
    name, path, offset = _place(problem, node)
    kind, index = node
    line = problem.program.sources[path].position(offset).line
    role = roles.of(kind, name, path, fetches=bool(fetches))
    return SurveyNode(
        f"{kind}{index}", "macro" if kind == "m" else "function", name, path, line, fetches, role
    )


def _place(problem: Problem, node: Node) -> tuple[str, str, int]:
    """Return name, path and offset of *node*."""
    kind, index = node
    if kind == "m":
        macro = problem.program.macros[index]
        return macro.name, macro.path, macro.macro.name_span.start
    definition = problem.program.definitions[index]
    return definition.name, definition.path, definition.function.header.name_span.start
