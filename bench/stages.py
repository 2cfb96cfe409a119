"""Tests in several stages, with what the threaded functions had seen after each of them.

The processes of an instrumented program add to the report files as they run; a copy of the files after each
stage tells what the stages up to there reached.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from pathlib import Path
from typing import Any

from clew.verify.reports import Merged, merge_reports, numbers_of

Function = dict[str, Any]
_COPIES = ("counted", "instrumented")
_STATUS = "status"


@dataclass(frozen=True, slots=True)
class Stage:
    """What ran up to the end of one stage: figures, and the threaded functions that it reached first.  *code*
    is how the stage's own tests ended; fetches before the change are known of the first stage alone."""

    tests: str
    code: int
    executed: int
    entry_checks: int
    use_checks: int
    places: int
    mismatches: int
    fetches_before: int | None
    fetches_after: int
    processes: int
    reached: tuple[str, ...]


def stage_commands(test: str, stages: Sequence[str]) -> str:
    """Return the shell command that runs *test*, with ``{}`` for the tests, for each of *stages*, and keeps a
    copy of the reports behind each, with the exit code.  It ends as the first stage does; the others run only
    in the copy whose parameters are checked."""
    steps = [_one_stage(_with_settings(test, tests), number) for number, tests in enumerate(stages)]
    first, others = steps[0], "; ".join(steps[1:]) or ":"
    return f'{first}; first=$code; case "$PWD" in */{_COPIES[1]}) {others};; esac; exit $first'


def _with_settings(test: str, stage: str) -> str:
    """Return *test* for a stage such as ``GIT_TEST_INDEX_THREADS=2 t0*.sh``: the words in front that give a
    variable a value are settings for the tests behind them."""
    words = stage.split()
    settings = list(takewhile(lambda word: "=" in word, words))
    exports = f"export {' '.join(settings)}; " if settings else ""
    return exports + test.format(" ".join(words[len(settings) :]))


def _one_stage(test: str, number: int) -> str:
    kept = f'"$CLEW_REPORTS-{number}"'
    return f'({test}); code=$?; cp -r "$CLEW_REPORTS" {kept}; echo $code >{kept}/{_STATUS}'


def read_stages(work: Path, figures: dict[str, Any], stages: Sequence[str]) -> Iterator[Stage]:
    """Yield the figures after each of *stages*, of the copies below *work*."""
    seen: set[int] = set()
    functions, places = figures["functions"], figures["places"]
    for number, tests in enumerate(stages):
        kept = [work / f"{name}-runtime" / f"reports-{number}" for name in _COPIES]
        old, new = map(_read, kept)
        threaded = [one for one in functions if not one["trusted"] and new.entered[one["number"]]]
        reached = [one for one in threaded if one["number"] not in seen]
        seen |= {one["number"] for one in threaded}
        yield Stage(
            tests,
            int((kept[1] / _STATUS).read_text()),
            len(threaded),
            sum(new.entered[one["number"]] for one in threaded if one["expression"]),
            sum(new.used[one["number"]] for one in places),
            sum(new.used[one["number"]] > 0 for one in places),
            sum(new.mismatched) + sum(new.differed),
            sum(old.fetched) if not number else None,
            sum(new.fetched),
            new.processes,
            tuple(f"{one['path']}:{one['line']} {one['name']}" for one in reached),
        )


def _read(folder: Path) -> Merged:
    return merge_reports(folder, *numbers_of(folder))


def is_compiled(copy: Path, function: Function) -> bool:
    """Tell whether an object file that is named as the source has the function in its debugging information;
    the text of a header may be in any of them, and counts as compiled."""
    source = Path(function["path"])
    if source.suffix != ".c":
        return True
    name = f"\0{function['name']}\0".encode()
    return any(name in built.read_bytes() for built in copy.rglob(f"{source.stem}.o"))


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
        ended = "pass" if stage.code == 0 else f"end with {stage.code}"
        yield f"up to {stage.tests}, which {ended}: {share}, of {compiled} compiled"
        before = "" if stage.fetches_before is None else f"{stage.fetches_before:,} before, "
        yield (
            f"  {stage.entry_checks:,} checks at entries, {stage.use_checks:,} at {stage.places} places, "
            f"{stage.mismatches} mismatches; fetches {before}{stage.fetches_after:,} after; "
            f"{stage.processes:,} processes"
        )
        yield from (f"  reached first: {name}" for name in (stage.reached if number else ()))
    for one in idle:
        why = "not compiled here" if one in missing else "compiled, and reached by no test"
        yield f"never: {one['path']}:{one['line']} {one['name']}: {why}"


def _percent(part: int, whole: Sequence[Function]) -> str:
    return f"{100 * part / len(whole):.1f} %" if whole else "-"
