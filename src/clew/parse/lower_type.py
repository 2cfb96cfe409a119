"""What types evaluate and declare: array sizes, and enumerators.

``sizeof``, ``typeof`` and ``offsetof`` evaluate nothing, as a rule.  Sizes of arrays that are no constants,
and an operand whose type depends on one, they do evaluate; which of them, the compilers decide.  These are
therefore lowered as something that may be passed over.
"""

from clew.parse.inject import Node, c_ast
from clew.parse.lower_graph import Label
from clew.parse.lower_names import LocalDraft
from clew.parse.lower_places import index
from clew.parse.lower_state import Lowering, nodes_in
from clew.text.span import Span

_WRAPPERS = (c_ast.Typename, c_ast.PtrDecl, c_ast.TypeDecl, c_ast.FuncDecl, c_ast.AttributedType)


def lower_type(lowering: Lowering, node: Node, declaration: Span | None = None) -> None:
    """Lower the array sizes in a type, and declare the enumerators that it defines.

    *declaration* is the whole declaration that the type is part of, if any.  The parameters of a function
    type are no business of the function at hand.
    """
    base = lower_derivation(lowering, node)
    if isinstance(base, (c_ast.Struct, c_ast.Union)):
        _lower_members(lowering, base, declaration)
    elif isinstance(base, c_ast.Enum) and base.values is not None:
        _declare_enumerators(lowering, base, declaration)
    elif isinstance(base, c_ast.TypeOf):
        lower_unevaluated(lowering, base.expr)


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
        lowering.sizes_vary = lowering.sizes_vary or not _is_constant(size)
        lowering.value(size)


def lower_unevaluated(lowering: Lowering, operand: Node) -> None:
    """Lower the operand of ``sizeof`` or ``typeof``: what may be evaluated there all the same."""
    if isinstance(operand, (c_ast.ID, c_ast.Constant, c_ast.StructRef)):
        return  # in most cases
    sizes = [
        node.dim for node in nodes_in(operand) if isinstance(node, c_ast.ArrayDecl) and node.dim is not None
    ]
    if lowering.sizes_vary and not isinstance(operand, (c_ast.Typename, c_ast.FuncCall)):
        sizes.append(operand)  # its type may be that of an array declared before
    for size in sizes:
        _lower_perhaps(lowering, size)


def lower_member_designator(lowering: Lowering, designator: Node) -> None:
    """Lower an operand of ``offsetof``: subscripts, and sizes of arrays, may be evaluated."""
    for node in nodes_in(designator):
        if isinstance(node, c_ast.ArrayRef):
            _lower_perhaps(lowering, node.subscript)
        elif isinstance(node, c_ast.ArrayDecl) and node.dim is not None:
            _lower_perhaps(lowering, node.dim)


def _lower_perhaps(lowering: Lowering, node: Node) -> None:
    """Lower *node* as something that is evaluated or not, unless that makes no difference."""
    if _is_constant(node):
        return
    taken, after = Label(), Label()
    lowering.graph.here()
    lowering.sequence_point()
    lowering.graph.branch(taken, after)
    lowering.graph.place(taken)
    lowering.value(node)
    lowering.graph.place(after)
    lowering.sequence_point()


def _is_constant(node: Node) -> bool:
    """Tell whether *node* is made of literals; whatever acts names something."""
    return not any(isinstance(one, c_ast.ID) for one in nodes_in(node))


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
