"""Colours, where they are wanted."""

import re

from clew.text.record import record

_CODES = {
    "heading": "1",
    "place": "36",
    "name": "1",
    "dim": "2",
    "error": "1;31",
    "added": "32",
    "removed": "31",
    "hunk": "36",
    "caret": "1;33",
}
# Whatever could move the cursor or change the terminal: sources and their names are not to be trusted.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


@record()
class Painter:
    """Marks pieces of text for a terminal, or leaves them as they are."""

    colour: bool

    def __call__(self, role: str, text: str) -> str:
        """Return *text* marked for its *role*."""
        return f"\x1b[{_CODES[role]}m{text}\x1b[0m" if self.colour and text else text


def harmless(text: str) -> str:
    """Return *text* with control characters (except tab and newline) made visible."""
    return _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", text)


def paint_diff(diff: str, paint: Painter) -> str:
    """Return the lines of a unified diff in colour, for eyes only."""
    return "\n".join(_paint_line(line, paint) for line in harmless(diff).split("\n"))


def _paint_line(line: str, paint: Painter) -> str:
    if line.startswith(("--- ", "+++ ", "diff ")):
        return paint("heading", line)
    role = _DIFF_ROLES.get(line[:1])
    return paint(role, line) if role else line


_DIFF_ROLES = {"+": "added", "-": "removed", "@": "hunk", "\\": "dim"}
