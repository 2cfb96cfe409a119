"""The patches of a series before they are written as mails."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from clew.plan.model import Plan, ThreadedFunction
from clew.series.delta import edits_between
from clew.text.diff import unified_diff
from clew.text.edit import Edit, apply_edits
from clew.text.source import SourceText

Edits = Mapping[str, list[Edit]]


@dataclass(frozen=True)
class Step:
    """One patch: what the plan and the edits of the original files were *before* it, and what they are then;
    both are whole changes that compile."""

    plan: Plan
    before: Edits
    after: Edits
    functions: tuple[ThreadedFunction, ...]
    sources: Mapping[str, SourceText]

    @cached_property
    def changes(self) -> dict[str, tuple[str, list[Edit]]]:
        """The text before the patch, and the edits of that, for every file that it changes or makes."""
        found: dict[str, tuple[str, list[Edit]]] = {}
        for path in sorted(self.before.keys() | self.after.keys()):
            text, old = self.sources[path].text, self.before.get(path, [])
            edits = edits_between(text, old, self.after.get(path, []))
            if edits:
                found[path] = (apply_edits(text, old), edits)
        return found

    def diff(self, prefix: str = "") -> str:
        """Return the unified diff; *prefix* is put before every path."""
        return "".join(
            unified_diff(
                prefix + path, *change, is_new=self.sources[path].is_new and not self.before.get(path)
            )
            for path, change in self.changes.items()
        )


def make_steps(stages: Iterable[tuple[Plan, Edits]], sources: Mapping[str, SourceText]) -> Iterator[Step]:
    """Yield a step for every one of *stages* (a plan with the edits of the original files) that changes
    anything; raise `AssertionError` when they do not add up to the last one."""
    edits: Edits = {}
    threaded: frozenset[tuple[str, str]] = frozenset()
    texts: dict[str, str] = {}
    for plan, made in stages:
        fresh = tuple(f for f in plan.functions if (f.name, f.path) not in threaded)
        step = Step(plan, edits, made, fresh, sources)
        for path, (text, changes) in step.changes.items():
            if texts.get(path, sources[path].text) != text:
                raise AssertionError(f"{path}: a patch does not start where the one before ends")
            texts[path] = apply_edits(text, changes)
        if step.changes:
            yield step
            edits, threaded = made, frozenset((f.name, f.path) for f in plan.functions)
    for path, found in edits.items():
        if texts.get(path, sources[path].text) != apply_edits(sources[path].text, found):
            raise AssertionError(f"{path}: the patches are not the whole change")
