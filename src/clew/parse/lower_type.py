"""What types evaluate and declare: array sizes, and enumerators."""

from clew.parse.inject import Node, c_ast
from clew.parse.lower_names import LocalDraft
from clew.parse.lower_places import index
from clew.parse.lower_state import Lowering
from clew.text.span import Span

_WRAPPERS = (c_ast.Typename, c_ast.PtrDecl, c_ast.TypeDecl, c_ast.FuncDecl, c_ast.AttributedType)


def lower_type(lowering: Lowering, node: Node, declaration: Span | None = None) -> None:
    """Lower the array sizes in a type, and declare the enumerators that it defines.

    *declaration* is the whole declaration that the type is part of, if any.  ``typeof`` is taken to
    evaluate nothing, and the parameters of a function type are no business of the function at hand.
    """
    base = lower_derivation(lowering, node)
    if isinstance(base, (c_ast.Struct, c_ast.Union)):
        _lower_members(lowering, base, declaration)
    elif isinstance(base, c_ast.Enum) and base.values is not None:
        _declare_enumerators(lowering, base, declaration)


def lower_derivation(lowering: Lowering, node: Node) -> c_ast.Node:
    """Lower the array sizes in a declarator; return the type specifier that it is derived from."""
    while True:
        if isinstance(node, c_ast.ArrayDecl):
            _lower_size(lowering, node.dim)
        elif not isinstance(node, _WRAPPERS):
            return node
        node = node.type


def _lower_size(lowering: Lowering, size: Node | None) -> None:
    if size is not None and not (isinstance(size, c_ast.ID) and size.name == "*"):
        lowering.value(size)


def _lower_members(lowering: Lowering, node: Node, declaration: Span | None) -> None:
    """Lower the sizes in a structure; enumerators defined there belong to the scope around it."""
    lowering.descend(node)
    for member in node.decls or ():
        if isinstance(member, c_ast.Decl):
            lower_type(lowering, member.type, declaration)
            _lower_size(lowering, member.bitsize)
    lowering.ascend()


def _declare_enumerators(lowering: Lowering, node: Node, declaration: Span | None) -> None:
    places = lowering.places
    for item in node.values.enumerators:
        if not isinstance(item, c_ast.Enumerator):
            continue
        if item.value is not None:
            lowering.value(item.value)
        at = index(item)
        name_span = places.span(at, at + 1)
        lowering.names.declare(
            LocalDraft(
                name=item.name,
                type="int",
                kind="enumerator",
                name_span=name_span,
                statement=declaration or name_span,
                sole=False,
                initialiser=None,
                in_macro=bool(places.tokens[at].macros),
                scope_start=places.span(at, places.find(at, len(places.texts), ",", "}")).end,
            )
        )
