"""The user's keys over a profile's."""

from typing import Any

from clew.config.check import INHERITED
from clew.config.schema import SETTINGS, SHARED_KEYS, STATE, Table

Data = dict[str, Any]


def merge_settings(profile: Data, own: Data) -> Data:
    """Return *own* laid over *profile*: a key of *own* wins; tables of strings are joined; states with the
    same name are merged key by key, new ones come last; ``"..."`` in a list is what it replaces."""
    merged = _overlay(SETTINGS, profile, {name: own[name] for name in own if name != "state"})
    states = {state["name"]: state for state in profile.get("state", [])}
    for state in own.get("state", []):
        states[state["name"]] = _overlay(STATE, states.get(state["name"], {}), state)
    merged["state"] = [_take_after(state, states) for state in states.values()]
    return merged


def _overlay(table: Table, below: Data, above: Data) -> Data:
    merged = dict(below)
    for name, value in above.items():
        key = table.key(name)
        if key is not None and key.kind in ("pairs", "table"):
            merged[name] = below.get(name, {}) | value
        elif isinstance(value, list):
            default = table.default(key) if key is not None else None
            inherited = below.get(name, default or ())
            merged[name] = _splice(value, inherited)
        else:
            merged[name] = value
    return merged


def _splice(value: list[Any], inherited: Any) -> list[Any]:
    spliced: list[Any] = []
    for item in value:
        spliced += inherited if item == INHERITED else [item]
    return spliced


def _take_after(state: Data, states: dict[str, Data]) -> Data:
    """Fill the keys that `like` copies; a chain of likes is followed until it ends or closes."""
    seen, source, filled = {state["name"]}, state, dict(state)
    while (name := source.get("like")) in states and name not in seen:
        seen.add(name)
        source = states[name]
        filled = {key: source[key] for key in SHARED_KEYS if key in source} | filled
    return filled
