"""The public Python API: what the command line does, as a few functions on frozen values.

    from pathlib import Path
    from clew import api

    settings = api.load_settings(Path("clew.toml"))
    tree = api.open_tree(Path("."), settings, api.Scope(paths=("Python",)))
    plan = api.make_plan(tree, "tstate")
    change = api.rewrite(tree, plan)
    print(change.diff().decode("latin-1"))

Nothing here writes to disk or runs a program, but for `verify`, which does both in scratch copies.  Errors
in the input raise `clew.errors.ClewError`.
"""

from __future__ import annotations

import hashlib
import importlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from clew import pipeline
from clew.config.find import find_state
from clew.config.load import load_settings, profile_settings
from clew.config.settings import Scope, Settings, State
from clew.errors import PlanFileError
from clew.plan.build import Planned
from clew.plan.constraints import Constraints
from clew.plan.model import Plan
from clew.report.audit import Audit
from clew.text.diff import unified_diff
from clew.text.edit import Edit, apply_edits
from clew.text.source import SourceText

if TYPE_CHECKING:
    from pathlib import Path

    from clew.check.command import CheckRequest, check_tree
    from clew.config.draft import StateDraft
    from clew.report.review import Review
    from clew.rewrite.bindings.model import BindingRefusal
    from clew.series.steps import Step
    from clew.verify.change import Change
    from clew.verify.checks import Asked
    from clew.verify.verdict import Verdict

__all__ = [
    "Asked",
    "Audit",
    "BindingRefusal",
    "Change",
    "CheckRequest",
    "OpenTree",
    "Plan",
    "Review",
    "Rewrite",
    "Scope",
    "Settings",
    "State",
    "StateDraft",
    "Verdict",
    "audit",
    "check_tree",
    "find_state",
    "graph",
    "load_settings",
    "make_plan",
    "make_series",
    "open_tree",
    "profile_settings",
    "relocate",
    "reuse",
    "review",
    "rewrite",
    "suggest_states",
    "verify",
]

Progress = Callable[[str, int, int], None]

# What only some callers need is imported when they ask for it.
_ELSEWHERE = {
    "Asked": "clew.verify.checks",
    "BindingRefusal": "clew.rewrite.bindings.model",
    "Change": "clew.verify.change",
    "CheckRequest": "clew.check.command",
    "Review": "clew.report.review",
    "StateDraft": "clew.config.draft",
    "Verdict": "clew.verify.verdict",
    "check_tree": "clew.check.command",
}


def __getattr__(name: str) -> Any:
    """Import the public *name* from the module that it comes from."""
    if name not in _ELSEWHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_ELSEWHERE[name]), name)


class OpenTree:
    """A tree that was read and scanned, and the plans made for it."""

    def __init__(self, tree: pipeline.Tree) -> None:
        self._tree = tree
        self._planned: dict[int, Planned] = {}

    @property
    def sources(self) -> Mapping[str, SourceText]:
        """The files by their path."""
        return self._tree.sources

    @property
    def settings(self) -> Settings:
        """The settings that it was opened with."""
        return self._tree.settings

    @property
    def pipeline_tree(self) -> pipeline.Tree:
        """The tree as the stages know it."""
        return self._tree

    def remember(self, planned: Planned) -> Plan:
        """Keep the decisions behind a plan for `rewrite`."""
        self._planned[id(planned.plan)] = planned
        return planned.plan

    def recall(self, plan: Plan) -> Planned | None:
        """Return the decisions behind *plan* when it was made for this tree."""
        planned = self._planned.get(id(plan))
        return planned if planned is not None and planned.plan is plan else None


@dataclass(frozen=True)
class Rewrite:
    """The edits of a plan, by file; *sources* are the texts that they apply to, *refused* the places in
    Python that were left as they are."""

    plan: Plan
    edits: Mapping[str, list[Edit]]
    sources: Mapping[str, SourceText]
    refused: tuple[BindingRefusal, ...] = ()

    @cached_property
    def files(self) -> dict[str, bytes]:
        """The new content of every changed file."""
        texts = {path: apply_edits(self.sources[path].text, edits) for path, edits in self.edits.items()}
        return {path: text.encode("latin-1") for path, text in texts.items()}

    def diff(self) -> bytes:
        """Return the change as a unified diff that ``git apply`` takes."""
        parts = (
            unified_diff(path, self.sources[path].text, edits, is_new=self.sources[path].is_new)
            for path, edits in self.edits.items()
        )
        return "".join(parts).encode("latin-1")


def open_tree(
    root: Path, settings: Settings, scope: Scope | None = None, progress: Progress = pipeline.silent
) -> OpenTree:
    """Read and scan every file of the tree below *root* that *settings* includes."""
    return OpenTree(pipeline.read(root, settings, scope or Scope(), progress))


def suggest_states(root: Path, limit: int = 4, progress: Progress = pipeline.silent) -> list[StateDraft]:
    """Return drafts of the states that the tree below *root*, which no settings describe, may have: the
    global variables and accessors that most functions use, best first."""
    return pipeline.suggest(pipeline.read(root, Settings(()), Scope(), progress), limit)


