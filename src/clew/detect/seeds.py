"""Where a change of the state may start that no call of a changer and no assignment by name shows."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from clew.config.settings import Changer
from clew.detect.lvalues import assigning_macros, find_passed
from clew.detect.passed_calls import names_given_outside
from clew.detect.summary import ENTRY, NULL, UNKNOWN, Summary
from clew.link.graph import CallGraph, Node
from clew.link.program import Program

if TYPE_CHECKING:
    from clew.detect.unread import UnreadTexts

# C11 7.13, POSIX: these return again after a jump from anywhere, in whatever state that was
RETURNING_TWICE = frozenset({"setjmp", "_setjmp", "sigsetjmp", "__sigsetjmp", "getcontext", "vfork"})

# GNU C: their argument is called at the end of the block, wherever that is
_CLEANING_UP = ("__cleanup__", "cleanup")


def summary_of(changer: Changer) -> Summary:
    """Translate a setting."""
    argument = ("arg", changer.argument)
    return {
        "unknown": UNKNOWN,
        "argument": Summary(argument, "?"),
        "detaches": Summary(NULL, ENTRY),
        "attaches": Summary(argument, ENTRY),
        "saves": Summary("?", ENTRY),
    }[changer.effect]


def find_direct(
    graph: CallGraph, changing: Sequence[str], variables: Sequence[str], unread: "UnreadTexts"
) -> list[Node]:
    """Return the functions and macros in which something *changing* is called or one of *variables* assigned,
    and those of which it is not known; tell *unread* what macros make."""
    found: dict[Node, None] = {}
    for name in (*changing, *_CLEANING_UP):
        found |= dict.fromkeys(graph.calling(name))
    found |= dict.fromkeys(including_functions(graph.program))
    for path in sorted(graph.program.obscure):
        found |= dict.fromkeys(("f", one.index) for one in graph.program.definitions_by_path.get(path, ()))
    unread.made |= made_names(graph, found)
    for name in sorted(unread.made):
        found |= dict.fromkeys(graph.calling(name))
    for name in variables:
        found |= dict.fromkeys(graph.writing(name))
        found |= dict.fromkeys(assigning(graph.program, name))
    return list(found)


def with_other_names(program: Program, variables: Iterable[str]) -> list[str]:
    """Return *variables*, and the macros that are other names of them: ``#define CURRENT (the_state)``."""
    known = dict.fromkeys(variables)
    todo = list(known)
    while todo:
        name = todo.pop()
        for path in program.paths_with(name):
            for macro in program.macros.naming_in(path, (name,)):
                body = program.body_of(macro).strip(" \t()\\\r\n")
                if macro.macro.params is None and body == name and macro.name not in known:
                    known[macro.name] = None
                    todo.append(macro.name)
    return list(known)


def including_functions(program: Program) -> Iterator[Node]:
    """Yield the functions in whose bodies an ``#include`` brings further text."""
    for path, places in program.includes.places.items():
        for at, _ in places:
            found = program.enclosing(path, at)
            if found is not None:
                yield ("f", found.index)


def made_names(graph: CallGraph, direct: Iterable[Node]) -> set[str]:
    """Return the names of functions, maybe, that nobody can read and that may change the state: those given
    outside of functions to macros among *direct*, which change it, and to macros that expand to them."""
    program = graph.program
    macros = graph.reaching_macros(node for node in direct if node[0] == "m")
    found: set[str] = set()
    for name in {program.macros[index].name for kind, index in macros if kind == "m"}:
        found |= names_given_outside(program, name)
    return found


def assigning(program: Program, name: str) -> Iterator[Node]:
    """Yield the functions and macros that pass the variable *name* to a macro that may assign it."""
    macros = assigning_macros(program)
    for path in program.paths_with(name) if macros else ():
        for at in find_passed(program.facts[path].masked, name, macros):
            if (found := program.enclosing(path, at)) is not None:
                yield ("f", found.index)
        for macro in program.macros_by_path.get(path, ()):
            if next(find_passed(program.body_of(macro), name, macros), None) is not None:
                yield ("m", macro.index)
