"""What the speed of clew is measured on: programs, with the question that is asked about each."""

import shutil
from dataclasses import dataclass
from pathlib import Path

from cpython_run import CPYTHON
from git_run import GIT
from project import Project
from vim_run import VIM

# The state of a kernel is a macro over a per-CPU variable; nothing that is threaded switches it.
LINUX_SETTINGS = """\
[[state]]
name = "current"
type = "struct task_struct *"
names = ["task", "tsk", "curr"]
accessors = ["current"]
indirect = "preserves"
header = "linux/sched.h"
"""
LINUX = Project(
    name="linux", profile="", state="current", linkage="static", paths=(), build=("make", "defconfig")
)


@dataclass(frozen=True, slots=True)
class Corpus:
    """A program: *command* is what clew is asked (``rewrite`` means a dry run), *edited* a file that changes
    between two runs, *checked* the files that a hook would check."""

    project: Project
    command: str
    edited: str
    checked: tuple[str, str, str]
    settings: str = ""

    def prepare(self, source: Path, tree: Path) -> None:
        """Copy the C files of *source*, and write settings where the program has no profile."""
        for path in sorted(source.rglob("*")):
            if path.suffix in (".c", ".h") and path.is_file() and not path.is_symlink():
                target = tree / path.relative_to(source)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
        if self.settings:
            (tree / "clew.toml").write_text(self.settings, "utf-8")
        else:
            (tree / "clew.toml").write_text(f'profile = "{self.project.profile}"\n', "utf-8")

    def words(self, tree: Path) -> list[str]:
        """Return the arguments of clew."""
        scope = ["--state", self.project.state, "--linkage", self.project.linkage]
        return [self.command, "--root", str(tree), "--quiet", *scope, *self.project.expand_paths(tree)]


CORPORA = {
    "cpython": Corpus(
        CPYTHON,
        "rewrite",
        "Python/errors.c",
        ("Python/errors.c", "Objects/call.c", "Objects/dictobject.c"),
    ),
    "git": Corpus(GIT, "rewrite", "config.c", ("config.c", "object-name.c", "refs.c")),
    "vim": Corpus(VIM, "plan", "src/edit.c", ("src/edit.c", "src/window.c", "src/move.c")),
    "linux": Corpus(
        LINUX,
        "audit",
        "kernel/fork.c",
        ("kernel/fork.c", "kernel/exit.c", "fs/exec.c"),
        LINUX_SETTINGS,
    ),
}
