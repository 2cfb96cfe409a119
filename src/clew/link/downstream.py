"""What some functions reach, asked node by node."""

from collections.abc import Callable, Iterable
from itertools import chain

from clew.link.graph import CallGraph, Node


class Downstream:
    """The nodes that calls reach from *roots*.

    A few nodes are asked for, and most lie close below a root: so each looks upwards, until it meets one of
    which the answer is known.  *beside* yields what may call a node in ways that the graph does not know.
    """

    def __init__(
        self, graph: CallGraph, roots: Iterable[Node], beside: Callable[[Node], Iterable[Node]]
    ) -> None:
        self._graph, self._beside = graph, beside
        self._known = dict.fromkeys(roots, True)

    def __contains__(self, node: object) -> bool:
        if not isinstance(node, tuple):
            return False
        known = self._known.get(node)
        return self._look_up(node) if known is None else known

    def _look_up(self, node: Node) -> bool:
        """Search breadth first; all on the way up to a root are below it, and nothing is if there is none."""
        below: dict[Node, Node | None] = {node: None}
        todo = [node]
        for current in todo:  # grows on the way
            for caller in chain(self._graph.callers(current), self._beside(current)):
                known = self._known.get(caller)
                if known:
                    found: Node | None = current
                    while found is not None:
                        self._known[found] = True
                        found = below[found]
                    return True
                if known is None and caller not in below:
                    below[caller] = current
                    todo.append(caller)
        self._known |= dict.fromkeys(below, False)
        return False
