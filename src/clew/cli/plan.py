"""``clew plan``."""

import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from clew.cli import exits
from clew.cli.options import Request, all_option, format_option, limit_of, scanning_options, shared_options
from clew.cli.session import open_session, relative_scope
from clew.cli.streams import painter, progress, say, write_report, write_text
from clew.errors import ErrorPlace, UsageError
from clew.plan.model import Plan
from clew.plan.serialise import write_plan


@click.command("plan")
@shared_options
@scanning_options
@format_option("text", "json")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the plan here, as JSON."
)
@all_option
def command(form: str, output: Path | None, everything: bool, paths: tuple[str, ...], **options: Any) -> int:
    """Decide which functions get the parameter, and what is refused.

    The JSON can be edited (set a function's decision to "pin") and given to `clew rewrite --plan`.
    PATH limits the change to files, folders and globs. Exit code 1: there is something to do.
    """
    request = Request(paths=relative_scope(options["root"], paths), **options)
    session = open_session(request)
    state = session.single_state()
    with progress("planning", request.quiet) as show:
        plan = session.library.make_plan(session.tree, state, None, show)
    if output is not None:
        _save(output, plan)
    if form == "json" and output is None:
        write_text(write_plan(plan))
    elif form == "text":
        from clew.report.terminal import render_plan

        shown = render_plan(plan, session.tree.sources, painter(sys.stdout), limit_of(everything))
        write_report(shown)
    _tell_next(request, plan, output)
    return exits.FINDINGS if plan.files or plan.refusals else exits.CLEAN


def _tell_next(request: Request, plan: Plan, output: Path | None) -> None:
    if output is not None:
        root = [] if request.root == Path() else ["--root", str(request.root)]
        again = shlex.join(["clew", "rewrite", *root, "--plan", str(output)])
        say(f"wrote {output}\nnext: {again}", request.quiet)
    elif plan.files:
        again = replace(request, states=(plan.state,)).command("rewrite")
        edit = "      (or edit what -o FILE writes, and give it to `clew rewrite --plan FILE`)"
        say(f"next: {again}\n{edit}", request.quiet)


def _save(output: Path, plan: Plan) -> None:
    try:
        output.write_text(write_plan(plan), encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"cannot be written: {error.strerror}", ErrorPlace(str(output)), "choose another --output"
        ) from error
