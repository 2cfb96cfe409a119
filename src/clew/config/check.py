"""Does a TOML document say what the schema allows?  The first fault is raised with its place."""

import ast
import difflib
import re
from collections.abc import Callable, Sequence
from typing import Any

from clew.config.document import KeyPath, TomlDocument
from clew.config.schema import Key, Table

_IDENTIFIER = re.compile(r"[A-Za-z_]\w*", re.ASCII)
# Stands for the values that a list would have without this key: those of the profile, or the defaults.
INHERITED = "..."


def check_table(document: TomlDocument, table: Table, data: dict[str, Any], keys: KeyPath = ()) -> None:
    """Raise `ConfigError` at the first key of *data* that *table* does not know, or whose value is wrong."""
    for name, value in data.items():
        key = table.key(name)
        if key is None:
            known = [candidate.name for candidate in table.keys]
            raise document.error((*keys, name), f"unknown key {name!r}", suggest(name, known))
        _check_value(document, key, value, (*keys, name))


def suggest(name: str, known: Sequence[str], what: str = "keys") -> str:
    """Return a next step for an unknown *name*: the nearest known one, or all of them."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if near:
        return f"did you mean {near[0]!r}?"
    return f"known {what}: {', '.join(known)}"


def _check_value(document: TomlDocument, key: Key, value: object, keys: KeyPath) -> None:
    matches, expected = _SHAPES[key.kind]
    if not matches(value):
        raise document.error(keys, f"{key.name} must be {expected}, not {_name_type(value)}", key.doc)
    if key.kind == "choice" and value not in key.choices:
        choices = ", ".join(f'"{choice}"' for choice in key.choices)
        raise document.error(keys, f'{key.name} cannot be "{value}"', f"choose one of {choices}")
    if key.kind == "tables" and isinstance(value, list) and key.table is not None:
        for index, element in enumerate(value):
            _check_element(document, key, key.table, element, (*keys, index))
    if key.kind == "table" and isinstance(value, dict) and key.table is not None:
        check_table(document, key.table, value, keys)
    if key.constraint:
        _CONSTRAINTS[key.constraint](document, key, value, keys)


def _check_element(document: TomlDocument, key: Key, table: Table, element: object, keys: KeyPath) -> None:
    if element == INHERITED:
        return
    if isinstance(element, str) and table.bare:
        element = {table.bare: element}
    if not isinstance(element, dict):
        expected = "a string or a table" if table.bare else "a table"
        raise document.error(
            keys, f"an element of {key.name} must be {expected}, not {_name_type(element)}", key.doc
        )
    check_table(document, table, element, keys)
    # States lack what their profile supplies; the elements of their lists supply all themselves.
    missing = [inner.name for inner in table.keys if inner.required and inner.name not in element]
    if table.bare and missing:
        raise document.error(keys, f"an element of {key.name} has no {missing[0]}", key.doc)


def _is_strings(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)


def _is_pairs(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())


_SHAPES: dict[str, tuple[Callable[[object], bool], str]] = {
    "string": (lambda value: isinstance(value, str), "a string"),
    "strings": (_is_strings, "a list of strings"),
    "integer": (lambda value: isinstance(value, int) and not isinstance(value, bool), "an integer"),
    "boolean": (lambda value: isinstance(value, bool), "true or false"),
    "choice": (lambda value: isinstance(value, str), "a string"),
    "pairs": (_is_pairs, "a table of strings"),
    "table": (lambda value: isinstance(value, dict), "a table"),
    "tables": (lambda value: isinstance(value, list), "a list of tables"),
}


def _name_type(value: object) -> str:
    names = {bool: "a boolean", int: "an integer", float: "a float", str: "a string", dict: "a table"}
    if isinstance(value, list):
        inner = sorted({_name_type(item) for item in value})
        return f"a list of {' and '.join(inner)}" if inner else "an empty list"
    return names.get(type(value), f"a {type(value).__name__}")


def _need_names(document: TomlDocument, key: Key, value: Any, keys: KeyPath) -> None:
    for index, name in enumerate(value):
        if name != INHERITED and not _IDENTIFIER.fullmatch(name):
            raise document.error((*keys, index), f"{name!r} is not a C identifier", key.doc)


def _need_identifier(document: TomlDocument, key: Key, value: Any, keys: KeyPath) -> None:
    if value and not _IDENTIFIER.fullmatch(value):
        raise document.error(keys, f"{key.name} {value!r} is not a C identifier", key.doc)


def _need_tokens(document: TomlDocument, key: Key, value: Any, keys: KeyPath) -> None:
    if not _IDENTIFIER.search(value):
        raise document.error(keys, f"{key.name} {value!r} holds no C identifier", key.doc)


def _need_path(document: TomlDocument, key: Key, value: Any, keys: KeyPath) -> None:
    for spelling, path in value.items():
        if "{}" not in path:
            raise document.error(
                (*keys, spelling), f"the path {path!r} has no {{}}", 'write {} for the variable: "{}->interp"'
            )
        _need_tokens(document, key, spelling, (*keys, spelling))


def _need_provider(document: TomlDocument, key: Key, value: Any, keys: KeyPath) -> None:
    for index, text in enumerate(value):
        c_type, colon, path = text.partition(":")
        if text != INHERITED and not (colon and _IDENTIFIER.search(c_type) and "{}" in path):
            raise document.error(
                (*keys, index),
                f"{key.name}: {text!r} does not read `TYPE: PATH`",
                'write {} for the parameter: "struct index_state *: {}->repo"',
            )


def _need_count(document: TomlDocument, key: Key, value: Any, keys: KeyPath) -> None:
    if value < 0:
        raise document.error(keys, f"{key.name} cannot be negative", key.doc)


def _need_width(document: TomlDocument, key: Key, value: Any, keys: KeyPath) -> None:
    least = 40
    if value < least:
        raise document.error(keys, f"{key.name} must be at least {least}", key.doc)


def _need_expression(document: TomlDocument, key: Key, value: Any, keys: KeyPath) -> None:
    try:
        ast.parse(value, mode="eval")
    except (SyntaxError, ValueError):
        if value:
            raise document.error(keys, f"{key.name} {value!r} is no Python expression", key.doc) from None


def _need_dotted(document: TomlDocument, key: Key, value: Any, keys: KeyPath) -> None:
    if not all(part.isidentifier() for part in value.split(".")):
        raise document.error(keys, f"{key.name} {value!r} is no dotted name", key.doc)


def _need_twin(document: TomlDocument, key: Key, value: Any, keys: KeyPath) -> None:
    before, mark, after = value.partition("{name}")
    if not mark or not _IDENTIFIER.fullmatch(f"{before}x{after}") or not before + after:
        raise document.error(keys, f"{key.name} {value!r} makes no other name", 'for example "_{name}"')


def _need_position(document: TomlDocument, key: Key, value: Any, keys: KeyPath) -> None:
    if value in ("first", "last"):
        return
    if not value.startswith("after ") or not _IDENTIFIER.search(value.removeprefix("after ")):
        step = 'choose one of "first", "last", "after TYPE"'
        raise document.error(keys, f'{key.name} cannot be "{value}"', step)


_CONSTRAINTS: dict[str, Callable[[TomlDocument, Key, Any, KeyPath], None]] = {
    "names": _need_names,
    "identifier": _need_identifier,
    "tokens": _need_tokens,
    "twin": _need_twin,
    "path": _need_path,
    "provider": _need_provider,
    "count": _need_count,
    "position": _need_position,
    "width": _need_width,
    "expression": _need_expression,
    "dotted": _need_dotted,
}
