"""The steps of a run over a real program."""

import json
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from compile_compare import compare_trees
from make_commands import CompileCommand, parse_make_output, write_commands
from measured import Measured, run_measured
from program_trial import OUTCOMES
from project import Project
from step import StepError, StepResult

_CLEW_SECONDS = 1800.0
_CLEW_DONE = (0, 1)
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class Context:
    """What all steps share.  *built* is None when there is no built tree."""

    project: Project
    clew: tuple[str, ...]
    source: Path
    built: Path | None
    work: Path
    config: Path | None
    log: Path | None
    linkage: str
    jobs: int
    fast: bool

    @property
    def tree(self) -> Path:
        """The copy that clew rewrites."""
        return self.work / "rewritten"

    @property
    def after(self) -> Path:
        """The copy of the built tree with the rewritten files."""
        return self.work / "after"

    @property
    def undo_patch(self) -> Path:
        """Where clew leaves the undo patch."""
        return self.work / "undo.patch"

    def need_built(self) -> Path:
        """Return the built tree; raise `StepError` when there is none."""
        if self.built is None:
            raise StepError("needs a built tree: give it with --build")
        return self.built

    def run_clew(self, command: str, *words: str) -> Measured:
        """Run one clew command on the copy; raise `StepError` when it fails."""
        ran = run_measured(
            [*self.clew, command, "--root", self.tree, *words], cwd=self.work, timeout=_CLEW_SECONDS
        )
        # Python's own code for an uncaught exception is clew's for findings.
        if ran.code not in _CLEW_DONE or ran.timed_out or "Traceback (most recent" in ran.stderr:
            raise StepError(f"clew {command} ended with {ran.code}\n{ran.tail}")
        return ran

    def scope(self) -> list[str]:
        """Return the options that select state and scope."""
        words = ["--state", self.project.state, "--linkage", self.linkage]
        return [*words, *self.project.expand_paths(self.tree)]


@dataclass(frozen=True, slots=True)
class Step:
    """A step: *needs* names steps without which it makes no sense."""

    name: str
    run: Callable[[Context], StepResult]
    needs: tuple[str, ...] = ()


def run_steps(context: Context, skipped: frozenset[str]) -> list[StepResult]:
    """Run all steps but those in *skipped* (what they left behind in an earlier run is used)."""
    context.work.mkdir(parents=True, exist_ok=True)
    results: dict[str, StepResult] = {}
    for step in STEPS:
        broken = [name for name in step.needs if name in results and results[name].status == "failed"]
        if step.name in skipped:
            result = StepResult(step.name, "not-run", "skipped")
        elif broken:
            result = StepResult(step.name, "not-run", f"{broken[0]} failed")
        else:
            result = _run_step(step, context)
        results[step.name] = result
        headline = result.detail.partition("\n")[0]
        print(f"{step.name}: {result.status} {headline}", file=sys.stderr, flush=True)
    return list(results.values())


def _run_step(step: Step, context: Context) -> StepResult:
    start = time.perf_counter()
    try:
        result = step.run(context)
    except StepError as error:
        result = StepResult(step.name, "failed", str(error))
    return result if result.seconds else replace(result, seconds=time.perf_counter() - start)


def copy_sources(context: Context) -> StepResult:
    """Make the copy that clew works on."""
    _copy_tree(context.source, context.tree)
    if context.config is not None:
        shutil.copyfile(context.config, context.tree / "clew.toml")
    else:
        context.run_clew("init", "--profile", context.project.profile)
    return StepResult("copy", "passed", f"{sum(1 for _ in context.tree.rglob('*.[ch]'))} C files")


def plan(context: Context) -> StepResult:
    """Ask for the plan, and keep it in the scratch folder."""
    ran = context.run_clew("plan", *context.scope(), "--format", "json")
    (context.work / "plan.json").write_text(ran.stdout, "utf-8")
    try:
        made = json.loads(ran.stdout)
    except json.JSONDecodeError as error:
        raise StepError(f"clew plan printed no JSON: {error}\n{ran.tail}") from error
    totals = Counter(fetch["outcome"] for fetch in made["fetches"])
    codes = Counter(refusal["code"] for refusal in made["refusals"])
    counts = ", ".join(f"{totals[outcome]} {outcome}" for outcome in OUTCOMES)
    detail = f"{len(made['fetches'])} fetches: {counts}\n{len(made['functions'])} functions threaded, "
    detail += f"{len(made['boundaries'])} boundaries, {len(made['files'])} files\n"
    detail += "refusals: " + (", ".join(f"{code} {n}" for code, n in codes.most_common()) or "none")
    figures: dict[str, object] = {"fetches": dict(totals), "refusals": dict(codes)}
    return StepResult("plan", "passed", detail, ran.seconds, ran.peak_mib, figures)


