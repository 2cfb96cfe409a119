"""Macros that another ``#if`` branch defines otherwise.

A function is read with one definition of each macro.  Where another one that may be in force at the same
place changes the state, and the one that was read does not, what was read says too little.
"""

from collections.abc import Callable, Container

from clew.link.graph import CallGraph, Node
from clew.link.program import Definition, MacroDefinition


def find_hidden(
    graph: CallGraph,
    definition: Definition,
    is_changing: Callable[[Node], bool],
    names: Container[str],
    trusted: frozenset[str],
) -> str:
    """Return the name of a macro in *definition* that changes the state by a definition that was not read;
    *names* are those of all macros that change it by some definition."""
    todo = [node for node in dict.fromkeys(graph.macros_used(definition.index, names)) if is_changing(node)]
    seen = set(todo)
    while todo:
        node = todo.pop()
        macro = graph.program.macros[node[1]]
        if macro.name in trusted:
            continue
        if _is_passed_over(graph, definition, macro, is_changing):
            return macro.name
        fresh = [n for n in graph.callees(node) if n[0] == "m" and n not in seen and is_changing(n)]
        seen.update(fresh)
        todo += fresh
    return ""


def _is_passed_over(
    graph: CallGraph, definition: Definition, macro: MacroDefinition, is_changing: Callable[[Node], bool]
) -> bool:
    """Tell whether *macro* may be in force at the end of *definition*, and another one was read that changes
    nothing."""
    table, at = graph.program.macro_table, definition.function.body.end
    chosen = table.lookup(macro.name, definition.path, at)
    if chosen is None:
        return False
    places = {(one.path, one.span.start) for one in table.definitions(macro.name, definition.path, at)}
    if (macro.path, macro.macro.body.start) not in places or len(places) < 2:
        return False
    for kind, index in graph.named(definition.path, macro.name):
        if kind == "m":
            other = graph.program.macros[index]
            if (other.path, other.macro.body.start) == (chosen.path, chosen.span.start):
                return index != macro.index and not is_changing(("m", index))
    return (macro.path, macro.macro.body.start) != (chosen.path, chosen.span.start)
