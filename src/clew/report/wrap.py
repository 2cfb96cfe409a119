"""Long lines broken between words, for a terminal that would break them anywhere."""

import re

_ESCAPE = re.compile(r"\x1b\[[\d;]*m")
_INDENT = re.compile(r"(?:\x1b\[[\d;]*m)*( *)")
_EXCERPT = re.compile(r" *\d* \|")
_HANGING = 4
_NARROWEST = 40


def wrap_lines(text: str, width: int) -> str:
    """Return *text* with lines of more than *width* visible characters broken; source excerpts stay, since
    their carets stand below a column."""
    if width < _NARROWEST:
        return text
    return "\n".join(_wrap(line, width) for line in text.split("\n"))


def _wrap(line: str, width: int) -> str:
    plain = _ESCAPE.sub("", line)
    if len(plain) <= width or _EXCERPT.match(plain):
        return line
    match = _INDENT.match(line)
    start = len(match[1]) if match else 0
    hanging = " " * (start + _HANGING)
    words = line[match.end() if match else 0 :].split(" ")
    done, current = [], line[: match.end() if match else 0] + words[0]
    for word in words[1:]:
        if _length(current) + 1 + _length(word) <= width:
            current += f" {word}"
        else:
            done.append(current)
            current = hanging + word
    return "\n".join([*done, current])


def _length(text: str) -> int:
    return len(_ESCAPE.sub("", text))
