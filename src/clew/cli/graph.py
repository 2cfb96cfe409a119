"""``clew graph``."""

from typing import Any

import click

from clew.cli import exits
from clew.cli.options import Request, format_option, shared_options
from clew.cli.session import open_session, relative_scope
from clew.cli.streams import progress, write_text


@click.command("graph")
@shared_options
@format_option("dot", "graphml", "json", "svg")
def command(form: str, paths: tuple[str, ...], **options: Any) -> int:
    """Write the slice of the call graph that reaches fetches of the state.

    PATH limits it to files, folders and globs.
    """
    request = Request(paths=relative_scope(options["root"], paths), **options)
    session = open_session(request)
    state = session.single_state()
    with progress("drawing the call graph", request.quiet):
        drawing = session.library.graph(session.tree, state, form)
    write_text(drawing)
    return exits.CLEAN
