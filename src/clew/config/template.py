"""The ``clew.toml`` that ``clew init`` writes: every key with its meaning, nothing set without need."""

from collections.abc import Sequence

from clew.config.build import build_settings
from clew.config.draft import StateDraft, render_drafts
from clew.config.profiles import Profile
from clew.config.schema import SETTINGS, STATE, Key, Table, to_toml

_HEAD = """\
# Settings of clew. `clew audit` shows what fetches, `clew plan` what would change.
# Paths are relative to this file; globs know *, ?, [...] and **/, and a folder's name means all below it.
"""

_FROM_PROFILE = """
# {title}
profile = "{name}"

# Keys below override the profile; "..." in a list stands for the profile's values:
#     pinned = ["...", "my_callback"]
"""

_STATES_FROM_PROFILE = """
# The profile describes these states: {names}.
# A [[state]] with the name of one changes single keys of it; one with a new name is added:
#
# [[state]]
# name = "{first}"
"""

_BY_HAND = """
# No shipped profile knows this tree, so that the state has to be described by hand: uncomment the [[state]]
# table below and fill it in. To find what to write there, look for
#   - a function or macro without arguments that returns the same struct pointer everywhere, or
#   - a global variable that many functions read: `extern struct session *current_session;`
"""

_STATE_BY_HAND = """
# [[state]]
# name = "session"
# type = "struct session *"
# names = ["session", "s"]
# accessors = [
#     # A global variable whose assignments change the state:
#     { spelling = "current_session", assigned = true },
#     # A function or macro that fetches it:
#     # "get_session()",
# ]
#
# What else can be said about a state:
"""

_MORE = """
# What else can be said about a state:
"""


def settings_template(profile: Profile | None, drafts: Sequence[StateDraft] = ()) -> str:
    """Return a commented ``clew.toml`` for *profile*, with *drafts* of states, or to be filled in by hand."""
    if profile is None and drafts:
        pieces = [_HEAD, _describe(SETTINGS, {}), render_drafts(drafts), _MORE, _describe(STATE, {})]
        return "".join(pieces)
    if profile is None:
        pieces = [_HEAD, _BY_HAND, _describe(SETTINGS, {}), _STATE_BY_HAND, _describe(STATE, {})]
        return "".join(pieces)
    names = [state.name for state in build_settings(profile.settings).states]
    pieces = [
        _HEAD,
        _FROM_PROFILE.format(title=profile.title, name=profile.name),
        _describe(SETTINGS, profile.settings),
        _STATES_FROM_PROFILE.format(names=", ".join(names), first=names[0]),
        _describe(STATE, profile.settings["state"][0]),
    ]
    return "".join(pieces)


def _describe(table: Table, inherited: dict[str, object]) -> str:
    """Return one comment per key, with the value that holds without it."""
    lines = []
    for key in table.keys:
        if key.name in ("profile", "state", "name") or (key.required and key.name not in inherited):
            continue  # the text around says how these are written
        lines += ["#", f"# {key.doc}", f"# {key.name} = {_show(table, key, inherited.get(key.name))}"]
    return "\n".join(lines) + "\n"


def _show(table: Table, key: Key, inherited: object) -> str:
    if key.kind in ("pairs", "table"):
        return "{}"
    value = table.default(key) if inherited is None else inherited
    if isinstance(value, list | tuple):
        plain = all(isinstance(item, str) for item in value)
        shown = to_toml(tuple(value)) if plain else ""
        return shown if plain and len(shown) <= 60 else '["..."]'
    return to_toml("" if value is None else value)
