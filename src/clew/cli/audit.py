"""``clew audit``."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from clew.cli import exits
from clew.cli.options import Request, all_option, format_option, limit_of, scanning_options, shared_options
from clew.cli.results import output_option, read_text, require_place, write_result
from clew.cli.session import open_session, relative_scope
from clew.cli.streams import painter, progress, say, write_report
from clew.report.audit import Audit
from clew.report.audit_files import Progress, compare, read_before
from clew.report.paint import Painter

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("audit")
@shared_options
@scanning_options
@format_option("text", "json", "html")
@output_option
@click.option("--before", type=_FILE, help="Compare with this earlier audit, written with --format json.")
@click.option("--twins", is_flag=True, help="List wrappers with their twins too; takes longer.")
@all_option
def command(
    form: str,
    output: Path | None,
    before: Path | None,
    twins: bool,
    everything: bool,
    paths: tuple[str, ...],
    **options: Any,
) -> int:
    """Show what fetches the state, which of these functions are pinned and why, and sandwiches, ranked.

    A sandwich fetches although some of its callers have the state in hand. A wrapper does nothing but fetch
    the state and pass it on to its twin. PATH limits the audit to files,
    folders and globs; JSON and HTML always hold everything. Exit code 1: something fetches.
    """
    require_place(form, output)
    earlier = read_before(read_text(before, "--before"), str(before)) if before else None
    request = Request(paths=relative_scope(options["root"], paths), **options)
    session = open_session(request)
    with progress("looking for fetches", request.quiet) as show:
        audits = [session.library.audit(session.tree, state, show, twins=twins) for state in session.states]
    since = {audit.state: compare(audit, *earlier) if earlier else None for audit in audits}
    if form == "text" and output is None:
        write_report(_text(audits, since, limit_of(everything), painter(sys.stdout)))
    else:
        write_result(_render(form, audits, since).encode("utf-8"), output, request.quiet)
    found = tuple(audit.state for audit in audits if audit.fetches)
    if found:
        say(f"next: {replace(request, states=found[:1]).command('plan')}", request.quiet)
    return exits.FINDINGS if found else exits.CLEAN


def _render(form: str, audits: Sequence[Audit], since: Mapping[str, Progress | None]) -> str:
    if form == "html":
        from clew.report.audit_html import render_audits

        return render_audits(audits, since)
    if form == "json":
        from clew.report.json_report import audits_json

        return audits_json(audits, since)
    return _text(audits, since, None, Painter(colour=False)) + "\n"


def _text(
    audits: Sequence[Audit], since: Mapping[str, Progress | None], limit: int | None, paint: Painter
) -> str:
    from clew.report.terminal import render_audit

    return "\n\n".join(render_audit(audit, paint, limit, since[audit.state]) for audit in audits)
