"""Run a command and watch the memory of all its processes together."""

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from clew.verify.process import Measured

_SECONDS_BETWEEN = 0.1
_PAGE = os.sysconf("SC_PAGE_SIZE")


def run_watched(argv: Sequence[str], env: Mapping[str, str] | None = None) -> Measured:
    """Run *argv* and wait; the peak is that of the resident sets of all processes of its session, added up
    ten times a second: pages that they share count for each."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        start = time.perf_counter()
        process = subprocess.Popen(
            argv, env={**os.environ, **(env or {})}, stdout=out, stderr=err, start_new_session=True
        )
        done, peaks = threading.Event(), [0]
        watcher = threading.Thread(target=_watch, args=(process.pid, done, peaks))
        watcher.start()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - start
        done.set()
        watcher.join()
        texts = []
        for stream in (out, err):
            stream.seek(0)
            texts.append(stream.read().decode("utf-8", "replace"))
    peak = max(peaks[0] / 2**20, usage.ru_maxrss / 1024)
    cpu = usage.ru_utime + usage.ru_stime
    said, complained = texts
    return Measured(tuple(argv), process.returncode, seconds, peak, said, complained, False, cpu)


def _watch(session: int, done: threading.Event, peaks: list[int]) -> None:
    while not done.wait(_SECONDS_BETWEEN):
        peaks[0] = max(peaks[0], sum(_resident(Path(entry)) for entry in _processes(session)))


def _processes(session: int) -> list[str]:
    found = []
    for name in os.listdir("/proc"):  # noqa: PTH208 (ten times a second)
        if name.isdigit():
            try:
                if os.getsid(int(name)) == session:
                    found.append(f"/proc/{name}")
            except ProcessLookupError:
                continue  # it has ended
    return found


def _resident(process: Path) -> int:
    try:
        return int((process / "statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0  # it has ended
