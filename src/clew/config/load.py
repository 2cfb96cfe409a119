"""``clew.toml`` becomes `Settings`."""

from pathlib import Path
from typing import Any

from clew.config.build import build_settings
from clew.config.check import check_table, suggest
from clew.config.document import KeyPath, TomlDocument
from clew.config.merge import merge_settings
from clew.config.profiles import PROFILES, read_profile
from clew.config.schema import SETTINGS, STATE
from clew.config.settings import Settings
from clew.errors import ConfigError, ErrorPlace

CONFIG_NAME = "clew.toml"


def load_settings(path: Path, shown: str = "") -> Settings:
    """Read the settings file *path* (called *shown* in messages); raise `ConfigError` when it is wrong."""
    name = shown or str(path)
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        raise ConfigError(
            "there is no settings file", ErrorPlace(name), "run `clew init` to make one"
        ) from None
    except OSError as error:
        raise ConfigError(f"cannot be read: {error.strerror}", ErrorPlace(name), "check the path") from error
    return parse_settings(name, raw)


def parse_settings(name: str, raw: bytes) -> Settings:
    """Return the settings that the TOML text *raw* of the file *name* describes."""
    document = TomlDocument.parse(name, raw)
    check_table(document, SETTINGS, document.data)
    _check_states_named(document)
    merged = merge_settings(_profile_of(document), document.data)
    _check_complete(document, merged)
    return build_settings(merged)


def profile_settings(name: str) -> Settings:
    """Return the settings of the shipped profile *name*."""
    return parse_settings(f"<profile {name}>", f'profile = "{name}"\n'.encode())


def _profile_of(document: TomlDocument) -> dict[str, Any]:
    name = document.data.get("profile", "")
    if not name:
        return {}
    if name not in PROFILES:
        raise document.error(("profile",), f"no profile {name!r}", suggest(name, PROFILES, "profiles"))
    return read_profile(name).settings


def _check_states_named(document: TomlDocument) -> None:
    """States are merged by name: each needs one, and its own."""
    seen: set[str] = set()
    for index, state in enumerate(document.data.get("state", [])):
        keys: KeyPath = ("state", index)
        if not isinstance(state, dict) or not state.get("name"):
            raise document.error(keys, "a state without name", 'give it one: name = "tstate"')
        if state["name"] in seen:
            raise document.error((*keys, "name"), f"two states are called {state['name']!r}", "rename one")
        seen.add(state["name"])


def _check_complete(document: TomlDocument, merged: dict[str, Any]) -> None:
    """Required keys may come from the profile, so that they are looked for after merging."""
    states = merged["state"]
    if not states:
        raise ConfigError("no state is described", ErrorPlace(document.path), "add a [[state]] table")
    names = [state["name"] for state in states]
    own = {state["name"]: index for index, state in enumerate(document.data.get("state", []))}
    for state in states:
        keys: KeyPath = ("state", own[state["name"]]) if state["name"] in own else ()
        for key in STATE.keys:
            if key.required and not state.get(key.name):
                raise document.error(keys, f"state {state['name']!r} has no {key.name}", key.doc)
        if (like := state.get("like")) and like not in names:
            raise document.error((*keys, "like"), f"no state {like!r}", suggest(like, names, "states"))
