"""The public Python API: what the command line does, as four functions on frozen values.

    from pathlib import Path
    from clew import api

    tree = api.open_tree(Path("."), api.load_settings(Path("clew.toml")))
    plan = api.make_plan(tree, "tstate", api.Scope(paths=("Python",)))
    change = api.rewrite(tree, plan)
    print(change.diff())

Nothing here writes to disk or runs a program.  Errors in the input raise `clew.errors.ClewError`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from clew import pipeline
from clew.config.load import load_settings, profile_settings
from clew.config.settings import Scope, Settings, State
from clew.detect.audit import Audit, AuditedFetch, AuditedPin, Sandwich
from clew.errors import UsageError
from clew.pipeline import Tree
from clew.plan.build import Planned
from clew.plan.model import Plan
from clew.text.diff import unified_diff
from clew.text.edit import Edit, apply_edits
from clew.text.source import SourceText

__all__ = [
    "Audit",
    "AuditedFetch",
    "AuditedPin",
    "Edit",
    "Plan",
    "Planned",
    "Rewrite",
    "Sandwich",
    "Scope",
    "Settings",
    "SourceText",
    "State",
    "Tree",
    "audit",
    "find_state",
    "load_settings",
    "make_plan",
    "open_tree",
    "profile_settings",
    "rewrite",
]

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Rewrite:
    """The edits of a plan, by file; *sources* are the texts that they apply to."""

    plan: Plan
    edits: Mapping[str, list[Edit]]
    sources: Mapping[str, SourceText]

    @cached_property
    def files(self) -> dict[str, bytes]:
        """The new content of every changed file."""
        texts = {path: apply_edits(self.sources[path].text, edits) for path, edits in self.edits.items()}
        return {path: text.encode("latin-1") for path, text in texts.items()}

    def diff(self) -> bytes:
        """Return the change as a unified diff that ``git apply`` takes."""
        parts = (unified_diff(path, self.sources[path].text, edits) for path, edits in self.edits.items())
        return "".join(parts).encode("latin-1")


def open_tree(root: Path, settings: Settings, progress: Progress | None = None) -> Tree:
    """Read and scan every file of the tree below *root* that *settings* includes."""
    return pipeline.read(root, settings, progress or _silent)


def _silent(stage: str, done: int, total: int) -> None:
    """Report nothing."""


def find_state(settings: Settings, name: str) -> State:
    """Return the state called *name*, or the one that has *name* as parameter name or accessor."""
    for state in settings.states:
        if state.name == name:
            return state
    for state in settings.states:
        if name in state.names or any(accessor.spelling == name for accessor in state.accessors):
            return state
    known = ", ".join(state.name for state in settings.states)
    raise UsageError(f"there is no state {name!r}", next_step=f"choose one of: {known}")


def audit(tree: Tree, state: str, scope: Scope | None = None) -> Audit:
    """Report what fetches *state*, who is pinned and why, and which functions sit between holders."""
    return pipeline.audit(tree, find_state(tree.settings, state), scope or Scope())


def make_plan(
    tree: Tree, state: str, scope: Scope | None = None, pinned: frozenset[str] = frozenset()
) -> Planned:
    """Decide what is threaded, what fetches and what is refused; *pinned* names keep their signature."""
    return pipeline.plan(tree, find_state(tree.settings, state), scope or Scope(), pinned)


def rewrite(tree: Tree, planned: Planned) -> Rewrite:
    """Turn a plan into edits."""
    return Rewrite(planned.plan, pipeline.rewrite(tree, planned), tree.program.sources)
