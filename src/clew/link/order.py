"""The order in which functions can change so that what is called changes before what calls it."""

from collections.abc import Hashable, Iterable
from typing import Generic, TypeVar

import networkx as nx

from clew.text.record import record

_T = TypeVar("_T", bound=Hashable)


@record()
class Component(Generic[_T]):
    """Nodes that call each other in a circle (mostly: one node), and the indices of the components that they
    call."""

    members: tuple[_T, ...]
    calls: frozenset[int]


def find_components(nodes: Iterable[_T], edges: Iterable[tuple[_T, _T]]) -> list[Component[_T]]:
    """Return the strongly connected components of a graph whose *edges* run from callers to callees."""
    place = {node: index for index, node in enumerate(nodes)}
    graph: nx.DiGraph[_T] = nx.DiGraph()
    graph.add_nodes_from(place)
    graph.add_edges_from(edges)
    condensed = nx.condensation(graph)
    return [
        Component(
            tuple(sorted(condensed.nodes[index]["members"], key=place.__getitem__)),
            frozenset(condensed.successors(index)),
        )
        for index in sorted(condensed)
    ]
