"""The steps that show that the rewritten program still works: build, compile, tests."""

import json
import shutil
from collections import Counter
from dataclasses import replace
from pathlib import Path

from compile_compare import as_json, compare_trees
from project_context import Context
from step import StepError, StepResult
from tree_files import changed_files, copy_tree

from clew.verify.commands import Configuration, write_commands
from clew.verify.compile_command import CompileCommand
from clew.verify.make_log import parse_make_output
from clew.verify.process import Measured, run_measured

_SHOWN = 10


def build(context: Context) -> StepResult:
    """Build a copy of the built tree with the rewritten files in it."""
    built = context.need_built()
    copy_tree(built, context.after)
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
        errors = [line for line in ran.stderr.splitlines() if " error: " in line]
        shown = "\n".join(errors[:_SHOWN]) or ran.tail
        raise StepError(f"{' '.join(words)} ended with {ran.code}\n{shown}")
    return ran


def compile_units(context: Context) -> StepResult:
    """Compare the compiler's messages before and after."""
    built = context.need_built()
    if not context.after.is_dir():
        raise StepError("there is no tree to compile: run the step build")
    commands = _commands(context, built)
    write_commands(context.work / "compile_commands.json", commands)
    configuration = Configuration(context.project.name, "the build", tuple(commands))
    comparison = compare_trees(built, context.after, configuration, jobs=context.jobs, fast=context.fast)
    figures = as_json(comparison)
    (context.work / "compile.json").write_text(json.dumps(figures, indent=1) + "\n", "utf-8")
    new = [str(d) for d in sorted(comparison.new)]
    detail = f"{len(comparison.units)} of {comparison.total} units, {len(new)} new diagnostics"
    if comparison.blocked:
        detail += f", {len(comparison.blocked)} units could not be compared"
    detail = "\n".join([detail, *new[:_SHOWN]])
    failed = bool(new) or not comparison.units
    return StepResult("compile", "failed" if failed else "passed", detail, figures=figures)


def _commands(context: Context, built: Path) -> list[CompileCommand]:
    """Find the commands of the build: in its log, or by asking make in a clean copy of the sources."""
    if context.log is not None:
        return parse_make_output(context.log.read_text("utf-8", "replace"), built)
    clean = context.work / "clean"
    copy_tree(context.source, clean)
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
    copy_tree(context.need_built(), copy)
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
