"""The short way through the common cases: ``words name(parameters)`` and ``words name[size] = value;``.

Nine declarations in ten have one of these shapes.  The long way (`clew.scan.declarator`) reads them in
the same way; this one does it in a single match.
"""

import re
from functools import lru_cache
from typing import NamedTuple

from clew.scan.items import is_identifier_list
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

_SPECIFIERS = rf"(?:{WORD}(?:{SPACE}++(?:\*[{BLANKS}*]*+)?+|\*[{BLANKS}*]*+))+"
# a macro that makes the type: ``API(int *) f(void)``
_MADE_TYPE = rf"{WORD}{SPACE}*+\([^()\"']*+\)[{BLANKS}*]*+"
# What `clew.scan.items.cannot_be_parameters` finds does not begin a parameter, nor does a parenthesis.
_PARAMETER = rf"{SPACE}*+(?![\"'&!~+=<>{{;0-9-]|\.[0-9])[^()\",]*+"
_INNER = rf"\({_PARAMETER}(?:,{_PARAMETER})*+\)"
_PARAMETERS = rf"\((?!{SPACE}*+\(){_PARAMETER}(?:(?:,{_PARAMETER}|{_INNER})[^()\",]*+)*+\)"
_HEADER = re.compile(rf"{SPACE}*+({_SPECIFIERS}|{_MADE_TYPE})({WORD}){SPACE}*+({_PARAMETERS}){SPACE}*+;?$")
_VARIABLE = re.compile(
    rf"{SPACE}*+({_SPECIFIERS})({WORD})(?:{SPACE}*+\[[^\[\]]*+\])*+{SPACE}*+"
    rf"(?:;$|={SPACE}*+(?:([&-]?[A-Za-z0-9_.]++){SPACE}*+;$|(\{{)))"
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
    if not words or name in NEVER_CALLED:
        return None
    if name.isupper() and is_identifier_list(group):  # perhaps `int rows INIT(TRUE)`
        return None
    opening = match.start(3)
    return PlainHeader(
        match.start(1), name, match.start(2), opening, match.end(3), specifiers.rstrip(BLANKS), words
    )


class PlainVariable(NamedTuple):
    """Offsets within the piece; *value* covers what follows ``=``, or is None."""

    start: int
    name: str
    name_start: int
    specifiers: str
    value: tuple[int, int] | None


def match_plain_variable(piece: str) -> PlainVariable | None:
    """Read *piece*, which ends in ``;``, if it declares one variable in the plain way: without a value, with
    a single word or number for one, or with a block, whose contents are blank."""
    match = _VARIABLE.match(piece)
    if match is None:
        return None
    specifiers, name, word, block = match.groups()
    if name in NEVER_CALLED or not _read_specifiers(specifiers):
        return None
    value = match.span(3) if word is not None else None
    if block is not None:
        opening = match.start(4)
        close = piece.find("}", opening)
        if piece[close + 1 :].strip(BLANKS) != ";" or piece.find("{", opening + 1, close) >= 0:
            return None
        value = opening, close + 1
    return PlainVariable(match.start(1), name, match.start(2), specifiers.rstrip(BLANKS), value)


@lru_cache(maxsize=4096)
def _read_specifiers(specifiers: str) -> frozenset[str]:
    """Return the words of *specifiers*; none if they are no plain type (the long way then decides)."""
    if "(" in specifiers:
        words = specifiers.split()
        is_odd = specifiers.partition("(")[0].rstrip(BLANKS) in NEVER_CALLED or "typedef" in words
        return frozenset() if is_odd else frozenset(words)
    words = specifiers.replace("*", " ").split()
    odd = STATEMENT_WORDS | ATTRIBUTE_WORDS | {"typedef"}
    if words[-1] in TAG_WORDS or _BLANK_LINE.search(specifiers) or not odd.isdisjoint(words):
        return frozenset()
    if all(word in STORAGE_WORDS for word in words) and "*" not in specifiers:
        return frozenset()
    return frozenset(words)
