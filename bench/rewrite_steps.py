"""The steps in which clew runs: plan, rewrite, a second run, undo."""

import json
import shutil
from collections import Counter
from pathlib import Path

from program_trial import OUTCOMES
from project_context import Context
from step import StepError, StepResult
from tree_files import changed_files, copy_tree, list_paths

from clew.verify.process import Measured, run_measured


def copy_sources(context: Context) -> StepResult:
    """Make the copy that clew works on."""
    copy_tree(context.source, context.tree)
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
    copy_tree(context.tree, kept)
    ran = _write(context, context.work / "undo-again.patch")
    changed = changed_files(kept, context.tree)
    shutil.rmtree(kept)
    if changed:
        return StepResult("again", "failed", list_paths("changed again", changed), ran.seconds, ran.peak_mib)
    return StepResult("again", "passed", "nothing changed", ran.seconds, ran.peak_mib)


def undo(context: Context) -> StepResult:
    """Apply the undo patch to a copy, and compare with the sources byte by byte."""
    copy = context.work / "undone"
    copy_tree(context.tree, copy)
    # A folder above may be a work tree of git's, whose ignore rules must not matter.
    environment = {"GIT_CEILING_DIRECTORIES": str(context.work)}
    ran = run_measured(["git", "apply", "-R", context.undo_patch], cwd=copy, env=environment)
    if not ran.ok:
        raise StepError(f"git apply -R ended with {ran.code}\n{ran.tail}")
    changed = changed_files(context.source, copy)
    shutil.rmtree(copy)
    if changed:
        return StepResult("undo", "failed", list_paths("not restored", changed))
    return StepResult("undo", "passed", "every byte restored")
