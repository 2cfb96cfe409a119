"""The entry: finds the command, and turns whatever goes wrong into a message and an exit code."""

import contextlib
import errno
import gc
import importlib
import io
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from clew import __version__
from clew.cli import exits
from clew.errors import ClewError, UsageError

_FULL = frozenset((errno.ENOSPC, errno.EDQUOT))

# name: (module, one line for the list). Modules are imported when their command runs: `clew --version` and
# `clew --help` load none of them.
COMMANDS = {
    "init": ("clew.cli.init", "Write clew.toml, from a shipped profile where one fits."),
    "audit": ("clew.cli.audit", "Show what fetches the state, who is pinned, and sandwiches."),
    "graph": ("clew.cli.graph", "Write the part of the call graph that matters."),
    "plan": ("clew.cli.plan", "Decide who gets the parameter; write an editable plan."),
    "rewrite": ("clew.cli.rewrite", "Show the changes as a diff, or make them with --write."),
    "verify": ("clew.cli.verify", "Compile, run and check the rewritten program in scratch copies."),
    "report": ("clew.cli.report", "Show a reviewer what changes, why, and what was refused."),
    "check": ("clew.cli.check", "Report new fetches in changed files: for hooks and CI."),
    "schema": ("clew.cli.schema", "Print the JSON schema of clew.toml, of a report or an audit."),
    "completion": ("clew.cli.completion", "Print the script that lets a shell complete clew."),
}

_BUG = """\
internal error: {summary}
This is a bug of clew, not of your sources. Please report it with the traceback above, the command
({command}), and if possible the function it was working on.
"""


class LazyGroup(click.Group):
    """A group whose commands are imported when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which they are used."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command called *cmd_name*."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        command = importlib.import_module(COMMANDS[cmd_name][0]).command
        if not isinstance(command, click.Command):
            raise TypeError(f"{cmd_name} is no command")
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_module, text) in COMMANDS.items()])


@click.group(
    cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(__version__, prog_name="clew", message="%(prog)s %(version)s")
def clew() -> None:
    """Thread explicit state through C: find implicit fetches, decide, rewrite, and show why.

    Begin with `clew init` in the folder of the sources. Exit codes: 0 clean, 1 findings, 2 wrong usage or
    bad input, 3 a bug of clew.
    """


def run(arguments: Sequence[str] | None = None) -> None:
    """Run clew and leave the process with its exit code."""
    # Nearly all that clew makes lives until it ends, and memory does not grow without the collector; looking
    # for cycles cost up to a fifth of the time.
    gc.disable()
    _leave(main(arguments))


def _leave(code: int) -> NoReturn:
    """End the process at once: freeing all that was made, object by object, takes a twentieth of a run."""
    if sys.getprofile() is None and sys.gettrace() is None:  # those write what they found when Python ends
        with contextlib.suppress(OSError, ValueError):  # Python then says at its end what it cannot write
            _flush()
            os._exit(code)
    sys.exit(code)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run clew with *arguments* (default: those of the process) and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A name that the terminal cannot show must not stop the report.
            stream.reconfigure(errors="backslashreplace")
    try:
        result = clew.main(args=None if arguments is None else list(arguments), standalone_mode=False)
        _flush()
        return result if isinstance(result, int) else exits.CLEAN
    except click.ClickException as error:
        error.show()
        return exits.USAGE
    except click.Abort:
        click.echo("interrupted", err=True)
        return exits.INTERRUPTED
    except SystemExit as error:
        if error.code == exits.CLEAN:  # click has answered a shell that completes
            return exits.CLEAN
        _silence_stdout()  # otherwise it is what click makes of a broken pipe
        return exits.BROKEN_PIPE
    except BrokenPipeError:
        _silence_stdout()
        return exits.BROKEN_PIPE
    except ClewError as error:
        _show_error(error)
        return exits.USAGE
    except Exception as error:  # noqa: BLE001 (the edge: a bug becomes a message that asks for a report)
        return _fail(error)


def _fail(error: Exception) -> int:
    if isinstance(error, OSError) and error.errno in _FULL:
        _silence_stdout()
        _show_error(UsageError(f"the output cannot be written: {error.strerror}", None, "make room for it"))
        return exits.USAGE
    _show_bug(error)
    return exits.INTERNAL


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # closed by the caller
            stream.flush()


def _silence_stdout() -> None:
    """Nobody reads any more: Python must not try to flush at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _show_error(error: ClewError) -> None:
    from clew.cli.streams import painter
    from clew.report.problem import render_error

    click.echo(render_error(error, painter(sys.stderr)), err=True, color=True)


def _show_bug(error: Exception) -> None:
    import traceback

    summary = f"{type(error).__name__}: {error}"
    command = " ".join(["clew", *sys.argv[1:]])
    click.echo("".join(traceback.format_exception(error)), err=True)
    click.echo(_BUG.format(summary=summary, command=command), err=True, nl=False)
