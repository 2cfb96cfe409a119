"""``switch``, labels of every kind, and ``goto``."""

from itertools import chain

from clew.parse.inject import Node, c_ast
from clew.parse.lower_graph import Label
from clew.parse.lower_places import index
from clew.parse.lower_state import Lowering, StatementDraft, SwitchFrame

_LABELS = (c_ast.Label, c_ast.Case, c_ast.Default)
_CONSTANT_PARTS: dict[type, tuple[str, ...]] = {
    c_ast.BinaryOp: ("left", "right"),
    c_ast.TernaryOp: ("cond", "iftrue", "iffalse"),
    c_ast.Cast: ("expr",),
}


def lower_switch(lowering: Lowering, node: Node, at: int, block: int) -> int:
    """Lower ``switch``: one edge to every case, and one to what follows when there is no default.

    The body is entered at its labels only; what precedes the first of them cannot be reached.
    """
    places, graph = lowering.places, lowering.graph
    draft = lowering.begin("switch", at, block)
    opening = places.expect(at, "switch")
    lowering.sequence_point()
    lowering.value(node.cond)
    frame, after = SwitchFrame(graph.here()), Label()
    graph.current = -1
    lowering.jumps.switches.append(frame)
    lowering.jumps.breaks.append(after)
    draft.end = lowering.statement(_restore_labels(node.stmt), places.close_of(opening) + 1, -1)
    lowering.jumps.breaks.pop()
    lowering.jumps.switches.pop()
    if not frame.has_default:
        graph.link(frame.dispatch, graph.target(after))
    graph.place(after)
    return draft.end


def lower_labelled(lowering: Lowering, node: Node, at: int, block: int) -> int:
    """Lower labels and the statement behind them.

    The flow point of a labelled statement is the one before the label, where only what falls through
    comes by: that is where code written in front of it would run.
    """
    drafts: list[StatementDraft] = []
    while isinstance(node, _LABELS):
        kind = "label" if isinstance(node, c_ast.Label) else "case"
        drafts.append(lowering.begin(kind, at, -1 if drafts else block))
        label = Label()
        lowering.graph.pin(label)
        at = _lower_label(lowering, node, label, at)
        node = node.stmt if isinstance(node, c_ast.Label) else node.stmts[0]
    # pycparser puts an empty statement, at the label itself, where a label stands before "}".
    if not isinstance(node, c_ast.EmptyStatement) or lowering.places.texts[at] == ";":
        at = lowering.statement(node, at, -1)
    for draft in drafts:
        draft.end = at
    return at


def lower_goto(lowering: Lowering, node: Node, at: int, block: int) -> int:
    """Lower ``goto label;``: resolved when all labels are known."""
    draft = lowering.begin("goto", at, block)
    lowering.jumps.gotos.append((lowering.graph.here(), node.name, at))
    lowering.graph.current = -1
    draft.end = lowering.places.after_semicolon(at)
    return draft.end


def resolve_jumps(lowering: Lowering) -> None:
    """Add the edges of ``goto`` and computed ``goto``.

    A computed one may reach every label whose address the function takes, and every label when none
    is seen: the addresses come from elsewhere then.
    """
    jumps, link = lowering.jumps, lowering.graph.link
    for node, name, at in jumps.gotos:
        for target in _nodes_of(lowering, name, at):
            link(node, target)
    for node, at in jumps.computed:
        if not jumps.labels:
            raise lowering.places.error("a computed goto in a function without labels", at)
        targets = [_nodes_of(lowering, *label) for label in jumps.addressed.items()]
        for target in chain.from_iterable(targets or jumps.labels.values()):
            link(node, target)


def lower_computed_goto(lowering: Lowering, node: Node) -> None:
    """Lower ``goto *expression;``."""
    lowering.value(node.args.exprs[0])
    lowering.jumps.computed.append((lowering.graph.here(), index(node)))
    lowering.graph.current = -1


def _lower_label(lowering: Lowering, node: Node, label: Label, at: int) -> int:
    """Register a label at *label*; return the index after its colon."""
    places = lowering.places
    if isinstance(node, c_ast.Label):
        lowering.jumps.labels.setdefault(node.name, []).append(label.node)
        return places.expect(at + 1, ":")
    if not lowering.jumps.switches:
        raise places.error("a case label outside of a switch", at)
    frame = lowering.jumps.switches[-1]
    lowering.graph.link(frame.dispatch, label.node)
    if isinstance(node, c_ast.Case):
        _lower_case_value(lowering, node.expr, frame.dispatch, at)
    else:
        frame.has_default = True
    return places.after_case_colon(at + 1)


def _lower_case_value(lowering: Lowering, value: Node, dispatch: int, at: int) -> None:
    """Lower what a case's constant mentions, where the switch compares it.

    The compiler computes constants: ``?:`` and ``&&`` make no branch here.
    """
    graph, waiting = lowering.graph, [value]
    here, graph.current = graph.current, dispatch
    while waiting:
        node = waiting.pop()
        parts = [getattr(node, part) for part in _CONSTANT_PARTS.get(type(node), ())]
        waiting += reversed(parts)
        if not parts:
            lowering.value(node)
    if graph.current != dispatch:
        raise lowering.places.error("a case label that branches", at)
    graph.current = here


def _nodes_of(lowering: Lowering, name: str, at: int) -> list[int]:
    nodes = lowering.jumps.labels.get(name)
    if nodes is None:
        raise lowering.places.error(f"no label {name!r} in this function", at)
    return nodes


def _restore_labels(body: Node) -> c_ast.Node:
    """Undo what pycparser does to the body of a switch, and give every case back its one statement.

    It moves the statements that follow a case in the same block into the case, and a case that is
    labelled by another (``case 1: case 2:``) behind that one.
    """
    if not isinstance(body, c_ast.Compound):
        return body
    flat: list[Node] = []
    for item in body.block_items or []:
        flat.append(item)
        flat += item.stmts[1:] if isinstance(item, (c_ast.Case, c_ast.Default)) else []
    restored: list[Node] = []
    for item in reversed(flat):
        if isinstance(item, (c_ast.Case, c_ast.Default)):
            statement = item.stmts[0] if item.stmts else restored.pop()
            parts = [item.expr] if isinstance(item, c_ast.Case) else []
            restored.append(type(item)(*parts, [statement], item.coord))
        else:
            restored.append(item)
    return c_ast.Compound(restored[::-1], body.coord)
