"""One case built, rewritten and compiled again."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from compile_compare import compare_trees
from replay_case import Case
from replay_check import Checked, check_output, read_changes
from replay_clew import run_clew
from replay_tree import extract_all, extract_tree
from tree_files import changed_files, copy_tree

from clew.verify.commands import Configuration
from clew.verify.make_log import parse_make_output
from clew.verify.process import Measured, run_measured


@dataclass(frozen=True, slots=True)
class Plant:
    """Where and how cases are built: *build* is a shell command that prints its compiler calls."""

    gitdir: Path
    work: Path
    build: str
    jobs: int
    link: bool


@dataclass(slots=True)
class Compiled:
    """What was found: by reading the output again (*checked*), *new* diagnostics, and what the linker or
    clew said.  *blocked* units do not compile before."""

    name: str
    changed: int = 0
    commands: int = 0
    units: int = 0
    blocked: int = 0
    checked: Checked = field(default_factory=Checked)
    new: list[str] = field(default_factory=list)
    trouble: str = ""
    linked: bool | None = None

    @property
    def is_bad(self) -> bool:
        """Something was found, or nothing could be compared."""
        return not self.checked.is_clean or bool(self.new or self.trouble) or self.linked is False

    def line(self) -> str:
        """Return the case in one line."""
        link = {None: "", True: ", links", False: ", DOES NOT LINK"}[self.linked]
        blocked = f" ({self.blocked} do not compile before)" if self.blocked else ""
        return (
            f"{self.name}: {self.changed} files changed, {self.checked.summary()}, "
            f"{self.units} of {self.commands} units{blocked}, "
            f"{len(self.new)} new diagnostics{link}{f': {self.trouble}' if self.trouble else ''}"
        )

    def findings(self) -> Iterator[str]:
        """Yield a line for everything found."""
        yield from self.checked.lines()
        yield from (f"new: {one}" for one in self.new)


def compile_case(case: Case, plant: Plant, *, keep: bool) -> Compiled:
    """Build, rewrite and compile *case* below the scratch folder; *keep* leaves the trees."""
    home = plant.work / case.name
    built, plain, after = home / "built", home / "plain", home / "after"
    log = home / "build.log"
    found = Compiled(case.name)
    for stale in (plain, after):
        shutil.rmtree(stale, ignore_errors=True)
    plain.mkdir(parents=True)
    extract_tree(plant.gitdir, case.parent, plain)
    ran = run_clew(case, "functions", plain)
    changes = read_changes(ran, plain)
    found.changed, found.trouble = len(changes), "; ".join(ran.errors)
    found.checked = check_output(case, plant.gitdir, plain, ran)
    if not log.is_file() or not built.is_dir():
        extract_all(plant.gitdir, case.parent, built)
        done = _build(plant, built)
        log.write_text(done.stdout + done.stderr, "utf-8")
        if not done.ok:
            found.trouble += f"the build of the parent failed: {done.tail}"
    if changes:
        _compile(found, built, after, log, changes, plant)
    if not keep:
        shutil.rmtree(home)
    return found


def _build(plant: Plant, tree: Path) -> Measured:
    return run_measured(["sh", "-c", plant.build], cwd=tree, env={"LC_ALL": "C"})


def _compile(
    found: Compiled, built: Path, after: Path, log: Path, changes: dict[str, bytes], plant: Plant
) -> None:
    copy_tree(built, after)
    for path, content in changes.items():
        (after / path).write_bytes(content)
    commands = tuple(parse_make_output(log.read_text("utf-8"), built))
    here = Configuration("build", str(log), commands)
    comparison = compare_trees(built, after, here, jobs=plant.jobs, fast=True)
    found.commands, found.units = comparison.total, len(comparison.units)
    found.blocked = len(comparison.blocked)
    found.new = [f"{diagnostic} (in {n} units)" for diagnostic, n in sorted(comparison.new.items())]
    if found.units == found.blocked:
        found.trouble += "nothing could be compared"
    if plant.link:
        done = _build(plant, after)
        found.linked = done.ok
        found.trouble += "" if done.ok else done.tail
    if not changed_files(built, after):
        found.trouble += "the copy does not differ"
