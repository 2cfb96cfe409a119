"""``clew report``."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from clew.cli import exits
from clew.cli.options import Request, format_option, shared_options
from clew.cli.plan_file import check_plan_file, read_plan_file
from clew.cli.results import output_option, read_text, require_place, tell_refused, write_result
from clew.cli.session import Session, open_session, relative_scope
from clew.cli.streams import progress
from clew.errors import ErrorPlace
from clew.plan.model import Plan
from clew.report.review import Review
from clew.report.verdicts import read_verdicts

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("report")
@shared_options
@format_option("html", "markdown", "sarif", "json", "diff")
@output_option
@click.option("--plan", "plan_file", type=_FILE, help="Report on this plan, as written by `clew plan`.")
@click.option(
    "--bindings",
    multiple=True,
    metavar="GLOB",
    help="Show the edits of Python files that call the program through ctypes or cffi too; many.",
)
@click.option("--verdicts", type=_FILE, help="What `clew verify --format json` wrote.")
def command(
    form: str,
    output: Path | None,
    plan_file: Path | None,
    bindings: tuple[str, ...],
    verdicts: Path | None,
    paths: tuple[str, ...],
    **options: Any,
) -> int:
    """Show a reviewer what would change, why, and what was refused.

    html is one page for a browser, markdown fits a pull request, sarif is for code scanning, json for
    programs, and diff is what `git apply` takes. Nothing in the tree changes. Exit code 0: it was written.
    """
    require_place(form, output)
    checked = read_text(verdicts, "--verdicts") if verdicts else None
    request = Request(paths=relative_scope(options["root"], paths), **options)
    given = read_plan_file(plan_file) if plan_file else None
    session = open_session(request.within(given) if given else request)
    state = session.single_state()
    found = read_verdicts(checked, str(verdicts), state) if checked is not None else ()
    globs = relative_scope(request.root, bindings)
    more = ["--plan", str(plan_file)] if plan_file else []
    more += [word for glob in globs for word in ("--bindings", glob)]
    again = replace(request, states=(state,)).command("rewrite", *more, "--write")
    review = replace(_review(session, given, plan_file, globs, request.quiet), command=again, verdicts=found)
    write_result(_renderer(form)(review), output, request.quiet)
    return exits.CLEAN


def _review(
    session: Session, given: Plan | None, plan_file: Path | None, bindings: tuple[str, ...], quiet: bool
) -> Review:
    state = session.single_state()
    if given is not None:
        check_plan_file(given, state, session.tree.sources, ErrorPlace(str(plan_file)))
    with progress("planning", quiet) as show:
        plan = session.library.make_plan(session.tree, state, given, show)
        rewritten = session.library.rewrite(session.tree, plan, bindings)
    tell_refused(rewritten)
    with progress("putting the report together", quiet):
        return session.library.review(session.tree, rewritten)


def _renderer(form: str) -> Callable[[Review], bytes]:
    """Import what renders *form*, and nothing else."""
    if form == "html":
        from clew.report.html import render_html

        return lambda review: render_html(review).encode("utf-8")
    if form == "markdown":
        from clew.report.markdown import render_markdown

        return lambda review: render_markdown(review).encode("utf-8")
    if form == "sarif":
        from clew.report.sarif import render_sarif

        return lambda review: render_sarif(review).encode("utf-8")
    if form == "json":
        from clew.report.review_json import render_json

        return lambda review: render_json(review).encode("utf-8")
    from clew.report.review import render_diff

    return render_diff
