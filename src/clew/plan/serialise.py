"""A plan as JSON that a person can read and edit, and back, with every fault named by its place."""

import dataclasses
import json
import types
from collections.abc import Callable
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from clew.errors import ErrorPlace, PlanFileError
from clew.plan.json_place import JsonPath, find_value
from clew.plan.model import PLAN_VERSION, Plan

_NEXT_STEP = "make the plan again with `clew plan`, and edit only its decisions"


def plan_data(plan: Plan) -> dict[str, Any]:
    """Return *plan* as what JSON can hold."""
    return dataclasses.asdict(plan)


def write_plan(plan: Plan) -> str:
    """Return *plan* as JSON, with a final newline."""
    return json.dumps(plan_data(plan), indent=2) + "\n"


def read_plan(text: str, name: str = "plan") -> Plan:
    """Return the plan that *text*, the content of the file *name*, holds; raise `PlanFileError`."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        lines = text.split("\n")
        source = lines[error.lineno - 1] if error.lineno <= len(lines) else ""
        place = ErrorPlace(name, error.lineno, error.colno, source)
        raise PlanFileError(f"not valid JSON: {error.msg}", place, _NEXT_STEP) from error
    except (RecursionError, ValueError) as error:  # nested too deeply; an integer too long for int()
        raise PlanFileError("not a plan", ErrorPlace(name), _NEXT_STEP) from error
    if isinstance(data, dict) and data.get("version") != PLAN_VERSION:
        found = data.get("version")
        what = f"plan version {found!r}, but this clew reads version {PLAN_VERSION}"
        raise PlanFileError(what, ErrorPlace(name), "make the plan again with `clew plan`")
    try:
        plan: Plan = _decode(Plan, data, ())
    except _MismatchError as error:
        raise PlanFileError(error.message, _place(name, text, error.path), _NEXT_STEP) from error
    return plan


class _MismatchError(Exception):
    """The value at *path* is not what the plan's model has there."""

    def __init__(self, message: str, path: JsonPath) -> None:
        super().__init__(message)
        self.message, self.path = message, path


def _place(name: str, text: str, path: JsonPath) -> ErrorPlace:
    offset, width = find_value(text, path)
    line_start = text.rfind("\n", 0, offset) + 1
    line_end = text.find("\n", offset)
    source = text[line_start : len(text) if line_end < 0 else line_end]
    column = offset - line_start
    width = min(width, max(len(source) - column, 1))
    return ErrorPlace(name, text.count("\n", 0, offset) + 1, column + 1, source, width)


def _name_path(path: JsonPath) -> str:
    parts = [f"[{part}]" if isinstance(part, int) else f".{part}" for part in path]
    return "".join(parts).removeprefix(".") or "the plan"


def _decode(kind: Any, value: Any, path: JsonPath) -> Any:
    """Return *value* as *kind*: a dataclass of the model, or what its fields are made of."""
    if dataclasses.is_dataclass(kind):
        return _decode_dataclass(kind, value, path)
    origin = get_origin(kind)
    if origin is None:
        _expect(_is_scalar(kind, value), path, _SCALARS[kind], value)
        return value
    return _DECODERS[origin](kind, value, path)


def _decode_dataclass(kind: Any, value: Any, path: JsonPath) -> Any:
    _expect(isinstance(value, dict), path, "an object", value)
    hints = _hints(kind)
    for name in value:
        if name not in hints:
            known = ", ".join(hints)
            raise _MismatchError(f"{_name_path(path)} has no {name!r}; it has {known}", (*path, name))
    for field in dataclasses.fields(kind):
        if field.name not in value and field.default is dataclasses.MISSING:
            raise _MismatchError(f"{_name_path(path)} lacks {field.name!r}", path)
    return kind(**{name: _decode(hints[name], item, (*path, name)) for name, item in value.items()})


def _decode_tuple(kind: Any, value: Any, path: JsonPath) -> Any:
    _expect(isinstance(value, list), path, "a list", value)
    kinds = get_args(kind)
    if len(kinds) == 2 and kinds[1] is Ellipsis:
        return tuple(_decode(kinds[0], item, (*path, index)) for index, item in enumerate(value))
    _expect(len(value) == len(kinds), path, f"a list of {len(kinds)}", value)
    pairs = zip(kinds, value, strict=True)
    return tuple(_decode(inner, item, (*path, index)) for index, (inner, item) in enumerate(pairs))


def _decode_dict(kind: Any, value: Any, path: JsonPath) -> Any:
    _expect(isinstance(value, dict), path, "an object", value)
    inner = get_args(kind)[1]
    return {name: _decode(inner, item, (*path, name)) for name, item in value.items()}


def _decode_literal(kind: Any, value: Any, path: JsonPath) -> Any:
    choices = get_args(kind)
    _expect(isinstance(value, str) and value in choices, path, " or ".join(f'"{c}"' for c in choices), value)
    return value


def _decode_union(kind: Any, value: Any, path: JsonPath) -> Any:
    if value is None:
        _expect(types.NoneType in get_args(kind), path, "a value", value)
        return None
    inner = next(part for part in get_args(kind) if part is not types.NoneType)
    return _decode(inner, value, path)


def _is_scalar(kind: Any, value: Any) -> bool:
    if kind is object:
        return True
    return isinstance(value, kind) and not (kind is int and isinstance(value, bool))


def _expect(holds: bool, path: JsonPath, expected: str, value: Any) -> None:
    if not holds:
        shown = json.dumps(value)
        shown = shown if len(shown) <= 40 else f"{shown[:37]}..."
        raise _MismatchError(f"{_name_path(path)} must be {expected}, not {shown}", path)


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)


_SCALARS: dict[Any, str] = {
    str: "a string",
    int: "an integer",
    bool: "true or false",
    float: "a number",
    object: "any value",
}

_DECODERS: dict[Any, Callable[[Any, Any, JsonPath], Any]] = {
    tuple: _decode_tuple,
    dict: _decode_dict,
    Literal: _decode_literal,
    Union: _decode_union,
    types.UnionType: _decode_union,
}
