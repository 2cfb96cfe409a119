"""``clew verify``."""

import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import click

from clew.cli import exits
from clew.cli.options import Request, all_option, format_option, limit_of, shared_options
from clew.cli.plan_file import check_plan_file, read_plan_file
from clew.cli.session import Session, open_session, relative_scope
from clew.cli.streams import painter, progress, write_report, write_text
from clew.errors import ErrorPlace, UsageError
from clew.plan.model import Plan
from clew.report.verify_report import render_verdicts, verdicts_json
from clew.verify.change import Change
from clew.verify.checks import Asked, CompileOptions, scratch_folder
from clew.verify.commands import Configuration, read_configuration
from clew.verify.run_check import RunRequest
from clew.verify.verdict import all_passed

_F = TypeVar("_F", bound=Callable[..., Any])
_FILE = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)
_USUAL = ("compile_commands.json", "build/compile_commands.json")
_HOUR = 3600.0

_WHAT = (
    click.option("--plan", "plan_file", type=_FILE, help="Verify this plan, as written by `clew plan`."),
    click.option(
        "--before",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        metavar="DIR",
        help="The tree as it was: verifies what stands in the root, whoever changed it.",
    ),
)
_COMPILE = (
    click.option(
        "--commands",
        multiple=True,
        metavar="[NAME=]FILE",
        help="compile_commands.json, or a log of make; one per configuration.  [default: that of the root]",
    ),
    click.option(
        "-j", "--jobs", type=click.IntRange(min=1), default=os.cpu_count() or 2, help="Compilers at a time."
    ),
    click.option("--fast", is_flag=True, help="Compile without optimisation."),
)
_RUN = (
    click.option("--build", metavar="CMD", default="", help="Builds the program in a copy of the root."),
    click.option("--test", metavar="CMD", default="", help="Runs its tests there."),
    click.option(
        "--build-timeout", type=click.FloatRange(min=0.1), default=_HOUR, metavar="SECONDS", show_default=True
    ),
    click.option(
        "--test-timeout", type=click.FloatRange(min=0.1), default=_HOUR, metavar="SECONDS", show_default=True
    ),
    click.option("--env", "environment", multiple=True, metavar="K=V", help="Set in both commands; many."),
    click.option(
        "--ignore", multiple=True, metavar="REGEX", help="Pieces of the output that may differ; many."
    ),
    click.option(
        "--compare",
        type=click.Choice(["output", "status"]),
        default="output",
        show_default=True,
        help="What of the test must be the same.",
    ),
    click.option(
        "--instrument",
        is_flag=True,
        help="Check every threaded function's parameter while the tests run, and count fetches.",
    ),
    click.option(
        "--poison",
        multiple=True,
        metavar="FUNCTION",
        help="Abort when something fetches below this function that the plan does not leave; many.",
    ),
    click.option(
        "--no-run", is_flag=True, help="Do not compare the test's output: --instrument or --poison alone."
    ),
    click.option("--keep", type=_FOLDER, metavar="DIR", help="Keep the copies in this new folder."),
)


def _verify_options(function: _F) -> _F:
    for option in reversed(_WHAT + _COMPILE + _RUN):
        function = option(function)
    return function


@click.command("verify")
@shared_options
@format_option("text", "json")
@all_option
@_verify_options
def command(form: str, everything: bool, paths: tuple[str, ...], **options: Any) -> int:
    """Prove that the rewritten program still works.

    Rewrites scratch copies of the tree as `clew rewrite` would, and compiles, builds and runs them; nothing
    is written into the tree itself. Exit code 0: every check that was asked for passed. A check that did not
    run is reported as not-run, and did not pass.
    """
    shared = {field.name for field in fields(Request)}
    mine = {name: options.pop(name) for name in list(options) if name not in shared}
    request = Request(paths=relative_scope(options["root"], paths), **options)
    given = read_plan_file(mine["plan_file"]) if mine["plan_file"] else None
    if given is not None:
        request = request.within(given)
    with scratch_folder(mine["keep"], request.root) as scratch:
        asked = _asked(request, mine, scratch)
        session = open_session(request)
        change, plan = _change(session, request, given, mine)
        with progress("verifying", request.quiet) as show:
            verdicts = session.library.verify(
                session.tree, session.single_state(), change, asked, scratch, show, plan
            )
    if form == "json":
        write_text(verdicts_json(session.single_state(), verdicts))
    else:
        write_report(render_verdicts(verdicts, painter(sys.stdout), limit_of(everything)))
    return exits.CLEAN if all_passed(verdicts) else exits.FINDINGS


def _change(
    session: Session, request: Request, given: Plan | None, mine: Mapping[str, Any]
) -> tuple[Change, Plan | None]:
    """Return the change, and the plan that it carries out if clew makes it."""
    state = session.single_state()
    if mine["before"] is not None:
        if given is not None:
            raise UsageError("--plan and --before exclude each other", None, "leave one of them out")
        with progress("reading the tree as it was", request.quiet) as show:
            earlier = session.library.open_tree(mine["before"], session.settings, request.scope(), show)
        return Change.of_texts(earlier.sources, session.tree.sources), None
    if given is not None:
        check_plan_file(given, state, session.tree.sources, ErrorPlace(str(mine["plan_file"])))
    with progress("planning", request.quiet) as show:
        plan = session.library.make_plan(session.tree, state, given, show)
        rewritten = session.library.rewrite(session.tree, plan, ())
    return Change.of_edits(rewritten.sources, rewritten.edits), plan


def _asked(request: Request, mine: Mapping[str, Any], scratch: Path) -> Asked:
    root = request.root.resolve()
    run = None
    if mine["build"] or mine["test"]:
        run = RunRequest(
            root,
            scratch,
            mine["build"],
            mine["test"],
            mine["build_timeout"],
            mine["test_timeout"],
            _environment(mine["environment"]),
            _patterns(mine["ignore"]),
            mine["compare"],
        )
    if (mine["instrument"] or mine["poison"]) and not mine["test"]:
        raise UsageError("nothing would run", None, "give a command that runs the program: --test CMD")
    configurations = _configurations(mine["commands"], root)
    # Asked for nothing, or finding what it needs: then it is the least that one wants to know.
    wanted = bool(configurations) or run is None
    compiling = CompileOptions(configurations, mine["jobs"], mine["fast"]) if wanted else None
    return Asked(compiling, run, not mine["no_run"], mine["instrument"], mine["poison"])


def _configurations(named: tuple[str, ...], root: Path) -> tuple[Configuration, ...]:
    if not named:
        usual = [root / name for name in _USUAL if (root / name).is_file()]
        return tuple(read_configuration(path, "default", root) for path in usual[:1])
    found: dict[str, Configuration] = {}
    for text in named:
        name, equals, file = text.partition("=")
        path = Path(file if equals else text)
        if not equals:
            name = path.stem
        if name in found:
            raise UsageError(
                f"two configurations are called {name!r}", None, "name them: --commands NAME=FILE"
            )
        found[name] = read_configuration(path, name, root)
    return tuple(found.values())


def _environment(pairs: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not name or not equals:
            raise UsageError(f"--env {pair!r} does not read NAME=VALUE", None, "write --env LC_ALL=C")
        found[name] = value
    return found


def _patterns(texts: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    found = []
    for text in texts:
        try:
            found.append(re.compile(text, re.MULTILINE))
        except re.error as error:
            raise UsageError(
                f"--ignore {text!r} is no regular expression: {error}", None, "see Python's re"
            ) from error
    return tuple(found)
