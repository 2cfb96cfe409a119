"""Values as bytes: JSON, which any Python reads alike and no damage makes dangerous.

A frozen dataclass or a named tuple becomes the list of its fields; its type hints tell how to read it back.
Fields of the type ``object`` hold what JSON holds.
"""

import json
import types
import zlib
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

_T = TypeVar("_T")
_Read = Callable[[Any], Any]
_LEVEL = 1  # of compression: the quickest makes a sixth of it


def encode(value: object) -> bytes:
    """Return *value* as bytes."""
    return zlib.compress(json.dumps(_plain(value), separators=(",", ":")).encode(), _LEVEL)


def decode(form: type[_T], data: bytes) -> _T:
    """Return the value of the type *form* in *data*, which `encode` made."""
    hashable: Any = form
    value: _T = _reader(hashable)(json.loads(zlib.decompress(data)))
    return value


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        return [_plain(getattr(value, field.name)) for field in fields(value)]
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return value


def _same(plain: Any) -> Any:
    return plain


@cache
def _reader(form: Any) -> _Read:
    """Return what makes a value of *form* out of JSON."""
    origin, arguments = get_origin(form), get_args(form)
    if origin in (Union, types.UnionType):
        return _optional(arguments)
    if origin is tuple:
        return _tuple_of(arguments)
    if origin is list:
        read = _reader(arguments[0])
        return _same if read is _same else lambda plain: [read(one) for one in plain]
    if origin is dict:
        read = _reader(arguments[1])
        return _same if read is _same else lambda plain: {key: read(one) for key, one in plain.items()}
    if origin is Literal or form in (str, int, float, bool, object, type(None)):
        return _same
    return _record(form)


def _optional(arguments: tuple[Any, ...]) -> _Read:
    others = [one for one in arguments if one is not type(None)]
    if len(others) != 1:
        raise TypeError(f"a value that may be one of {arguments} cannot be read back")
    read = _reader(others[0])
    return lambda plain: None if plain is None else read(plain)


def _tuple_of(arguments: tuple[Any, ...]) -> _Read:
    if arguments[1:] != (...,):
        reads = [_reader(one) for one in arguments]
        return lambda plain: tuple(read(one) for read, one in zip(reads, plain, strict=True))
    read = _reader(arguments[0])
    return tuple if read is _same else lambda plain: tuple(map(read, plain))


def _record(form: Any) -> _Read:
    names = [field.name for field in fields(form)] if is_dataclass(form) else list(form._fields)
    hints = get_type_hints(form)
    reads = [(at, _reader(hints[name])) for at, name in enumerate(names)]
    places = [(at, read) for at, read in reads if read is not _same]

    def read_record(plain: list[Any]) -> Any:
        for at, read in places:
            plain[at] = read(plain[at])
        return form(*plain)

    return read_record
