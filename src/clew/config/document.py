"""One TOML text: its values, and for messages the place of each key.

tomllib gives values without places.  A place is therefore searched for afterwards, in a text that is
known to be valid TOML: first the header or the key at the start of a line that leads furthest along the
path, then, within its value, the element and the key of an inline table.
"""

import re
import tomllib
from dataclasses import field
from typing import Any

from clew.errors import ConfigError, ErrorPlace
from clew.text.record import record

KeyPath = tuple[str | int, ...]

_HEADER = re.compile(r"^[ \t]*(\[\[?)([^\[\]\n]+)\]\]?", re.MULTILINE)
_KEY = re.compile(r"""^[ \t]*((?:"[^"\n]*"|'[^'\n]*'|[\w.-])+)[ \t]*=[ \t]*""", re.MULTILINE)
_PIECE = re.compile(r"""[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|([\w-]+))[ \t]*(?:\.|$)""")
_VALUE_TOKEN = re.compile(
    r'"""(?s:.*?)"""|'
    r"'''(?s:.*?)'''|"
    r""""(?:\\.|[^"\\\n])*"|'[^'\n]*'|\#[^\n]*|[\[\]{},]|[^\s\[\]{},"'\#]+"""
)
_SYNTAX_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_DEEP = "the settings are nested too deeply"


@record()
class TomlDocument:
    """A TOML text that was read from *path*, with its values."""

    path: str
    text: str
    data: dict[str, Any] = field(repr=False)

    @classmethod
    def parse(cls, path: str, raw: bytes) -> "TomlDocument":
        """Parse *raw*; raise `ConfigError` with the place when it is no TOML."""
        try:
            text = raw.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = raw.count(b"\n", 0, error.start) + 1
            raise ConfigError(
                "not valid UTF-8", ErrorPlace(path, line), "save the file as UTF-8, as TOML requires"
            ) from error
        try:
            return cls(path, text, tomllib.loads(text))
        except RecursionError:
            raise ConfigError(_DEEP, ErrorPlace(path), "no key needs more than three levels") from None
        except ValueError as error:  # TOMLDecodeError, and integers too long for int()
            raise _explain_syntax(path, text, str(error)) from error

    def place(self, keys: KeyPath) -> ErrorPlace:
        """Return the place of *keys*, or of the last part of it that is found."""
        found = _find_key(self.text, keys)
        if found is None:
            return ErrorPlace(self.path)
        return _place_at(self.path, self.text, *found)

    def error(self, keys: KeyPath, what: str, next_step: str = "") -> ConfigError:
        """Return the error that says *what* is wrong at *keys*."""
        return ConfigError(what, self.place(keys), next_step)


def _place_at(path: str, text: str, start: int, width: int) -> ErrorPlace:
    line_start = text.rfind("\n", 0, start) + 1
    line_end = text.find("\n", start)
    source = text[line_start : len(text) if line_end < 0 else line_end].rstrip("\r")
    return ErrorPlace(path, text.count("\n", 0, start) + 1, start - line_start + 1, source, max(width, 1))


def _explain_syntax(path: str, text: str, message: str) -> ConfigError:
    match = _SYNTAX_PLACE.search(message)
    place = ErrorPlace(path)
    if match and match[1]:
        # tomllib counts the columns of a text without carriage returns; lines are the same.
        lines = text.split("\n")
        number = int(match[1])
        source = lines[number - 1].rstrip("\r") if number <= len(lines) else ""
        place = ErrorPlace(path, number, int(match[2]), source)
    elif match:
        stripped = text.rstrip()
        place = _place_at(path, text, max(len(stripped) - 1, 0), 1)
    what = message[: match.start()] if match else message
    return ConfigError(f"not valid TOML: {what}", place, "strings need quotes, and lists commas")


def _split_dotted(dotted: str) -> tuple[str, ...]:
    return tuple(m[1] or m[2] or m[3] or "" for m in _PIECE.finditer(dotted.strip()))


def _find_key(text: str, keys: KeyPath) -> tuple[int, int] | None:
    """Return offset and length of the longest found beginning of *keys*."""
    best: tuple[int, int, int, int] | None = None  # length of path, offset, width, start of value
    header: KeyPath = ()
    counts: dict[KeyPath, int] = {}
    for is_header, match in _headers_and_keys(text):
        if is_header:
            header = full = _enter(counts, match)
        else:
            full = header + _split_dotted(match[1])
        # A header also opens what is around it.
        length = min(len(full), len(keys)) if is_header else len(full)
        if full[:length] == keys[:length] and (best is None or length > best[0]):
            group = 2 if is_header else 1
            best = (length, match.start(group), len(match[group]), -1 if is_header else match.end())
    if best is None:
        return None
    length, start, width, value = best
    inner = _find_in_value(text, value, keys[length:]) if value >= 0 and keys[length:] else None
    return inner or (start, width)


def _headers_and_keys(text: str) -> list[tuple[bool, re.Match[str]]]:
    found = [(True, match) for match in _HEADER.finditer(text)]
    found += [(False, match) for match in _KEY.finditer(text)]
    return sorted(found, key=lambda item: item[1].start())


def _enter(counts: dict[KeyPath, int], match: re.Match[str]) -> KeyPath:
    """Return the path that a header opens; arrays of tables get the index of their last element."""
    path: KeyPath = ()
    names = _split_dotted(match[2])
    for depth, name in enumerate(names, 1):
        path += (name,)
        if depth == len(names) and match[1] == "[[":
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path += (counts[path],)
    return path


def _find_in_value(text: str, start: int, keys: KeyPath) -> tuple[int, int] | None:
    """Find *keys* in the value that starts at *start*: an index selects an element of an array, a name a
    key of an inline table."""
    wanted, found = list(keys), None
    depth = index = 0
    for match in _VALUE_TOKEN.finditer(text, start):
        token = match[0]
        if token.startswith("#"):
            continue
        if depth and wanted and token not in "]}," and _is_wanted(wanted[0], index, depth, token):
            found = (match.start(), len(token))
            wanted.pop(0)
            index, depth = 0, 0
            if not wanted:
                break
        depth += (token in "[{") - (token in "]}")
        index += token == "," and depth == 1
        if depth <= 0 and token not in "[{":
            break
    return found


def _is_wanted(wanted: str | int, index: int, depth: int, token: str) -> bool:
    if depth != 1:
        return False
    return index == wanted if isinstance(wanted, int) else token.strip("\"'").split("=")[0] == wanted
