"""The check "run": the project's own build and test, before and after, each in a scratch copy.

A build that fails before the change shows nothing about the change: the check did not run.
"""

import difflib
import re
import signal
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, Literal

from clew.text.record import record
from clew.verify.change import Change
from clew.verify.copies import copy_tree
from clew.verify.process import Measured, run_measured
from clew.verify.verdict import Status, Verdict

Progress = Callable[[str, int, int], None]
_SHOWN = 40
# Starts a shell that hears SIGINT, and the signals that Python ignores; a shell cannot change that by itself.
_HEARING = (
    "import os, signal as s, sys; [s.signal(n, s.SIG_DFL) for n in (s.SIGINT, s.SIGPIPE, s.SIGXFSZ)]; "
    "os.execvp('sh', ['sh', '-c', sys.argv[1]])"
)
# How a shell ends when a command is not there, or is no program.
_NO_COMMAND = (126, 127)


@record()
class RunRequest:
    """What to run, as a shell would: *build* may be empty.  Times are in seconds.  *ignore* are patterns of
    pieces of the output that differ from run to run; with *compare* "status" only exit codes count."""

    root: Path
    scratch: Path
    build: str
    test: str
    build_seconds: float = 3600.0
    test_seconds: float = 3600.0
    environment: Mapping[str, str] = field(default_factory=dict)
    ignore: tuple[re.Pattern[str], ...] = ()
    compare: Literal["output", "status"] = "output"


@record()
class Ran:
    """What happened in one copy: *tested* is None when the build failed or there is nothing to test."""

    folder: Path
    built: Measured | None
    tested: Measured | None

    @property
    def build_failed(self) -> bool:
        """Whether the build did not end well."""
        return self.built is not None and not self.built.ok


def check_run(request: RunRequest, change: Change, progress: Progress) -> Verdict:
    """Build and test in two copies, and compare."""
    start = time.perf_counter()
    ran = {}
    for name in ("before", "after"):
        texts = change.texts_after() if name == "after" else change.texts_before()
        ran[name] = run_copy(request, name, texts, progress)
        if ran[name].build_failed or (ran[name].tested is not None and _timed_out(ran[name])):
            break
    status, summary, evidence = _judge(request, ran.get("before"), ran.get("after"))
    figures = {name: _figures(one) for name, one in ran.items()}
    return Verdict("run", status, summary, tuple(evidence), time.perf_counter() - start, figures)


def _timed_out(ran: Ran) -> bool:
    return ran.tested is not None and ran.tested.timed_out


def run_copy(request: RunRequest, name: str, texts: Mapping[str, bytes], progress: Progress) -> Ran:
    """Copy the tree with *texts* in place, build it and test it."""
    folder = request.scratch / name
    progress(f"{name}: copying the tree", 0, 0)
    copy_tree(request.root, folder, texts, leave_out=request.scratch)
    progress(f"{name}: building", 0, 0)
    built = run_shell(request, "build", folder) if request.build else None
    if (built is not None and not built.ok) or not request.test:
        return Ran(folder, built, None)
    progress(f"{name}: testing", 0, 0)
    return Ran(folder, built, run_shell(request, "test", folder))


def run_shell(request: RunRequest, what: Literal["build", "test"], folder: Path) -> Measured:
    """Run the build or the test with the shell in *folder*, a copy; what it prints is kept beside it."""
    words, seconds = (
        (request.build, request.build_seconds) if what == "build" else (request.test, request.test_seconds)
    )
    environment = {**request.environment, "PWD": str(folder)}
    ran = run_measured([*_shell(), words], cwd=folder, env=environment, timeout=seconds)
    folder.with_name(f"{folder.name}-{what}.log").write_text(ran.stdout + ran.stderr, "utf-8")
    return ran


def _shell() -> tuple[str, ...]:
    """Return what runs a shell command.  Where clew was started in the background, SIGINT is ignored."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        return sys.executable, "-I", "-c", _HEARING
    return "sh", "-c"


_Judgement = tuple[Status, str, list[str]]


def _judge(request: RunRequest, before: Ran | None, after: Ran | None) -> _Judgement:
    if before is None:
        return "not-run", "nothing ran", []
    if before.build_failed:
        return _broken(before, "not-run", "the program does not build before the change")
    if _timed_out(before):
        return "not-run", f"the test does not end within {request.test_seconds:.0f} s before the change", []
    if after is None:
        return "not-run", "nothing ran after the change", []
    if after.build_failed:
        return _broken(after, "failed", "the rewritten program does not build")
    if _timed_out(after):
        return (
            "failed",
            f"the test of the rewritten program does not end within {request.test_seconds:.0f} s",
            [],
        )
    if before.tested is None or after.tested is None:
        return "passed", "builds before and after; there was no test to run", []
    return _compare(request, before, after)


def _broken(ran: Ran, status: Status, what: str) -> _Judgement:
    assert ran.built is not None  # noqa: S101 (it failed, so it ran)
    how = "did not end in time" if ran.built.timed_out else f"ended with {ran.built.code}"
    return status, f"{what}: the build {how}", ran.built.tail.splitlines()


def _compare(request: RunRequest, before: Ran, after: Ran) -> _Judgement:
    assert before.tested is not None  # noqa: S101 (the caller looked)
    assert after.tested is not None  # noqa: S101
    codes = (before.tested.code, after.tested.code)
    if codes[0] in _NO_COMMAND:
        return "not-run", "the test command cannot be run", before.tested.tail.splitlines()
    if codes[0] != codes[1]:
        what = f"the test ended with {codes[0]} before and {codes[1]} after"
        return "failed", what, after.tested.tail.splitlines()
    if request.compare == "status":
        return "passed", f"the test ended with {codes[0]} before and after; output was not compared", []
    old, new = (_normalise(request, one) for one in (before, after))
    if old != new:
        lines = list(difflib.unified_diff(old, new, "before", "after", "", "", 1, ""))
        more = [f"... and {len(lines) - _SHOWN} more lines"] if len(lines) > _SHOWN else []
        return "failed", "the test prints something else after the change", [*lines[:_SHOWN], *more]
    return (
        "passed",
        f"the test ended with {codes[0]} and printed the same {len(old)} lines before and after",
        [],
    )


def _normalise(request: RunRequest, ran: Ran) -> list[str]:
    """Return the lines of the output without what may differ: the place of the copy, and what the user
    says."""
    assert ran.tested is not None  # noqa: S101
    text = f"{ran.tested.stdout}\n{ran.tested.stderr}".replace(str(ran.folder), "TREE")
    for pattern in request.ignore:
        text = pattern.sub("...", text)
    return text.splitlines()


def _figures(ran: Ran) -> dict[str, Any]:
    return {"build": _measured(ran.built), "test": _measured(ran.tested)}


def _measured(ran: Measured | None) -> dict[str, Any] | None:
    if ran is None:
        return None
    return {
        "code": ran.code,
        "seconds": round(ran.seconds, 3),
        "peak_mib": round(ran.peak_mib, 1),
        "timed_out": ran.timed_out,
    }
