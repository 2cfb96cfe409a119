"""Whatever a child does, the parent goes on and tells."""

import shutil

import pytest

from clew.verify.driver.child import Side, Workload, observe
from clew.verify.driver.drive import Drive, check_cases, check_threads

HEAD = """\
import ctypes, faulthandler, json, os, sys, time
faulthandler.enable()
print(json.dumps([1, 2]), flush=True)
"""


def run(tmp_path, body, timeout=20.0):
    (tmp_path / "work.py").write_text(HEAD + body)
    workload = Workload("work.py", "LIBRARY", timeout)
    return observe(workload, Side("after", tmp_path / "x.so", tmp_path), "cases", "ctypes", None)


def test_a_good_end(tmp_path):
    found = run(tmp_path, "print(json.dumps(os.environ['LIBRARY']))\n")
    assert found.lines == ([1, 2], str(tmp_path / "x.so"))
    assert not found.ending


@pytest.mark.parametrize(
    ("body", "ending"),
    [
        ("ctypes.string_at(0)\n", "was ended by SIGSEGV"),
        ("os.abort()\n", "was ended by SIGABRT"),
        ("sys.exit(3)\n", "ended with exit code 3"),
        ("raise ValueError('what')\n", "ended with exit code 1"),
    ],
)
def test_bad_ends(tmp_path, monkeypatch, body, ending):
    monkeypatch.setenv("CLEW_NO_GDB", "1")
    found = run(tmp_path, body)
    assert found.lines == ([1, 2],)
    assert found.ending == ending
    if "SIG" in ending or "ValueError" in body:
        assert found.backtrace


@pytest.mark.skipif(shutil.which("gdb") is None, reason="needs gdb")
def test_gdb_tells_the_frames_of_c(tmp_path):
    found = run(tmp_path, "ctypes.string_at(0)\n")
    assert found.backtrace[0].startswith("#0 ")


def test_what_never_ends_is_stopped(tmp_path):
    found = run(tmp_path, "time.sleep(60)\n", timeout=1.0)
    assert found.ending.startswith("did not end within")
    assert found.lines == ([1, 2],)


def test_a_line_that_was_cut_off_is_left_out(tmp_path):
    found = run(tmp_path, "sys.stdout.write('[1, '); sys.stdout.flush(); os._exit(1)\n")
    assert found.lines == ([1, 2],)


SCRIPT = """\
import json, os, sys
for case in json.load(open(sys.argv[3]))[sys.argv[1]]:
    print(json.dumps([step for step in case if step not in {left_out}]), flush=True)
    {more}
"""


def drive(tmp_path, left_out="()", more="", before=""):
    for name, text in (("before", ("()", before)), ("after", (left_out, more))):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "work.py").write_text(SCRIPT.format(left_out=text[0], more=text[1]))
    cases = tmp_path / "cases.json"
    cases.write_text('{"cases": [[1, 2], [3, 4, 5]], "threads": [[1]]}')
    was, now = (Side(name, tmp_path / "x.so", tmp_path / name) for name in ("before", "after"))
    return Drive(Workload("work.py", "LIBRARY", 20), was, now, cases, tmp_path)


def test_the_same(tmp_path):
    job = drive(tmp_path)
    assert check_cases(job, "ctypes").status == "passed"
    assert "5 observations" in check_cases(job, "ctypes").summary
    assert check_threads(job, "ctypes").status == "passed"


def test_a_difference_comes_with_the_least_case(tmp_path):
    verdict = check_cases(drive(tmp_path, left_out="(4,)"), "ctypes")
    assert verdict.status == "failed"
    assert verdict.evidence[0] == "first difference at [1][1]"
    assert verdict.evidence[-1] == "case 1, of which this is enough: [4]"


def test_a_crash_is_a_verdict(tmp_path, monkeypatch):
    monkeypatch.setenv("CLEW_NO_GDB", "1")
    verdict = check_cases(drive(tmp_path, more="4 in case and os.abort()"), "ctypes")
    assert verdict.status == "failed"
    assert verdict.evidence[0] == "the program after was ended by SIGABRT"


def test_a_program_that_did_not_run_before_shows_nothing(tmp_path):
    verdict = check_cases(drive(tmp_path, before="sys.exit(4)"), "ctypes")
    assert verdict.status == "not-run"
    assert verdict.evidence[0] == "the program before ended with exit code 4"
