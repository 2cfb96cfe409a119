"""Options that several commands share."""

import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import click
from click.shell_completion import CompletionItem

from clew.config.settings import Scope
from clew.text.record import record

if TYPE_CHECKING:
    from clew.plan.model import Plan

SHOWN = 10
_F = TypeVar("_F", bound=Callable[..., Any])
_FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@record()
class Request:
    """What the shared options ask for.  *states* is empty when none was named."""

    root: Path
    config: Path | None
    states: tuple[str, ...]
    paths: tuple[str, ...]
    functions: tuple[str, ...]
    linkage: Literal["static", "internal", "any"] | None
    depth: int | None
    holders: tuple[str, ...]
    quiet: bool
    no_cache: bool = False
    scan_jobs: int | None = None
    scheduler: str = ""

    def scope(self) -> Scope:
        """Return what may change; the paths are already relative to the root."""
        linkage = self.linkage or Scope().linkage
        return Scope(self.paths, self.functions, linkage, self.depth, self.holders)

    def command(self, name: str, *more: str) -> str:
        """Return the command line that runs the command *name* on the same tree and scope."""
        words = ["clew", name]
        if self.root != Path():
            words += ["--root", str(self.root)]
        if self.config is not None:
            words += ["--config", str(self.config)]
        lists = (("--state", self.states), ("--function", self.functions), ("--holder", self.holders))
        for option, values in lists:
            words += [word for value in values for word in (option, value)]
        if self.linkage is not None:
            words += ["--linkage", self.linkage]
        if self.depth is not None:
            words += ["--depth", str(self.depth)]
        return shlex.join([*words, *more, *self.paths])

    def within(self, plan: "Plan") -> "Request":
        """Return the request with the state and the scope of *plan* where it does not say its own."""
        from clew.plan.scope import scope_of  # brings the scanner with it

        scope = scope_of(plan)
        return replace(
            self,
            states=self.states or (plan.state,),
            paths=self.paths or scope.paths,
            functions=self.functions or scope.functions,
            linkage=self.linkage or scope.linkage,
            depth=scope.depth if self.depth is None else self.depth,
            holders=self.holders or scope.holders,
        )


def complete_state(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[str]:
    """Offer the states of the settings; none where the settings are wrong, which the command itself tells."""
    del param
    from clew.config.find import find_settings
    from clew.errors import ClewError

    try:
        settings, _ = find_settings(ctx.params.get("root") or Path(), ctx.params.get("config"))
    except ClewError:
        return []
    return [state.name for state in settings.states if state.name.startswith(incomplete)]


def complete_path(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Let the shell offer files; an argument may be a glob as well, so that it is no path to click."""
    return click.Path().shell_complete(ctx, param, incomplete)


root_option = click.option(
    "--root", type=_FOLDER, default=".", show_default=True, help="Folder of the program's sources."
)
no_cache_option = click.option("--no-cache", is_flag=True, help="Neither use nor fill the cache.")
quiet_option = click.option("-q", "--quiet", is_flag=True, help="Only results and errors.")

_SHARED = (
    root_option,
    click.option(
        "--config", type=click.Path(path_type=Path), help="Settings file.  [default: clew.toml in the root]"
    ),
    click.option(
        "--state",
        "states",
        multiple=True,
        metavar="NAME",
        help="State of the settings to work on.",
        shell_complete=complete_state,
    ),
    click.option(
        "--function", "functions", multiple=True, metavar="NAME", help="Thread only this one; many."
    ),
    click.option(
        "--linkage",
        type=click.Choice(["static", "internal", "any"]),
        help="Which functions may change: static, not exported, any.  [default: static]",
    ),
    click.option(
        "--depth", type=click.IntRange(min=0), metavar="N", help="Thread at most N callers above a fetch."
    ),
    click.option(
        "--holder",
        "holders",
        multiple=True,
        metavar="GLOB",
        help="Edit these where they hold the state, beside --function; many.",
    ),
    no_cache_option,
    quiet_option,
    click.argument("paths", nargs=-1, metavar="[PATH]...", shell_complete=complete_path),
)


def shared_options(function: _F) -> _F:
    """Add the options that select state and scope."""
    for option in reversed(_SHARED):
        function = option(function)
    return function


_SCANNING = (
    click.option(
        "-j",
        "--jobs",
        "scan_jobs",
        type=click.IntRange(min=1),
        help="Processes that scan files; with 1, one does everything.  [default: above 200 MB of C one a"
        " processor; below it 1, and on Linux another that works ahead]",
    ),
    click.option(
        "--scheduler",
        metavar="ADDRESS",
        default="",
        help="Scan files on the Dask cluster with this scheduler (needs clew[cluster]).",
    ),
)


def scanning_options(function: _F) -> _F:
    """Add the options that say where files are scanned."""
    for option in reversed(_SCANNING):
        function = option(function)
    return function


all_option = click.option(
    "--all", "everything", is_flag=True, help=f"Show every line.  [default: {SHOWN} of a kind]"
)


def limit_of(everything: bool) -> int | None:
    """Return how many lines of a kind are shown."""
    return None if everything else SHOWN


def format_option(*choices: str) -> Callable[[_F], _F]:
    """Return the option ``--format`` with *choices*, of which the first is the default."""
    return click.option(
        "--format",
        "form",
        type=click.Choice(choices),
        default=choices[0],
        show_default=True,
        help="Form of the result.",
    )
