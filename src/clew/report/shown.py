"""Source text made fit for a page: decoded as its file is, and with nothing in it that hides or reorders."""

import re
from collections.abc import Mapping

from clew.text.source import SourceText

# Control characters show as their pictures; a carriage return may end a line, so that whoever splits lines
# drops it.  Characters that reorder or hide text ("Trojan Source", CVE-2021-42574) show as their numbers.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_HIDDEN = re.compile("[\x80-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def show(text: str) -> str:
    """Return *text* (already decoded) with control and hidden characters made visible."""
    pictured = _CONTROL.sub(
        lambda match: chr(0x2400 + ord(match[0])) if match[0] != "\x7f" else "\u2421", text
    )
    return _HIDDEN.sub(lambda match: f"\u27e8U+{ord(match[0]):04X}\u27e9", pictured)


def show_path(path: str) -> str:
    """Return a file name for people; bytes that are no UTF-8 show as the replacement character."""
    return show(path.encode("utf-8", "surrogateescape").decode("utf-8", "replace"))


class Texts:
    """Decodes pieces of files: as UTF-8 where the whole file is that, as Latin-1 otherwise, so that pieces of
    one file always agree."""

    def __init__(self, sources: Mapping[str, SourceText]) -> None:
        self._sources = sources
        self._is_utf8: dict[str, bool] = {}

    def show(self, path: str, piece: str) -> str:
        """Return *piece*, a part of the text of *path* or of what an edit puts there, for people."""
        return show(self.decode(path, piece))

    def decode(self, path: str, piece: str) -> str:
        """Return *piece* in the encoding of *path*, with whatever it holds."""
        if path not in self._is_utf8:
            self._is_utf8[path] = _is_utf8(self._sources[path].text) if path in self._sources else False
        return piece.encode("latin-1").decode("utf-8", "replace") if self._is_utf8[path] else piece

    def line(self, path: str, offset: int) -> str:
        """Return the line of *path* around *offset*, or "" when the tree does not have it."""
        source = self._sources.get(path)
        if source is None or not 0 <= offset <= len(source.text):
            return ""
        return self.show(path, source.line_at(offset))


def _is_utf8(text: str) -> bool:
    if text.isascii():
        return True
    try:
        text.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
