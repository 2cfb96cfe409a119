"""Why functions may change the state: the operations that do it, followed from call to call."""

from clew.detect.effects import Effects
from clew.link.graph import Node
from clew.parse.flow import Op
from clew.text.record import record


@record()
class Witness:
    """Why a function may change the state: the operation in its body, and what it calls there."""

    op: Op
    through: Node | None


class Witnesses:
    """The witnesses of *effects*, whose summaries are computed."""

    def __init__(self, effects: Effects) -> None:
        self._effects = effects
        self._known: dict[Node, Witness | None] = {}

    def of(self, node: Node) -> Witness | None:
        """Return why the function *node* may change the state; None for a macro, or when nothing in it is
        known to.  What it calls there changed before it did, so that a chain of witnesses ends."""
        if node not in self._known:
            self._known[node] = self._find(node) if node[0] == "f" else None
        return self._known[node]

    def _find(self, node: Node) -> Witness | None:
        effects, found = self._effects, list[Witness]()
        definition = effects.program.definitions[node[1]]
        for variant in effects.parse(definition).variants:
            for block in variant.flow.nodes if variant.flow is not None else ():
                for op in (op for op in block.ops if effects.changes(definition.path, op)):
                    found.append(Witness(op, effects.through(definition.path, op)))
        return min(found, key=lambda witness: effects.age(witness.through), default=None)
