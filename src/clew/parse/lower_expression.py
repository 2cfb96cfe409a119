"""Expressions other than accesses, calls and the operators that branch; and the table of them all."""

from clew.parse.flow import Operand
from clew.parse.inject import Node, c_ast
from clew.parse.lower_access import (
    lower_access,
    lower_address,
    lower_assignment,
    lower_dereference,
    lower_increment,
    lower_name,
)
from clew.parse.lower_call import lower_call
from clew.parse.lower_condition import (
    is_logical,
    lower_comma,
    lower_conditional,
    lower_generic,
    lower_logical,
)
from clew.parse.lower_places import index
from clew.parse.lower_state import OPAQUE, Lowering, LowerValue, is_unevaluated
from clew.parse.lower_type import lower_type, lower_unevaluated


def lower_nothing(lowering: Lowering, node: Node) -> Operand:
    """Lower a constant or a missing argument: they do nothing."""
    del lowering, node
    return OPAQUE


def lower_type_name(lowering: Lowering, node: Node) -> Operand:
    """Lower a type that is given to a builtin function, or to a macro."""
    lower_unevaluated(lowering, node)
    return OPAQUE


def lower_unary(lowering: Lowering, node: Node) -> Operand:
    """Lower a unary operator."""
    if is_unevaluated(node):
        lower_unevaluated(lowering, node.expr)
        return OPAQUE
    lower = _UNARY.get(node.op)
    if lower is not None:
        return lower(lowering, node)
    lowering.value(node.expr)
    return OPAQUE


def lower_binary(lowering: Lowering, node: Node) -> Operand:
    """Lower a binary operator, and with it those in its left operand: a chain may be long."""
    if is_logical(node):
        return lower_logical(lowering, node)
    operands = []
    while isinstance(node, c_ast.BinaryOp) and not is_logical(node):
        operands.append(node.right)
        node = node.left
    lowering.values([node, *reversed(operands)])
    return OPAQUE


def lower_cast(lowering: Lowering, node: Node) -> Operand:
    """Lower a cast; the operand stays what it was."""
    lower_type(lowering, node.to_type)
    return lowering.value(node.expr)


def lower_literal(lowering: Lowering, node: Node) -> Operand:
    """Lower a compound literal."""
    lower_type(lowering, node.type)
    return lowering.value(node.init)


def lower_initialisers(lowering: Lowering, node: Node) -> Operand:
    """Lower ``{a, [i] = b, .f = c}``; C orders none of them."""
    expressions = []
    for item in node.exprs:
        if isinstance(item, c_ast.NamedInitializer):
            expressions += [d.expr for d in item.name if isinstance(d, c_ast.ArrayDesignator)]
            expressions.append(item.expr)
        else:
            expressions.append(item)
    lowering.values(expressions)
    return OPAQUE


def lower_statement_expression(lowering: Lowering, node: Node) -> Operand:
    """Lower ``({ ... })``: the statements inside, in place."""
    lowering.sequence_point()
    lowering.tables.compound(lowering, node, index(node))
    lowering.sequence_point()
    return OPAQUE


_UNARY: dict[str, LowerValue] = {
    "&": lower_address,
    "*": lower_dereference,
    "++": lower_increment,
    "--": lower_increment,
    "p++": lower_increment,
    "p--": lower_increment,
}

EXPRESSIONS: dict[type, LowerValue] = {
    c_ast.ID: lower_name,
    c_ast.Constant: lower_nothing,
    c_ast.Typename: lower_type_name,
    c_ast.EmptyStatement: lower_nothing,
    c_ast.FuncCall: lower_call,
    c_ast.StructRef: lower_access,
    c_ast.ArrayRef: lower_access,
    c_ast.Assignment: lower_assignment,
    c_ast.UnaryOp: lower_unary,
    c_ast.BinaryOp: lower_binary,
    c_ast.TernaryOp: lower_conditional,
    c_ast.ExprList: lower_comma,
    c_ast.Cast: lower_cast,
    c_ast.CompoundLiteral: lower_literal,
    c_ast.InitList: lower_initialisers,
    c_ast.GenericSelection: lower_generic,
    c_ast.Compound: lower_statement_expression,
}
