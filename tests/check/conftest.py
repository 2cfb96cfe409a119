"""A small program in a git repository, and the command line on it."""

import os
import subprocess

import pytest

from clew.cli.main import main

CONFIG = """\
[[state]]
name = "session"
type = "struct session *"
names = ["session", "s"]
accessors = ["session_get()"]
holders = "named"

[[state]]
name = "registry"
type = "struct registry *"
names = ["registry"]
accessors = [{ spelling = "the_registry", assigned = true }]
"""
HEADER = """\
struct session { int count; };
struct registry { int size; };
extern struct registry *the_registry;
struct session *session_get(void);
int spread(int by);
"""
MAIN = """\
#include "state.h"

static void eggs(int by)
{
    session_get()->count += by;
}

static int spam(struct session *session, int by)
{
    eggs(by);
    return session->count;
}

int run(void)
{
    return spam(session_get(), 2);
}
"""
IDENTITY = {"user.name": "t", "user.email": "t@example.org", "commit.gpgsign": "false"}


class Project:
    """The folder, and what tests do to it."""

    def __init__(self, root, capfd):
        self.root, self._capfd = root, capfd

    def write(self, path, text):
        target = self.root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text)

    def edit(self, path, old, new):
        text = (self.root / path).read_text()
        assert old in text
        self.write(path, text.replace(old, new, 1))

    def git(self, *arguments):
        done = subprocess.run(["git", *arguments], cwd=self.root, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def commit(self, message="change"):
        self.git("add", "-A")
        self.git("commit", "-q", "--no-verify", "-m", message)

    def check(self, *arguments):
        """Run the command; return exit code, standard output and standard error."""
        self._capfd.readouterr()
        code = main(["check", "--root", str(self.root), *arguments])
        out, err = self._capfd.readouterr()
        return code, out, err

    def found(self, *arguments):
        """Return ``path:line code`` for each finding."""
        _, out, _ = self.check("--format", "github", *arguments)
        titles = {"A new i": "fetch", "A funct": "sandwich"}
        lines = []
        for command in out.splitlines():
            values = dict(
                one.split("=", 1) for one in command.removeprefix("::error ").split("::")[0].split(",")
            )
            title = values["title"].removeprefix("clew%3A ")
            lines.append(f"{values['file']}:{values['line']} {titles.get(title[:7], title)}")
        return lines


@pytest.fixture
def project(tmp_path, capfd, monkeypatch):
    monkeypatch.setenv("CLEW_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    for name in [name for name in os.environ if name.startswith(("GIT_DIR", "GIT_INDEX", "PRE_COMMIT"))]:
        monkeypatch.delenv(name)
    made = Project(tmp_path / "tree", capfd)
    made.write("clew.toml", CONFIG)
    made.write("state.h", HEADER)
    made.write("main.c", MAIN)
    made.git("init", "-q", "-b", "main")
    for name, value in IDENTITY.items():
        made.git("config", name, value)
    made.commit("begin")
    return made