def rewrite(context: Context) -> StepResult:
    """Let clew write into the copy."""
    context.undo_patch.unlink(missing_ok=True)
    ran = _write(context, context.undo_patch)
    changed = changed_files(context.source, context.tree)
    names = [str(path) for path in changed]
    if not changed:
        return StepResult("rewrite", "failed", "no file was changed", ran.seconds, ran.peak_mib)
    detail = f"{len(changed)} files changed"
    return StepResult("rewrite", "passed", detail, ran.seconds, ran.peak_mib, {"files": names})


def _write(context: Context, undo: Path) -> Measured:
    return context.run_clew("rewrite", *context.scope(), "--write", "--allow-dirty", "--undo", str(undo))


def rewrite_again(context: Context) -> StepResult:
    """Run clew on its own output."""
    kept = context.work / "again"
    _copy_tree(context.tree, kept)
    ran = _write(context, context.work / "undo-again.patch")
    changed = changed_files(kept, context.tree)
    shutil.rmtree(kept)
    if changed:
        return StepResult("again", "failed", _listing("changed again", changed), ran.seconds, ran.peak_mib)
    return StepResult("again", "passed", "nothing changed", ran.seconds, ran.peak_mib)


def undo(context: Context) -> StepResult:
    """Apply the undo patch to a copy, and compare with the sources byte by byte."""
    copy = context.work / "undone"
    _copy_tree(context.tree, copy)
    # A folder above may be a work tree of git's, whose ignore rules must not matter.
    environment = {"GIT_CEILING_DIRECTORIES": str(context.work)}
    ran = run_measured(["git", "apply", "-R", context.undo_patch], cwd=copy, env=environment)
    if not ran.ok:
        raise StepError(f"git apply -R ended with {ran.code}\n{ran.tail}")
    changed = changed_files(context.source, copy)
    shutil.rmtree(copy)
    if changed:
        return StepResult("undo", "failed", _listing("not restored", changed))
    return StepResult("undo", "passed", "every byte restored")


def build(context: Context) -> StepResult:
    """Build a copy of the built tree with the rewritten files in it."""
    built = context.need_built()
    _copy_tree(built, context.after)
    for words in context.project.prepare:
        _must_run(context, words, context.after)
    changed = changed_files(context.source, context.tree)
    for path in changed:
        # Not copy2: make must see that the file is new.
        shutil.copyfile(context.tree / path, context.after / path)
    ran = _must_run(context, context.project.build, context.after)
    (context.work / "build.log").write_text(ran.stdout + ran.stderr, "utf-8")
    return StepResult("build", "passed", f"built with {len(changed)} changed files", ran.seconds)


def _must_run(context: Context, words: tuple[str, ...], folder: Path) -> Measured:
    environment = {**context.project.environment, "LC_ALL": "C"}
    ran = run_measured(words, cwd=folder, env=environment, timeout=context.project.build_seconds)
    if not ran.ok:
        raise StepError(f"{' '.join(words)} ended with {ran.code}\n{ran.tail}")
    return ran


