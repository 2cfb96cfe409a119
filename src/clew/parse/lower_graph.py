"""The control flow graph while it grows.

`Graph` always has a *current* node, to which operations are added, or none: then the code that follows
cannot be reached.  A `Label` is a place that jumps aim at before it is known; its node is made by the
first jump, so that a label nobody jumps to costs no node.
"""

from dataclasses import dataclass, field
from typing import Literal

from clew.parse.flow import Node, Op, Operand

Ending = Literal["", "return", "noreturn"]


@dataclass(slots=True)
class Label:
    """A place to jump to; *node* is -1 until something does."""

    node: int = -1


@dataclass(slots=True)
class Draft:
    """A node under construction; *successors* is an ordered set."""

    ops: list[Op] = field(default_factory=list)
    successors: dict[int, None] = field(default_factory=dict)
    ends: Ending = ""
    returned: Operand | None = None


class Graph:
    """Nodes under construction; node 0 is the entry and the first current node."""

    def __init__(self) -> None:
        self.nodes = [Draft()]
        self.current = 0  # -1: what follows cannot be reached

    def here(self) -> int:
        """Return the current node; make one without predecessors when there is none."""
        if self.current < 0:
            self.current = self._new()
        return self.current

    def point(self) -> tuple[int, int]:
        """Return the flow point that comes next: node and index of an operation in it."""
        node = self.here()
        return node, len(self.nodes[node].ops)

    def next_index(self) -> int:
        """Return the index that an operation added to the current node would have."""
        return len(self.nodes[self.current].ops) if self.current >= 0 else 0

    def add(self, op: Op) -> int:
        """Add *op* to the current node and return its index there."""
        ops = self.nodes[self.here()].ops
        ops.append(op)
        return len(ops) - 1

    def jump(self, label: Label) -> None:
        """Leave the current node for *label*."""
        if self.current >= 0:
            self.link(self.current, self.target(label))
            self.current = -1

    def branch(self, when_true: Label, when_false: Label) -> None:
        """Leave the current node for one of two labels."""
        if self.current >= 0:
            self.link(self.current, self.target(when_true))
            self.link(self.current, self.target(when_false))
            self.current = -1

    def place(self, label: Label) -> None:
        """Continue at *label*: what jumped there comes in, and so does the current node."""
        if label.node >= 0:
            self.jump(label)
            self.current = label.node

    def pin(self, label: Label) -> None:
        """Continue at *label* in a node of its own: jumps to it are still to come."""
        self.target(label)
        self.place(label)

    def end(self, ends: Ending, returned: Operand | None = None) -> None:
        """End the function in the current node."""
        node = self.nodes[self.here()]
        node.ends, node.returned = ends, returned
        self.current = -1

    def target(self, label: Label) -> int:
        """Return the node of *label*, made when there is none yet."""
        if label.node < 0:
            label.node = self._new()
        return label.node

    def link(self, node: int, successor: int) -> None:
        """Add an edge; one that is there already is not repeated."""
        self.nodes[node].successors[successor] = None

    def freeze(self) -> tuple[Node, ...]:
        """Return the finished nodes."""
        return tuple(Node(tuple(d.ops), tuple(d.successors), d.ends, d.returned) for d in self.nodes)

    def _new(self) -> int:
        self.nodes.append(Draft())
        return len(self.nodes) - 1
