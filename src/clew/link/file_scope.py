"""Macro invocations at file scope: ``KHASH_INIT(map, key, value, 1, hash, equal)``.

They expand to declarations or whole functions that nobody has read, so that a name among their arguments may
be called or passed on in them.
"""

import re

_STOP = re.compile(r"[(){};]")
_LAST_WORD = re.compile(r"([A-Za-z_]\w*)\s*\Z")
_FIRST_WORD = re.compile(r"\s*[A-Za-z_]\w*\s*\Z")


def invocations_around(masked: str, at: int) -> list[tuple[str, bool]]:
    """Return the words before the parentheses that enclose offset *at* of *masked*, from the inside out, up
    to the start of the statement or declaration; "" where there is none.  The flag tells whether the word
    begins its declaration, as only a macro's (or the name of an old-style function) can, at file scope."""
    found: list[tuple[str, bool]] = []
    closed, end = 0, at
    while (match := _last_stop(masked, end)) is not None:
        character, end = match.group(), match.start()
        if character == ")":
            closed += 1
        elif character == "(" and closed:
            closed -= 1
        elif character == "(":
            word = _LAST_WORD.search(masked, max(0, end - 200), end)
            found.append((word.group(1), _begins(masked, word.start())) if word is not None else ("", False))
        elif not closed:
            break
    return found


def _last_stop(masked: str, end: int) -> re.Match[str] | None:
    start = end
    while start > 0:
        start = max(0, start - 200)
        found = list(_STOP.finditer(masked, start, end))
        if found:
            return found[-1]
    return None


def _begins(masked: str, at: int) -> bool:
    """Tell whether nothing of the same declaration stands before offset *at*."""
    before = masked[max(0, at - 400) : at].rstrip()
    return not before or before[-1] in ";})"
