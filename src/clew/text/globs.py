"""Globs over paths with forward slashes.

``*`` and ``?`` stay within one component, ``**/`` spans any number of them, ``[...]`` is a set.  A pattern
whose last component has no wildcard also means everything below the folder of that name, so that a folder
can be named as it is.
"""

import re
from collections.abc import Callable, Iterable

_WILDCARD = re.compile(r"[*?\[]")
_PIECE = re.compile(r"(?:\*\*/)+|\*+|\?|\[!?\]?[^\]/]*\]|(?s:.)")


PathFilter = Callable[[str], bool]


def compile_globs(patterns: Iterable[str]) -> PathFilter:
    """Return a predicate that tells whether a path matches one of *patterns*."""
    expression = "|".join(_translate(pattern) for pattern in patterns)
    if not expression:
        return lambda _path: False
    match = re.compile(expression, re.DOTALL).fullmatch
    return lambda path: match(path) is not None


def escape_glob(path: str) -> str:
    """Return the pattern that means *path* itself (and what is below it)."""
    return _WILDCARD.sub(lambda match: f"[{match[0]}]", path)


def _translate(pattern: str) -> str:
    pattern = pattern.removeprefix("./")
    folder = pattern.endswith("/")
    pattern = pattern.rstrip("/")
    if pattern in ("", "."):
        return ".*"
    expression = "".join(_translate_piece(piece) for piece in _PIECE.findall(pattern))
    if folder:
        return f"{expression}/.*"
    if not _WILDCARD.search(pattern.rsplit("/", 1)[-1]):
        return f"{expression}(?:/.*)?"
    return expression


def _translate_piece(piece: str) -> str:
    if piece.startswith("**/"):
        return "(?:.*/)?"
    if piece == "**":
        return ".*"
    if piece.startswith("*"):
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    if piece.startswith("[") and len(piece) > 1:
        return _translate_set(piece[1:-1])
    return re.escape(piece)


def _translate_set(body: str) -> str:
    negated = body.startswith("!")
    escaped = re.sub(r"([\\\[\]^&~|])", r"\\\1", body[negated:])
    return f"[^/{escaped}]" if negated else f"(?!/)[{escaped}]"
