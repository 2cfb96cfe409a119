"""``while``, ``do`` and ``for``."""

from clew.parse.inject import Node, c_ast
from clew.parse.lower_condition import constant_truth
from clew.parse.lower_declaration import lower_declaration
from clew.parse.lower_graph import Label
from clew.parse.lower_state import Lowering


def lower_while(lowering: Lowering, node: Node, at: int, block: int) -> int:
    """Lower ``while (condition) statement``."""
    places, graph = lowering.places, lowering.graph
    draft = lowering.begin("while", at, block)
    head, body, after = Label(), Label(), Label()
    opening = places.expect(at, "while")
    lowering.loops += 1
    graph.pin(head)
    lowering.sequence_point()
    lowering.condition(node.cond, body, after)
    graph.place(body)
    draft.end = _lower_body(lowering, node.stmt, places.close_of(opening) + 1, after, head)
    graph.jump(head)
    lowering.loops -= 1
    graph.place(after)
    return draft.end


def lower_do(lowering: Lowering, node: Node, at: int, block: int) -> int:
    """Lower ``do statement while (condition);``."""
    places, graph = lowering.places, lowering.graph
    draft = lowering.begin("do", at, block)
    body, test, after = Label(), Label(), Label()
    # The `do ... while (0)` of macros repeats nothing.
    repeats = constant_truth(node.cond) is not False
    lowering.loops += repeats
    graph.pin(body)
    end = _lower_body(lowering, node.stmt, places.expect(at, "do"), after, test)
    graph.place(test)
    lowering.sequence_point()
    lowering.condition(node.cond, body, after)
    lowering.loops -= repeats
    graph.place(after)
    closing = places.close_of(places.expect(end, "while"))
    draft.end = places.expect(closing + 1, ";")
    return draft.end


def lower_for(lowering: Lowering, node: Node, at: int, block: int) -> int:
    """Lower ``for (first; condition; next) statement``, a scope of its own."""
    places, graph = lowering.places, lowering.graph
    draft = lowering.begin("for", at, block)
    opening = places.expect(at, "for")
    head, body, step, after = Label(), Label(), Label(), Label()
    lowering.names.open_scope()
    _lower_first(lowering, node.init, opening + 1)
    lowering.loops += 1
    graph.pin(head)
    if node.cond is not None:
        lowering.sequence_point()
        lowering.condition(node.cond, body, after)
        graph.place(body)
    draft.end = _lower_body(lowering, node.stmt, places.close_of(opening) + 1, after, step)
    graph.place(step)
    if node.next is not None:
        lowering.sequence_point()
        lowering.value(node.next)
    graph.jump(head)
    lowering.loops -= 1
    graph.place(after)
    lowering.names.close_scope(places.span(at, draft.end).end)
    return draft.end


def _lower_first(lowering: Lowering, node: Node | None, at: int) -> None:
    if isinstance(node, c_ast.DeclList):
        # Without it, the `for` would lack a semicolon: it is nothing that can be removed.
        lower_declaration(lowering, node.decls, at, lowering.places.after_semicolon(at), removable=False)
    elif node is not None:
        lowering.sequence_point()
        lowering.value(node)


def _lower_body(lowering: Lowering, node: Node, at: int, after: Label, again: Label) -> int:
    lowering.jumps.breaks.append(after)
    lowering.jumps.continues.append(again)
    end = lowering.statement(node, at, -1)
    lowering.jumps.breaks.pop()
    lowering.jumps.continues.pop()
    return end
