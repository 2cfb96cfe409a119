"""One case built, rewritten and compiled again."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from compile_compare import compare_trees
from parse_rate import measure
from replay_case import Case
from replay_choice import run_nearest
from replay_clew import Ran, run_clew
from replay_tree import extract_all, extract_tree
from tree_files import changed_files, copy_tree

from clew.verify.commands import Configuration
from clew.verify.make_log import parse_make_output
from clew.verify.process import Measured, run_measured

_PLACE = re.compile(r":\d+ ")  # of a failure to parse: lines move


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
    """What was found: *unparsed* functions, files that a second run changes, *new* diagnostics, and what the
    linker or clew said.  *blocked* units do not compile before."""

    name: str
    changed: int = 0
    commands: int = 0
    units: int = 0
    blocked: int = 0
    unparsed: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    new: list[str] = field(default_factory=list)
    trouble: str = ""
    linked: bool | None = None

    @property
    def is_bad(self) -> bool:
        """Something was found, or nothing could be compared."""
        return bool(self.unparsed or self.again or self.new or self.trouble) or self.linked is False

    def line(self) -> str:
        """Return the case in one line."""
        link = {None: "", True: ", links", False: ", DOES NOT LINK"}[self.linked]
        blocked = f" ({self.blocked} do not compile before)" if self.blocked else ""
        return (
            f"{self.name}: {self.changed} files changed, {len(self.unparsed)} functions unparsed, "
            f"{len(self.again)} files unstable, {self.units} of {self.commands} units{blocked}, "
            f"{len(self.new)} new diagnostics{link}{f': {self.trouble}' if self.trouble else ''}"
        )

    def findings(self) -> Iterator[str]:
        """Yield a line for everything found."""
        yield from (f"not parsed any more: {one}" for one in self.unparsed)
        yield from (f"changed by a second run: {one}" for one in self.again)
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
    ran = run_nearest(case, plain, plant.gitdir)
    changes = _read_changes(ran, plain)
    found.changed, found.trouble = len(changes), "; ".join(ran.errors)
    found.unparsed = _list_unparsed(case, plant, plain, list(changes))
    found.again = _run_again(case, plain, ran, changes)
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


def _read_changes(ran: Ran, root: Path) -> dict[str, bytes]:
    paths = sorted({path for written in ran.written for path in written})
    return {path: (root / path).read_bytes() for path in paths}


def _list_unparsed(case: Case, plant: Plant, after: Path, paths: list[str]) -> list[str]:
    """Return the functions of *paths* that clew does not parse, and did before."""
    if not paths:
        return []
    before = after.with_name("before")
    shutil.rmtree(before, ignore_errors=True)
    before.mkdir()
    extract_tree(plant.gitdir, case.parent, before)
    known = {_PLACE.sub(" ", one) for one in measure(before, paths).failures}
    shutil.rmtree(before)
    return [one for one in measure(after, paths).failures if _PLACE.sub(" ", one) not in known]


def _run_again(case: Case, plain: Path, ran: Ran, changes: dict[str, bytes]) -> list[str]:
    """Return the files that a second run changes, with the settings of the first."""
    renames = {old: new for old, new, mode in case.twins if mode == "rename"}
    gained = tuple(replace(one, name=renames.get(one.name, one.name)) for one in case.gained)
    again = run_clew(replace(case, gained=gained), "functions", plain, ran.settings, ran.policy)
    written = {path for one in again.written for path in one}
    changed = [path for path in written if (plain / path).read_bytes() != changes.get(path)]
    return [*sorted(changed), *again.errors]


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
