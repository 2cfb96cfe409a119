"""Bad input through the whole command line: a clear message, the right exit code, and nothing changed."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from clew.cli.main import main

CONFIG = """\
[[state]]
name = "session"
type = "struct session *"
names = ["session", "s"]
accessors = ["get_session()"]
"""
SOURCE = """\
struct session { int count; };
struct session *get_session(void);

static void step(int by)
{
    get_session()->count += by;
}

int run(void)
{
    step(2);
    return get_session()->count;
}
"""


@pytest.fixture
def tree(tmp_path, monkeypatch):
    (tmp_path / "clew.toml").write_text(CONFIG)
    (tmp_path / "main.c").write_text(SOURCE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and not path.is_symlink() and ".clew" not in path.parts
    }


def problems(capsys, *arguments):
    main(["audit", "--format", "json", *arguments])
    (audit,) = json.loads(capsys.readouterr().out)["audits"]
    return {(problem["path"], problem["code"]) for problem in audit["problems"]}


# ---- the whole way, so that what follows fails for its own reason ------------------------------------


def test_the_tree_is_good_without_the_fault(tree):
    before = contents(tree)
    assert main(["rewrite", "--write"]) == 0
    assert "static void step(struct session *session, int by)" in (tree / "main.c").read_text()
    assert main(["rewrite"]) == 0
    subprocess.run(["git", "apply", "-R", ".clew/undo-1.patch"], check=True)
    assert contents(tree) == before


# ---- wrong usage --------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["audit", "plan", "rewrite", "graph"])
@pytest.mark.parametrize(
    ("arguments", "message", "step"),
    [
        (["--root", "no/such/folder"], "'no/such/folder' does not exist", ""),
        (["--root", "main.c"], "is a file", ""),
        (["missing.c"], "missing.c: no source file matches", "next: "),
        (["/missing/file.c"], "there is no such file", "next: "),
        (["clew.toml"], "clew.toml: no source file matches", "next: "),
        (["--function", "stepp"], "no function of the tree is called 'stepp'", "next: did you mean 'step'?"),
        (["--state", "sesion"], "no state 'sesion'", "next: did you mean 'session'?"),
        (["--config", "other.toml"], "there is no settings file", "next: run `clew init`"),
    ],
)
def test_wrong_usage(tree, capsys, command, arguments, message, step):
    before = contents(tree)
    assert main([command, *arguments]) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert step in captured.err
    assert captured.out == ""
    assert contents(tree) == before


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("accessors", "acessors", "error: clew.toml:5:1: unknown key 'acessors'"),
        ("[[state]]", "[[stat]]", "error: clew.toml:1:3: unknown key 'stat'"),
        ('"session"\n', '"session\n', "error: clew.toml:2:"),
        ('type = "struct session *"\n', "", "state 'session' has no type"),
    ],
)
def test_a_typo_in_the_settings(tree, capsys, old, new, message):
    (tree / "clew.toml").write_text(CONFIG.replace(old, new, 1))
    assert main(["rewrite", "--write"]) == 2
    error = capsys.readouterr().err
    assert message in error
    assert "\nnext: " in error
    assert (tree / "main.c").read_text() == SOURCE


def test_a_tree_that_no_settings_describe(tree, capsys):
    (tree / "clew.toml").unlink()
    assert main(["audit"]) == 2
    assert "no shipped profile fits this tree\nnext: run `clew init`" in capsys.readouterr().err


def test_a_tree_that_a_profile_describes_needs_no_settings(tree, capsys):
    (tree / "clew.toml").unlink()
    (tree / "git-compat-util.h").write_text("")
    (tree / "repository.h").write_text("struct repository;\nextern struct repository *the_repository;\n")
    assert main(["audit", "--state", "the_repository"]) == 0
    error = capsys.readouterr().err
    assert "using the profile git" in error
    assert "clew init" in error


# ---- odd but readable trees ---------------------------------------------------------------------------


def test_a_tree_without_the_state(tree, capsys):
    (tree / "main.c").write_text("int main(void)\n{\n    return 0;\n}\n")
    assert main(["audit"]) == 0
    assert "0 fetches in 0 functions" in capsys.readouterr().out
    assert main(["rewrite", "--write"]) == 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "nothing to change" in captured.err


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_cannot_be_read(tree, capsys):
    (tree / "secret.c").write_text(SOURCE)
    (tree / "secret.c").chmod(0)
    assert ("secret.c", "unreadable") in problems(capsys)


@pytest.mark.parametrize(
    "data",
    [bytes(range(256)) * 20, "/* ünïcödé */\n".encode("utf-16"), b"\xff\xfe\x00\x00", b""],
    ids=["every byte", "utf-16", "mark", "empty"],
)
def test_bytes_that_are_no_text(tree, data):
    (tree / "odd.c").write_bytes(data)
    assert main(["rewrite", "--write"]) == 0
    assert (tree / "odd.c").read_bytes() == data
    assert "step(session, 2)" in (tree / "main.c").read_text()


@pytest.mark.parametrize(
    "text",
    [
        "static void f(void)\n{\n    get_session();\n",
        "}\n}\nint x;\n",
        "int f(void) { { get_session(); }\n",
        "{\n",
    ],
)
def test_unbalanced_braces(tree, capsys, text):
    (tree / "odd.c").write_text(text)
    assert ("odd.c", "unbalanced-brace") in problems(capsys)
    main(["rewrite", "--write"])
    assert (tree / "odd.c").read_text() == text
    assert "step(session, 2)" in (tree / "main.c").read_text()


def test_a_generated_file_of_200_000_lines(tree):
    lines = (f"static const int row_{number}[4] = {{ {number}, 1, 2, 3 }};\n" for number in range(199_000))
    functions = (f"int take_{number}(void) {{ return row_{number}[1]; }}\n" for number in range(1_000))
    (tree / "generated.c").write_text("".join([*lines, *functions]))
    before = contents(tree)
    assert main(["rewrite", "--write"]) == 0
    assert (tree / "generated.c").read_bytes() == before["generated.c"]
    assert "step(session, 2)" in (tree / "main.c").read_text()


# ---- plans that a person edited ------------------------------------------------------------------------


def edit_plan(tree, change):
    main(["plan", "-o", "plan.json", "-q"])
    data = json.loads((tree / "plan.json").read_text())
    change(data)
    (tree / "plan.json").write_text(json.dumps(data))
    return main(["rewrite", "--plan", "plan.json", "--write"])


def test_a_function_pinned_by_hand_stays(tree):
    assert edit_plan(tree, lambda data: data["functions"][0].update(decision="pin")) == 1
    assert "static void step(int by)" in (tree / "main.c").read_text()


def test_a_function_deleted_by_hand_stays(tree):
    edit_plan(tree, lambda data: data["functions"].clear())
    assert "static void step(int by)" in (tree / "main.c").read_text()


def test_a_parameter_renamed_by_hand(tree):
    assert edit_plan(tree, lambda data: data["functions"][0].update(parameter="current")) == 0
    assert (
        "static void step(struct session *current, int by)\n{\n    current->" in (tree / "main.c").read_text()
    )


@pytest.mark.parametrize("name", ["", "2x", "int", "a b", "x);"])
def test_a_parameter_name_that_is_none(tree, capsys, name):
    assert edit_plan(tree, lambda data: data["functions"][0].update(parameter=name)) == 2
    assert "plan.json" in capsys.readouterr().err
    assert (tree / "main.c").read_text() == SOURCE


@pytest.mark.parametrize(
    ("key", "value"), [("linkage", "some"), ("depth", -1), ("paths", "main.c"), ("functions", [1])]
)
def test_a_scope_that_is_none(tree, capsys, key, value):
    assert edit_plan(tree, lambda data: data["scope"].update({key: value})) == 2
    assert f"scope.{key} of the plan must be" in capsys.readouterr().err
    assert (tree / "main.c").read_text() == SOURCE


def test_the_scope_of_a_plan_holds_for_its_rewrite(tree):
    (tree / "other.c").write_text(SOURCE.replace("run", "walk").replace("step", "stride"))
    main(["plan", "main.c", "-o", "plan.json", "-q"])
    assert main(["rewrite", "--plan", "plan.json", "--write"]) == 0
    assert "session *session" in (tree / "main.c").read_text()
    assert "session *session" not in (tree / "other.c").read_text()


def test_a_plan_whose_files_have_changed(tree, capsys):
    main(["plan", "-o", "plan.json", "-q"])
    (tree / "main.c").write_text(SOURCE + "\n")
    assert main(["rewrite", "--plan", "plan.json", "--write"]) == 2
    assert "main.c has changed since the plan was made" in capsys.readouterr().err
    assert (tree / "main.c").read_text() == SOURCE + "\n"


# ---- the process ---------------------------------------------------------------------------------------


def test_the_exit_codes_of_the_process(tree):
    def run(*arguments):
        command = [sys.executable, "-m", "clew", *arguments]
        return subprocess.run(command, cwd=tree, capture_output=True, check=False).returncode

    assert run("audit") == 1
    assert run("rewrite", "--write") == 0
    assert run("audit", "--state", "none") == 2
