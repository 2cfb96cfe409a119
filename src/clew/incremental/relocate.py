"""Move the places in a result; raise `LostError` where that cannot be done for certain.

A result is made of frozen dataclasses, named tuples, tuples and dictionaries.  What has a ``path`` and an
``offset`` is a place; what has a ``path`` and a ``line`` stands in a line.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from clew.incremental.moves import LostError, Shift
from clew.text.edit import Edit
from clew.text.source import SourceText
from clew.text.span import Span

_T = TypeVar("_T")


class Relocation:
    """Moves places in the files of *shifts*; *sources* are the texts as they are now."""

    def __init__(self, shifts: Mapping[str, Shift], sources: Mapping[str, SourceText]) -> None:
        self._shifts, self._sources = shifts, sources
        self._moving = [path for path, shift in shifts.items() if not shift.is_still]

    def moved(self, value: _T) -> _T:
        """Return *value* with its places moved."""
        found: _T = self._moved(value)
        return found

    def edits(self, edits: Mapping[str, list[Edit]]) -> dict[str, list[Edit]]:
        """Return *edits* (by file) with their spans moved; a span is to be there in one piece."""
        return {path: self._moved_edits(path, made) for path, made in edits.items()}

    def _moved_edits(self, path: str, edits: list[Edit]) -> list[Edit]:
        shift = self._shifts.get(path)
        if shift is None:
            return edits
        spans = (Span(*shift.span(edit.span.start, edit.span.end)) for edit in edits)
        return [
            Edit(span, edit.text, self._checked(edit.rule), self._checked(edit.note))
            for span, edit in zip(spans, edits, strict=True)
        ]

    def _moved(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._checked(value)
        if is_dataclass(value) and not isinstance(value, type):
            parts = {one.name: getattr(value, one.name) for one in fields(value)}
            return replace(value, **self._fields(parts))
        if isinstance(value, tuple) and hasattr(value, "_asdict"):
            return type(value)(**self._fields(value._asdict()))
        if isinstance(value, tuple | list):
            return type(value)(map(self._moved, value))
        if isinstance(value, dict):
            return {key: self._moved(one) for key, one in value.items()}
        return value

    def _fields(self, parts: dict[str, Any]) -> dict[str, Any]:
        new = {name: self._moved(one) for name, one in parts.items()}
        for name, line in parts.items():
            # "line" belongs to "path", "twin_line" to "twin_path"
            if name.endswith("line") and line and (path := parts.get(name.removesuffix("line") + "path")):
                if path in self._shifts:
                    new |= self._line(name, self._shifts[path], parts)
        return new

    def _line(self, name: str, shift: Shift, parts: dict[str, Any]) -> dict[str, Any]:
        if name != "line" or "offset" not in parts:
            return {name: shift.line(parts[name])}
        offset = shift.offset(parts["offset"])
        position = self._sources[parts["path"]].position(offset)
        return {"offset": offset, "line": position.line, "column": position.column}

    def _checked(self, text: str) -> str:
        """Return *text*, which must not name a line of a file whose lines moved."""
        if ":" in text and any(f"{path}:" in text for path in self._moving):
            raise LostError
        return text
