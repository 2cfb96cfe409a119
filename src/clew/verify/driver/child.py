"""Run a workload in a child process.  However it ends, that is a result."""

import json
import os
import re
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from clew.text.record import record
from clew.verify.process import Measured, run_measured

_FRAME = re.compile(r"#\d+ ")
_FRAMES = 12


@record()
class Workload:
    """A program that drives a library: ``python SCRIPT MODE BINDING [CASES]`` prints lines of JSON.

    *script* is relative to the folder of each side, *variable* the environment variable that names the
    library, *timeout* in seconds.
    """

    script: str
    variable: str
    timeout: float = 120


@record()
class Side:
    """One of the two programs: *library*, and the *folder* with the workload and the bindings for it."""

    name: str
    library: Path
    folder: Path


@record()
class Observation:
    """What a child printed before it ended: *lines* of JSON.  *ending* is "" when it ended well, else how it
    did not, with a *backtrace* where one could be had."""

    lines: tuple[Any, ...]
    ending: str = ""
    backtrace: tuple[str, ...] = ()
    seconds: float = 0.0


def observe(workload: Workload, side: Side, mode: str, binding: str, cases: Path | None) -> Observation:
    """Run *workload* over the library of *side*."""
    argv = [sys.executable, workload.script, mode, binding, *([str(cases)] if cases else [])]
    environment = {workload.variable: str(side.library), "PYTHONDONTWRITEBYTECODE": "1"}
    done = run_measured(argv, cwd=side.folder, env=environment, timeout=workload.timeout)
    lines = _parse(done.stdout)
    if done.ok:
        return Observation(lines, seconds=done.seconds)
    backtrace = _backtrace(done, side, environment) if done.code < 0 and not done.timed_out else ()
    return Observation(lines, _ending(done), backtrace or _last_lines(done), done.seconds)


def _parse(text: str) -> tuple[Any, ...]:
    """Return the values of all whole lines; a crash may cut the last one off."""
    found = []
    for line in text.splitlines():
        try:
            found.append(json.loads(line))
        except json.JSONDecodeError:
            break
    return tuple(found)


def _ending(done: Measured) -> str:
    if done.timed_out:
        return f"did not end within {done.seconds:.0f} s"
    if done.code < 0:
        return f"was ended by {signal.Signals(-done.code).name}"
    return f"ended with exit code {done.code}"


def _last_lines(done: Measured) -> tuple[str, ...]:
    """Return what Python said last: an exception, or the stack of faulthandler."""
    return tuple(done.stderr.strip().splitlines()[-_FRAMES:])


def _backtrace(done: Measured, side: Side, environment: dict[str, str]) -> tuple[str, ...]:
    """Run the child again under gdb, if there is one, for the frames of C; what crashed once need not crash
    again."""
    gdb = shutil.which("gdb")
    if gdb is None or os.environ.get("CLEW_NO_GDB"):
        return ()
    stop = ["-ex", "set debuginfod enabled off", "-ex", "run", "-ex", f"bt {_FRAMES}"]
    again = run_measured(
        [gdb, "--batch", "-nx", *stop, "--args", *done.argv], cwd=side.folder, env=environment, timeout=60
    )
    return tuple(line[:160] for line in again.stdout.splitlines() if _FRAME.match(line))[:_FRAMES]
