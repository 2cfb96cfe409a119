"""A git repository with a program, and the command line on it."""

import os
import subprocess
from pathlib import Path

import pytest

from clew.cli.main import main

IDENTITY = {"user.name": "Jörg Tester", "user.email": "t@example.org", "commit.gpgsign": "false"}
CONFIG = """\
[[state]]
name = "session"
type = "struct session *"
names = ["session", "s"]
accessors = ["session_get()"]
"""
HEADER = """\
struct session { int count; };
struct session *session_get(void);
int twice(int by);
"""
MAIN = """\
#include "state.h"

static void add(int by)
{
    session_get()->count += by;
}

static int even(int n);

static int odd(int n)
{
    return n == 0 ? 0 : even(n - 1);
}

static int even(int n)
{
    add(n);
    return n == 0 ? 1 : odd(n - 1);
}

int run(int n)
{
    add(1);
    return even(n) + twice(n);
}
"""
MORE = """\
#include "state.h"

static int now(void)
{
    return session_get()->count;
}

int twice(int by)
{
    return 2 * now() + by;
}
"""


class Repository:
    """The folder, and what tests do to it."""

    def __init__(self, top: Path, capfd, prefix=""):
        self.top, self._capfd = top, capfd
        self.root = top / prefix

    def git(self, *arguments, **more):
        done = subprocess.run(["git", *arguments], cwd=self.top, capture_output=True, check=False, **more)
        assert done.returncode == 0, done.stderr.decode()
        return done.stdout.decode("latin-1")

    def begin(self):
        self.git("init", "-q", "-b", "main")
        for name, value in IDENTITY.items():
            self.git("config", name, value)
        self.commit("begin")

    def commit(self, message="change"):
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)

    def write(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(text if isinstance(text, bytes) else text.encode())

    def rewrite(self, *arguments):
        """Run `clew rewrite`; return exit code, standard output and standard error."""
        self._capfd.readouterr()
        code = main(["rewrite", "--root", str(self.root), *arguments])
        out, err = self._capfd.readouterr()
        return code, out, err

    def contents(self):
        paths = sorted(path for path in self.root.rglob("*.[ch]"))
        return {path.relative_to(self.root).as_posix(): path.read_bytes() for path in paths}


@pytest.fixture
def make_repository(tmp_path, capfd, monkeypatch):
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)

    def make(files=None, prefix=""):
        made = Repository(tmp_path / "tree", capfd, prefix)
        for path, text in (files or {"main.c": MAIN, "more.c": MORE, "state.h": HEADER}).items():
            made.write(path, text)
        if not (made.root / "clew.toml").exists():
            made.write("clew.toml", CONFIG)
        made.begin()
        return made

    return make


@pytest.fixture
def repository(make_repository):
    return make_repository()
