"""Run one command and measure it: wall time, peak memory, exit code, output."""

import os
import resource
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from clew.text.record import record

_KIB_PER_MIB = 1024


@record()
class Measured:
    """What one command did.

    *peak_mib* is the largest resident set of the command itself or of any of its descendants that it
    waited for, in MiB.  The kernel counts the memory of this process until the command's own program
    starts, so the figure is never below the few dozen MiB of the benchmark script.
    *code* is negative when a signal ended the command.
    """

    argv: tuple[str, ...]
    code: int
    seconds: float
    peak_mib: float
    stdout: str
    stderr: str
    timed_out: bool
    cpu_seconds: float = 0.0  # user and system, descendants that were waited for included

    @property
    def ok(self) -> bool:
        """The command ended in time with exit code 0."""
        return self.code == 0 and not self.timed_out

    @property
    def tail(self) -> str:
        """The last lines of what the command said, for a report."""
        lines = (self.stdout + "\n" + self.stderr).strip().splitlines()
        return "\n".join(lines[-12:])


def run_measured(
    argv: Sequence[str | Path],
    *,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    timeout: float | None = None,
) -> Measured:
    """Run *argv* (*env* is added to the environment) and wait for it.

    A command that outlives *timeout* seconds is killed with its whole process group.  Output is
    decoded as UTF-8 with replacement: compilers quote whatever bytes the sources hold.
    """
    words = tuple(str(word) for word in argv)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = subprocess.Popen(
            words,
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=err,
            start_new_session=True,
        )
        code, usage, timed_out = _wait(process, timeout)
        seconds = time.perf_counter() - start
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode("utf-8", "replace"))
    peak, cpu = usage.ru_maxrss / _KIB_PER_MIB, usage.ru_utime + usage.ru_stime
    return Measured(words, code, seconds, peak, texts[0], texts[1], timed_out, cpu)


def _wait(
    process: "subprocess.Popen[bytes]", timeout: float | None
) -> tuple[int, resource.struct_rusage, bool]:
    """Wait for *process*; return its exit code, its resource usage, and whether it had to be killed."""
    killed = threading.Event()

    def kill() -> None:
        killed.set()
        os.killpg(process.pid, signal.SIGKILL)

    timer = threading.Timer(timeout, kill) if timeout is not None else None
    if timer is not None:
        timer.start()
    try:
        _, status, usage = os.wait4(process.pid, 0)
    except BaseException:
        # Interrupted by the user: leave nothing running behind.
        os.killpg(process.pid, signal.SIGKILL)
        raise
    finally:
        if timer is not None:
            timer.cancel()
    code = os.waitstatus_to_exitcode(status)
    process.returncode = code  # Popen must not wait for a process that is already gone
    return code, usage, killed.is_set()
