"""Who called: a place in a program or library, as people name it."""

import shutil
from pathlib import Path

from clew.verify.process import run_measured
from clew.verify.reports import Record

_SECONDS = 60.0


def name_caller(record: Record) -> str:
    """Return function, file and line where the debugging information tells them, else module and offset."""
    place = f"{record.module or 'an unknown place'}+{record.offset:#x}"
    if not shutil.which("addr2line") or not Path(record.module).is_file():
        return place
    # The address that a call returns to is behind it.
    address = hex(max(record.offset - 1, 0))
    answer = run_measured(["addr2line", "-f", "-s", "-e", record.module, address], timeout=_SECONDS)
    lines = answer.stdout.split("\n")
    if not answer.ok or len(lines) < 2 or lines[0] == "??":
        return place
    return f"{lines[0]} ({lines[1]})"
