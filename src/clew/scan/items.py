"""Cut a file-scope declaration into its few top-level items: words, punctuation, and whole groups."""

import re
from typing import NamedTuple

from clew.scan.lexis import ATTRIBUTE_WORDS, NEVER_CALLED, STORAGE_WORDS, WORD

_ITEM = re.compile(rf"({WORD})|[0-9][0-9A-Za-z_.']*+|\"[^\"]*+\"?|'[^']*+'?|\.\.\.|[^ \t\n\r\f\v]")
_ROUND, _SQUARE, _CURLY = re.compile(r"[()]"), re.compile(r"[\[\]]"), re.compile(r"[{}]")
_CLOSERS = {"(": (")", _ROUND), "[": ("]", _SQUARE), "{": ("}", _CURLY)}

_IDENTIFIER_LIST = re.compile(rf"\(\s*+{WORD}\s*+(?:,\s*+{WORD}\s*+)*+\)$", re.ASCII)
_TYPE_KEYWORD = (
    r"\b(?:void|char|short|int|long|float|double|signed|unsigned|_Bool|bool|struct|union|enum|const)\b"
)
_PARAMETERS = re.compile(
    rf"\(\s*+\)$|\(\s*+void\s*+\)$|\.\.\.\s*+\)$|{_TYPE_KEYWORD}|{WORD}\s*+(?:\*|{WORD})", re.ASCII
)
_NO_PARAMETERS = re.compile(r"\(\s*+(?:[\"'&!~+=<>{;-]|\.[0-9])|[(,]\s*+[0-9]|\"", re.ASCII)


class Item(NamedTuple):
    """A top-level item: *kind* is "word", "number", "string", an opening bracket for a whole group, or
    the character itself; offsets count within the piece."""

    kind: str
    text: str
    start: int
    end: int


def list_items(piece: str, start: int = 0) -> list[Item]:
    """List the items of *piece* from *start* on.  Attributes are left out: they name nothing."""
    items: list[Item] = []
    in_attribute = False
    match = _ITEM.search(piece, start)
    while match is not None:
        start, end = match.span()
        text = match[0]
        kind = "word" if match[1] is not None else text[0]
        if kind in _CLOSERS:
            end = find_close(piece, start)
            text = piece[start:end]
            if not in_attribute and not (kind == "[" and text.startswith("[[")):
                items.append(Item(kind, text, start, end))
            in_attribute = False
        elif text in ATTRIBUTE_WORDS:
            in_attribute = True
        elif not (in_attribute and text in STORAGE_WORDS):  # asm volatile (...)
            in_attribute = False
            items.append(Item(kind, text, start, end))
        match = _ITEM.search(piece, end)
    return items


def find_close(piece: str, start: int) -> int:
    """Return the offset behind the bracket that closes the one at *start* (or the end of *piece*)."""
    opener = piece[start]
    closer, either = _CLOSERS[opener]
    end = piece.find(closer, start)
    if end >= 0 and piece.find(opener, start + 1, end) < 0:
        return end + 1
    depth = 0
    for match in either.finditer(piece, start):
        depth += 1 if match[0] == opener else -1
        if depth == 0:
            return match.end()
    return len(piece)


def find_open(piece: str, closing: int) -> int:
    """Return the offset of the parenthesis that the one at *closing* closes, or 0."""
    depth = 0
    for at in range(closing, -1, -1):
        depth += {")": 1, "(": -1}.get(piece[at], 0)
        if depth == 0:
            return at
    return 0


def is_candidate(items: list[Item], index: int) -> bool:
    """Tell whether the item at *index* is a word before a parenthesis that could name a function."""
    return (
        items[index].kind == "word"
        and index + 1 < len(items)
        and items[index + 1].kind == "("
        and items[index].text not in NEVER_CALLED
    )


def find_type(items: list[Item]) -> int:
    """Return the index of the first item that names a type, more than a storage class or a qualifier
    (the number of items if there is none)."""
    for index, item in enumerate(items):
        if item.kind in ("*", "{") or (item.kind == "word" and item.text not in STORAGE_WORDS):
            return index
    return len(items)


def is_identifier_list(group: str) -> bool:
    """Tell whether *group* is ``(a, b)``: the parameters of an old-style definition, or arguments."""
    return _IDENTIFIER_LIST.match(group) is not None and group[1:-1].strip() != "void"


def looks_like_parameters(group: str) -> bool:
    """Tell whether *group* can hardly be anything else than a parameter list."""
    return _PARAMETERS.search(group) is not None and not cannot_be_parameters(group)


def cannot_be_parameters(group: str) -> bool:
    """Tell whether *group* holds a literal or an operator, as only a macro's arguments do."""
    return _NO_PARAMETERS.search(group) is not None
