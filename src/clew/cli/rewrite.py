"""``clew rewrite``.

What only a plan file, a series, a recipe or writing needs is imported then: it brings the scanner, mails and
processes with it.
"""

import shlex
import sys
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import click

from clew.cli import exits
from clew.cli.options import Request, format_option, scanning_options, shared_options
from clew.cli.results import tell_refused
from clew.cli.session import Session, open_session, relative_scope
from clew.cli.stages import Rewrite
from clew.cli.streams import painter, progress, say, write_bytes, write_text
from clew.errors import ErrorPlace
from clew.plan.model import Plan
from clew.report.json_report import rewrite_json
from clew.report.paint import paint_diff
from clew.report.terminal import count, plan_totals
from clew.text.diff import unified_diff
from clew.text.edit import apply_edits
from clew.text.globs import compile_globs
from clew.text.record import record
from clew.text.source import display

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("rewrite")
@shared_options
@scanning_options
@format_option("text", "json")
@click.option("--plan", "plan_file", type=_FILE, help="Carry out this plan, as written by `clew plan`.")
@click.option(
    "--bindings",
    multiple=True,
    metavar="GLOB",
    help="Python files that call the program through ctypes or cffi, and shall follow; many.",
)
@click.option("--write", is_flag=True, help="Change the files. Without it, the diff is printed.")
@click.option("--allow-dirty", is_flag=True, help="Write although the work tree has changes.")
@click.option(
    "--undo",
    type=_FILE,
    help="Where --write leaves the undo patch.  [default: .clew/undo-N.patch in the root]",
)
@click.option(
    "--series",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write the change into this folder as patches for `git am`, each of which compiles.",
)
@click.option("--recipe", type=_FILE, help="Make this change again; if the file is not there, write it.")
def command(form: str, plan_file: Path | None, paths: tuple[str, ...], **options: Any) -> int:
    """Show the changes as a diff, or make them with --write.

    Files are replaced together or not at all, and an undo patch for `git apply -R` is left first.
    Exit code 1: the diff is not empty, or something was refused.
    """
    asked = _Asked(**{field.name: options.pop(field.name) for field in fields(_Asked)})
    request = Request(paths=relative_scope(options["root"], paths), **options)
    is_recipe = asked.recipe is not None and asked.recipe.exists()
    given = _read_given(asked.recipe if is_recipe else None, plan_file)
    if given is not None:
        request = request.within(given)
    session = open_session(request)
    if given is not None and is_recipe:
        given = session.library.relocate(session.tree, given)
    if asked.series is not None:
        return _make_series(session, request, given, asked, form)
    globs = relative_scope(request.root, asked.bindings)
    rewritten = _rewrite(session, given, plan_file, globs, request.quiet)
    patch = "".join(_diffs(rewritten))
    saved = None
    if asked.write and patch:
        saved = _write(request.root, rewritten, patch, asked.undo, asked.allow_dirty)
    if form == "json":
        write_text(rewrite_json(rewritten, saved is not None, str(saved or "")))
    elif not asked.write:
        _print_diff(patch)
    _save_recipe(asked.recipe, rewritten.plan, request.quiet)
    tell_refused(rewritten)
    _summarise(rewritten.plan, saved, plan_file, asked, request)
    left = rewritten.plan.refusals or rewritten.refused or (patch and not asked.write)
    return exits.FINDINGS if left else exits.CLEAN


@record()
class _Asked:
    """What is done with the change."""

    bindings: tuple[str, ...]
    write: bool
    allow_dirty: bool
    undo: Path | None
    series: Path | None
    recipe: Path | None


def _read_given(recipe: Path | None, plan_file: Path | None) -> Plan | None:
    """Return what a person gave: a recipe, or a plan."""
    if recipe is not None:
        from clew.cli.series import given_recipe

        return given_recipe(recipe, plan_file)
    if plan_file is not None:
        from clew.cli.plan_file import read_plan_file

        return read_plan_file(plan_file)
    return None


def _save_recipe(recipe: Path | None, plan: Plan, quiet: bool) -> None:
    if recipe is not None:
        from clew.cli.series import save_recipe

        save_recipe(recipe, plan, quiet)


