"""Which operations of an expression have no definite order relative to a state change in it."""

from collections.abc import Callable, Sequence

from clew.parse.flow import CallOp, DeclareOp, Flow, Op, WriteOp


def find_unsequenced(
    flow: Flow, changes: Callable[[Op], bool], is_macro: Callable[[str], bool]
) -> frozenset[tuple[int, int]]:
    """Return the operations whose order relative to a state change in their expression C leaves open.

    C11 6.5p2-3: operands are unsequenced, a call comes after its own arguments.  An operation is
    ordered with a changing call when one is among the arguments of the other, or a sequence point stands
    between them in one operand (``f(x, change() && get())``).
    """
    changing: dict[int, list[tuple[int, int]]] = {}
    for number, node in enumerate(flow.nodes):
        for index, op in enumerate(node.ops):
            if changes(op):
                changing.setdefault(op.expr, []).append((number, index))
    if not changing:
        return frozenset()
    found: set[tuple[int, int]] = set()
    steps = _Steps(flow)
    for number, node in enumerate(flow.nodes):
        for index, op in enumerate(node.ops):
            for at in changing.get(op.expr, ()):
                here = (number, index)
                if at == here or steps.tell(at, here, is_macro):
                    continue
                if not _is_ordered(flow, at, here, is_macro):
                    found.add(here)
    return frozenset(found)


class _Steps:
    """What the paths of operations tell of their order (see `Flow`)."""

    def __init__(self, flow: Flow) -> None:
        self._flow = flow
        self._paths = {at: (number, path) for number, (at, path) in enumerate(flow.steps)}

    def tell(self, change: tuple[int, int], other: tuple[int, int], is_macro: Callable[[str], bool]) -> bool:
        """Tell whether the two operations have a definite order."""
        if change not in self._paths or other not in self._paths:
            return False
        (when, one), (then, two) = self._paths[change], self._paths[other]
        for place, (mine, theirs) in enumerate(zip(one, two, strict=False)):
            if mine != theirs:
                return place % 2 == 1
        late, shorter = (change, len(one) < len(two)) if then < when else (other, len(two) < len(one))
        op = self._flow.nodes[late[0]].ops[late[1]]
        return shorter and isinstance(op, CallOp) and not is_macro(op.callee)


def _is_ordered(
    flow: Flow, change_at: tuple[int, int], op_at: tuple[int, int], is_macro: Callable[[str], bool]
) -> bool:
    """Tell whether two operations of one expression have a definite order."""
    (change_node, change_index), (node, index) = change_at, op_at
    if change_node != node:
        return False
    ops = flow.nodes[node].ops
    change, op = ops[change_index], ops[index]
    first = change.first if isinstance(change, CallOp) else _operands_of_write(ops, change_index)
    if first <= index < change_index:
        return not (isinstance(change, CallOp) and is_macro(change.callee))
    if isinstance(op, CallOp) and op.first <= change_index < index:
        return True
    if isinstance(op, DeclareOp):
        return index > change_index
    return isinstance(op, WriteOp) and _takes(ops, index, op, change_index)


def _takes(ops: Sequence[Op], at: int, write: WriteOp, change: int) -> bool:
    """Tell whether the operation *change* belongs to the operands of *write*, which comes after them."""
    if write.value.kind == "result" and write.value.result == change:
        return True
    return _operands_of_write(ops, at) <= change < at


def _operands_of_write(ops: Sequence[Op], at: int) -> int:
    """Return where the operands of an assignment begin: with its expression, when it ends with it."""
    ends = not any(op.expr == ops[at].expr for op in ops[at + 1 :])
    return 0 if ends else at
