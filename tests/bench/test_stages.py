"""Stages of tests: the command that runs them, and what is read from the reports behind each."""

import subprocess

import pytest
from stages import Stage, describe_stages, is_compiled, read_stages, stage_commands

TEST = "echo {} >>ran; test {} != bad"


@pytest.mark.parametrize(
    ("copy", "stages", "code", "ran", "codes"),
    [
        ("counted", ["good", "bad"], 0, ["good"], [0]),
        ("instrumented", ["good", "bad"], 0, ["good", "bad"], [0, 1]),
        ("instrumented", ["bad", "good"], 1, ["bad", "good"], [1, 0]),
        ("counted", ["bad"], 1, ["bad"], [1]),
    ],
)
def test_the_first_stage_says_how_it_ends(tmp_path, copy, stages, code, ran, codes):
    folder, reports = tmp_path / copy, tmp_path / "reports"
    folder.mkdir()
    reports.mkdir()
    (reports / "process-0").write_text("x")
    command = stage_commands(TEST.replace("{}", "{0}"), stages)
    environment = {"PATH": "/usr/bin:/bin", "PWD": str(folder), "CLEW_REPORTS": str(reports)}
    done = subprocess.run(["sh", "-c", command], cwd=folder, env=environment, check=False)
    assert done.returncode == code
    assert (folder / "ran").read_text().split() == ran
    found = [tmp_path / f"reports-{number}" for number in range(len(codes))]
    assert [int((kept / "status").read_text()) for kept in found] == codes
    assert all((kept / "process-0").exists() for kept in found)


def function(number, name, *, entered=0, path="a.c", trusted=False):
    return {
        "number": number,
        "name": name,
        "path": path,
        "line": number + 1,
        "expression": "get()",
        "trusted": trusted,
        "entered": entered,
    }


def test_a_stage_without_reports_reached_nothing(tmp_path):
    for name in ("counted", "instrumented"):
        kept = tmp_path / f"{name}-runtime" / "reports-0"
        kept.mkdir(parents=True)
        (kept / "status").write_text("2\n")
    [stage] = read_stages(tmp_path, {"functions": [], "places": []}, ["t0"])
    assert (stage.tests, stage.code, stage.executed, stage.fetches_before) == ("t0", 2, 0, 0)


def test_what_is_compiled_is_in_the_object_file(tmp_path):
    (tmp_path / "a.o").write_bytes(b"x\0here\0y")
    assert is_compiled(tmp_path, function(0, "here"))
    assert not is_compiled(tmp_path, function(0, "her"))
    assert not is_compiled(tmp_path, function(0, "here", path="b.c"))
    assert is_compiled(tmp_path, function(0, "here", path="b.h"))


def test_the_lines_tell_what_no_stage_reaches(tmp_path):
    (tmp_path / "a.o").write_bytes(b"\0idle\0")
    functions = [
        function(0, "first", entered=1),
        function(1, "second", entered=1),
        function(2, "idle"),
        function(3, "absent"),
        function(4, "trusted", trusted=True),
    ]
    one = Stage("t0", 0, 1, 10, 20, 5, 0, 7, 6, 2, ("a.c:1 first",))
    two = Stage("t5", 1, 2, 30, 40, 6, 0, None, 8, 3, ("a.c:2 second",))
    lines = list(describe_stages([one, two], functions, tmp_path))
    assert lines == [
        "up to t0, which pass: 1 of 4 functions executed (25.0 %), of 3 compiled",
        "  10 checks at entries, 20 at 5 places, 0 mismatches; fetches 7 before, 6 after; 2 processes",
        "up to t5, which end with 1: 2 of 4 functions executed (50.0 %), of 3 compiled",
        "  30 checks at entries, 40 at 6 places, 0 mismatches; fetches 8 after; 3 processes",
        "  reached first: a.c:2 second",
        "never: a.c:3 idle: compiled, and reached by no test",
        "never: a.c:4 absent: not compiled here",
    ]
