"""A part of a call graph, and its order for a drawing: components, and the columns of each."""

from collections.abc import Collection, Hashable, Iterable, Sequence
from typing import TypeVar

import networkx as nx

from clew.link.graph import CallGraph, Node

_T = TypeVar("_T", bound=Hashable)

Edge = tuple[_T, _T]
Columns = tuple[tuple[_T, ...], ...]

# Each sweep moves nodes nearer to their neighbours; the picture hardly changes after a few.
_SWEEPS = 4


def edges_among(graph: CallGraph, nodes: Collection[Node]) -> list[Edge[Node]]:
    """Return the edges of *graph* that run between two of *nodes*, in order."""
    wanted = frozenset(nodes)
    return sorted(
        {(caller, callee) for caller in wanted for callee in graph.callees(caller) if callee in wanted}
    )


def arrange(nodes: Sequence[_T], edges: Iterable[Edge[_T]]) -> list[Columns[_T]]:
    """Return the connected components of a graph, largest first, each as columns in which calls run from left
    to right (nodes of one cycle share a column); neighbours stand near to each other (the barycentre method
    of Sugiyama, Tagawa and Toda, 1981)."""
    graph: nx.DiGraph[_T] = nx.DiGraph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(edges)
    place = {node: index for index, node in enumerate(nodes)}
    components = [sorted(found, key=place.__getitem__) for found in nx.weakly_connected_components(graph)]
    components.sort(key=lambda found: (-len(found), place[found[0]]))
    return [_columns(graph, component) for component in components]


def _columns(graph: "nx.DiGraph[_T]", component: list[_T]) -> Columns[_T]:
    condensed = nx.condensation(graph.subgraph(component))
    rank = {
        node: column
        for column, generation in enumerate(nx.topological_generations(condensed))
        for cycle in generation
        for node in condensed.nodes[cycle]["members"]
    }
    columns: list[list[_T]] = [[] for _ in range(max(rank.values()) + 1)]
    for node in component:
        columns[rank[node]].append(node)
    for sweep in range(_SWEEPS):
        _sweep(graph, columns, backward=sweep % 2 == 1)
    return tuple(map(tuple, columns))


def _sweep(graph: "nx.DiGraph[_T]", columns: list[list[_T]], *, backward: bool) -> None:
    """Sort each column by where the neighbours on one side stand, on a scale from 0 to 1."""
    height: dict[_T, float] = {}
    for column in reversed(columns) if backward else columns:
        known = {}
        for index, node in enumerate(column):
            neighbours = graph.successors(node) if backward else graph.predecessors(node)
            heights = [height[other] for other in neighbours if other in height]
            known[node] = sum(heights) / len(heights) if heights else (index + 0.5) / len(column)
        column.sort(key=known.__getitem__)
        height |= {node: (index + 0.5) / len(column) for index, node in enumerate(column)}
