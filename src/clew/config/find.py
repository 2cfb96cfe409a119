"""Which settings a tree has, and which of their states a name means."""

from pathlib import Path
from typing import NamedTuple

from clew.config.check import suggest
from clew.config.load import CONFIG_NAME, load_settings, profile_settings
from clew.config.profiles import detect_profile
from clew.config.settings import Settings, State
from clew.errors import ConfigError, ErrorPlace, UsageError


class FoundSettings(NamedTuple):
    """The settings of a tree, and the *title* of the shipped profile where no file describes the tree."""

    settings: Settings
    title: str = ""


def find_settings(root: Path, config: Path | None = None) -> FoundSettings:
    """Return the settings in *config*, else those in the ``clew.toml`` of *root*, else those of the shipped
    profile that the tree shows evidence for; raise `ConfigError` when there is none of these."""
    if config is not None:
        return FoundSettings(load_settings(config))
    if (root / CONFIG_NAME).exists():
        return FoundSettings(load_settings(root / CONFIG_NAME))
    profile = detect_profile(root)
    if profile is None:
        raise ConfigError(
            "there is no settings file, and no shipped profile fits this tree",
            ErrorPlace(str(root / CONFIG_NAME)),
            "run `clew init` to make one, and describe the state in it",
        )
    return FoundSettings(profile_settings(profile.name), profile.title)


def find_state(settings: Settings, name: str) -> State:
    """Return the state called *name*, or the first that has *name* as accessor or parameter name."""
    for state in settings.states:
        if state.name == name:
            return state
    for state in settings.states:
        if name in state.names or name in _spellings(state):
            return state
    known = [state.name for state in settings.states]
    raise UsageError(f"no state {name!r}", None, suggest(name, known, "states"))


def _spellings(state: State) -> set[str]:
    """Return the accessors of *state*, those that are calls also without their parentheses."""
    spelled = {accessor.spelling for accessor in state.accessors}
    return spelled | {spelling.removesuffix("()") for spelling in spelled}
