"""Choose among the ``#if`` branches of a function so that a few choices cover every branch.

A choice gives each condition one truth value, the same wherever the condition is repeated.  The first
choice takes every name as defined, the second none; further ones force a branch that is still missing.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from clew.parse.conditions import ALWAYS, Branch, Conditionals, Marker
from clew.text.record import record
from clew.text.span import Span


@record()
class Choice:
    """*live* are the spans that are compiled (directives excluded), *taken* the branches among them."""

    live: tuple[Span, ...]
    taken: frozenset[Branch]


class BranchChooser:
    """The conditional branches within *span*, a function from its header to its closing brace.

    A group that opens before *span* and goes on in it (two headers over one body) counts as well.
    """

    def __init__(self, conditionals: Conditionals, span: Span) -> None:
        self._conditionals, self._span = conditionals, span
        self._markers = conditionals.within(span)
        groups = {marker.group for marker in self._markers}
        around = conditionals.branches_at(span.start) if groups else ()
        self._opened = tuple(branch for branch in reversed(around) if branch.group in groups)
        self._enclosing = tuple(branch for branch in around if branch.group not in groups)
        inner = {marker.branch for marker in self._markers if marker.branch is not None}
        self.branches: frozenset[Branch] = frozenset(inner.union(self._opened))

    def choose_first(self) -> Iterable[Choice]:
        """Yield the choices to begin with: everything defined, and nothing, if that differs."""
        first = self._choose({}, default=True)
        yield first
        if self._markers:
            second = self._choose({}, default=False)
            if second != first:
                yield second

    def force(self, branch: Branch) -> Iterable[Choice]:
        """Yield choices that take *branch*."""
        for default in (True, False):
            yield self._choose(self._with_surroundings(branch), default=default)

    def force_most(self, branches: Iterable[Branch]) -> Choice:
        """Return a choice that takes as many of *branches* as go together, the first ones first."""
        forced: dict[int, int] = {}
        truth: dict[str, bool] = {}
        for branch in branches:
            wanted = self._with_surroundings(branch)
            if not _agree(forced, wanted):
                continue
            implied = self._implied_truth(Branch(*item) for item in wanted.items())
            if _agree(truth, implied):
                forced |= wanted
                truth |= implied
        return self._choose(forced, default=True)

    def _with_surroundings(self, branch: Branch) -> dict[int, int]:
        """Return, for *branch* and those around it, the index in each group."""
        around = self._conditionals.branches_at(branch.group)
        return {outer.group: outer.ordinal for outer in (*around, branch) if outer in self.branches}

    def _choose(self, forced: Mapping[int, int], *, default: bool) -> Choice:
        truth = self._known_truth(forced)

        def decide(branch: Branch) -> bool:
            if branch.group in forced:
                return forced[branch.group] == branch.ordinal
            condition = self._conditionals.condition(branch)
            return truth.setdefault(condition.key, default) == condition.holds

        return _Walk(decide).run(self._opened, self._markers, self._span)

    def _known_truth(self, forced: Mapping[int, int]) -> dict[str, bool]:
        """Return the truth values that the surroundings and the forced branches imply."""
        wanted = (*reversed(self._enclosing), *(Branch(*item) for item in forced.items()))
        return {"0": False} | self._implied_truth(wanted) | {ALWAYS.key: True}

    def _implied_truth(self, branches: Iterable[Branch]) -> dict[str, bool]:
        """Return the values of the conditions for which each of *branches* is taken in its group."""
        truth: dict[str, bool] = {}
        for branch in branches:
            for ordinal in range(branch.ordinal + 1):
                condition = self._conditionals.condition(Branch(branch.group, ordinal))
                if condition != ALWAYS:
                    truth[condition.key] = condition.holds == (ordinal == branch.ordinal)
        return truth


_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


def _agree(one: Mapping[_Key, _Value], other: Mapping[_Key, _Value]) -> bool:
    return all(one.get(key, value) == value for key, value in other.items())


class _Walk:
    """Walks over the markers of a function and collects what is live."""

    def __init__(self, decide: Callable[[Branch], bool]) -> None:
        self._decide = decide
        self._taken: set[Branch] = set()
        # For every open group: was the code around it live, has one of its branches been taken?
        self._open: list[tuple[bool, bool]] = []

    def run(self, opened: Iterable[Branch], markers: Iterable[Marker], span: Span) -> Choice:
        live, at, spans = True, span.start, []
        for branch in opened:
            self._open.append((live, False))
            live = self._enter(branch)
        for marker in markers:
            if live and at < marker.span.start:
                spans.append(Span(at, marker.span.start))
            at = marker.span.end
            if marker.branch is None:
                live = self._open.pop()[0]
                continue
            if marker.branch.ordinal == 0:
                self._open.append((live, False))
            live = self._enter(marker.branch)
        if live and at < span.end:
            spans.append(Span(at, span.end))
        return Choice(tuple(spans), frozenset(self._taken))

    def _enter(self, branch: Branch) -> bool:
        around, done = self._open[-1]
        live = around and not done and self._decide(branch)
        self._open[-1] = (around, done or live)
        if live:
            self._taken.add(branch)
        return live
