import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import project_run
import pytest
from plan_samples import choose_samples, describe_sample
from project import Project
from test_results import read_make_test, read_prove, read_regrtest
from tree_files import changed_files

from clew.verify.process import Measured

MAKEFILE = """\
CC = gcc
prog: a.o b.o
\t$(CC) -o prog a.o b.o
a.o: a.c
\t$(CC) -O1 -c a.c -o a.o
b.o: b.c
\t$(CC) -O1 -c b.c -o b.o
test: prog
\t@echo "------------ run ------------"
\t@./prog
"""
A_C = "int half(int);\nint main(void)\n{\n    int x = half(84);\n    return x - 42;\n}\n"
B_C = "int half(int y)\n{\n    int x = y / 2;\n    return x;\n}\n"


@pytest.fixture
def tiny(tmp_path, gcc):
    """A program of two files, its sources and a built copy."""
    assert gcc
    for name in ("source", "built"):
        tree = tmp_path / name
        tree.mkdir()
        for file, text in (("Makefile", MAKEFILE), ("a.c", A_C), ("b.c", B_C)):
            (tree / file).write_text(text)
    subprocess.run(["make", "-s"], cwd=tmp_path / "built", check=True)
    return Project(
        name="tiny",
        profile="cpython",
        state="s",
        linkage="static",
        paths=("*.c",),
        build=("make",),
        test=("make", "-k", "test"),
        read_results=read_make_test,
    )


def run(project, tmp_path, clew, capsys, *more):
    config = tmp_path / "settings.toml"
    config.write_text("")
    argv = ["--source", str(tmp_path / "source"), "--build", str(tmp_path / "built")]
    argv += ["--work", str(tmp_path / "work"), "--clew", clew, "--config", str(config), "--json", *more]
    code = project_run.run_project(project, "A tiny program.", argv)
    steps = {step["name"]: step for step in json.loads(capsys.readouterr().out)["steps"]}
    return code, steps


def statuses(steps):
    return {name: step["status"] for name, step in steps.items()}


def test_a_good_rewrite_passes_every_step(tiny, tmp_path, capsys, fake_clew):
    code, steps = run(tiny, tmp_path, fake_clew("rename"), capsys, "--skip", "undo")
    assert statuses(steps) == dict.fromkeys(steps, "passed") | {"undo": "not-run"}
    assert code == 0
    assert steps["compile"]["figures"]["compiled"] == 2
    assert steps["plan"]["figures"]["fetches"] == {"rewritten": 1, "refused": 1}
    assert steps["rewrite"]["peak_mib"] > 0
    assert (tmp_path / "source" / "a.c").read_text() == A_C
    assert (tmp_path / "built" / "a.c").read_text() == A_C


def test_a_rewrite_that_does_not_compile_fails_the_build(tiny, tmp_path, capsys, fake_clew):
    code, steps = run(tiny, tmp_path, fake_clew("break"), capsys, "--skip", "undo")
    assert code == 1
    assert statuses(steps) | {"compile": "not-run", "after": "not-run", "build": "failed"} == statuses(steps)
    assert steps["before"]["status"] == "passed"


def test_a_second_run_that_changes_something_fails(tiny, tmp_path, capsys, fake_clew):
    code, steps = run(
        tiny, tmp_path, fake_clew("append"), capsys, "--skip", "undo,build,compile,before,after"
    )
    assert (code, steps["again"]["status"]) == (1, "failed")
    assert "a.c, b.c" in steps["again"]["detail"]


def test_a_rewrite_of_nothing_is_no_success(tiny, tmp_path, capsys, fake_clew):
    code, steps = run(tiny, tmp_path, fake_clew("identity"), capsys)
    assert (code, steps["rewrite"]["status"], steps["build"]["status"]) == (1, "failed", "not-run")


def test_a_missing_undo_patch_fails(tiny, tmp_path, capsys, fake_clew):
    code, steps = run(tiny, tmp_path, fake_clew("rename"), capsys, "--skip", "build,compile,before,after")
    assert (code, steps["undo"]["status"]) == (1, "failed")


def test_a_crash_of_clew_fails_and_the_rest_does_not_run(tiny, tmp_path, capsys, fake_clew):
    code, steps = run(tiny, tmp_path, fake_clew("crash"), capsys)
    assert (code, steps["rewrite"]["status"]) == (1, "failed")
    assert statuses(steps) | dict.fromkeys(("again", "undo", "build"), "not-run") == statuses(steps)


