"""``clew init``."""

from pathlib import Path

import click

from clew.cli import exits, stages
from clew.cli.options import quiet_option, root_option
from clew.cli.streams import progress, say
from clew.config.check import suggest
from clew.config.draft import StateDraft
from clew.config.load import CONFIG_NAME
from clew.config.profiles import PROFILES, Profile, detect_profile, read_profile
from clew.config.template import settings_template
from clew.errors import ErrorPlace, UsageError

_DRAFTS = 4
_ALL = 10_000


@click.command("init")
@root_option
@click.option(
    "--profile",
    type=click.Choice(PROFILES),
    help="Start from this profile.  [default: the one that the tree shows evidence for]",
)
@click.option(
    "--accessor",
    metavar="NAME",
    help="Describe the state that this global variable or function gives.  [default: the most used one]",
)
@quiet_option
def command(root: Path, profile: str | None, accessor: str | None, quiet: bool) -> int:
    """Write a commented clew.toml into the root.

    Where no profile fits, the global variables and accessors that most functions use are offered as states.
    Nothing that exists is overwritten.
    """
    target = root / CONFIG_NAME
    if target.exists():
        raise UsageError(
            "it exists already, and is not overwritten", ErrorPlace(str(target)), "edit it, or move it away"
        )
    found = read_profile(profile) if profile else None if accessor else detect_profile(root)
    drafts = [] if found else _find_states(root, accessor, quiet)
    try:
        with target.open("x", encoding="utf-8", newline="\n") as file:
            file.write(settings_template(found, drafts))
    except OSError as error:
        raise UsageError(
            f"cannot be written: {error.strerror}", ErrorPlace(str(target)), "choose another --root"
        ) from error
    say(f"wrote {target}{_what_next(found, drafts)}", quiet)
    return exits.CLEAN


def _find_states(root: Path, accessor: str | None, quiet: bool) -> list[StateDraft]:
    """Look for what the state of an unknown tree may be; *accessor* alone if it is named."""
    if not root.is_dir():
        return []
    with progress(f"reading {root}", quiet) as show:
        drafts = stages.load_stages().suggest_states(root, _DRAFTS if accessor is None else _ALL, show)
    if accessor is None:
        return drafts
    chosen = [draft for draft in drafts if draft.name == accessor.removesuffix("()")]
    if not chosen:
        what = f"no pointer to a structure, structure or accessor {accessor!r} is used by several functions"
        known = [draft.name for draft in drafts]
        step = suggest(accessor, known, "candidates") if known else "describe it by hand"
        raise UsageError(what, None, step)
    return chosen


def _what_next(profile: Profile | None, drafts: list[StateDraft]) -> str:
    if profile is not None:
        return f" from the profile {profile.name} ({profile.title})\nnext: clew audit"
    if not drafts:
        return "\nno profile fits this tree: describe its state there, then run `clew audit`"
    lines = [f"  {draft.accessor}, {draft.type}  {draft.evidence}" for draft in drafts]
    head = "\nno profile fits this tree; described there is what many of its functions use:"
    if len(drafts) > 1:
        head = "\nno profile fits this tree; its state may be one of these, the first is described there"
        head += " (--accessor NAME describes another):"
    return "\n".join([head, *lines, "next: check clew.toml, then run `clew audit`"])
