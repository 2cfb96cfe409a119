"""Programs with a state that are compiled and run before and after clew had a hand in them."""

import shutil
import subprocess

import pytest

from clew import api

HEADER = """\
#ifndef STATE_H
#define STATE_H
typedef struct State { int id; } State;
State *state_get(void);
void state_attach(State *saved);
extern State A, B;
int printf(const char *, ...);
#endif
"""
CORE = """\
#include "state.h"
State A = {1}, B = {2};
static State *current = &A;
State *state_get(void) { return current; }
void state_attach(State *o) { current = o; }
"""


def build_and_run(folder):
    gcc = shutil.which("gcc") or shutil.which("cc")
    if gcc is None:
        pytest.skip("needs a C compiler")
    program = folder.parent / f"{folder.name}.out"
    flags = ["-std=gnu11", "-trigraphs", "-w", "-Werror=incompatible-pointer-types"]
    sources = sorted(path.name for path in folder.glob("*.c"))
    subprocess.run([gcc, *flags, *sources, "-o", str(program)], cwd=folder, check=True)
    return subprocess.run([str(program)], capture_output=True, check=True, text=True).stdout


@pytest.fixture
def check_program(tmp_path):
    """Return what checks that a program prints the same after it was rewritten, and is left alone then."""

    def check(settings, text, linkage, files):
        (tmp_path / "clew.toml").write_text(settings)
        scope = api.Scope(linkage=linkage)
        before, after = tmp_path / "before", tmp_path / "after"
        before.mkdir()
        files = {"state.h": HEADER, "state.c": CORE, "m.c": f'#include "state.h"\n{text}', **files}
        for name, content in files.items():
            (before / name).write_bytes(content.encode())
        tree = api.open_tree(before, api.load_settings(tmp_path / "clew.toml"), scope)
        change = api.rewrite(tree, api.make_plan(tree, "ts"))
        shutil.copytree(before, after)
        for path, content in change.files.items():
            (after / path).write_bytes(content)
        assert build_and_run(after) == build_and_run(before)
        again = api.open_tree(after, api.load_settings(tmp_path / "clew.toml"), scope)
        assert not api.rewrite(again, api.make_plan(again, "ts")).files

    return check
