"""Which locals of a function can hold a state."""

from collections.abc import Collection, Iterator

from clew.config.settings import State
from clew.detect.spelled_type import same_type
from clew.detect.summary import Value
from clew.parse.flow import CallOp, DeclareOp, Flow, WriteOp


def state_locals(flow: Flow, state: State, savers: Collection[str]) -> dict[int, Value | None]:
    """Return the locals to follow, by index: those of the state's type (parameters with what they brought)
    and those that take the result of one of *savers*, functions that return the former state or a token
    for it."""
    tokens = set(_saved_names(flow, savers))
    found: dict[int, Value | None] = {}
    position = 0
    for index, local in enumerate(flow.locals):
        if local.kind in ("parameter", "auto"):
            if same_type(local.type, state.type) or local.name in tokens:
                found[index] = ("arg", position) if local.kind == "parameter" else None
        if local.kind == "parameter":
            position += 1
    return found


def _saved_names(flow: Flow, savers: Collection[str]) -> Iterator[str]:
    for node in flow.nodes:
        saving = {i for i, op in enumerate(node.ops) if isinstance(op, CallOp) and op.callee in savers}
        for op in node.ops if saving else ():
            if isinstance(op, WriteOp | DeclareOp) and op.value is not None and op.value.kind == "result":
                if op.value.result in saving:
                    yield op.name
