"""Ways to break what clew wrote.  Each yields mutants, made from clew's own edits.

A mutant is the whole change with one edit left out, replaced or moved; where an operator needs a state that
is not the current one, it takes another state of the same interpreter.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from change import Change, name_in
from mutant import (
    NEWEST,
    OTHER,
    TRAP,
    Mutant,
    Operator,
    edits_of,
    instead,
    make_mutant,
    passed,
    probed,
    trap_if,
)
from stale import stale_after_change, switched_around

from clew.text.edit import Edit
from clew.text.span import Span

_LOCAL = re.compile(r"(MCState \*)(\w+) = ([^;]*);")


def argument_dropped(change: Change) -> Iterator[Mutant]:
    """A call does not pass the state."""
    for place in edits_of(change, "pass"):
        yield make_mutant(change, "argument dropped", place, f"without `{name_in(place[1])}`")


def null_passed(change: Change) -> Iterator[Mutant]:
    """A call passes NULL."""
    for place in edits_of(change, "pass"):
        yield instead(change, "NULL passed", place, "((MCState *)0)")


def wrong_state(change: Change) -> Iterator[Mutant]:
    """A call passes another state of the interpreter."""
    for place in passed(change):
        yield instead(change, "wrong state passed", place, OTHER.format(name_in(place[1])))


def other_variable(change: Change) -> Iterator[Mutant]:
    """A variable of the same function that holds another state, or the state of some moments ago."""
    for path, old in edits_of(change, "pass", "reuse"):
        name = name_in(old)
        for other in change.states_in(path, old.span.start):
            if other != name and name.isidentifier():
                yield instead(change, "stale or other variable", (path, old), other)


def swapped(change: Change) -> Iterator[Mutant]:
    """The state and the next argument change places."""
    for path, old in edits_of(change, "pass"):
        first = change.first_argument(path, old)
        if first is not None:
            new = Edit(Span(first.end, first.end), f", {name_in(old)}", old.rule)
            yield make_mutant(change, "swapped arguments", (path, old), f"`{name_in(old)}` comes second", new)


def prototype_missed(change: Change) -> Iterator[Mutant]:
    """A prototype stays as it was."""
    for place in edits_of(change, "thread"):
        if change.is_prototype(*place):
            yield make_mutant(change, "prototype missed", place, "a prototype as it was")


def definition_missed(change: Change) -> Iterator[Mutant]:
    """A definition stays as it was."""
    for place in edits_of(change, "thread"):
        if not change.is_prototype(*place):
            yield make_mutant(change, "definition missed", place, "a definition as it was")


def branch_missed(change: Change) -> Iterator[Mutant]:
    """An edit in a branch of ``#if`` is left out."""
    for place in edits_of(change, "thread", "pass", "reuse", "redirect"):
        if change.is_conditional(*place):
            yield make_mutant(change, "#if variant missed", place, f"without the edit `{place[1].rule}`")


def fetch_left(change: Change) -> Iterator[Mutant]:
    """A fetch stays."""
    for path, old in edits_of(change, "reuse"):
        mutant = make_mutant(change, "fetch left", (path, old), "still fetches")
        probes = instead(change, "", (path, old), old.span.of(change.text(path)))
        yield replace(mutant, differs=probes.differs, reached=probes.reached)


def local_kept(change: Change) -> Iterator[Mutant]:
    """A local stays beside the parameter of its name."""
    for place in edits_of(change, "remove-local"):
        yield make_mutant(change, "local kept", place, "the parameter and a local have one name")


def boundary_removed(change: Change) -> Iterator[Mutant]:
    """Nobody fetches."""
    for place in edits_of(change, "boundary"):
        yield make_mutant(change, "boundary removed", place, "nobody fetches")


def boundary_moved(change: Change) -> Iterator[Mutant]:
    """The fetch comes first in the function, before whatever changes the state or need not fetch."""
    for path, old in edits_of(change, "boundary"):
        around, found = change.around(path, old.span.start), _LOCAL.search(old.text)
        if around is None or found is None:
            continue
        start = around.function.body.start + 1
        between = change.facts(path).masked[start : old.span.start]
        if ";" in between or "{" in between:
            new = Edit(Span(start, start), f"\n    {old.text.strip()}", old.rule)
            mutant = make_mutant(change, "boundary moved up", (path, old), "fetches at the entry", new)
            yield probed(change, mutant, old, old.span.start, f"{found[2]} != {found[3]}", new)


def boundary_static(change: Change) -> Iterator[Mutant]:
    """The state of the first call is kept for ever."""
    for path, old in edits_of(change, "boundary"):
        found = _LOCAL.search(old.text)
        if found is not None:
            name, fetch = found[2], found[3]
            kept = f"static _Thread_local MCState *{name}; if ({name} == 0) {name} = {fetch};"
            new = replace(old, text=old.text.replace(found[0], kept))
            probe = replace(new, text=new.text.replace(kept, kept + trap_if(f"{name} != {fetch}")))
            reach = replace(old, text=old.text.replace(found[0], f"{found[0]} {TRAP};"))
            mutant = make_mutant(change, "stale local", (path, old), "fetches once for ever", new)
            probes = (change.replaced(path, old, probe), change.replaced(path, old, reach))
            yield replace(mutant, differs=probes[0], reached=probes[1])


