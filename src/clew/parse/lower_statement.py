"""Statements other than loops and labels; and the table of them all."""

from clew.parse.flow import Operand
from clew.parse.inject import Node, c_ast
from clew.parse.lower_block import lower_nested_compound
from clew.parse.lower_graph import Label
from clew.parse.lower_loop import lower_do, lower_for, lower_while
from clew.parse.lower_state import Lowering, LowerStatement, StatementDraft
from clew.parse.lower_switch import (
    lower_computed_goto,
    lower_goto,
    lower_labelled,
    lower_switch,
)
from clew.parse.normalise import COMPUTED_GOTO


def lower_expression_statement(lowering: Lowering, node: Node, at: int, block: int) -> int:
    """Lower ``expression;``."""
    jumps = isinstance(node, c_ast.FuncCall) and getattr(node.name, "name", "") == COMPUTED_GOTO
    draft = lowering.begin("goto" if jumps else "expression", at, block)
    lowering.sequence_point()
    if jumps:
        lower_computed_goto(lowering, node)
    else:
        lowering.value(node)
    draft.end = lowering.places.after_semicolon(at)
    return draft.end


def lower_if(lowering: Lowering, node: Node, at: int, block: int) -> int:
    """Lower ``if``, and a chain of ``else if`` in one loop."""
    places, graph, after = lowering.places, lowering.graph, Label()
    drafts: list[StatementDraft] = []
    while True:
        drafts.append(lowering.begin("if", at, -1 if drafts else block))
        chosen = Label()
        other = Label() if node.iffalse else after
        opening = places.expect(at, "if")
        lowering.sequence_point()
        lowering.condition(node.cond, chosen, other)
        graph.place(chosen)
        at = lowering.statement(node.iftrue, places.close_of(opening) + 1, -1)
        if node.iffalse is None:
            break
        graph.jump(after)
        graph.place(other)
        at = places.expect(at, "else")
        node = node.iffalse
        if not isinstance(node, c_ast.If):
            at = lowering.statement(node, at, -1)
            break
    graph.place(after)
    for draft in drafts:
        draft.end = at
    return at


def lower_return(lowering: Lowering, node: Node, at: int, block: int) -> int:
    """Lower ``return``."""
    draft = lowering.begin("return", at, block)
    lowering.sequence_point()
    returned: Operand | None = None if node.expr is None else lowering.value(node.expr)
    lowering.graph.end("return", returned)
    draft.end = lowering.places.after_semicolon(at)
    return draft.end


def lower_break(lowering: Lowering, node: Node, at: int, block: int) -> int:
    """Lower ``break;`` or ``continue;``."""
    leaves = isinstance(node, c_ast.Break)
    draft = lowering.begin("break" if leaves else "continue", at, block)
    targets = lowering.jumps.breaks if leaves else lowering.jumps.continues
    if not targets:
        raise lowering.places.error(f"a {draft.kind} outside of what it could leave", at)
    lowering.graph.jump(targets[-1])
    draft.end = lowering.places.after_semicolon(at)
    return draft.end


def lower_empty(lowering: Lowering, node: Node, at: int, block: int) -> int:
    """Lower ``;`` (or an attribute that stands as a statement)."""
    del node
    draft = lowering.begin("empty", at, block)
    draft.end = lowering.places.after_semicolon(at)
    return draft.end


STATEMENTS: dict[type, LowerStatement] = {
    c_ast.Compound: lower_nested_compound,
    c_ast.If: lower_if,
    c_ast.While: lower_while,
    c_ast.DoWhile: lower_do,
    c_ast.For: lower_for,
    c_ast.Switch: lower_switch,
    c_ast.Label: lower_labelled,
    c_ast.Case: lower_labelled,
    c_ast.Default: lower_labelled,
    c_ast.Goto: lower_goto,
    c_ast.Return: lower_return,
    c_ast.Break: lower_break,
    c_ast.Continue: lower_break,
    c_ast.EmptyStatement: lower_empty,
}
