"""``clew audit``."""

import sys
from dataclasses import replace
from typing import Any

import click

from clew.cli import exits
from clew.cli.options import Request, all_option, format_option, limit_of, shared_options
from clew.cli.session import open_session, relative_scope
from clew.cli.streams import painter, progress, say, write_report, write_text


@click.command("audit")
@shared_options
@format_option("text", "json")
@all_option
def command(form: str, everything: bool, paths: tuple[str, ...], **options: Any) -> int:
    """Show what fetches the state, which functions are pinned and why, and sandwiches, ranked.

    A sandwich fetches although some of its callers have the state in hand. PATH limits the audit to files,
    folders and globs; JSON always holds everything. Exit code 1: something fetches.
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

        paint, limit = painter(sys.stdout), limit_of(everything)
        write_report("\n\n".join(render_audit(audit, paint, limit) for audit in audits))
    found = tuple(audit.state for audit in audits if audit.fetches)
    if found:
        say(f"next: {replace(request, states=found[:1]).command('plan')}", request.quiet)
    return exits.FINDINGS if found else exits.CLEAN
