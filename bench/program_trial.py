"""Rewrite one small program with clew, and see whether it still does the same.

Shared by the scripts that make random programs.  A trial compiles the program as it is, lets clew plan
and rewrite a copy, compiles that with the same flags, runs both, and compares what they print.
"""

import json
import shlex
import shutil
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from first_difference import find_first_difference

from clew.verify.diagnostics import WARNINGS, Diagnostic, parse_diagnostics
from clew.verify.process import Measured, run_measured

Status = Literal[
    "same", "different", "no-compile", "new-warning", "unstable", "clew-failed", "bad-program", "endless"
]
OUTCOMES = ("rewritten", "boundary", "refused", "out-of-scope")
_COMPILE_SECONDS = 120.0
_CLEW_SECONDS = 120.0
# clew ends with 1 when there is something to report: a refusal is no failure here.
_CLEW_DONE = (0, 1)


@dataclass(frozen=True, slots=True)
class Build:
    """One way to compile a program."""

    name: str
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrialSettings:
    """How trials are run.  *clew* is the command; *seconds* is how long a program may run; *traces* tells
    that the programs can trace (see ``first_difference``)."""

    clew: tuple[str, ...]
    state: str
    linkage: str
    builds: tuple[Build, ...]
    flags: tuple[str, ...] = ("-std=gnu11",)
    compiler: str = "gcc"
    seconds: float = 20.0
    traces: bool = False


@dataclass(frozen=True, slots=True)
class TrialResult:
    """What one trial showed; *totals* counts the fetches by outcome."""

    status: Status
    detail: str = ""
    totals: Mapping[str, int] = field(default_factory=dict)
    codes: Mapping[str, int] = field(default_factory=dict)  # refusals by code
    clew_seconds: float = 0.0


class TrialError(Exception):
    """A trial that ends early; carries the status and the reason."""

    def __init__(self, status: Status, detail: str) -> None:
        super().__init__(f"{status}: {detail}")
        self.status, self.detail = status, detail


@dataclass(frozen=True, slots=True)
class _Observed:
    """What the builds of one version printed, and what the compiler said."""

    outputs: dict[str, str]
    diagnostics: Counter[Diagnostic]


def try_program(files: Mapping[str, str], work: Path, settings: TrialSettings) -> TrialResult:
    """Run one trial in the folder *work*, which is emptied first: ``before/`` and ``after/`` stay."""
    shutil.rmtree(work, ignore_errors=True)
    before, after = work / "before", work / "after"
    before.mkdir(parents=True)
    for name, text in files.items():
        (before / name).write_text(text, "latin-1")
    shutil.copytree(before, after)
    totals: Mapping[str, int] = {}
    codes: Mapping[str, int] = {}
    seconds = 0.0
    try:
        expected = _observe(before, settings, "bad-program")
        _check_deterministic(expected, settings)
        totals, codes = _plan(after, settings)
        seconds = _rewrite(after, settings)
        _compare(expected, _observe(after, settings, "no-compile"), work, settings)
        _check_stable(after, settings)
    except TrialError as error:
        return TrialResult(error.status, error.detail, totals, codes, seconds)
    return TrialResult("same", "", totals, codes, seconds)


def _observe(tree: Path, settings: TrialSettings, on_failure: Status) -> _Observed:
    """Compile and run the program of *tree* in every build."""
    outputs: dict[str, str] = {}
    diagnostics: Counter[Diagnostic] = Counter()
    for build in settings.builds:
        binary = tree.parent / f"{tree.name}-{build.name}"
        sources = sorted(path.name for path in tree.glob("*.c"))
        flags = [*WARNINGS, *settings.flags, *build.flags, "-fno-diagnostics-show-caret"]
        argv = [settings.compiler, *flags, "-o", str(binary), *sources]
        compiled = run_measured(argv, cwd=tree, env={"LC_ALL": "C"}, timeout=_COMPILE_SECONDS)
        if not compiled.ok:
            raise TrialError(on_failure, f"{build.name}: {_first_error(compiled)}")
        diagnostics += parse_diagnostics(compiled.stderr, tree.resolve(), tree)
        ran = run_measured([binary.resolve()], timeout=settings.seconds)
        end = "timeout" if ran.timed_out else f"exit {ran.code}"
        outputs[build.name] = f"{end}\n{ran.stdout}"
        binary.unlink()
    return _Observed(outputs, diagnostics)


