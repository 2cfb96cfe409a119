"""``clew rewrite --bindings`` from the command line: one diff, one write, one way back; the result runs."""

import json
import shutil
import subprocess
import sys

import pytest

from clew.cli.main import main

SETTINGS = """\
[[state]]
name = "s"
type = "S *"
names = ["s"]
accessors = [{ spelling = "current", assigned = true }]

[state.bindings]
argument = "state"
"""
HEADER = """\
typedef struct state { int total; } S;
S *state_new(void);
void state_use(S *s);
int add(int amount);
int total(void);
"""
SOURCE = """\
#include <stdlib.h>
#include "core.h"

static S *current;

S *state_new(void)
{
    return calloc(1, sizeof(S));
}

void state_use(S *s)
{
    current = s;
}

int add(int amount)
{
    current->total += amount;
    return current->total;
}

int total(void)
{
    return current->total;
}
"""
CTYPES = """\
import ctypes

core = ctypes.CDLL("./core.so")
core.state_new.restype = ctypes.c_void_p
core.state_use.argtypes = [ctypes.c_void_p]
core.add.argtypes = [ctypes.c_int]  # amount
core.total.argtypes = ()
state = core.state_new()
core.state_use(state)
print(core.add(4), core.add(5), core.total())
"""
CFFI = """\
import cffi

ffi = cffi.FFI()
ffi.cdef('''
typedef struct state { ...; } S;
S *state_new(void);
void state_use(S *s);
int add(int amount);  // to the total
int total(void);
''')
core = ffi.dlopen("./core.so")
state = core.state_new()
core.state_use(state)
print(core.add(4), core.add(5), core.total())
"""
OUTPUT = "4 9 9\n"


@pytest.fixture
def tree(tmp_path):
    files = {
        "clew.toml": SETTINGS,
        "core.h": HEADER,
        "core.c": SOURCE,
        "py/one.py": CTYPES,
        "py/two.py": CFFI.replace("{ ...; }", "{ int total; }"),
    }
    for name, text in files.items():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    return tmp_path


def run(tree, *arguments):
    return main(["rewrite", "--root", str(tree), "--linkage", "any", "--bindings", "py/*.py", *arguments])


def read(tree):
    return {p.name: p.read_text() for p in sorted(tree.rglob("*.*")) if p.suffix in (".c", ".h", ".py")}


def test_one_diff_and_nothing_is_written(tree, capsys):
    before = read(tree)
    assert run(tree, "--quiet") == 1
    diff = capsys.readouterr().out
    assert [line for line in diff.splitlines() if line.startswith("+++ ")] == [
        "+++ b/core.c", "+++ b/core.h", "+++ b/py/one.py", "+++ b/py/two.py",
    ]  # fmt: skip
    assert "+core.add.argtypes = [ctypes.c_void_p, ctypes.c_int]  # amount" in diff
    assert "+int add(S *s, int amount);  // to the total" in diff
    assert read(tree) == before


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_one_write_and_one_way_back(tree, capsys):
    before = read(tree)
    assert run(tree, "--write", "--undo", str(tree / "back.patch")) == 0
    changed = read(tree)
    assert changed["one.py"].count("add(state, ") == 2
    capsys.readouterr()
    assert run(tree) == 0
    assert capsys.readouterr().out == ""
    assert read(tree) == changed
    subprocess.run(["git", "apply", "-R", "back.patch"], cwd=tree, check=True)
    assert read(tree) == before


def test_json_has_edits_sums_and_refusals(tree, capsys):
    (tree / "py/three.py").write_text("def use(lib):\n    lib.add(1)\n")
    assert run(tree, "--format", "json", "--quiet") == 1
    data = json.loads(capsys.readouterr().out)
    assert {"py/one.py", "py/two.py"} <= set(data["edits"])
    assert {"py/one.py", "py/two.py"} <= set(data["plan"]["files"])
    (refusal,) = data["bindings"]
    assert (refusal["path"], refusal["line"], refusal["code"]) == ("py/three.py", 2, "python-library")


def test_refusals_are_told_with_their_place(tree, capsys):
    (tree / "py/one.py").write_text(CTYPES + "getattr(core, 'add')(1)\n")
    assert run(tree, "--write", "--quiet", "--undo", str(tree / "back.patch")) == 1
    assert "py/one.py:11:15: add: a string names the function" in capsys.readouterr().err


@pytest.mark.parametrize(("glob", "what"), [("none/*.py", "no file matches"), ("*.c", "names a C source")])
def test_wrong_globs(tree, capsys, glob, what):
    assert main(["rewrite", "--root", str(tree), "--bindings", glob]) == 2
    assert what in capsys.readouterr().err


@pytest.mark.compiler
@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")
@pytest.mark.parametrize("script", ["one.py", "two.py"])
def test_python_and_c_still_fit(tree, script):
    if script == "two.py":
        pytest.importorskip("cffi")
    assert build_and_run(tree, script) == OUTPUT
    run(tree, "--write", "--quiet", "--undo", str(tree / "back.patch"))
    assert build_and_run(tree, script) == OUTPUT


def build_and_run(tree, script):
    command = ["gcc", "-Wall", "-Werror", "-shared", "-fPIC", "-o", "core.so", "core.c"]
    subprocess.run(command, cwd=tree, check=True)
    done = subprocess.run(
        [sys.executable, f"py/{script}"], cwd=tree, check=True, capture_output=True, text=True
    )
    return done.stdout
