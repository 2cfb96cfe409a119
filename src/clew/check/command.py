"""A whole check: the library behind ``clew check``."""

import os
from collections.abc import Mapping
from dataclasses import field, replace
from pathlib import Path

from clew.cache.store import Store
from clew.check.baseline import read_baseline
from clew.check.compare import Comparer, select_files
from clew.check.memory import Summaries
from clew.check.model import CheckResult, Fingerprint
from clew.check.run import Checker
from clew.check.verdicts import Verdicts
from clew.config.settings import Settings
from clew.text.record import record


@record()
class CheckRequest:
    """What to check: *paths* (none: all files) for the states of *settings*; see `Comparer.compare` for
    *since*, *staged* and *environment*.  *baseline* is a file of known findings, or None."""

    root: Path
    settings: Settings
    paths: tuple[str, ...] = ()
    since: str | None = None
    staged: bool = False
    baseline: Path | None = None
    environment: Mapping[str, str] = field(default_factory=lambda: os.environ)


def check_tree(request: CheckRequest, store: Store | None = None) -> CheckResult:
    """Return what is new."""
    checker, left_out = _open(request, store)
    return replace(checker.check(), left_out=left_out)


def find_everything(request: CheckRequest, store: Store | None = None) -> list[Fingerprint]:
    """Return everything that is there, new or not: what a baseline is made of."""
    return _open(replace(request, since=None, staged=False, baseline=None), store)[0].fingerprints()


def _open(request: CheckRequest, store: Store | None) -> tuple[Checker, tuple[str, ...]]:
    comparer = Comparer(request.root, request.settings, store)
    comparison = comparer.compare(request.since, request.staged, request.environment)
    selection = select_files(request.root, request.paths, request.settings, comparison.view.ids)
    baseline = read_baseline(request.baseline) if request.baseline else ()
    summaries = Summaries(request.settings.states, store)
    verdicts = Verdicts(comparison.view, request.settings, store)
    checker = Checker(comparison.view, selection.paths, comparison.bases, baseline, summaries, verdicts)
    return checker, selection.left_out
