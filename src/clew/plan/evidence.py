"""The call chain from a fetch that stays to the statement that may change the state."""

from clew.detect.body import Body, Use
from clew.detect.effects import INDIRECT
from clew.link.graph import Node
from clew.link.program import Definition
from clew.parse.flow import CallOp, Op
from clew.plan.model import Place
from clew.plan.problem import Problem

Chain = tuple[tuple[Place, str], ...]


def change_chain(problem: Problem, definition: Definition, uses: list[Use]) -> Chain:
    """Return the places from a change before one of *uses* in *definition* down to a primitive changer."""
    body = problem.body(definition)
    found = _change_before(problem, body, uses[0])
    if found is None:
        return _escape(problem)
    steps: list[tuple[Place, str]] = [(_place(problem, definition.path, found), _words(found))]
    node = problem.effects.through(definition.path, found)
    seen: set[Node] = set()
    while node is not None and node not in seen and node != INDIRECT:
        seen.add(node)
        witness = problem.witnesses.of(node)
        if witness is None:
            break
        path = problem.program.definitions[node[1]].path
        steps.append((_place(problem, path, witness.op), _words(witness.op)))
        node = witness.through
    return tuple(steps)


def _escape(problem: Problem) -> Chain:
    """Return the place where the address of the variable is taken, if that is the reason."""
    escape = problem.effects.escape
    if escape is None:
        return ()
    path, offset = escape
    position = problem.program.sources[path].position(offset)
    return ((Place(path, offset, position.line, position.column), "its address is taken"),)


def _change_before(problem: Problem, body: Body, use: Use) -> Op | None:
    """Return a changing operation from which *use* can be reached, searching backwards."""
    flow = body.variants[use.variant].flow
    predecessors: dict[int, list[int]] = {}
    for number, node in enumerate(flow.nodes):
        for successor in node.successors:
            predecessors.setdefault(successor, []).append(number)
    path = body.definition.path
    seen: set[int] = set()
    todo: list[tuple[int, int]] = [(use.node, use.index)]
    while todo:
        number, before = todo.pop(0)
        for op in reversed(flow.nodes[number].ops[:before]):
            if problem.effects.changes(path, op):
                return op
        for other in predecessors.get(number, ()):
            if other not in seen:
                seen.add(other)
                todo.append((other, len(flow.nodes[other].ops)))
    return None


def _place(problem: Problem, path: str, op: Op) -> Place:
    position = problem.program.sources[path].position(op.origin.span.start)
    return Place(path, op.origin.span.start, position.line, position.column)


def _words(op: Op) -> str:
    if isinstance(op, CallOp):
        return f"{op.callee or op.target} may change it"
    return "assigns it"
