"""`clew verify` over a small program of our own, with the real library."""

import json
import shutil

import pytest

from clew.cli.main import main

pytestmark = pytest.mark.compiler

CONFIG = """\
[[state]]
name = "session"
type = "Session *"
names = ["session"]
accessors = ["session_get()"]
"""
HEADER = """\
typedef struct { int total; } Session;
Session *session_get(void);
"""
MAIN = """\
#include <stdio.h>
#include "session.h"

static Session only;
Session *session_get(void) { return &only; }

static void add(int amount)
{
    session_get()->total += amount;
}

int main(void)
{
    add(1);
    add(2);
    printf("%d\\n", only.total);
    return 0;
}
"""


@pytest.fixture
def tree(tmp_path, monkeypatch):
    root = tmp_path / "tree"
    root.mkdir()
    (root / "clew.toml").write_text(CONFIG)
    (root / "session.h").write_text(HEADER)
    (root / "main.c").write_text(MAIN)
    monkeypatch.chdir(root)
    return root


@pytest.fixture
def commands(tree):
    entry = {"directory": str(tree), "file": "main.c", "command": "gcc -c main.c"}
    (tree / "compile_commands.json").write_text(json.dumps([entry]))
    return tree / "compile_commands.json"


BUILD = ["--build", "gcc -o main main.c", "--test", "./main"]


def checks(capsys):
    report = json.loads(capsys.readouterr().out)
    return report, {check["check"]: check["status"] for check in report["checks"]}


def contents(root):
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


@pytest.mark.usefixtures("commands")
def test_compile_and_run_pass_and_nothing_is_written(tree, capsys):
    before = contents(tree)
    assert main(["verify", *BUILD]) == 0
    out = capsys.readouterr().out
    assert "compile: passed: 1 translation units read a changed file, 0 new diagnostics" in out
    assert "run: passed: the test ended with 0 and printed the same 2 lines before and after" in out
    assert "2 of 2 requested checks passed" in out
    assert contents(tree) == before


@pytest.mark.usefixtures("commands")
def test_the_compilation_database_of_the_root_is_found(capsys):
    assert main(["verify", "--format", "json"]) == 0
    report, statuses = checks(capsys)
    assert report["passed"]
    assert statuses["compile"] == "passed"
    assert statuses["run"] == "not-run"


@pytest.mark.usefixtures("tree")
def test_a_check_that_cannot_run_is_no_success(capsys):
    assert main(["verify"]) == 1
    assert "compile: not-run: there is no compile_commands.json" in capsys.readouterr().out


@pytest.mark.usefixtures("tree")
def test_a_test_that_fails_to_start_is_no_success(capsys):
    assert main(["verify", "--test", "no-such-program-here", "--format", "json"]) == 1
    report, statuses = checks(capsys)
    assert not report["passed"]
    assert statuses["run"] == "not-run"


@pytest.mark.usefixtures("commands")
def test_the_tree_may_have_been_changed_already(tree, tmp_path, capsys):
    shutil.copytree(tree, tmp_path / "before")
    wrong = MAIN.replace("add(int amount)", "add(Session *session, int amount)").replace(
        "add(1)", "add(0, 1)"
    )
    (tree / "main.c").write_text(wrong)
    assert main(["verify", "--before", str(tmp_path / "before"), *BUILD]) == 1
    out = capsys.readouterr().out
    assert "caused by the edit of main.c:7 in add" in out
    assert "run: failed: the rewritten program does not build" in out


def test_a_wrong_rewrite_that_compiles_is_caught_by_running(tree, tmp_path, capsys):
    shutil.copytree(tree, tmp_path / "before")
    (tree / "main.c").write_text(MAIN.replace("+= amount", "= amount"))
    assert main(["verify", "--before", str(tmp_path / "before"), *BUILD]) == 1
    out = capsys.readouterr().out
    assert "-3\n" in out
    assert "+2\n" in out


