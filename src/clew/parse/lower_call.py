"""Calls, and what looks like one: a macro left unexpanded, ``offsetof``, ``va_arg``, ``asm``."""

from clew.parse.flow import CallOp, Operand
from clew.parse.inject import Node, c_ast
from clew.parse.lower_extent import find_suffix
from clew.parse.lower_graph import Label
from clew.parse.lower_places import Places, index
from clew.parse.lower_state import OPAQUE, Lowering
from clew.parse.lower_type import lower_member_designator
from clew.parse.normalise import ASM, LABEL_ADDRESS
from clew.text.span import Span

_NORETURN_NAMES = """
    abort exit _exit _Exit quick_exit thrd_exit pthread_exit longjmp _longjmp siglongjmp
    __builtin_unreachable __builtin_trap __builtin_abort __builtin_exit
"""
STANDARD_NORETURN = frozenset(_NORETURN_NAMES.split())
"""Functions of ISO C, POSIX and the compilers that do not return."""


def lower_call(lowering: Lowering, node: Node) -> Operand:
    """Lower a call: callee and arguments, then the call itself."""
    arguments = node.args.exprs if node.args else []
    callee = _plain_callee(lowering, node.name)
    if callee == LABEL_ADDRESS:
        return _lower_label_address(lowering, arguments[0])
    start, index_at_start = lowering.graph.current, lowering.graph.next_index()
    operands = _lower_operands(lowering, node.name, callee, arguments)
    # Operands that left the node at the start end in a node of their own, which begins with them.
    first = index_at_start if lowering.graph.current == start else 0
    made = lowering.add(_describe(lowering, node, callee, operands, first))
    if callee == ASM:
        _branch_from_asm(lowering, arguments)
        return OPAQUE
    if callee in lowering.noreturn:
        lowering.graph.end("noreturn")
        return OPAQUE
    return Operand("result", result=made)


def _lower_operands(
    lowering: Lowering, name: Node, callee: str, arguments: list[Node]
) -> tuple[Operand, ...]:
    if callee == "offsetof":  # a type, and names of members
        for argument in arguments:
            lower_member_designator(lowering, argument)
        return (OPAQUE,) * len(arguments)
    if callee:
        return tuple(lowering.values(arguments))
    return tuple(lowering.values([name, *arguments])[1:])


def _lower_label_address(lowering: Lowering, label: Node) -> Operand:
    lowering.jumps.addressed.setdefault(label.name, index(label))
    return OPAQUE


def _branch_from_asm(lowering: Lowering, arguments: list[Node]) -> None:
    """Let ``asm goto`` reach its labels, or what follows."""
    labels = [
        argument.args.exprs[0]
        for argument in arguments
        if isinstance(argument, c_ast.FuncCall) and argument.name.name == LABEL_ADDRESS
    ]
    if labels:
        node = lowering.graph.here()
        lowering.jumps.gotos += [(node, label.name, index(label)) for label in labels]
        lowering.graph.pin(Label())


def _plain_callee(lowering: Lowering, node: Node) -> str:
    """Return the name of the function that is called, or "" when the callee is a value."""
    while isinstance(node, c_ast.UnaryOp) and node.op in {"*", "&"}:
        node = node.expr  # (*name)(...) and (&name)(...)
    if isinstance(node, c_ast.ID) and not lowering.names.is_variable(node.name):
        return str(node.name)
    return ""


def _describe(
    lowering: Lowering, node: Node, callee: str, operands: tuple[Operand, ...], first: int
) -> CallOp:
    """Return the operation of a call whose operands are lowered."""
    places = lowering.places
    opening = find_suffix(places, node.name, "(")
    closing = places.close_of(opening)
    start = _leftmost(places, index(node), opening)
    target = "" if callee else places.spell(start, opening)
    origin = places.origin(start, closing + 1)
    if not (places.is_written(opening) and places.is_written(closing)):
        return CallOp(origin, lowering.expr, callee, target, operands, first, -1, -1, ())
    spans = tuple(_argument_span(places, opening, piece) for piece in places.split(opening + 1, closing))
    ends = places.offset(opening), places.offset(closing)
    return CallOp(origin, lowering.expr, callee, target, operands, first, *ends, spans)


def _argument_span(places: Places, opening: int, piece: tuple[int, int]) -> Span:
    """Return the own file's span of an argument of the call whose parenthesis is at *opening*.

    In an argument of a macro, the tokens that another macro made have the place of the *outer* one,
    which is larger than the call; then the span ends at the commas (or parentheses) around it.
    """
    start, end = piece
    if places.is_written(start) and places.is_written(end - 1) and start < end:
        return places.span(start, end)
    before = start - 1 if places.is_written(start - 1) else opening
    after = end if places.is_written(end) else places.close_of(opening)
    lowest, highest = places.tokens[before].end, places.offset(after)
    if start == end:
        return Span(lowest, lowest)
    span = places.span(start, end)
    return Span(max(span.start, lowest), min(span.end, highest))


def _leftmost(places: Places, start: int, opening: int) -> int:
    """Return the first token of a callee that ends before *opening*: *start*, or a parenthesis before
    it that closes in between."""
    at = start
    while at < opening:
        start = min(start, places.match[at]) if places.texts[at] == ")" else start
        at = places.skip[at]
    return start
