"""Variables that are used although the state may be another one by then."""

import re
from collections.abc import Iterator
from dataclasses import replace

from change import Change
from mutant import NEWEST, OTHER, TRAP, Mutant, edits_of, make_mutant

from clew.text.edit import Edit
from clew.text.span import Span

_VARIABLE = re.compile(r"[A-Za-z_]\w*")


def stale_after_change(change: Change) -> Iterator[Mutant]:
    """A fetch that stays, since the state may have changed, becomes a variable all the same."""
    for path, site in change.kept_fetches():
        for name in change.states_in(path, site.span.start):
            text = site.spelled.path.format(name)
            fetch = site.span.of(change.text(path))
            made, differs, reached = (
                change.added(path, Edit(site.span, one, "reuse")) for one in (text, *_traps(text, fetch))
            )
            line = change.threaded.tree.sources[path].position(site.span.start).line
            what = f"`{text}` for a fetch that is left"
            yield Mutant("stale after a change", path, line, what, made, differs, reached)


def _traps(text: str, fetch: str) -> tuple[str, str]:
    """Return *fetch* with a trap for the case that *text* is something else, and one that always springs."""
    return f"({text} == {fetch} ? {fetch} : ({TRAP}, {fetch}))", f"({TRAP}, {fetch})"


def switched_around(change: Change) -> Iterator[Mutant]:
    """Another state is current for the moment in which a variable is used, as if the settings had missed a
    change: the rewritten program does what it did, but a fetch there would see the other state."""
    for path, old in edits_of(change, "reuse"):
        found = _VARIABLE.match(old.text)
        if found is None or not change.sees_states(path) or not change.around(path, old.span.start):
            continue
        name, (start, end) = found[0], (old.span.start, old.span.end)
        # What hangs off the state is that of every state of the interpreter: take one of another.
        other = OTHER.format(name) if name == old.text else NEWEST
        before = f"({{ mc_current_set({other}); __auto_type used_ = "
        new = (
            Edit(Span(start, start), before, "switch"),
            old,
            Edit(Span(end, end), f"; mc_current_set({name}); used_; }})", "switch"),
        )
        mutant = make_mutant(change, "state switched around", (path, old), f"not seen by `{old.text}`", *new)
        trap = f"({TRAP}, {old.text})"
        same = f"(const void *)({old.text.replace(name, other, 1)}) == ({old.text})"
        probes = (f"({same} ? {old.text} : {trap})", trap)
        differs, reached = (change.replaced(path, old, replace(old, text=one)) for one in probes)
        yield replace(mutant, differs=differs, reached=reached)
