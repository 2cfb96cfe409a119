"""``clew check``."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from clew.cache.store import Store
from clew.cache.user import open_store
from clew.check.baseline import BASELINE_NAME, baseline_text
from clew.check.command import CheckRequest, check_tree, find_everything
from clew.check.model import CheckResult
from clew.cli import exits
from clew.cli.options import format_option, no_cache_option, quiet_option, root_option
from clew.cli.streams import painter, say, write_text
from clew.config.find import find_settings, find_state
from clew.errors import ErrorPlace, UsageError
from clew.text.record import record

_FILE = click.Path(dir_okay=False, path_type=Path)


@click.command("check")
@root_option
@click.option("--config", type=_FILE, help="Settings file.  [default: clew.toml in the root]")
@click.option("--state", "states", multiple=True, metavar="NAME", help="Only this state; many.")
@click.option("--since", metavar="REV", help="Only what is new since the branch left REV.")
@click.option("--staged", is_flag=True, help="Check what is staged, not the work tree: for hooks.")
@click.option("--baseline", type=_FILE, help=f"Known findings.  [default: {BASELINE_NAME} in the root]")
@click.option("--write-baseline", is_flag=True, help="Note everything that is there as known.")
@click.option("--fix", is_flag=True, help="Use the variable where a function has the state in hand.")
@format_option("text", "json", "sarif", "github")
@no_cache_option
@quiet_option
@click.argument("paths", nargs=-1, metavar="[PATH]...")
def command(**options: Any) -> int:
    """Report new fetches, and calls that give away a state in hand, for hooks and CI.

    New is what neither the baseline nor the base has: --since REV, or with --staged the last commit. PATH
    names files or folders. A comment allows a finding: /* clew: allow[fetch] why */. Exit code 1: there is
    something new.
    """
    asked = _Options(**options)
    settings, _title = find_settings(asked.root, asked.config)
    if asked.states:
        settings = replace(settings, states=tuple(find_state(settings, name) for name in asked.states))
    target = asked.baseline or asked.root / BASELINE_NAME
    known = target if asked.baseline or target.exists() else None
    request = CheckRequest(asked.root, settings, asked.paths, asked.since, asked.staged, known)
    with _cache(asked.no_cache, asked.quiet) as store:
        if asked.write_baseline:
            return _write_baseline(request, target, store, asked.quiet)
        result = check_tree(request, store)
        if asked.fix and result.findings:
            from clew.cli.check_fix import fix_findings

            if fix_findings(request, result, asked.quiet) and not asked.staged:
                result = check_tree(request, store)
    _show(result, asked.form, asked.root)
    _tell_left_out(result, asked.quiet)
    return exits.FINDINGS if result.findings else exits.CLEAN


@record()
class _Options:
    """The command line."""

    root: Path
    config: Path | None
    states: tuple[str, ...]
    since: str | None
    staged: bool
    baseline: Path | None
    write_baseline: bool
    fix: bool
    form: str
    no_cache: bool
    quiet: bool
    paths: tuple[str, ...]


@contextmanager
def _cache(no_cache: bool, quiet: bool) -> Iterator[Store | None]:
    if no_cache:
        yield None
        return
    with open_store(lambda text: say(text, quiet)) as store:
        yield store


def _write_baseline(request: CheckRequest, target: Path, store: Store | None, quiet: bool) -> int:
    if request.paths or request.since or request.staged:
        what = "a baseline is made of the whole work tree"
        raise UsageError(what, None, "leave out PATH, --since and --staged")
    found = find_everything(request, store)
    try:
        target.write_text(baseline_text(found), encoding="utf-8", newline="\n")
    except OSError as error:
        step = "choose another --baseline"
        raise UsageError(f"cannot be written: {error.strerror}", ErrorPlace(str(target)), step) from error
    say(f"wrote {target}: {len(found)} known findings; commit it, and let it only shrink", quiet)
    return exits.CLEAN


def _show(result: CheckResult, form: str, root: Path) -> None:
    if form == "text":
        if result.findings:
            from clew.report.check_text import render_check

            write_text(render_check(result, painter(sys.stdout)))
    elif form == "json":
        from clew.report.check_json import check_json

        write_text(check_json(result))
    else:
        from clew.verify.revisions import find_prefix

        prefix = find_prefix(root)
        if form == "sarif":
            from clew.report.check_sarif import check_sarif

            write_text(check_sarif(result, prefix))
        elif result.findings:
            from clew.report.annotations import check_annotations

            write_text(check_annotations(result, prefix))


def _tell_left_out(result: CheckResult, quiet: bool) -> None:
    if result.left_out:
        shown = ", ".join(result.left_out[:3]) + (" and more" if len(result.left_out) > 3 else "")
        say(f"not checked, since clew.toml does not count them to the program: {shown}", quiet)
