"""A source line with a caret under the place that a message speaks of."""

from clew.report.paint import Painter, harmless
from clew.text.source import display

_WIDTH = 96
_LEAD = 40


def excerpt(line: int, column: int, source: str, paint: Painter, width: int = 1) -> list[str]:
    """Return *source* (line number *line*) and a caret under *column*, which counts bytes from 1; lines that
    are too long for a terminal are cut around it."""
    start = max(column - 1 - _LEAD, 0) if len(source) > _WIDTH else 0
    shown = source[start : start + _WIDTH]
    at = column - 1 - start
    before = _printable(shown[:at])
    caret = "^" * max(1, min(width, len(shown) - at))
    number = str(line) if line else ""
    # Tabs stay, so that the caret stands below its character whatever a tab's width.
    indent = "".join("\t" if character == "\t" else " " for character in before)
    margin = " " * len(number)
    return [
        f"{paint('dim', f'{number} |')} {_printable(shown)}",
        f"{paint('dim', f'{margin} |')} {indent}{paint('caret', caret)}",
    ]


def _printable(text: str) -> str:
    return harmless(display(text)).replace("\n", " ")