def _make_series(session: Session, request: Request, given: Plan | None, asked: _Asked, form: str) -> int:
    from clew.cli.series import refuse_together, write_series

    refuse_together(write=asked.write, bindings=asked.bindings, form=form)
    made = write_series(session, request, given, asked.series or Path())
    _tell_left_out(given, made, request.quiet)
    _save_recipe(asked.recipe, made, request.quiet)
    return exits.FINDINGS if made.refusals else exits.CLEAN


def _rewrite(
    session: Session, given: Plan | None, plan_file: Path | None, bindings: tuple[str, ...], quiet: bool
) -> Rewrite:
    state = session.single_state()
    if given is not None and plan_file is not None:
        from clew.cli.plan_file import check_plan_file

        check_plan_file(given, state, session.tree.sources, ErrorPlace(str(plan_file)))
    with progress("planning", quiet) as show:
        plan = session.library.make_plan(session.tree, state, given, show)
        rewritten = session.library.rewrite(session.tree, plan, bindings)
    _tell_left_out(given, plan, quiet)
    return rewritten


def _tell_left_out(given: Plan | None, made: Plan, quiet: bool) -> None:
    """A function that the plan threads may have lost its reason, or have gained one against it; nobody asked
    about those in files outside the scope."""
    if given is None:
        return
    from clew.plan.scope import scope_of  # brings the scanner with it

    threaded = {(function.name, function.path) for function in made.functions}
    paths = scope_of(made).paths
    is_asked_for = compile_globs(paths) if paths else bool
    for function in given.functions:
        if not is_asked_for(function.path):
            continue
        if function.decision == "thread" and (function.name, function.path) not in threaded:
            place = f"{function.path}:{function.line}" if function.line else function.path
            say(f"note: {place}: {function.name} is not threaded: nothing needs it, or it is refused", quiet)


def _diffs(rewritten: Rewrite) -> Iterator[str]:
    for path, edits in sorted(rewritten.edits.items()):
        source = rewritten.sources[path]
        yield unified_diff(path, source.text, edits, is_new=source.is_new)


def _write(root: Path, rewritten: Rewrite, patch: str, undo: Path | None, allow_dirty: bool) -> Path:
    from clew.cli.undo import choose_undo
    from clew.text.writer import Replacement, write_files
    from clew.verify.worktree import require_clean

    replacements = []
    for path, edits in rewritten.edits.items():
        source = rewritten.sources[path]
        old = source.to_bytes()
        new = apply_edits(source.text, edits).encode("latin-1")
        if old != new:
            replacements.append(Replacement(path, None if source.is_new else old, new))
    if not allow_dirty:
        require_clean(root, frozenset(replacement.path for replacement in replacements))
    target = undo or choose_undo(root)
    write_files(root, replacements, target, patch.encode("latin-1"))
    return target


def _print_diff(patch: str) -> None:
    if sys.stdout.isatty():
        write_text(paint_diff(display(patch), painter(sys.stdout)))
    else:
        write_bytes(patch.encode("latin-1"))


def _summarise(
    plan: Plan, undo: Path | None, plan_file: Path | None, asked: _Asked, request: Request
) -> None:
    # Nothing but the diff goes to standard output; on a terminal both meet.
    lines = ["", *plan_totals(plan)] if undo is None and sys.stdout.isatty() else plan_totals(plan)
    if undo is not None:
        back = shlex.join(["git", "-C", str(request.root), "apply", "-R", str(undo.resolve())])
        lines += [f"{count(len(plan.files), 'file')} written", f"undo: {back}"]
    elif plan.files:
        given = ["--plan", str(plan_file)] if plan_file else []
        if asked.recipe is not None:
            given = ["--recipe", str(asked.recipe)]
        given += [word for glob in asked.bindings for word in ("--bindings", glob)]
        again = replace(request, states=(plan.state,)).command("rewrite", *given, "--write")
        lines += ["nothing was written", f"next: {again}"]
    else:
        lines.append("nothing to change")
    say("\n".join(lines), request.quiet)