def boundary_wrong(change: Change) -> Iterator[Mutant]:
    """A boundary takes another state than the current one."""
    for path, old in edits_of(change, "boundary"):
        found = _LOCAL.search(old.text)
        if found is not None and change.sees_states(path):
            name, fetch = found[2], found[3]
            new = replace(old, text=old.text.replace(fetch, OTHER.format(fetch)))
            probe = found[0] + trap_if(f"{name} != {OTHER.format(name)}")
            mutant = make_mutant(
                change, "boundary takes another", (path, old), "another state than the current", new
            )
            yield replace(
                mutant,
                differs=change.replaced(path, old, replace(old, text=old.text.replace(found[0], probe))),
                reached=change.replaced(
                    path, old, replace(old, text=old.text.replace(found[0], f"{found[0]} {TRAP};"))
                ),
            )


def shadowed(change: Change) -> Iterator[Mutant]:
    """In a block, another variable has the name of the state."""
    for path, old in passed(change):
        at = change.inner_block(path, old.span.start)
        if at is not None:
            outer = Edit(Span(at, at), f" MCState *{name_in(old)} = {NEWEST};", "shadow")
            mutant = make_mutant(
                change, "parameter shadowed", (path, old), f"another `{name_in(old)}`", old, outer
            )
            yield probed(change, mutant, old, at, f"{name_in(old)} != {NEWEST}", old)


def reassigned(change: Change) -> Iterator[Mutant]:
    """A parameter is changed at the entry."""
    for path, old in passed(change):
        around, name = change.around(path, old.span.start), name_in(old)
        if around is None or name not in [n for _, n in change.state_parameters(path)]:
            continue
        at = around.function.body.start + 1
        if (at, name) in change.state_parameters(path):
            new = Edit(Span(at, at), f"\n    {name} = {OTHER.format(name)};", "assign")
            mutant = make_mutant(
                change, "local reassigned", (path, old), f"`{name}` changes at the entry", old, new
            )
            mutant = probed(change, mutant, old, at, f"{name} != {OTHER.format(name)}", old)
            # What is changed at the entry matters where it is passed.
            yield replace(mutant, reached=instead(change, "", (path, old), name).reached)


def calls_itself(change: Change) -> Iterator[Mutant]:
    """A wrapper that calls itself instead of its twin."""
    for path in sorted(change.edits):
        masked = change.facts(path).masked
        for function in change.facts(path).functions:
            twin = re.compile(rf"\b_{re.escape(function.name)}\b(?=\s*\()")
            found = twin.search(masked, function.body.start, function.body.end)
            if found is None or not any(
                e.rule == "thread" and e.span.start > function.span.start and e.span.end < function.body.start
                for e in change.edits[path]
            ):
                continue
            new = Edit(Span(found.start(), found.end()), function.name, "twin")
            line = change.threaded.tree.sources[path].position(found.start()).line
            edits = change.edits | {path: [*change.edits[path], new]}
            yield Mutant("wrapper calls itself", path, line, function.name, edits)


def redirect_undone(change: Change) -> Iterator[Mutant]:
    """The call of a wrapper stays, with the arguments of its twin."""
    same = "the wrapper takes the state as well, and hands it to its twin"
    for place in edits_of(change, "redirect"):
        mutant = make_mutant(change, "redirect left out", place, "the wrapper's name, the twin's arguments")
        yield replace(mutant, same=same)


def parameter_last(change: Change) -> Iterator[Mutant]:
    """A definition takes the state second."""
    for path, old in edits_of(change, "thread"):
        first = change.first_argument(path, old)
        if first is not None and not change.is_prototype(path, old):
            new = Edit(Span(first.end, first.end), f", {name_in(old)}", old.rule)
            yield make_mutant(change, "parameter in the wrong place", (path, old), "comes second", new)


OPERATORS: tuple[Operator, ...] = (
    argument_dropped, null_passed, wrong_state, other_variable, swapped, prototype_missed, definition_missed,
    branch_missed, fetch_left, local_kept, boundary_removed, boundary_moved, boundary_static, boundary_wrong,
    shadowed, reassigned, calls_itself, redirect_undone, parameter_last, stale_after_change, switched_around,
)  # fmt: skip


def choose(change: Change, most: int) -> list[Mutant]:
    """Return at most *most* mutants of each kind, evenly spread over the change."""
    chosen: list[Mutant] = []
    for operator in OPERATORS:
        found = _distinct(operator(change))
        step = max(len(found) / most, 1)
        chosen += [found[int(number * step)] for number in range(min(most, len(found)))]
    return chosen


def _distinct(mutants: Iterator[Mutant]) -> list[Mutant]:
    seen, found = set(), []
    for mutant in mutants:
        key = (mutant.path, repr(sorted(mutant.edits[mutant.path])))
        if key not in seen:
            seen.add(key)
            found.append(mutant)
    return found
