import os
import subprocess
import sys
from pathlib import Path

import pytest

FULL = Path("/dev/full")
CLEW = [sys.executable, "-m", "clew"]


@pytest.mark.skipif(not FULL.exists(), reason="needs a device that is always full")
def test_a_full_disk_is_no_bug_of_clew():
    with FULL.open("wb") as full:
        done = subprocess.run([*CLEW, "--help"], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert "error: the output cannot be written: No space left on device" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="needs a POSIX shell")
def test_closed_streams_are_no_bug_of_clew():
    done = subprocess.run(
        ["/bin/sh", "-c", '"$0" -m clew --help >&- 2>&-', sys.executable], capture_output=True, check=False
    )
    assert done.returncode == 0


def test_all_that_was_printed_arrives_before_the_process_ends():
    done = subprocess.run([*CLEW, "schema", "settings"], capture_output=True, text=True, check=True)
    assert done.stdout.rstrip().endswith("}")


def test_a_profiler_gets_to_write_what_it_found(tmp_path):
    found = tmp_path / "profile"
    subprocess.run(
        [sys.executable, "-m", "cProfile", "-o", str(found), "-m", "clew", "--help"],
        capture_output=True,
        check=True,
    )
    assert found.stat().st_size
