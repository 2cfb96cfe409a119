"""``clew completion``."""

import os
from pathlib import Path

import click
from click.shell_completion import get_completion_class

from clew.cli import exits
from clew.cli.streams import write_text
from clew.errors import UsageError

_SHELLS = ("bash", "zsh", "fish")
_VARIABLE = "_CLEW_COMPLETE"


@click.command("completion")
@click.argument("shell", type=click.Choice(_SHELLS), required=False)
def command(shell: str | None) -> int:
    """Print the script that lets a shell complete commands, options, states and files.

    The shell is that of $SHELL where none is named. In ~/.bashrc or ~/.zshrc: eval "$(clew completion)".
    For fish: clew completion fish > ~/.config/fish/completions/clew.fish
    """
    name = shell or Path(os.environ.get("SHELL", "")).name
    completer = get_completion_class(name) if name in _SHELLS else None
    if completer is None:
        raise UsageError(
            f"cannot complete for {name or 'an unknown shell'}", None, f"name one of {', '.join(_SHELLS)}"
        )
    write_text(completer(click.Group(), {}, "clew", _VARIABLE).source())
    return exits.CLEAN
