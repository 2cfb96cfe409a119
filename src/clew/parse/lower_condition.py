"""Operators that decide what is evaluated: ``&&``, ``||``, ``!``, ``?:`` and the comma.

Under a condition (of ``if``, ``while``, ``?:``...) they become jumps to the two labels that the condition
decides between, without a detour over a value; elsewhere their branches meet again.  Chains are
walked in a loop, whatever their length.
"""

from clew.parse.flow import Operand
from clew.parse.inject import Node, c_ast
from clew.parse.lower_graph import Label
from clew.parse.lower_state import OPAQUE, Lowering

_LOGICAL = frozenset({"&&", "||"})


def is_logical(node: Node) -> bool:
    """Tell whether *node* is ``&&`` or ``||``."""
    return isinstance(node, c_ast.BinaryOp) and node.op in _LOGICAL


def lower_condition(lowering: Lowering, node: Node, when_true: Label, when_false: Label) -> None:
    """Lower *node* for its truth: afterwards the flow is at one of the two labels."""
    while isinstance(node, c_ast.UnaryOp) and node.op == "!":
        node, when_true, when_false = node.expr, when_false, when_true
    if is_logical(node):
        _lower_chain(lowering, node, when_true, when_false)
    elif isinstance(node, c_ast.TernaryOp):
        _lower_choice(lowering, node, when_true, when_false)
    elif isinstance(node, c_ast.ExprList):
        for expression in node.exprs[:-1]:
            lowering.value(expression)
            lowering.sequence_point()
        lowering.condition(node.exprs[-1], when_true, when_false)
    else:
        _lower_truth(lowering, node, when_true, when_false)


def lower_logical(lowering: Lowering, node: Node) -> Operand:
    """Lower ``a && b`` or ``a || b`` for its value."""
    operands, after = _operands(node), Label()
    for operand in operands[:-1]:
        proceed = Label()
        lowering.condition(operand, *_targets(node.op, proceed, after))
        lowering.graph.place(proceed)
        lowering.sequence_point()
    lowering.value(operands[-1])
    _join(lowering, after)
    return OPAQUE


def lower_conditional(lowering: Lowering, node: Node) -> Operand:
    """Lower ``a ? b : c`` for its value."""
    after = Label()
    while isinstance(node, c_ast.TernaryOp):
        when_true, when_false = Label(), Label()
        lowering.condition(node.cond, when_true, when_false)
        lowering.graph.place(when_true)
        lowering.sequence_point()
        lowering.value(node.iftrue)
        lowering.graph.jump(after)
        lowering.graph.place(when_false)
        lowering.sequence_point()
        node = node.iffalse
    lowering.value(node)
    _join(lowering, after)
    return OPAQUE


def lower_comma(lowering: Lowering, node: Node) -> Operand:
    """Lower ``a, b`` for its value, that of the last operand."""
    for expression in node.exprs[:-1]:
        lowering.value(expression)
        lowering.sequence_point()
    return lowering.value(node.exprs[-1])


def lower_generic(lowering: Lowering, node: Node) -> Operand:
    """Lower ``_Generic``: one of its associations is evaluated, its first operand never."""
    choices, after = [Label() for _ in node.associations], Label()
    dispatch = lowering.graph.here()
    for choice in choices:
        lowering.graph.link(dispatch, lowering.graph.target(choice))
    for choice, association in zip(choices, node.associations, strict=True):
        lowering.graph.current = -1
        lowering.graph.place(choice)
        lowering.sequence_point()
        lowering.value(association.expr)
        lowering.graph.jump(after)
    _join(lowering, after)
    return OPAQUE


def _lower_chain(lowering: Lowering, node: Node, when_true: Label, when_false: Label) -> None:
    operands = _operands(node)
    for operand in operands[:-1]:
        proceed = Label()
        lowering.condition(operand, *_targets(node.op, proceed, when_false if node.op == "&&" else when_true))
        lowering.graph.place(proceed)
        lowering.sequence_point()
    lowering.condition(operands[-1], when_true, when_false)


def _lower_choice(lowering: Lowering, node: Node, when_true: Label, when_false: Label) -> None:
    while isinstance(node, c_ast.TernaryOp):
        chosen, other = Label(), Label()
        lowering.condition(node.cond, chosen, other)
        lowering.graph.place(chosen)
        lowering.sequence_point()
        lowering.condition(node.iftrue, when_true, when_false)
        lowering.graph.place(other)
        lowering.sequence_point()
        node = node.iffalse
    lowering.condition(node, when_true, when_false)


def _lower_truth(lowering: Lowering, node: Node, when_true: Label, when_false: Label) -> None:
    known = constant_truth(node)
    if known is None:
        lowering.value(node)
        lowering.graph.branch(when_true, when_false)
    else:
        lowering.graph.jump(when_true if known else when_false)


def constant_truth(node: Node) -> bool | None:
    """Return the truth of an integer literal (``while (1)``, ``do ... while (0)``), None for others."""
    if not isinstance(node, c_ast.Constant) or not node.type.endswith("int"):
        return None
    digits = node.value.rstrip("uUlL").replace("'", "")
    if not digits.isalnum():
        return None
    return bool(digits.lower().removeprefix("0x").removeprefix("0b").strip("0"))


def _operands(node: Node) -> list[Node]:
    """Return the operands of a chain of one operator: ``a && b && c``."""
    operands, operator = [], node.op
    while isinstance(node, c_ast.BinaryOp) and node.op == operator:
        operands.append(node.right)
        node = node.left
    operands.append(node)
    return operands[::-1]


def _targets(operator: str, proceed: Label, decided: Label) -> tuple[Label, Label]:
    """Return where an operand of *operator* leads when it is true, and when it is false."""
    return (proceed, decided) if operator == "&&" else (decided, proceed)


def _join(lowering: Lowering, after: Label) -> None:
    """Let the branches of a value meet at *after*."""
    lowering.graph.place(after)
    lowering.sequence_point()
