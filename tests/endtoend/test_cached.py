"""A cache changes how long a run takes, and nothing else."""

import random
import re

import pytest
from click.testing import CliRunner

from clew.cli.main import clew

SETTINGS = """
[[state]]
name = "ts"
type = "T *"
names = ["ts"]
accessors = ["GET()"]
header = "t.h"
"""
FILES = {
    "clew.toml": SETTINGS,
    "t.h": "#ifndef T_H\n#define T_H\ntypedef struct t T;\nT *GET(void);\nint use(T *);\n#endif\n",
    "a.c": '#include "t.h"\nstatic int low(void) { return use(GET()); }\nint top(void) { return low(); }\n',
    "b.c": '#include "t.h"\nstatic int low(int a) { T *ts = GET(); return use(ts) + a; }\n'
    "static int mid(int a) { return low(a) + low(1); }\nint end(void) { return mid(2); }\n",
    "c.c": '#include "t.h"\n#define CALL(x) helper(x)\nstatic int helper(int x) { return x + use(GET()); }\n'
    "int other(void) { return CALL(3); }\n",
}
COMMANDS = (
    ("audit", "--format", "json"),
    ("plan", "--format", "json"),
    ("plan",),
    ("rewrite",),
    ("rewrite", "--linkage", "any"),
    ("rewrite", "--format", "json"),
)
# Each keeps the files C that clew understands.
CHANGES = (
    (r"\breturn\b", "GET(); return"),
    (r"use\(GET\(\)\)", "0"),
    (r"\bstatic int mid", "int mid"),
    (r"low", "lower"),
    (r"\n", "\n/* more */\n"),
    (r"x \+ ", ""),
)


@pytest.fixture
def tree(tmp_path, monkeypatch):
    monkeypatch.setenv("CLEW_CACHE_DIR", str(tmp_path / "cache"))
    root = tmp_path / "tree"
    root.mkdir()
    for name, text in FILES.items():
        (root / name).write_text(text)
    return root


def run(tree, command, *more):
    result = CliRunner().invoke(clew, [*command, "--root", str(tree), *more], standalone_mode=False)
    assert result.exception is None, result.exception
    return result.return_value, result.stdout, result.stderr


def change(tree, choice):
    path = choice.choice(sorted(tree.glob("*.[ch]")))
    pattern, new = choice.choice(CHANGES)
    path.write_text(re.sub(pattern, new, path.read_text(), count=1))


@pytest.mark.parametrize("seed", range(4))
def test_the_same_with_a_cache_over_random_edits(tree, seed):
    choice = random.Random(seed)
    for _ in range(5):
        for command in COMMANDS:
            without = run(tree, command, "--no-cache")
            assert run(tree, command) == without  # perhaps fills it
            assert run(tree, command) == without  # uses it
        change(tree, choice)


def test_the_second_run_scans_nothing(tree, monkeypatch):
    first = [run(tree, command) for command in COMMANDS]
    monkeypatch.setattr("clew.pipeline.scan_source", None)
    assert [run(tree, command) for command in COMMANDS] == first


def test_what_is_written_is_the_same(tree):
    run(tree, ("rewrite",))
    run(tree, ("rewrite",), "--write", "--allow-dirty")
    warm = {path.name: path.read_bytes() for path in tree.glob("*.c")}
    for name, text in FILES.items():
        (tree / name).write_text(text)
    run(tree, ("rewrite",), "--write", "--allow-dirty", "--no-cache")
    assert {path.name: path.read_bytes() for path in tree.glob("*.c")} == warm


@pytest.mark.parametrize("change", ['pinned = ["low"]\n', 'defines = {X = "1"}\n'])
def test_other_settings_are_another_question(tree, change):
    run(tree, ("rewrite",))
    (tree / "clew.toml").write_text(change + SETTINGS)
    assert run(tree, ("rewrite",)) == run(tree, ("rewrite",), "--no-cache")


def test_a_damaged_cache_is_told_once_and_made_anew(tree, tmp_path):
    without = run(tree, ("plan",), "--no-cache")
    run(tree, ("plan",))
    file = tmp_path / "cache" / "facts.sqlite"
    file.write_bytes(b"no database" * 1000)
    code, out, told = run(tree, ("plan",))
    assert (code, out) == without[:2]
    assert told.count("was damaged") == 1
    assert run(tree, ("plan",)) == without


def test_without_a_cache_none_is_made(tree, tmp_path):
    run(tree, ("plan",), "--no-cache")
    assert not (tmp_path / "cache").exists()
