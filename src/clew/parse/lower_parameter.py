"""Parameters of the function itself, in prototype form and in K&R's."""

from typing import NamedTuple

from clew.parse.inject import Node, c_ast
from clew.parse.lower_declaration import declared_index, find_declarator, find_specifiers, spell_type
from clew.parse.lower_names import LocalDraft
from clew.parse.lower_places import Places, index
from clew.parse.lower_state import Lowering, nodes_in
from clew.parse.lower_type import lower_derivation

_Tokens = tuple[int, int]


class _Parameter(NamedTuple):
    """One parameter: the tokens of its *specifiers*, of the *piece* (between commas) with its
    declarator, and of the whole *declaration*."""

    node: Node
    specifiers: _Tokens
    piece: _Tokens
    declaration: _Tokens
    sole: bool


def declare_parameters(lowering: Lowering, function: Node, body: int) -> None:
    """Declare the named parameters of *function*, whose body opens at token *body*.

    Parameters without a name are no locals: nothing can use them.
    """
    places, declaration = lowering.places, function.decl
    if not isinstance(declaration.type, c_ast.FuncDecl):
        raise places.error("a function definition without parameters", body)
    opening = places.find(declared_index(places, declaration) + 1, body, "(")
    closing = places.close_of(opening)
    nodes = declaration.type.args.params if declaration.type.args else []
    pieces = places.split(opening + 1, closing)
    if len(nodes) != len(pieces):
        raise places.error("cannot tell the parameters apart", opening)
    old_style = _old_style(places, function.param_decls or [], closing + 1, body)
    for node, piece in zip(nodes, pieces, strict=True):
        if isinstance(node, c_ast.ID):
            _declare(lowering, node.name, old_style.get(node.name), piece, body)
        elif isinstance(node, c_ast.Decl) and node.name:
            specifiers = find_specifiers(places, node, piece)
            _declare(lowering, node.name, _Parameter(node, specifiers, piece, piece, True), piece, body)


def _check_sizes(lowering: Lowering, node: Node, at: int) -> None:
    """Refuse a parameter whose size calls something: no search for calls looks there."""
    arrays = (one for one in nodes_in(node) if isinstance(one, c_ast.ArrayDecl) and one.dim is not None)
    if any(isinstance(one, c_ast.FuncCall) for array in arrays for one in nodes_in(array.dim)):
        raise lowering.places.error("the size of a parameter calls a function", at)


def _old_style(places: Places, nodes: list[Node], at: int, body: int) -> dict[str, _Parameter]:
    """Return by name the parameters declared between ``)`` and ``{``."""
    found: dict[str, _Parameter] = {}
    while at < body and places.texts[at] in {")", "(", "["}:  # int (*f(a))(char) int a; {...}
        at = places.skip[at]
    while at < body:
        end = places.after_semicolon(at)
        group = [node for node in nodes if at <= index(node) < end and isinstance(node, c_ast.Decl)]
        pieces = places.split(at, end - 1)
        for node, piece in zip(group, pieces, strict=False):
            specifiers = find_specifiers(places, group[0], pieces[0])
            found[node.name] = _Parameter(node, specifiers, piece, (at, end), len(pieces) == 1)
        at = end
    return found


def _declare(lowering: Lowering, name: str, parameter: _Parameter | None, listed: _Tokens, body: int) -> None:
    """Declare a parameter; without a declaration of its own (K&R) it is an ``int``, *listed* once."""
    places = lowering.places
    if parameter is None:
        at, written_type, declaration, sole = listed[0], "int", listed, True
    else:
        at = declared_index(places, parameter.node)
        written_type = spell_type(places, parameter.specifiers, find_declarator(places, at, parameter.piece))
        declaration, sole = parameter.declaration, parameter.sole
        lowering.sequence_point()
        _check_sizes(lowering, parameter.node.type, at)
        lower_derivation(lowering, parameter.node.type)
    lowering.names.declare(
        LocalDraft(
            name=name,
            type=written_type,
            kind="parameter",
            name_span=places.span(at, at + 1),
            statement=places.span(*declaration),
            sole=sole,
            initialiser=None,
            in_macro=bool(places.tokens[at].macros),
            scope_start=places.offset(body),
        )
    )
