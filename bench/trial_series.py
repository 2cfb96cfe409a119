"""Many trials in a row: options, progress, sums.  Shared by the scripts that make random programs."""

import argparse
import json
import re
import shlex
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from program_trial import OUTCOMES, Status, TrialResult, TrialSettings, try_program

from clew.verify.process import run_measured

_HOPELESS = 5  # failures of clew on the first programs, after which no other is tried
_COLUMNS = 200  # of a failure's line; all of it is in detail.txt


@dataclass(frozen=True, slots=True)
class Case:
    """One program: *kind* groups it in the sums, *assigns* tells whether its state is ever changed."""

    name: str
    files: dict[str, str]
    kind: str
    assigns: bool


@dataclass(slots=True)
class Sums:
    """Sums over the trials of one group."""

    programs: int = 0
    fetches: Counter[str] = field(default_factory=Counter)
    statuses: Counter[str] = field(default_factory=Counter)
    codes: Counter[str] = field(default_factory=Counter)
    clew_seconds: float = 0.0

    def add(self, result: TrialResult) -> None:
        """Count one trial."""
        self.programs += 1
        self.fetches.update(result.totals)
        self.statuses[result.status] += 1
        self.codes.update(result.codes)
        self.clew_seconds += result.clew_seconds

    @property
    def rewritten_share(self) -> float:
        """Fetches rewritten, of those in scope, in percent (0 when there are none)."""
        scope = sum(self.fetches[outcome] for outcome in OUTCOMES if outcome != "out-of-scope")
        return 100.0 * self.fetches["rewritten"] / scope if scope else 0.0

    def as_json(self) -> dict[str, object]:
        """Return the sums as JSON can hold them."""
        return {
            "programs": self.programs,
            "statuses": dict(self.statuses),
            "fetches": {outcome: self.fetches[outcome] for outcome in OUTCOMES},
            "rewritten_percent": round(self.rewritten_share, 1),
            "refusals": dict(self.codes.most_common()),
            "clew_seconds": round(self.clew_seconds, 2),
        }


@dataclass(slots=True)
class Series:
    """All trials: sums per group, and what failed."""

    tolerated: frozenset[Status] = frozenset()
    groups: dict[str, Sums] = field(default_factory=dict)
    failures: list[tuple[str, TrialResult]] = field(default_factory=list)

    def add(self, case: Case, result: TrialResult) -> None:
        """Count one trial in its groups."""
        assigns = "assigned" if case.assigns else "never assigned"
        for group in ("all", assigns, f"{case.kind}, {assigns}"):
            self.groups.setdefault(group, Sums()).add(result)
        if result.status != "same" and result.status not in self.tolerated:
            self.failures.append((case.name, result))

    def as_json(self) -> dict[str, object]:
        """Return the series as JSON can hold it."""
        failures = [
            {"program": name, "status": result.status, "detail": result.detail}
            for name, result in self.failures
        ]
        return {"groups": {name: s.as_json() for name, s in self.groups.items()}, "failures": failures}


