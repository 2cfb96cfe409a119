"""Variadic functions that go along with one that is split.

``PyErr_Format(exception, format, ...)`` starts its list of arguments and hands it to ``PyErr_FormatV``.
When the latter lends its body to a twin, who holds the state wants to call a twin of the former as well.  A
wrapper cannot pass ``...`` on, so that this twin is a copy of the function, with the state in hand.
"""

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from clew.link.program import Definition, Program
from clew.scan import find_calls
from clew.scan.lists import split_list

if TYPE_CHECKING:
    from clew.plan.problem import Problem

_LIST_CALLS = frozenset({"va_start", "va_end", "va_copy"})


def find_companions(problem: "Problem") -> frozenset[int]:
    """Return the variadic functions in scope that call a function which is split, and otherwise only what
    reads the arguments: none unless calls are redirected beyond the functions that hold the state."""
    state, found = problem.state, set()
    if state.redirect not in ("callers", "all") and not state.redirect_files:
        return frozenset()
    named = problem.program.definitions_by_name
    by_rule = (n for glob in state.split for n in named if fnmatchcase(n, glob))
    split = frozenset(name for name in (*(old for old, _ in state.twins), *by_rule) if name in named)
    for name in split:
        for kind, index in problem.graph.calling(name):
            definition = problem.program.definitions[index] if kind == "f" else None
            if definition is not None and problem.in_scope(definition.path):
                if is_variadic(problem.program, definition) and _only_forwards(
                    problem.program, definition, split
                ):
                    found.add(index)
    return frozenset(found)


def is_variadic(program: Program, definition: Definition) -> bool:
    """Tell whether *definition* takes a variable number of arguments."""
    code = program.facts[definition.path].masked
    return "..." in (span.of(code) for span in split_list(code, definition.function.header.params).spans)


def _only_forwards(program: Program, definition: Definition, split: frozenset[str]) -> bool:
    code = program.facts[definition.path].masked
    called = [call.name for call in find_calls(code, definition.function.body)]
    forwarded = [name for name in called if name not in _LIST_CALLS]
    return len(forwarded) == 1 and forwarded[0] in split and "va_start" in called
