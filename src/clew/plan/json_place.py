"""Where a value stands in a JSON text.  The json module gives values without places."""

import json
import re

JsonPath = tuple[str | int, ...]

_BLANK = re.compile(r"[ \t\r\n]*")
_DECODER = json.JSONDecoder()


def find_value(text: str, path: JsonPath) -> tuple[int, int]:
    """Return offset and length of the value at *path*, or of the last part of *path* that exists.

    *text* must be valid JSON.
    """
    at = _skip_blank(text, 0)
    for part in path:
        inner = _find_member(text, at, part) if isinstance(part, str) else _find_element(text, at, part)
        if inner is None:
            break
        at = inner
    return at, _DECODER.raw_decode(text, at)[1] - at


def _skip_blank(text: str, at: int) -> int:
    match = _BLANK.match(text, at)
    return match.end() if match else at


def _find_member(text: str, at: int, name: str) -> int | None:
    """Return where the value of the member *name* of the object at *at* starts."""
    if text[at] != "{":
        return None
    at = _skip_blank(text, at + 1)
    while text[at] != "}":
        key, end = _DECODER.raw_decode(text, at)
        value = _skip_blank(text, _skip_blank(text, end) + 1)
        if key == name:
            return value
        at = _next_item(text, value)
    return None


def _find_element(text: str, at: int, index: int) -> int | None:
    """Return where element *index* of the array at *at* starts."""
    if text[at] != "[":
        return None
    at = _skip_blank(text, at + 1)
    for _ in range(index):
        if text[at] == "]":
            return None
        at = _next_item(text, at)
    return None if text[at] == "]" else at


def _next_item(text: str, value: int) -> int:
    """Skip the value at *value*, and the comma after it."""
    end = _skip_blank(text, _DECODER.raw_decode(text, value)[1])
    return _skip_blank(text, end + 1) if text[end] == "," else end