def test_a_wrong_result_is_worse_than_before(tiny, tmp_path, capsys):
    wrong = tmp_path / "wrong.py"
    wrong.write_text(
        "import sys, pathlib\n"
        "if 'rewrite' in sys.argv:\n"
        "    root = pathlib.Path(sys.argv[sys.argv.index('--root') + 1])\n"
        "    (root / 'b.c').write_text((root / 'b.c').read_text().replace('/ 2', '/ 3'))\n"
    )
    clew = f"{sys.executable} {wrong}"
    code, steps = run(tiny, tmp_path, clew, capsys, "--skip", "plan,again,undo")
    assert code == 1
    assert steps["compile"]["status"] == "passed"
    assert steps["after"]["status"] == "failed"
    assert "run: ok became failed" in steps["after"]["detail"]


def test_an_unknown_step_is_a_usage_error(tiny, tmp_path, capsys, fake_clew):
    with pytest.raises(SystemExit) as error:
        run(tiny, tmp_path, fake_clew("rename"), capsys, "--skip", "tests")
    assert error.value.code == 2


def test_changed_files_sees_edits_and_losses_only(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    for tree in (one, two):
        (tree / "sub").mkdir(parents=True)
        (tree / "same.c").write_bytes(b"\xff\r\n")
        (tree / "sub" / "edited.c").write_text(tree.name)
    (one / "lost.c").write_text("x")
    (two / "new.c").write_text("x")
    assert changed_files(one, two) == [Path("lost.c"), Path("sub/edited.c")]


def said(stdout, code=0):
    return Measured((), code, 1.0, 1.0, stdout, "", timed_out=False)


def test_prove_results():
    text = (
        "t0000-basic.sh ....... ok\n"
        "t0001-init.sh ........ skipped: no time\n"
        "t0002-gitfile.sh ..... \nDubious, test returned 1 (wstat 256, 0x100)\nFailed 1/14 subtests \n"
        "\nTest Summary Report\n-------------------\n"
        "t0002-gitfile.sh                 (Wstat: 256 (exited 1) Tests: 14 Failed: 1)\n"
        "  Failed test:  3\n  Non-zero exit status: 1\n"
        "Files=3, Tests=100\n"
    )
    assert read_prove(said(text)) == {
        "t0000-basic.sh": "ok",
        "t0001-init.sh": "skipped",
        "t0002-gitfile.sh": "failed: Failed test:  3; Non-zero exit status: 1",
    }


def test_regrtest_results():
    text = (
        "0:00:00 load avg: 0.10 Run tests sequentially\n"
        "0:00:00 load avg: 0.10 [1/3] test_list\n"
        "0:00:01 load avg: 0.10 [2/3] test_dict\n"
        "test test_dict failed -- Traceback (most recent call last):\n"
        "0:00:02 load avg: 0.10 [3/3/1] test_zzz -- test_dict failed\n"
        "\n== Tests result: FAILURE ==\n\n1 test OK.\n\n1 test failed:\n    test_dict\n\n"
        "1 test skipped:\n    test_zzz\n"
    )
    assert read_regrtest(said(text, 2)) == {"test_list": "ok", "test_dict": "failed", "test_zzz": "skipped"}
    assert read_regrtest(said("", -11)) == {"the interpreter": "signal 11"}


PLACE = {"path": "a.c", "offset": 10, "line": 2, "column": 3}
PLAN: dict[str, Any] = {
    "fetches": [
        {"place": PLACE, "function": "f", "accessor": "cur", "outcome": "refused", "why": "kept"},
        *(
            {
                "place": {**PLACE, "offset": n},
                "function": "g",
                "accessor": "cur",
                "outcome": "rewritten",
                "why": "held",
            }
            for n in range(20, 30)
        ),
        {"place": PLACE, "function": "h", "accessor": "cur", "outcome": "out-of-scope", "why": ""},
    ],
    "refusals": [
        {
            "code": "some-code",
            "place": PLACE,
            "subject": "cur",
            "why": "changed by g",
            "chain": [[PLACE, "here"]],
        }
    ],
}


def test_samples_take_turns_between_outcomes():
    chosen = choose_samples(PLAN, 3, seed=1)
    assert [fetch["outcome"] for fetch in chosen] == ["refused", "rewritten", "rewritten"]
    assert choose_samples(PLAN, 3, seed=1) == chosen


def test_a_sample_shows_line_and_reason(tmp_path):
    (tmp_path / "a.c").write_text("one\ntwo\nthree\n")
    text = describe_sample(PLAN, PLAN["fetches"][0], tmp_path)
    assert ">      2 two" in text
    assert "`some-code`: changed by g" in text
    assert "- a.c:2: here" in text