def test_configurations_have_names_and_may_be_logs(tree, commands, capsys):
    (tree / "make.log").write_text("gcc -DOTHER -c main.c -o other.o\n")
    argv = ["--commands", f"native={commands}", "--commands", "make.log", "--format", "json"]
    assert main(["verify", *argv]) == 0
    configurations = checks(capsys)[0]["checks"][0]["figures"]["configurations"]
    assert [(one["name"], one["units"]) for one in configurations] == [("native", 1), ("make", 1)]


@pytest.mark.usefixtures("tree")
def test_the_instrumented_program_is_run(capsys):
    assert main(["verify", *BUILD, "--instrument", "--poison", "add"]) == 0
    out = capsys.readouterr().out
    assert "instrument: passed: 2 checks at entry in 1 of 1 threaded functions, 4 at 3 of 3 uses, " in out
    assert "fetches executed: 2 before, 1 after (-50.0 %)" in out
    assert "poison: passed: 2 calls of add, and no fetch below them" in out
    assert "3 of 3 requested checks passed" in out


@pytest.mark.usefixtures("tree")
def test_the_instrumented_program_alone(capsys):
    assert main(["verify", *BUILD, "--instrument", "--no-run", "--format", "json"]) == 0
    report, statuses = checks(capsys)
    assert statuses == {
        "compile": "not-run",
        "run": "not-run",
        "instrument": "passed",
        "poison": "not-run",
    }
    [function] = report["checks"][2]["figures"]["functions"]
    assert (function["name"], function["expression"], function["entered"]) == ("add", "session_get()", 2)


@pytest.mark.usefixtures("tree")
def test_copies_are_kept_where_told(tmp_path):
    kept = tmp_path / "kept"
    assert main(["verify", *BUILD, "--keep", str(kept)]) == 0
    assert sorted(path.name for path in kept.iterdir() if path.is_dir()) == ["after", "before"]
    assert (kept / "after-test.log").read_text() == "3\n"
    assert (kept / "after" / "main").exists()
    assert "add(session, 1)" in (kept / "after" / "main.c").read_text()


def test_a_command_that_writes_into_the_tree_itself_fails(tree, capsys):
    assert main(["verify", "--build", f"echo x > {tree}/made", "--test", "true"]) == 1
    assert "run: failed: the commands wrote into the tree itself: made" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        (["--instrument"], "nothing would run"),
        (["--build", "make", "--poison", "add"], "nothing would run"),
        (["--poison", "main", *BUILD], "'main' has no parameter of type Session *"),
        (["--poison", "no_such", *BUILD], "'no_such' has no parameter of type Session *"),
        (["--env", "WORD", *BUILD], "--env 'WORD' does not read NAME=VALUE"),
        (["--ignore", "(", *BUILD], "is no regular expression"),
        (["--commands", "gone.json"], "gone.json: cannot be read"),
        (["--commands", "session.h"], "there is no compile command in it"),
        (["--commands", "broken.json"], "broken.json:1:3: not valid JSON"),
        (["--commands", "object.json"], "a list was expected"),
        (["--commands", "entry.json"], "entry 0 has no directory"),
        (["--commands", "x=db.json", "--commands", "x=db.json"], "two configurations are called 'x'"),
        (["--keep", ".", *BUILD], "the copies cannot replace the tree"),
        (["--keep", "full", *BUILD], "is not empty"),
        (["--keep", "full/file/x", *BUILD], "cannot be made"),
    ],
)
def test_bad_input_is_refused(tree, capsys, argv, message):
    (tree / "broken.json").write_text("[ nonsense")
    (tree / "object.json").write_text("{}")
    (tree / "entry.json").write_text("[{}]")
    (tree / "db.json").write_text('[{"directory": "/", "file": "a.c", "arguments": ["cc", "a.c"]}]')
    (tree / "full").mkdir()
    (tree / "full" / "file").write_text("")
    assert main(["verify", *argv]) == 2
    assert message in capsys.readouterr().err
