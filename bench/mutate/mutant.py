"""A mutant, and what the operators that make them share."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from change import Change, Edits, name_in

from clew.text.edit import Edit
from clew.text.span import Span

OTHER = "({0}->next ? {0}->next : {0}->interp->states)"
NEWEST = "mc_runtime.interps->states"


@dataclass(frozen=True)
class Mutant:
    """One way in which clew could have been wrong: *edits* instead of its own.

    Where no layer notices it, the probes tell why: *reached* is the right program with a trap at the place,
    *differs* one with a trap for the case that the mutant's state is not the right one.  *same* says why it
    cannot differ at all.
    """

    kind: str
    path: str
    line: int
    what: str
    edits: Edits
    differs: Edits | None = None
    reached: Edits | None = None
    same: str = ""


Operator = Callable[[Change], Iterator[Mutant]]
Place = tuple[str, Edit]
TRAP = "__builtin_trap()"


def make_mutant(change: Change, kind: str, place: Place, what: str, *new: Edit) -> Mutant:
    """Put *new* in the place of the edit at *place*."""
    path, old = place
    line = change.threaded.tree.sources[path].position(old.span.start).line
    return Mutant(kind, path, line, what, change.replaced(path, old, *new))


def trap_if(condition: str) -> str:
    """No ``if``: gcc would complain about the indentation of what follows on the line."""
    return f" (void)(({condition}) && ({TRAP}, 1));"


def instead(change: Change, kind: str, place: Place, expression: str) -> Mutant:
    """Pass or use *expression* instead of the state that the edit at *place* names."""
    path, old = place
    name = name_in(old)

    def written(text: str) -> Edit:
        return replace(old, text=old.text.replace(name, text, 1))

    mutant = make_mutant(change, kind, place, f"{expression} for {name}", written(expression))
    checked = f"({name} == {expression} ? {name} : ({TRAP}, {name}))"
    return replace(
        mutant,
        differs=change.replaced(path, old, written(checked)),
        reached=change.replaced(path, old, written(f"({TRAP}, {name})")),
    )


def probed(change: Change, mutant: Mutant, old: Edit, at: int, condition: str, *kept: Edit) -> Mutant:
    """Add the probes to *mutant*: statements at *at*, one of them with *condition*."""
    differs = Edit(Span(at, at), trap_if(condition), "probe")
    return replace(
        mutant,
        differs=change.replaced(mutant.path, old, *kept, differs),
        reached=change.replaced(mutant.path, old, *kept, replace(differs, text=f" {TRAP};")),
    )


def edits_of(change: Change, *rules: str) -> Iterator[Place]:
    """Yield the edits that *rules* made."""
    for path, edits in sorted(change.edits.items()):
        for edit in edits:
            if edit.rule in rules:
                yield path, edit


def passed(change: Change) -> Iterator[Place]:
    """Passed variables, in files that know what a state consists of."""
    for path, edit in edits_of(change, "pass"):
        if change.sees_states(path) and name_in(edit).isidentifier() and change.around(path, edit.span.start):
            yield path, edit
