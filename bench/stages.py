"""Tests in several stages, with what the threaded functions had seen after each of them.

The processes of an instrumented program add to the report files as they run; a copy of the files after each
stage tells what the stages up to there reached.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clew.verify.reports import Merged, merge_reports, numbers_of

Function = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Stage:
    """What ran up to the end of one stage: figures, and the threaded functions that it reached first."""

    tests: str
    executed: int
    entry_checks: int
    use_checks: int
    places: int
    mismatches: int
    fetches_before: int
    fetches_after: int
    processes: int
    reached: tuple[str, ...]


def stage_commands(test: str, stages: Sequence[str]) -> str:
    """Return the shell command that runs *test*, with ``{}`` for the tests, for each of *stages*, and keeps a
    copy of the reports behind each; it fails if one of them did."""
    steps = ["status=0"]
    for number, tests in enumerate(stages):
        steps += [f"({test.format(tests)}) || status=1", f'cp -r "$CLEW_REPORTS" "$CLEW_REPORTS-{number}"']
    return "; ".join([*steps, "exit $status"])


def read_stages(work: Path, figures: dict[str, Any], stages: Sequence[str]) -> Iterator[Stage]:
    """Yield the figures after each of *stages*, of the copies below *work*."""
    seen: set[int] = set()
    functions, places = figures["functions"], figures["places"]
    for number, tests in enumerate(stages):
        old, new = (_read(work / f"{name}-runtime" / f"reports-{number}") for name in _COPIES)
        threaded = [one for one in functions if not one["trusted"] and new.entered[one["number"]]]
        reached = [one for one in threaded if one["number"] not in seen]
        seen |= {one["number"] for one in threaded}
        yield Stage(
            tests,
            len(threaded),
            sum(new.entered[one["number"]] for one in threaded if one["expression"]),
            sum(new.used[one["number"]] for one in places),
            sum(new.used[one["number"]] > 0 for one in places),
            sum(new.mismatched) + sum(new.differed),
            sum(old.fetched),
            sum(new.fetched),
            new.processes,
            tuple(f"{one['path']}:{one['line']} {one['name']}" for one in reached),
        )


_COPIES = ("counted", "instrumented")


def _read(folder: Path) -> Merged:
    return merge_reports(folder, *numbers_of(folder))


def is_compiled(copy: Path, function: Function) -> bool:
    """Tell whether the object file beside a source has the function in its debugging information; the text
    of a header may be in any of them, and counts as compiled."""
    source = copy / function["path"]
    if source.suffix != ".c":
        return True
    built = source.with_suffix(".o")
    return built.is_file() and f"\0{function['name']}\0".encode() in built.read_bytes()


def describe_stages(stages: Sequence[Stage], functions: Sequence[Function], copy: Path) -> Iterator[str]:
    """Yield lines for people: a row for each stage, what it reached first, and what none of them reached."""
    threaded = [one for one in functions if not one["trusted"]]
    idle = [one for one in threaded if not one["entered"]]
    missing = [one for one in idle if not is_compiled(copy, one)]
    compiled = len(threaded) - len(missing)
    for number, stage in enumerate(stages):
        share = (
            f"{stage.executed} of {len(threaded)} functions executed ({_percent(stage.executed, threaded)})"
        )
        yield f"up to {stage.tests}: {share}, of {compiled} compiled"
        yield (
            f"  {stage.entry_checks:,} checks at entries, {stage.use_checks:,} at {stage.places} places, "
            f"{stage.mismatches} mismatches; fetches {stage.fetches_before:,} before, "
            f"{stage.fetches_after:,} after; {stage.processes:,} processes"
        )
        yield from (f"  reached first: {name}" for name in (stage.reached if number else ()))
    for one in idle:
        why = "not compiled here" if one in missing else "compiled, and reached by no test"
        yield f"never: {one['path']}:{one['line']} {one['name']}: {why}"


def _percent(part: int, whole: Sequence[Function]) -> str:
    return f"{100 * part / len(whole):.1f} %" if whole else "-"
