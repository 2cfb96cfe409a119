"""Choose among the ``#if`` branches of a function so that a few choices cover every branch.

A choice gives each condition one truth value, the same wherever the condition is repeated.  The first
choice takes every name as defined, the second none; further ones force a branch that is still missing.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from clew.parse.conditions import ALWAYS, Branch, Conditionals, Marker
from clew.text.span import Span


@dataclass(frozen=True, slots=True)
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
        around = self._conditionals.branches_at(branch.group)
        forced = {outer.group: outer.index for outer in around if outer in self.branches}
        forced[branch.group] = branch.index
        for default in (True, False):
            yield self._choose(forced, default=default)

    def _choose(self, forced: Mapping[int, int], *, default: bool) -> Choice:
        truth = self._known_truth(forced)

        def decide(branch: Branch) -> bool:
            if branch.group in forced:
                return forced[branch.group] == branch.index
            condition = self._conditionals.condition(branch)
            return truth.setdefault(condition.key, default) == condition.holds

        return _Walk(decide).run(self._opened, self._markers, self._span)

    def _known_truth(self, forced: Mapping[int, int]) -> dict[str, bool]:
        """Return the truth values that the surroundings and the forced branches imply."""
        truth = {ALWAYS.key: True, "0": False}
        wanted = [*reversed(self._enclosing), *(Branch(group, index) for group, index in forced.items())]
        for branch in wanted:
            for index in range(branch.index + 1):
                condition = self._conditionals.condition(Branch(branch.group, index))
                if condition != ALWAYS:
                    truth[condition.key] = condition.holds == (index == branch.index)
        return truth | {ALWAYS.key: True}


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
            if marker.branch.index == 0:
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
