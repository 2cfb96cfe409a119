"""``clew plan``."""

import sys
from pathlib import Path
from typing import Any

import click

from clew.cli import exits
from clew.cli.options import Request, format_option, shared_options
from clew.cli.session import open_session, relative_scope
from clew.cli.streams import painter, progress, say, write_text
from clew.errors import ErrorPlace, UsageError
from clew.plan.model import Plan
from clew.plan.serialise import write_plan


@click.command("plan")
@shared_options
@format_option("text", "json")
@click.option(
    "-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write the plan here, as JSON."
)
def command(form: str, output: Path | None, paths: tuple[str, ...], **options: Any) -> int:
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
        say(f"wrote {output}\nnext: clew rewrite --plan {output}", request.quiet)
    if form == "json" and output is None:
        write_text(write_plan(plan))
    elif form == "text":
        from clew.report.terminal import render_plan

        write_text(render_plan(plan, session.tree.sources, painter(sys.stdout)))
    return exits.FINDINGS if plan.files or plan.refusals else exits.CLEAN


def _save(output: Path, plan: Plan) -> None:
    try:
        output.write_text(write_plan(plan), encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"cannot be written: {error.strerror}", ErrorPlace(str(output)), "choose another --output"
        ) from error