def compile_units(context: Context) -> StepResult:
    """Compare the compiler's messages before and after."""
    built = context.need_built()
    if not context.after.is_dir():
        raise StepError("there is no tree to compile: run the step build")
    commands = _commands(context, built)
    write_commands(context.work / "compile_commands.json", commands)
    comparison = compare_trees(built, context.after, commands, jobs=context.jobs, fast=context.fast)
    figures = comparison.as_json()
    (context.work / "compile.json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    new = [str(d) for d in sorted(comparison.new)]
    detail = f"{len(comparison.units)} of {comparison.total} units, {len(new)} new diagnostics"
    if comparison.unreadable:
        detail += f", {len(comparison.unreadable)} units could not be compared"
    detail = "\n".join([detail, *new[:_SHOWN]])
    failed = bool(new) or not comparison.units
    return StepResult("compile", "failed" if failed else "passed", detail, figures=figures)


def _commands(context: Context, built: Path) -> list[CompileCommand]:
    """Find the commands of the build: in its log, or by asking make in a clean copy of the sources."""
    if context.log is not None:
        return parse_make_output(context.log.read_text("utf-8", "replace"), built)
    clean = context.work / "clean"
    _copy_tree(context.source, clean)
    for words in context.project.prepare:
        _must_run(context, words, clean)
    ran = _must_run(context, ("make", "-n", *context.project.dry_run), clean)
    shutil.rmtree(clean)
    return parse_make_output(ran.stdout.replace(str(clean), str(built)), built)


def test_before(context: Context) -> StepResult:
    """Run the tests in a copy of the tree as it was, and keep the results for the step after."""
    if not context.project.test:
        return StepResult("before", "not-run", "no tests are known for this program")
    copy = context.work / "before"
    _copy_tree(context.need_built(), copy)
    for words in context.project.prepare:
        _must_run(context, words, copy)
    result = _test(context, copy, "before")
    shutil.rmtree(copy)
    return result


def test_after(context: Context) -> StepResult:
    """Run the tests in the rewritten tree; what failed before may fail again, and nothing else."""
    if not context.project.test:
        return StepResult("after", "not-run", "no tests are known for this program")
    result = _test(context, context.after, "after")
    before_file = context.work / "tests-before.json"
    before = json.loads(before_file.read_text("utf-8")) if before_file.exists() else {}
    after = json.loads((context.work / "tests-after.json").read_text("utf-8"))
    bad = [name for name, seen in after.items() if seen != before.get(name, "ok")]
    bad += [name for name in before if name not in after]
    compared = "as before" if before else "not compared: the step before did not run"
    if bad:
        lines = [f"{name}: {before.get(name, 'ok')} became {after.get(name, 'missing')}" for name in bad]
        return replace(result, status="failed", detail="\n".join([result.detail, *lines[:_SHOWN]]))
    return replace(result, detail=f"{result.detail}, {compared}")


def _test(context: Context, tree: Path, when: str) -> StepResult:
    """Run the project's tests in *tree* and write their results to ``tests-<when>.json``."""
    project = context.project
    if project.read_results is None:
        raise StepError("nothing reads what these tests print")
    if not tree.is_dir():
        raise StepError(f"there is no tree {tree}: run the step that makes it")
    ran = run_measured(
        project.test, cwd=tree / project.test_folder, env=project.environment, timeout=project.test_seconds
    )
    (context.work / f"tests-{when}.log").write_text(ran.stdout + ran.stderr, "utf-8")
    if ran.timed_out:
        raise StepError(f"the tests did not end in {project.test_seconds:.0f} s\n{ran.tail}")
    results = dict(project.read_results(ran))
    (context.work / f"tests-{when}.json").write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    if not results:
        raise StepError(f"no test ran (exit {ran.code})\n{ran.tail}")
    counts = Counter(
        "ok" if r == "ok" else "skipped" if r == "skipped" else "failed" for r in results.values()
    )
    detail = ", ".join(f"{n} {word}" for word, n in sorted(counts.items()))
    figures: dict[str, object] = {"failed": {n: r for n, r in results.items() if r not in ("ok", "skipped")}}
    return StepResult(when, "passed", detail, ran.seconds, figures=figures)


def changed_files(before: Path, after: Path) -> list[Path]:
    """Return the files of *before*, as relative paths, that differ or are missing in *after*.

    Files that only *after* has (the settings, clew's own folder) do not count.
    """
    changed = []
    for folder, _, names in os.walk(before):
        for name in names:
            path = Path(folder, name)
            relative = path.relative_to(before)
            if path.is_symlink():
                continue
            other = after / relative
            if not other.is_file() or not _same_bytes(path, other):
                changed.append(relative)
    return sorted(changed)


def _same_bytes(one: Path, two: Path) -> bool:
    return one.stat().st_size == two.stat().st_size and one.read_bytes() == two.read_bytes()


def _listing(title: str, paths: list[Path]) -> str:
    names = ", ".join(str(path) for path in paths[:_SHOWN])
    return f"{title}: {names}" + (f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else "")


def _copy_tree(source: Path, target: Path) -> None:
    """Copy with times and links, in place of what was there."""
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(source, target, symlinks=True)


STEPS = (
    Step("copy", copy_sources),
    Step("plan", plan, ("copy",)),
    Step("rewrite", rewrite, ("copy",)),
    Step("again", rewrite_again, ("rewrite",)),
    Step("undo", undo, ("rewrite",)),
    Step("build", build, ("rewrite",)),
    Step("compile", compile_units, ("build",)),
    Step("before", test_before),
    Step("after", test_after, ("build",)),
)
