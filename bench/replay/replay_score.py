"""One case from the commit to its score."""

import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import score as judge
from replay_case import Case
from replay_check import Checked, check_output
from replay_clew import Mode, run_clew
from replay_reasons import Reasons
from replay_tree import extract_tree


@dataclass(frozen=True, slots=True)
class Scored:
    """The strict score of one case: *result* is the judge's, *missed* and *extra* count edits by class,
    *errors* is what clew said where it did not plan, *crash* the traceback of a fault of clew's."""

    case: Case
    result: dict[str, Any]
    seconds: float
    errors: tuple[str, ...] = ()
    refusals: tuple[str, ...] = ()
    missed: Counter[str] = field(default_factory=Counter)
    extra: Counter[str] = field(default_factory=Counter)
    crash: str = ""
    checked: Checked | None = None


@dataclass(frozen=True, slots=True)
class Way:
    """How cases are run: in which *mode*, whether the output is read again (*check*), and whether the trees
    stay, in *keep*."""

    mode: Mode = "functions"
    check: bool = False
    keep: Path | None = None


def replay_case(case: Case, gitdir: Path, way: Way) -> Scored:
    """Run clew on the parent of *case*, and compare with what the person made of it."""
    if way.keep is not None:
        root = way.keep / case.name
        root.mkdir(parents=True)
        return _replay_in(root, case, gitdir, way)
    with tempfile.TemporaryDirectory(prefix="replay-") as folder:
        return _replay_in(Path(folder), case, gitdir, way)


def _replay_in(root: Path, case: Case, gitdir: Path, way: Way) -> Scored:
    extract_tree(gitdir, case.parent, root)
    start = time.perf_counter()
    try:
        ran = run_clew(case, way.mode, root)
    except Exception:  # noqa: BLE001 (a fault in one case is a result, and must not hide the others)
        return Scored(case, judge_tree(case, gitdir, root), 0.0, crash=traceback.format_exc())
    seconds = time.perf_counter() - start
    result = judge_tree(case, gitdir, root)
    missed, extra = Reasons(case, ran.plans, result).count()
    refusals = tuple(
        f"{refusal.place.path}:{refusal.place.line}: {refusal.code}: {refusal.why}"
        for plan in ran.plans.values()
        for refusal in plan.refusals
    )
    checked = check_output(case, gitdir, root, ran) if way.check else None
    return Scored(case, result, seconds, ran.errors, refusals, missed, extra, checked=checked)


def judge_tree(case: Case, gitdir: Path, root: Path) -> dict[str, Any]:
    """Return the judge's strict comparison of the tree at *root* with the person's."""
    before = judge.GitTree(str(gitdir), case.parent)
    human = judge.GitTree(str(gitdir), case.commit)
    try:
        return dict(
            judge.score(before, human, judge.DirTree(str(root)), judge.Spec(case.data["state"]), strict=True)
        )
    finally:
        before.close()
        human.close()