def add_series_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that all series share."""
    parser.add_argument("--clew", default="clew", help="the clew command (default: clew)")
    parser.add_argument("--seeds", type=int, default=20, help="how many programs (default 20)")
    parser.add_argument("--first", type=int, default=1, help="the first seed (default 1)")
    parser.add_argument("--linkage", default="static", choices=("static", "internal", "any"))
    parser.add_argument("--work", type=Path, required=True, help="scratch folder; failing programs stay")
    parser.add_argument("--keep", action="store_true", help="keep the programs that passed as well")
    parser.add_argument("--jobs", type=int, default=1, help="trials at a time (default 1)")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long a program may run")
    parser.add_argument("--json", action="store_true", help="print JSON")


def run_series(
    cases: Iterable[Case],
    options: argparse.Namespace,
    settings: TrialSettings,
    tolerated: frozenset[Status] = frozenset(),
) -> int:
    """Try all *cases*, print the sums, and return the exit code: 1 when something failed.

    A trial that ends as *tolerated* is counted, but is no failure.
    """
    if shutil.which(settings.clew[0]) is None or not run_measured([*settings.clew, "--version"]).ok:
        command = shlex.join(settings.clew)
        print(f"{command!r} does not run: install clew, or name it with --clew", file=sys.stderr)
        return 2
    work: Path = options.work.resolve()  # compilers and programs run in folders of their own
    work.mkdir(parents=True, exist_ok=True)
    series = Series(tolerated=tolerated)

    def try_case(case: Case) -> tuple[Case, TrialResult]:
        return case, try_program(case.files, work / case.name, settings)

    for case, result in _in_order(try_case, cases, options.jobs):
        series.add(case, result)
        if result.status in {"same", *tolerated} and not options.keep:
            shutil.rmtree(work / case.name)
        elif result.detail:
            (work / case.name / "detail.txt").write_text(result.detail + "\n", "utf-8")
        _show_progress(case, result)
        if _is_hopeless(series):
            print("clew fails on every program: stopped", file=sys.stderr)
            break
    if options.json:
        print(json.dumps(series.as_json(), indent=1))
    else:
        print_series(series)
    nothing_shown = "all" not in series.groups or not series.groups["all"].statuses["same"]
    return 1 if series.failures or nothing_shown else 0


def _is_hopeless(series: Series) -> bool:
    """Tell whether clew itself failed on each of the first few programs."""
    failed = [result for _, result in series.failures if result.status == "clew-failed"]
    return len(failed) == series.groups["all"].programs == _HOPELESS


def _in_order(
    task: Callable[[Case], tuple[Case, TrialResult]], cases: Iterable[Case], jobs: int
) -> Iterator[tuple[Case, TrialResult]]:
    """Run *task* on all cases, *jobs* at a time; results come in order.  Each mostly waits for a
    compiler, so that threads are enough."""
    with ThreadPoolExecutor(jobs) as pool:
        yield from pool.map(task, cases)


def _show_progress(case: Case, result: TrialResult) -> None:
    counts = " ".join(f"{result.totals.get(outcome, 0)} {outcome}" for outcome in OUTCOMES)
    print(f"{case.name:>12} {case.kind:<10} {result.status:<12} {counts}", file=sys.stderr, flush=True)
    if result.status != "same":
        print(f"             {_headline(result)}", file=sys.stderr, flush=True)


def _headline(result: TrialResult) -> str:
    """The line of the detail that tells most: the last that names an error, or the first."""
    lines = result.detail.splitlines() or [""]
    errors = [line for line in lines if re.match(r"\S*(?:[Ee]rror|Exception)\b", line)]
    line = errors[-1] if errors else lines[0]
    return line if len(line) <= _COLUMNS else line[: _COLUMNS - 3] + "..."


def print_series(series: Series) -> None:
    """Print the sums for a person."""
    width = max((len(name) for name in series.groups), default=8)
    head = f"{'programs':<{width}} {'count':>6} {'same':>6} " + " ".join(f"{o:>12}" for o in OUTCOMES)
    print(f"{head} {'rewritten %':>12}")
    for name, sums in sorted(series.groups.items()):
        counts = " ".join(f"{sums.fetches[outcome]:>12}" for outcome in OUTCOMES)
        same = sums.statuses["same"]
        print(f"{name:<{width}} {sums.programs:>6} {same:>6} {counts} {sums.rewritten_share:>12.1f}")
    if everything := series.groups.get("all"):
        print("results: " + ", ".join(f"{s} {n}" for s, n in everything.statuses.most_common()))
        print("refusals: " + (", ".join(f"{c} {n}" for c, n in everything.codes.most_common()) or "none"))
    for name, result in series.failures:
        print(f"FAILED {name}: {result.status}: {_headline(result)}")


def split_command(text: str) -> tuple[str, ...]:
    """Split a command given as one word."""
    return tuple(shlex.split(text))