def audit(tree: OpenTree, state: str, *, twins: bool = False) -> Audit:
    """Report what fetches *state*, who is pinned and why, which functions sit between holders, and, if asked,
    which wrappers have *twins*."""
    return pipeline.audit(tree.pipeline_tree, find_state(tree.settings, state), twins=twins)


def make_plan(
    tree: OpenTree, state: str, constraints: Plan | None = None, progress: Progress = pipeline.silent
) -> Plan:
    """Decide what is threaded, what fetches and what is refused; *constraints* is a plan that a person may
    have edited (see `clew.plan.constraints`)."""
    wanted = _constraints(tree, constraints)
    found = find_state(tree.settings, state)
    return tree.remember(pipeline.plan(tree.pipeline_tree, found, wanted, progress))


def _constraints(tree: OpenTree, plan: Plan | None) -> Constraints:
    if plan is None:
        return Constraints()
    _check_files(tree, plan)
    return Constraints.of(plan)


def _check_files(tree: OpenTree, plan: Plan) -> None:
    for path, digest in plan.files.items():
        source = tree.sources.get(path)
        if source is None or hashlib.sha256(source.to_bytes()).hexdigest() != digest:
            what = f"{path} is not the file that the plan was made for"
            raise PlanFileError(what, next_step="make the plan again with `clew plan`")


def _plan_again(tree: OpenTree, constraints: Plan) -> Planned:
    found = find_state(tree.settings, constraints.state)
    _check_files(tree, constraints)
    planned = pipeline.plan(tree.pipeline_tree, found, Constraints.of(constraints))
    tree.remember(planned)
    return planned


def rewrite(tree: OpenTree, plan: Plan, bindings: Sequence[str] = ()) -> Rewrite:
    """Turn a plan into edits; *bindings* are globs of Python files that call the program through ctypes or
    cffi, and shall follow."""
    planned = tree.recall(plan)
    if planned is None:
        planned = _plan_again(tree, plan)
    edits = pipeline.rewrite(tree.pipeline_tree, planned)
    if not bindings:
        return Rewrite(planned.plan, edits, tree.sources)
    python = pipeline.read_bindings(tree.pipeline_tree, bindings)
    changes = pipeline.bind(tree.pipeline_tree, planned, python)
    sums = {path: hashlib.sha256(python[path].to_bytes()).hexdigest() for path in changes.edits}
    plan = replace(planned.plan, files=planned.plan.files | sums)
    return Rewrite(plan, edits | changes.edits, {**tree.sources, **python}, changes.refusals)


def make_series(
    tree: OpenTree, state: str, constraints: Plan | None = None, progress: Progress = pipeline.silent
) -> tuple[Plan, tuple[Step, ...]]:
    """Plan the change as patches of which each compiles; return the plan of the whole, and the patches."""
    wanted = _constraints(tree, constraints)
    found = find_state(tree.settings, state)
    series = pipeline.make_series(tree.pipeline_tree, found, wanted, progress)
    return tree.remember(series.whole), series.steps


def relocate(tree: OpenTree, plan: Plan) -> Plan:
    """Return *plan* with functions that have moved to another file looked up there, by their name; one that
    several files define, or none, stays as it is."""
    known = tree.pipeline_tree.program.definitions_by_name
    moved = []
    for function in plan.functions:
        paths = {definition.path for definition in known.get(function.name, ())}
        gone = function.path not in paths and len(paths) == 1
        moved.append(replace(function, path=paths.pop()) if gone else function)
    return replace(plan, functions=tuple(moved))


def verify(
    tree: OpenTree,
    state: str,
    change: Change,
    asked: Asked,
    scratch: Path,
    progress: Progress = pipeline.silent,
    plan: Plan | None = None,
) -> list[Verdict]:
    """Run the checks *asked* for over *change* (see `clew.verify`); *scratch* is a folder for the copies.
    Where the change carries out *plan*, the fetches that it leaves are told from those that were missed."""
    found = find_state(tree.settings, state)
    return pipeline.verify(tree.pipeline_tree, found, change, asked, scratch, progress, plan)


def reuse(tree: OpenTree, state: str, sites: Collection[tuple[str, int]]) -> dict[str, list[Edit]]:
    """Return edits, by file, that replace fetches at *sites* (path and offset) by variables which hold
    *state* there, or by the path from them to a state that hangs off it; what is not proved is left out."""
    return pipeline.reuse(tree.pipeline_tree, find_state(tree.settings, state), sites)


def graph(tree: OpenTree, state: str, form: str) -> str:
    """Return the slice of the call graph around *state* as ``dot``, ``graphml``, ``json`` or ``svg``."""
    return pipeline.graph(tree.pipeline_tree, find_state(tree.settings, state), form)


def review(tree: OpenTree, rewritten: Rewrite) -> Review:
    """Return what `clew.report` needs to show a rewrite to a reviewer."""
    state = find_state(tree.settings, rewritten.plan.state)
    edits, sources = dict(rewritten.edits), rewritten.sources
    return pipeline.review(tree.pipeline_tree, state, rewritten.plan, edits, sources)
