"""The JSON schema of ``clew.toml``, made from the same table as validation and the reference.

JSON Schema draft-07: the newest that the TOML language servers of editors read.
"""

from typing import Any

from clew.config.check import INHERITED
from clew.config.profiles import PROFILES
from clew.config.schema import SETTINGS, Key, Table

Schema = dict[str, Any]

_NAME = r"^([A-Za-z_][A-Za-z0-9_]*|\.\.\.)$"
# What `clew.config.check` asks of values, as far as a schema can say it; of lists it is asked of each item.
_CONSTRAINTS: dict[str, Schema] = {
    "names": {"pattern": _NAME},
    "identifier": {"pattern": r"^([A-Za-z_][A-Za-z0-9_]*)?$"},
    "tokens": {"pattern": "[A-Za-z_]"},
    "path": {"pattern": r"\{\}"},
    "provider": {"pattern": r"^(.*[A-Za-z_].*:.*\{\}.*|\.\.\.)$"},
    "twin": {"pattern": r"\{name\}"},
    "position": {"pattern": r"^(first|last|after .*[A-Za-z_].*)$"},
    "count": {"minimum": 0},
    "width": {"minimum": 40},
}
# These are checked by parsing, which a pattern cannot do.
_BEYOND = frozenset({"expression", "dotted"})


def settings_schema() -> Schema:
    """Return the schema.  What a profile may supply is not required, and what the settings say with more than
    one key (a state named twice, `like` without its state) is left to clew."""
    schema = _table(SETTINGS, needed=())
    needs_state = [{"required": ["profile"]}, {"required": ["state"]}]
    head = {"$schema": "http://json-schema.org/draft-07/schema#", "title": "clew.toml"}
    return head | schema | {"anyOf": needs_state}


def _table(table: Table, needed: tuple[str, ...]) -> Schema:
    schema: Schema = {
        "type": "object",
        "additionalProperties": False,
        "properties": {key.name: _key(table, key) for key in table.keys},
    }
    return schema | ({"required": list(needed)} if needed else {})


def _key(table: Table, key: Key) -> Schema:
    schema: Schema = {"description": key.doc} | _value(key)
    default = table.default(key)
    if key.name == "profile":
        schema["enum"] = list(PROFILES)
    elif key.kind not in ("table", "tables", "pairs") and default not in (None, ""):
        schema["default"] = list(default) if isinstance(default, tuple) else default
    return schema


def _value(key: Key) -> Schema:
    if key.constraint and key.constraint not in _CONSTRAINTS.keys() | _BEYOND:
        raise AssertionError(f"the constraint {key.constraint!r} has no counterpart in the schema")
    limit = _CONSTRAINTS.get(key.constraint, {})
    text = {"type": "string"} | limit
    if key.kind == "choice":
        return {"type": "string", "enum": list(key.choices)}
    if key.kind == "strings":
        return {"type": "array", "items": text}
    if key.kind == "pairs":
        return {"type": "object", "additionalProperties": text}
    if key.table is not None:
        return _tables(key, key.table)
    return text | {"type": key.kind}


def _tables(key: Key, table: Table) -> Schema:
    if key.kind == "table":
        return _table(table, needed=())
    required = tuple(inner.name for inner in table.keys if inner.required)
    # States are laid over those of a profile: only their name is asked of each.
    item = _table(table, needed=required if table.bare else ("name",))
    if table.bare:
        short = {"type": "string", "description": f"`{table.bare}`, or {INHERITED!r} for the profile's"}
        item = {"anyOf": [short, item]}
    return {"type": "array", "items": item}
