"""``format = "clang-format"``: what clew wrote is formatted, and nothing else."""

import shutil
import stat

import pytest

from clew import api
from clew.config.load import parse_settings
from clew.errors import FormatError
from clew.text.edit import apply_edits

SETTINGS = """format = "clang-format"
[[state]]
name = "ts"
type = "State *"
names = ["ts"]
accessors = ["state_get()"]
"""
MAIN = """typedef struct State { int id; } State;
State *state_get(void);

static int   scaled( int amount, int scale )
{
    return amount*scale*state_get()->id;
}

int   untouched( int a ) { return a ; }

int run(int a)
{
    return scaled( a,2 );
}
"""
needs_program = pytest.mark.skipif(shutil.which("clang-format") is None, reason="needs clang-format")


def rewrite(folder, style="BasedOnStyle: LLVM\n"):
    (folder / "main.c").write_text(MAIN)
    if style:
        (folder / ".clang-format").write_text(style)
    tree = api.open_tree(folder, parse_settings("clew.toml", SETTINGS.encode()))
    return tree, api.rewrite(tree, api.make_plan(tree, "ts"))


def pretend(folder, script, monkeypatch):
    """Put a program of our own in the place of clang-format."""
    program = folder / "bin" / "clang-format"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\n{script}\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", str(program.parent), prepend=":")


@needs_program
def test_written_lines_are_formatted_and_no_others(tmp_path):
    _, change = rewrite(tmp_path)
    text = change.files["main.c"].decode()
    assert (
        "static int scaled(State *ts, int amount, int scale) {\n  return amount * scale * ts->id;\n" in text
    )
    assert "int   untouched( int a ) { return a ; }\n" in text
    assert text.startswith("typedef struct State { int id; } State;\n")


@needs_program
def test_a_second_run_changes_nothing_and_edits_say_why(tmp_path):
    tree, change = rewrite(tmp_path)
    assert {edit.rule for edit in change.edits["main.c"]} >= {"thread", "boundary"}
    assert all(edit.note for edit in change.edits["main.c"])
    (tmp_path / "main.c").write_bytes(change.files["main.c"])
    again = api.open_tree(tmp_path, tree.settings)
    assert api.rewrite(again, api.make_plan(again, "ts")).diff() == b""


def test_without_a_style_nothing_is_started(tmp_path, monkeypatch):
    pretend(tmp_path, "exit 1", monkeypatch)
    _, change = rewrite(tmp_path, style="")
    assert b"scaled( State *ts, int amount, int scale )" in change.files["main.c"]


def test_the_lines_are_those_that_were_written(tmp_path, monkeypatch):
    pretend(tmp_path, 'echo "$@" >&2; echo "$@" > "$0.arguments"; cat', monkeypatch)
    tree, change = rewrite(tmp_path)
    said = (tmp_path / "bin" / "clang-format.arguments").read_text()
    lines = [word.removeprefix("--lines=") for word in said.split() if word.startswith("--lines=")]
    new = change.files["main.c"].decode().splitlines()
    wanted = {number for number, line in enumerate(new, 1) if line not in MAIN.splitlines()}
    covered = {n for one in lines for n in range(int(one.split(":")[0]), int(one.split(":")[1]) + 1)}
    assert covered == wanted
    assert apply_edits(MAIN, change.edits["main.c"]).encode() == change.files["main.c"]
    assert tree.settings.format == "clang-format"


@pytest.mark.parametrize(
    ("script", "what"),
    [("echo 'invalid style' >&2; exit 1", "clang-format failed: invalid style"), ("exit 3", "exit code 3")],
)
def test_a_failure_is_an_error_that_names_the_file(script, what, tmp_path, monkeypatch):
    pretend(tmp_path, script, monkeypatch)
    with pytest.raises(FormatError, match=what) as error:
        rewrite(tmp_path)
    assert error.value.place.path == "main.c"
    assert (tmp_path / "main.c").read_text() == MAIN


def test_a_missing_program_is_an_error(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FormatError, match="cannot be started") as error:
        rewrite(tmp_path)
    assert "install it" in error.value.next_step
