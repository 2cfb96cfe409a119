"""Declarations in blocks and in ``for (...)``: locals, their types, initialisers and scopes.

What a declaration executes: the sizes of its arrays, then for each declarator its initialiser and the
`DeclareOp`.  A ``static`` keeps its value from call to call, so that its `DeclareOp` has an opaque value
whatever its initialiser; what its initialiser mentions is read there all the same.  Declarations that
make no object (``extern``, functions, typedefs, enumerators) are locals without an operation.
"""

from typing import NamedTuple

from clew.parse.flow import DeclareOp
from clew.parse.inject import Node, c_ast
from clew.parse.lower_names import LocalDraft, LocalKind
from clew.parse.lower_places import Places, index, join
from clew.parse.lower_state import OPAQUE, Lowering
from clew.parse.lower_type import lower_derivation, lower_type
from clew.text.span import Span

_STORAGE_WORDS = """
    auto register static extern typedef _Thread_local __thread thread_local constexpr
    inline __inline __inline__ __forceinline _Noreturn
"""
_QUALIFIER_WORDS = """
    const volatile restrict _Atomic __const __const__ __volatile __volatile__ __restrict __restrict__
"""
_STORAGE = frozenset(_STORAGE_WORDS.split())
_QUALIFIERS = frozenset(_QUALIFIER_WORDS.split())
_BEFORE_NAME = _QUALIFIERS | {"*", "("}


class Declarator(NamedTuple):
    """Tokens of one declarator: *start..end* (up to ``=`` or the end), its *name*, and where its
    *initialiser* begins (*stop* when there is none) and ends."""

    start: int
    name: int
    end: int
    initialiser: int
    stop: int


def declared_index(places: Places, node: Node) -> int:
    """Return the token of the name that the declaration *node* declares."""
    declarator = node.type
    while not isinstance(declarator, c_ast.TypeDecl):
        declarator = declarator.type
    at = index(declarator)
    if at < 0 or places.texts[at] != node.name:
        raise places.error(f"cannot find the declaration of {node.name!r}", at)
    return at


def find_declarator(places: Places, name: int, piece: tuple[int, int]) -> Declarator:
    """Return the extent of the declarator around the token *name* within *piece* (between commas)."""
    start = at = name
    while at > piece[0] and places.texts[at - 1] in _BEFORE_NAME:
        at -= 1
        start = start if places.texts[at] in _QUALIFIERS else at
    end = places.find(start, piece[1], "=")
    return Declarator(start, name, end, min(end + 1, piece[1]), piece[1])


def find_specifiers(places: Places, node: Node, piece: tuple[int, int]) -> tuple[int, int]:
    """Return the tokens of the specifiers before the first declarator, *node*, of a declaration."""
    return piece[0], find_declarator(places, declared_index(places, node), piece).start


def spell_type(places: Places, specifiers: tuple[int, int], declarator: Declarator) -> str:
    """Write the type of *declarator* after *specifiers*: ``const struct repository *``."""
    texts = places.texts
    written = [t for t in texts[slice(*specifiers)] if t not in _STORAGE]
    return join(
        [
            *(written or texts[slice(*specifiers)]),
            *texts[declarator.start : declarator.name],
            *texts[declarator.name + 1 : declarator.end],
        ]
    )


def lower_declaration(
    lowering: Lowering, nodes: list[Node], start: int, end: int, *, removable: bool = True
) -> None:
    """Lower the declarations *nodes* written in the tokens ``start..end`` (``;`` included).

    The only declarator of a declaration that may be removed makes a *sole* local.
    """
    declared = [node for node in nodes if isinstance(node, (c_ast.Decl, c_ast.Typedef))]
    if not declared:
        return  # a _Static_assert evaluates nothing
    statement = lowering.places.span(start, end)
    lowering.sequence_point()
    # All declarators share one specifier, at the bottom of their types.
    lower_type(lowering, _specifier(declared[0]), statement)
    if declared[0].name is None:
        return
    pieces = lowering.places.split(start, end - 1)
    if len(pieces) != len(declared):
        raise lowering.places.error("cannot tell the declarators of this declaration apart", start)
    specifiers = find_specifiers(lowering.places, declared[0], pieces[0])
    sole = removable and len(pieces) == 1 and "{" not in lowering.places.texts[slice(*specifiers)]
    for node, piece in zip(declared, pieces, strict=True):
        _lower_declarator(lowering, node, specifiers, piece, statement, sole)


def _lower_declarator(
    lowering: Lowering,
    node: Node,
    specifiers: tuple[int, int],
    piece: tuple[int, int],
    statement: Span,
    sole: bool,
) -> None:
    places = lowering.places
    name = declared_index(places, node)
    extent = find_declarator(places, name, piece)
    has_initialiser = extent.initialiser < extent.stop
    kind = _kind(node)
    written_type = spell_type(places, specifiers, extent)
    lowering.sequence_point()
    lower_derivation(lowering, node.type)
    local = lowering.names.declare(
        LocalDraft(
            name=node.name,
            type=written_type,
            kind=kind,
            name_span=places.span(name, name + 1),
            statement=statement,
            sole=sole,
            initialiser=places.span(extent.initialiser, extent.stop) if has_initialiser else None,
            in_macro=bool(places.tokens[name].macros),
            scope_start=places.span(extent.start, extent.end).end,
        )
    )
    value = lowering.value(node.init) if has_initialiser else None
    if kind == "static":
        value = OPAQUE
    if kind in {"auto", "static"}:
        lowering.add(DeclareOp(places.origin(name), lowering.expr, node.name, written_type, value, local))


def _kind(node: Node) -> LocalKind:
    if isinstance(node, c_ast.Typedef):
        return "typedef"
    if isinstance(node.type, c_ast.FuncDecl):
        return "function"
    if "extern" in node.storage:
        return "extern"
    return "static" if "static" in node.storage else "auto"


def _specifier(node: Node) -> c_ast.Node:
    node = node.type
    while isinstance(node, (c_ast.PtrDecl, c_ast.ArrayDecl, c_ast.FuncDecl, c_ast.TypeDecl)):
        node = node.type
    return node
