"""Checked and merged TOML values become frozen settings."""

from collections.abc import Callable
from typing import Any

from clew.config.schema import ACCESSOR, BINDINGS, CHANGER, SETTINGS, STATE, Key, Table
from clew.config.settings import Accessor, Bindings, Changer, Settings, State

Data = dict[str, Any]


def build_settings(data: Data) -> Settings:
    """Return the settings that *data* describes; it was checked against the schema."""
    return Settings(**_fields(SETTINGS, data))


def _fields(table: Table, data: Data) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, value in data.items():
        key = table.key(name)
        if key is not None and name != "like":  # `like` was resolved by merging
            values[key.field or name] = _convert(key, value)
    return values


def _convert(key: Key, value: Any) -> Any:
    if key.kind == "strings":
        return tuple(value)
    if key.kind == "pairs":
        return tuple(value.items())
    if key.table is not None and key.kind == "table":
        return _make(key.table, value)
    if key.table is not None:
        return tuple(_make(key.table, element) for element in value)
    return value


def _make(table: Table, element: Any) -> Any:
    if isinstance(element, str):
        element = {table.bare: element}
    return _MAKERS[table.title](**_fields(table, element))


_MAKERS: dict[str, Callable[..., Accessor | Bindings | Changer | State]] = {
    ACCESSOR.title: Accessor,
    BINDINGS.title: Bindings,
    CHANGER.title: Changer,
    STATE.title: State,
}
