"""``clew init``."""

from pathlib import Path

import click

from clew.cli import exits
from clew.cli.options import quiet_option, root_option
from clew.cli.streams import say
from clew.config.load import CONFIG_NAME
from clew.config.profiles import PROFILES, detect_profile, read_profile
from clew.config.template import settings_template
from clew.errors import ErrorPlace, UsageError


@click.command("init")
@root_option
@click.option(
    "--profile",
    type=click.Choice(PROFILES),
    help="Start from this profile.  [default: the one that the tree shows evidence for]",
)
@quiet_option
def command(root: Path, profile: str | None, quiet: bool) -> int:
    """Write a commented clew.toml into the root.

    Nothing that exists is overwritten.
    """
    found = read_profile(profile) if profile else detect_profile(root)
    target = root / CONFIG_NAME
    try:
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(settings_template(found))
    except FileExistsError:
        raise UsageError(
            "it exists already, and is not overwritten", ErrorPlace(str(target)), "edit it, or move it away"
        ) from None
    except OSError as error:
        raise UsageError(
            f"cannot be written: {error.strerror}", ErrorPlace(str(target)), "choose another --root"
        ) from error
    if found is None:
        say(
            f"wrote {target}\nno profile fits this tree: describe its state there, then run `clew audit`",
            quiet,
        )
    else:
        say(f"wrote {target} from the profile {found.name} ({found.title})\nnext: clew audit", quiet)
    return exits.CLEAN
