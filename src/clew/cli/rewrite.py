"""``clew rewrite``."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from clew.cli import exits
from clew.cli.options import Request, format_option, shared_options
from clew.cli.session import Session, open_session, relative_scope
from clew.cli.stages import Rewrite
from clew.cli.streams import painter, progress, say, write_bytes, write_text
from clew.cli.undo import choose_undo
from clew.errors import ErrorPlace, PlanFileError, UsageError
from clew.plan.model import Plan
from clew.plan.serialise import read_plan
from clew.report.json_report import rewrite_json
from clew.report.paint import paint_diff
from clew.report.terminal import count, plan_totals
from clew.text.diff import unified_diff
from clew.text.edit import apply_edits
from clew.text.source import display
from clew.text.writer import Replacement, digest, write_files
from clew.verify.worktree import require_clean

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("rewrite")
@shared_options
@format_option("text", "json")
@click.option("--plan", "plan_file", type=_FILE, help="Carry out this plan, as written by `clew plan`.")
@click.option("--write", is_flag=True, help="Change the files. Without it, the diff is printed.")
@click.option("--allow-dirty", is_flag=True, help="Write although the work tree has changes.")
@click.option(
    "--undo",
    type=_FILE,
    help="Where --write leaves the undo patch.  [default: .clew/undo-N.patch in the root]",
)
def command(
    form: str,
    plan_file: Path | None,
    write: bool,
    allow_dirty: bool,
    undo: Path | None,
    paths: tuple[str, ...],
    **options: Any,
) -> int:
    """Show the changes as a diff, or make them with --write.

    Files are replaced together or not at all, and an undo patch for `git apply -R` is left first.
    Exit code 1: the diff is not empty, or something was refused.
    """
    request = Request(paths=relative_scope(options["root"], paths), **options)
    given = _read_plan_file(plan_file) if plan_file else None
    if given is not None and not request.states:
        request = replace(request, states=(given.state,))
    session = open_session(request)
    rewritten = _rewrite(session, given, plan_file, request.quiet)
    patch = "".join(_diffs(rewritten))
    saved = _write(request.root, rewritten, patch, undo, allow_dirty) if write and patch else None
    if form == "json":
        write_text(rewrite_json(rewritten, saved is not None, str(saved or "")))
    elif not write:
        _print_diff(patch)
    _summarise(rewritten.plan, saved, request)
    left = rewritten.plan.refusals or (patch and not write)
    return exits.FINDINGS if left else exits.CLEAN


def _read_plan_file(path: Path) -> Plan:
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"cannot be read: {error.strerror}", ErrorPlace(str(path)), "check --plan"
        ) from error
    except UnicodeDecodeError as error:
        raise PlanFileError("not valid UTF-8", ErrorPlace(str(path)), "make the plan again") from error
    return read_plan(text, str(path))


def _rewrite(session: Session, given: Plan | None, plan_file: Path | None, quiet: bool) -> Rewrite:
    state = session.single_state()
    if given is not None:
        _check_given(session, given, state, ErrorPlace(str(plan_file)))
    with progress("planning", quiet):
        plan = session.library.make_plan(session.tree, state, given)
    with progress("rewriting", quiet):
        return session.library.rewrite(session.tree, plan)


def _check_given(session: Session, given: Plan, state: str, place: ErrorPlace) -> None:
    """A plan is for one state and for the files as they were when it was made."""
    again = "make the plan again with `clew plan`"
    if given.state != state:
        raise PlanFileError(f"this plan is for the state {given.state!r}, not {state!r}", place, again)
    for path, expected in given.files.items():
        source = session.tree.sources.get(path)
        if source is None:
            raise PlanFileError(f"the plan changes {path}, which is not in the tree", place, again)
        if digest(source.to_bytes()) != expected:
            raise PlanFileError(f"{path} has changed since the plan was made", place, again)


def _diffs(rewritten: Rewrite) -> Iterator[str]:
    for path in sorted(rewritten.edits):
        yield unified_diff(path, rewritten.sources[path].text, rewritten.edits[path])


def _write(root: Path, rewritten: Rewrite, patch: str, undo: Path | None, allow_dirty: bool) -> Path:
    replacements = []
    for path, edits in rewritten.edits.items():
        old = rewritten.sources[path].to_bytes()
        new = apply_edits(rewritten.sources[path].text, edits).encode("latin-1")
        if old != new:
            replacements.append(Replacement(path, old, new))
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


def _summarise(plan: Plan, undo: Path | None, request: Request) -> None:
    lines = plan_totals(plan)
    if undo is not None:
        back = undo.resolve()
        lines += [
            f"{count(len(plan.files), 'file')} written",
            f"undo: git -C {request.root} apply -R {back}",
        ]
    elif plan.files:
        lines.append("nothing was written; pass --write to change the files")
    say("\n".join(lines), request.quiet)