def _first_error(compiled: Measured) -> str:
    lines = [line for line in compiled.stderr.splitlines() if "error" in line or "undefined" in line]
    return lines[0] if lines else compiled.tail


def _check_deterministic(observed: _Observed, settings: TrialSettings) -> None:
    """A program that hangs, crashes, or depends on the optimiser proves nothing."""
    groups: dict[tuple[str, ...], set[str]] = {}
    for build in settings.builds:
        key = tuple(flag for flag in build.flags if not flag.startswith("-O"))
        groups.setdefault(key, set()).add(observed.outputs[build.name])
    for outputs in groups.values():
        first = next(iter(outputs))
        if any(output.startswith("timeout") for output in outputs):
            raise TrialError("endless", f"the program itself runs over {settings.seconds:.0f} s")
        if len(outputs) > 1 or not first.startswith("exit 0\n"):
            raise TrialError("bad-program", " / ".join(sorted(outputs)))


def _run_clew(settings: TrialSettings, words: Sequence[str]) -> Measured:
    ran = run_measured([*settings.clew, *words], timeout=_CLEW_SECONDS)
    # Python's own code for an uncaught exception is clew's for findings.
    if ran.code not in _CLEW_DONE or ran.timed_out or "Traceback (most recent" in ran.stderr:
        raise TrialError("clew-failed", f"{shlex.join(words)}: exit {ran.code}\n{ran.tail}")
    return ran


def _plan(tree: Path, settings: TrialSettings) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Return the fetches by outcome and the refusals by code, as clew plans them."""
    words = ["plan", "--root", str(tree), "--state", settings.state, "--linkage", settings.linkage]
    answer = _run_clew(settings, [*words, "--format", "json"])
    try:
        plan = json.loads(answer.stdout)
    except json.JSONDecodeError as error:
        raise TrialError("clew-failed", f"plan prints no JSON: {error}\n{answer.tail}") from error
    totals = Counter(fetch["outcome"] for fetch in plan["fetches"])
    codes = Counter(refusal["code"] for refusal in plan["refusals"])
    if sum(totals[outcome] for outcome in OUTCOMES) != len(plan["fetches"]):
        raise TrialError("clew-failed", f"unknown outcomes: {dict(totals)}")
    return totals, codes


def _rewrite(tree: Path, settings: TrialSettings) -> float:
    """Let clew write; return its wall time."""
    words = ["rewrite", "--root", str(tree), "--state", settings.state, "--linkage", settings.linkage]
    return _run_clew(settings, [*words, "--write", "--allow-dirty"]).seconds


def _check_stable(tree: Path, settings: TrialSettings) -> None:
    """A second run, on a copy, must change nothing."""
    again = tree.parent / "again"
    shutil.copytree(tree, again)
    _rewrite(again, settings)
    first = _sources(tree)
    changed = [name for name, data in _sources(again).items() if first.get(name) != data]
    if changed:
        raise TrialError("unstable", f"a second run changed {', '.join(changed)}")


def _sources(tree: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(tree.glob("*.[ch]"))}


def _compare(expected: _Observed, seen: _Observed, work: Path, settings: TrialSettings) -> None:
    for build in settings.builds:
        output, other = expected.outputs[build.name], seen.outputs[build.name]
        if output != other:
            detail = f"{build.name}: {output!r} became {other!r}"
            if settings.traces:
                flags = [*settings.flags, *build.flags]
                trees = work / "before", work / "after"
                first = find_first_difference(*trees, settings.compiler, flags, settings.seconds)
                detail = f"{first}\n{detail}" if first else detail
            raise TrialError("different", detail)
    if new := seen.diagnostics - expected.diagnostics:
        raise TrialError("new-warning", str(min(new)))
