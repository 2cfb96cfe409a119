"""The short way through the common case: ``words name(parameters)`` without macros or function pointers.

Nine declarations of functions in ten have this shape.  The long way (`clew.scan.declarator`) reads it
in the same way; this one does it in a single match.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from clew.scan.items import cannot_be_parameters, is_identifier_list
from clew.scan.lexis import (
    ATTRIBUTE_WORDS,
    BLANKS,
    NEVER_CALLED,
    SPACE,
    STATEMENT_WORDS,
    STORAGE_WORDS,
    TAG_WORDS,
    WORD,
)

_HEADER = re.compile(
    rf"{SPACE}*+((?:{WORD}(?:{SPACE}++(?:\*[{BLANKS}*]*+)?+|\*[{BLANKS}*]*+))+)({WORD}){SPACE}*+(\([^()]*+\)){SPACE}*+;?$"
)
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")


class PlainHeader(NamedTuple):
    """Offsets within the piece; *specifiers* as in `clew.scan.facts.Function`."""

    start: int
    name: str
    name_start: int
    open: int
    close: int  # behind the closing parenthesis
    specifiers: str
    words: frozenset[str]


def match_plain_header(piece: str) -> PlainHeader | None:
    """Read *piece* if it is a plain header of a function, or a plain prototype with its ``;``."""
    match = _HEADER.match(piece)
    if match is None:
        return None
    specifiers, name, group = match.groups()
    words = _read_specifiers(specifiers)
    if not words or name in NEVER_CALLED or cannot_be_parameters(group):
        return None
    if name.isupper() and is_identifier_list(group):  # perhaps `int rows INIT(TRUE)`
        return None
    opening = match.start(3)
    return PlainHeader(
        match.start(1), name, match.start(2), opening, match.end(3), specifiers.rstrip(BLANKS), words
    )


@lru_cache(maxsize=4096)
def _read_specifiers(specifiers: str) -> frozenset[str]:
    """Return the words of *specifiers*; none if they are no plain type (the long way then decides)."""
    words = specifiers.replace("*", " ").split()
    odd = STATEMENT_WORDS | ATTRIBUTE_WORDS | {"typedef"}
    if words[-1] in TAG_WORDS or _BLANK_LINE.search(specifiers) or not odd.isdisjoint(words):
        return frozenset()
    if all(word in STORAGE_WORDS for word in words) and "*" not in specifiers:
        return frozenset()
    return frozenset(words)
