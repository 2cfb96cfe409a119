"""Where the operand of a postfix operator ends, that is: where a call's ``(`` stands."""

from clew.parse.inject import Node, c_ast
from clew.parse.lower_places import Places, index


def find_suffix(places: Places, operand: Node, opening: str) -> int:
    """Return the index of *opening*, the operator right behind *operand*.

    Parentheses are not in the AST: between the operand's own last token and the operator there can be
    nothing but their closing halves.
    """
    return places.expect(_skip_closing(places, _after(places, operand)), opening) - 1


def _skip_closing(places: Places, at: int) -> int:
    while at < len(places.texts) and places.texts[at] == ")":
        at += 1
    return at


def _after(places: Places, node: Node) -> int:
    """Return the index after the last token of *node*, parentheses around it left out."""
    suffixes = []
    while True:
        inner = _rightmost(node)
        if inner is None:
            break
        if isinstance(node, (c_ast.FuncCall, c_ast.ArrayRef)) or _is_postfix(node):
            suffixes.append(node)
        node = inner
    at = _after_leaf(places, node)
    for suffix in reversed(suffixes):
        at = _skip_closing(places, at)
        at = at + 1 if isinstance(suffix, c_ast.UnaryOp) else places.close_of(at) + 1
    return at


def _is_postfix(node: Node) -> bool:
    return isinstance(node, c_ast.UnaryOp) and node.op in {"p++", "p--"}


_RIGHTMOST = {
    c_ast.FuncCall: "name",
    c_ast.ArrayRef: "name",
    c_ast.BinaryOp: "right",
    c_ast.Cast: "expr",
    c_ast.Assignment: "rvalue",
    c_ast.TernaryOp: "iffalse",
    c_ast.StructRef: "field",
    c_ast.UnaryOp: "expr",
}


def _rightmost(node: Node) -> Node | None:
    """Return the child in which *node* ends (before its suffix, for a call or subscript), or None."""
    if isinstance(node, c_ast.ExprList):
        return node.exprs[-1]
    if isinstance(node, c_ast.UnaryOp) and isinstance(node.expr, c_ast.Typename):
        return None
    attribute = _RIGHTMOST.get(type(node))
    return getattr(node, attribute) if attribute else None


def _after_leaf(places: Places, node: Node) -> int:
    at = index(node)
    if isinstance(node, c_ast.Compound):  # ({ ... })
        return places.close_of(at) + 1
    if isinstance(node, c_ast.CompoundLiteral):  # (type){ ... }
        return places.close_of(places.close_of(at) + 1) + 1
    if isinstance(node, (c_ast.GenericSelection, c_ast.UnaryOp)):  # _Generic(...), sizeof(type)
        return places.close_of(at + 1) + 1
    at += 1
    if isinstance(node, c_ast.Constant) and node.type == "string":
        while places.tokens[at].kind == "string":
            at += 1
    return at
