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
from typing import TYPE_CHECKING, Any, TypeVar

from clew import pipeline
from clew.config.find import find_state
from clew.config.load import load_settings, profile_settings
from clew.config.settings import Scope, Settings, State
from clew.errors import PlanFileError
from clew.incremental.memory import Memory
from clew.plan.build import Planned
from clew.plan.constraints import Constraints
from clew.plan.model import Plan
from clew.report.audit import Audit
from clew.text.diff import unified_diff
from clew.text.edit import Edit, apply_edits
from clew.text.source import SourceText

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from pathlib import Path

    from clew.cache.store import Store
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
_T = TypeVar("_T")

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
    """A tree that was read, and the plans made for it; *store* remembers results from one run to the next."""

    def __init__(self, tree: pipeline.Tree, store: Store | None = None) -> None:
        self._tree = tree
        self._planned: dict[int, Planned] = {}
        self._asked: dict[int, tuple[Plan, State, Constraints]] = {}
        self.memory = Memory(store, tree)

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

    def plan(self, state: State, constraints: Constraints, progress: Progress) -> Plan:
        """Return the plan for *state* under *constraints*, perhaps from an earlier run."""
        asked = _asked(state, constraints)
        plan = self.memory.get("plan", asked, Plan) or self._renewed("plan", asked, Plan, state)
        if plan is None:
            planned = pipeline.plan(self._tree, state, constraints, progress)
            plan = self.remember(planned)
            self.memory.put("plan", asked, plan, _group("plan", asked, state, planned))
        self._asked[id(plan)] = (plan, state, constraints)
        return plan

    def knows(self, plan: Plan) -> bool:
        """Tell whether `plan` returned *plan*."""
        asked = self._asked.get(id(plan))
        return asked is not None and asked[0] is plan

    def edits(self, plan: Plan) -> dict[str, list[Edit]]:
        """Return the edits that carry out *plan*, one that is known, perhaps from an earlier run."""
        _, state, constraints = self._asked[id(plan)]
        asked = _asked(state, constraints)
        lays_out = self.settings.format != "own"  # what a formatter does depends on more than the tree
        form = dict[str, list[Edit]]
        known = None if lays_out else self.memory.get("edits", asked, form)
        if known is None and not lays_out:
            known = self._renewed("edits", asked, form, state)
        if known is None:
            planned = self.decided(plan)
            known = pipeline.rewrite(self._tree, planned)
            if not lays_out:
                self.memory.put("edits", asked, known, _group("plan", asked, state, planned))
        return known

    def _renewed(self, kind: str, asked: str, form: type[_T], state: State) -> _T | None:
        """Return the part *kind* of an earlier plan for *state* that still holds."""
        group = _group("plan", asked, state)
        return self.memory.renewed(kind, asked, form, group) if group else None

    def remember(self, planned: Planned) -> Plan:
        """Keep the decisions behind a plan for `decided`."""
        self._planned[id(planned.plan)] = planned
        return planned.plan

    def decided(self, plan: Plan) -> Planned:
        """Return *plan* with the decisions behind it, planned again where they are not known."""
        planned = self._planned.get(id(plan))
        if planned is not None and planned.plan is plan:
            return planned
        if self.knows(plan):
            planned = replace(pipeline.plan(self._tree, *self._asked[id(plan)][1:]), plan=plan)
            self.remember(planned)
        else:
            _check_files(self, plan)
            state = find_state(self.settings, plan.state)
            planned = pipeline.plan(self._tree, state, Constraints.of(plan))
            self.remember(planned)
        return planned


def _group(kind: str, asked: str, state: State, planned: Planned | None = None) -> str:
    """Return the name of what may be renewed together, "" where calls through pointers are not trusted: then
    every function may matter; or where *planned* is about a view of the texts, which a snapshot has not."""
    is_viewed = planned is not None and planned.program is not None
    return f"{kind} {asked}" if state.indirect == "preserves" and not is_viewed else ""


def _asked(state: State, constraints: Constraints) -> str:
    """Return what a plan depends on but for the tree, in a definite order."""
    allowed = None if constraints.allowed is None else sorted(constraints.allowed)
    return repr((state.name, allowed, sorted(constraints.names.items()), sorted(constraints.later)))


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
    root: Path,
    settings: Settings,
    scope: Scope | None = None,
    progress: Progress = pipeline.silent,
    store: Store | None = None,
    executor: Executor | None = None,
    jobs: int = 1,
) -> OpenTree:
    """Read every file of the tree below *root* that *settings* includes; *store* is a cache of results, and
    files are scanned by *executor*, here or elsewhere; those of a large tree, where there is none, by *jobs*
    processes.  With two *jobs* or more, a second process works ahead in a smaller tree."""
    tree = pipeline.read(root, settings, scope or Scope(), progress, store, executor, jobs)
    return OpenTree(tree, store)


def suggest_states(root: Path, limit: int = 4, progress: Progress = pipeline.silent) -> list[StateDraft]:
    """Return drafts of the states that the tree below *root*, which no settings describe, may have: the
    global variables and accessors that most functions use, best first."""
    return pipeline.suggest(pipeline.read(root, Settings(()), Scope(), progress), limit)


def audit(tree: OpenTree, state: str, progress: Progress = pipeline.silent, *, twins: bool = False) -> Audit:
    """Report what fetches *state*, who is pinned and why, which functions sit between holders, and, if asked,
    which wrappers have *twins*."""
    found = find_state(tree.settings, state)
    asked = repr((found.name, twins))
    group = f"audit {asked}"
    known = tree.memory.get("audit", asked, Audit) or tree.memory.renewed("audit", asked, Audit, group)
    if known is None:
        known = pipeline.audit(tree.pipeline_tree, found, progress, twins=twins)
        tree.memory.put("audit", asked, known, group)
    return known


def make_plan(
    tree: OpenTree, state: str, constraints: Plan | None = None, progress: Progress = pipeline.silent
) -> Plan:
    """Decide what is threaded, what fetches and what is refused; *constraints* is a plan that a person may
    have edited (see `clew.plan.constraints`)."""
    wanted = _constraints(tree, constraints)
    found = find_state(tree.settings, state)
    return tree.plan(found, wanted, progress)


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


def rewrite(tree: OpenTree, plan: Plan, bindings: Sequence[str] = ()) -> Rewrite:
    """Turn a plan into edits; *bindings* are globs of Python files that call the program through ctypes or
    cffi, and shall follow."""
    if not bindings and tree.knows(plan):
        return Rewrite(plan, tree.edits(plan), tree.sources)
    planned = tree.decided(plan)
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
