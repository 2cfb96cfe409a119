"""``clew audit``."""

import sys
from typing import Any

import click

from clew.cli import exits
from clew.cli.options import Request, format_option, shared_options
from clew.cli.session import open_session, relative_scope
from clew.cli.streams import painter, progress, write_text


@click.command("audit")
@shared_options
@format_option("text", "json")
def command(form: str, paths: tuple[str, ...], **options: Any) -> int:
    """Show what fetches the state, which functions are pinned and why, and sandwiches, ranked.

    PATH limits the audit to files, folders and globs. Exit code 1: something fetches.
    """
    request = Request(paths=relative_scope(options["root"], paths), **options)
    session = open_session(request)
    with progress("looking for fetches", request.quiet):
        audits = [session.library.audit(session.tree, state) for state in session.states]
    if form == "json":
        from clew.report.json_report import audits_json

        write_text(audits_json(audits))
    else:
        from clew.report.terminal import render_audit

        write_text("\n\n".join(render_audit(audit, painter(sys.stdout)) for audit in audits))
    return exits.FINDINGS if any(audit.fetches for audit in audits) else exits.CLEAN
