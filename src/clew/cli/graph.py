"""``clew graph``."""

from pathlib import Path
from typing import Any

import click

from clew.cli import exits
from clew.cli.options import Request, format_option, shared_options
from clew.cli.results import output_option, write_result
from clew.cli.session import open_session, relative_scope
from clew.cli.streams import progress


@click.command("graph")
@shared_options
@format_option("dot", "graphml", "json", "svg")
@output_option
def command(form: str, output: Path | None, paths: tuple[str, ...], **options: Any) -> int:
    """Write the slice of the call graph that reaches fetches of the state.

    PATH limits it to files, folders and globs. `clew report --format html` shows the same slice as a
    picture to explore.
    """
    request = Request(paths=relative_scope(options["root"], paths), **options)
    session = open_session(request)
    state = session.single_state()
    with progress("drawing the call graph", request.quiet):
        drawing = session.library.graph(session.tree, state, form)
    write_result(drawing.encode("utf-8", "backslashreplace"), output, request.quiet)
    return exits.CLEAN
