"""What the commands need of the library.

The command line knows `clew.api` through these protocols alone, and imports it when a command runs.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:  # the types come with the library
    from collections.abc import Collection, Mapping, Sequence
    from concurrent.futures import Executor
    from pathlib import Path

    from clew.cache.store import Store
    from clew.config.draft import StateDraft
    from clew.config.settings import Scope, Settings
    from clew.plan.model import Plan
    from clew.report.audit import Audit
    from clew.report.review import Review
    from clew.rewrite.bindings.model import BindingRefusal
    from clew.series.steps import Step
    from clew.text.edit import Edit
    from clew.text.source import SourceText
    from clew.verify.change import Change
    from clew.verify.checks import Asked
    from clew.verify.verdict import Verdict

Progress = Callable[[str, int, int], None]


class Tree(Protocol):
    """An opened tree."""

    @property
    def sources(self) -> Mapping[str, SourceText]:
        """The files by their path."""


class Rewrite(Protocol):
    """The edits that a plan leads to."""

    @property
    def plan(self) -> Plan:
        """The plan that was carried out."""

    @property
    def edits(self) -> Mapping[str, list[Edit]]:
        """The edits of each file."""

    @property
    def sources(self) -> Mapping[str, SourceText]:
        """The files that the edits are for."""

    @property
    def refused(self) -> Sequence[BindingRefusal]:
        """The places in Python that were left as they are."""


class Stages(Protocol):
    """The pipeline."""

    def open_tree(
        self,
        root: Path,
        settings: Settings,
        scope: Scope,
        progress: Progress,
        store: Store | None = None,
        executor: Executor | None = None,
        jobs: int = 1,
    ) -> Tree:
        """Read the files below *root*; *store* is a cache of results; *executor*, or for a large tree *jobs*
        processes, scan files; in a smaller one a second process works ahead."""

    def suggest_states(self, root: Path, limit: int, progress: Progress) -> list[StateDraft]:
        """Return drafts of the states that the tree below *root* may have, best first."""

    def audit(self, tree: Tree, state: str, progress: Progress, *, twins: bool) -> Audit:
        """Find what fetches *state*, and if asked the *twins* of wrappers."""

    def make_plan(self, tree: Tree, state: str, constraints: Plan | None, progress: Progress) -> Plan:
        """Decide what changes; *constraints* is a plan whose decisions a person may have edited."""

    def rewrite(self, tree: Tree, plan: Plan, bindings: Sequence[str]) -> Rewrite:
        """Turn *plan* into edits, of the Python files that the globs *bindings* name as well."""

    def make_series(
        self, tree: Tree, state: str, constraints: Plan | None, progress: Progress
    ) -> tuple[Plan, tuple[Step, ...]]:
        """Plan the change as a series of patches."""

    def relocate(self, tree: Tree, plan: Plan) -> Plan:
        """Look up functions that have moved to another file."""

    def verify(
        self,
        tree: Tree,
        state: str,
        change: Change,
        asked: Asked,
        scratch: Path,
        progress: Progress,
        plan: Plan | None = None,
    ) -> list[Verdict]:
        """Run the checks *asked* for over *change*, which carries out *plan*, with copies below *scratch*."""

    def review(self, tree: Tree, rewritten: Rewrite) -> Review:
        """Put together what the reports show of a rewrite."""

    def reuse(self, tree: Tree, state: str, sites: Collection[tuple[str, int]]) -> dict[str, list[Edit]]:
        """Replace fetches at *sites* by variables that hold the state there."""

    def graph(self, tree: Tree, state: str, form: str) -> str:
        """Return the slice of the call graph around *state* as dot, graphml, json or svg."""


def load_stages() -> Stages:
    """Import the library."""
    return cast("Stages", importlib.import_module("clew.api"))
