"""Find the name that a declaration declares, and its parameters if that is a function.

Without a preprocessor a macro looks like anything: ``PyAPI_FUNC(int) f(int x)``, ``f(int x) GCC((cold))``
and ``STRINGLIB(find)(int x)`` all hold two parentheses.  What stands before and within each of them
decides; the rules are those of `_choose`.
"""

import re

from clew.scan.items import (
    Item,
    cannot_be_parameters,
    find_type,
    is_candidate,
    is_identifier_list,
    list_items,
    looks_like_parameters,
)
from clew.scan.lexis import NEVER_CALLED, TAG_WORDS, TYPE_WORDS, WORD
from clew.text.record import record
from clew.text.span import Span

_POINTER = re.compile(rf"\(\s*+(?:{WORD}\s++)*?[*^]", re.ASCII)
_PARENTHESISED = re.compile(rf"\(\s*+({WORD})\s*+\)$", re.ASCII)
_DOUBLED = re.compile(r"\(\s*+\(", re.ASCII)
_DEEPEST = 8


@record()
class Declarator:
    """What a declarator declares.  *name* and *params* are spans within the piece; *params* is None
    unless it declares a function.  *typed* tells whether a type stands before it, *first* is the
    index of the item that holds the name."""

    name: Span
    params: Span | None
    typed: bool
    first: int


def find_declarator(piece: str, items: list[Item], depth: int = 0) -> Declarator | None:
    """Find the declarator in *items*, which lie in *piece*; None when they declare nothing."""
    wrapped = _find_wrapped(piece, items, depth)
    if wrapped is not None:
        return wrapped
    chosen = _choose(items)
    if chosen is None:
        return _find_variable(items)
    name, group = items[chosen], items[chosen + 1]
    params = Span(group.start, group.end)
    typed = find_type(items) < chosen
    inner = _find_doubled(piece, items, chosen) if _DOUBLED.match(group.text) else None
    if inner is not None:
        chosen, params = chosen - 1, inner
        name = items[chosen]
    return Declarator(Span(name.start, name.end), params, typed, chosen)


def _choose(items: list[Item]) -> int | None:
    """Choose among words before parentheses the one that is the function's name.

    A macro call without a type before it makes the type, if a declarator follows.  Of the others, it
    is the last whose parenthesis can only be parameters; failing that, the first with a type.
    """
    typed = find_type(items)
    tag = skip_tag(items)
    candidates = [
        index
        for index in range(len(items) - 1)
        if is_candidate(items, index)
        and not cannot_be_parameters(items[index + 1].text)
        and not _is_suffix(items, index, max(tag, typed + 1))
    ]
    if not candidates:
        return None
    last = max(index for index, item in enumerate(items) if item.kind in ("word", "*"))
    plainly_typed = _find_plain_type(items)
    first = 0
    while first < len(candidates) and candidates[first] < last:
        index = candidates[first]
        made_type = index <= typed
        made_before = index <= plainly_typed and not looks_like_parameters(items[index + 1].text)
        if not made_type and not made_before:
            break
        first += 1
    candidates = candidates[first:]
    for index in reversed(candidates):
        if looks_like_parameters(items[index + 1].text):
            return index
    return candidates[0] if candidates else None


def _find_plain_type(items: list[Item]) -> int:
    """Return the index of the first item that names a type and is no macro call."""
    for index, item in enumerate(items):
        if find_type([item]) == 0 and not is_candidate(items, index):
            return index
    return len(items)


def _is_suffix(items: list[Item], index: int, earliest: int) -> bool:
    """Tell whether a macro call follows a variable: ``int rows INIT(TRUE)``.  Only its upper case tells
    it from ``MACRO int f(type)``.  No name stands before the item *earliest*."""
    return (
        index - 1 >= earliest
        and items[index].text.isupper()
        and is_identifier_list(items[index + 1].text)
        and _is_name(items, index - 1)
    )


def _find_doubled(piece: str, items: list[Item], chosen: int) -> Span | None:
    """Find the parameters in ``int f OF((int a))``, where the macro call is the item *chosen*."""
    if not (chosen and _is_name(items, chosen - 1) and find_type(items) < chosen - 1):
        return None
    group = items[chosen + 1]
    inner = list_items(piece[: group.end - 1], group.start + 1)
    if len(inner) == 1 and inner[0].kind == "(" and looks_like_parameters(inner[0].text):
        return Span(inner[0].start, inner[0].end)
    return None


def _find_wrapped(piece: str, items: list[Item], depth: int) -> Declarator | None:
    """Find a declarator in parentheses of its own: ``(*f)(int)``, ``(*f(int))(int)``, ``(f)(int)``; or a
    name that a macro makes: ``NAME(f)(int)``."""
    typed = -1
    for index in range(len(items) - 1):
        group, following = items[index], items[index + 1]
        if group.kind == "(" and following.kind in ("(", "["):
            typed = find_type(items) if typed < 0 else typed
            if _POINTER.match(group.text):
                return _find_inner(piece, group, depth, typed < index, index)
            found = _find_made(items, index, typed) or _find_parenthesised(items, index, typed)
            if found is not None:
                return found
    if len(items) > 1 and items[-1].kind == "(":
        before = items[-2]
        if before.kind == "*" or before.text in TYPE_WORDS:  # T *(names[3])
            return _find_inner(piece, items[-1], depth, True, len(items) - 1)
    return None


def _find_inner(piece: str, group: Item, depth: int, typed: bool, index: int) -> Declarator | None:
    """Find the declarator within the parenthesis *group*, the item *index*."""
    if depth >= _DEEPEST:
        return None
    inner = find_declarator(piece, list_items(piece[: group.end - 1], group.start + 1), depth + 1)
    return inner and Declarator(inner.name, inner.params, typed, index)


def _find_made(items: list[Item], index: int, typed: int) -> Declarator | None:
    """Read the group *index* as the argument of a macro that makes the name: ``int NAME(f)(int)``."""
    if not index or not is_candidate(items, index - 1) or typed >= index - 1:
        return None
    following = items[index + 1]
    params = Span(following.start, following.end) if following.kind == "(" else None
    return Declarator(Span(items[index - 1].start, items[index].end), params, True, index - 1)


def _find_parenthesised(items: list[Item], index: int, typed: int) -> Declarator | None:
    """Read the group *index* as a name in parentheses, which keeps a macro from expanding."""
    group, following = items[index], items[index + 1]
    found = _PARENTHESISED.match(group.text)
    if following.kind == "[" or not found or found[1] in NEVER_CALLED:
        return None
    start = group.start + found.start(1)
    params = Span(following.start, following.end)
    return Declarator(Span(start, start + len(found[1])), params, typed < index, index)


def _find_variable(items: list[Item]) -> Declarator | None:
    """Find the last word before an array's bounds, a bit-field's width or the end."""
    last = -1
    for index in range(skip_tag(items), len(items)):
        item = items[index]
        if item.kind in ("[", ":"):
            break
        if item.kind not in ("word", "*", '"', "("):
            return None
        if item.kind == "word" and item.text not in NEVER_CALLED and not is_candidate(items, index):
            last = index
    if last < 0:
        return None
    return Declarator(Span(items[last].start, items[last].end), None, last > 0, last)


def skip_tag(items: list[Item]) -> int:
    """Return the index behind ``struct tag`` (and the body of the aggregate)."""
    for index, item in enumerate(items):
        if item.text in TAG_WORDS:
            for body in range(index + 1, len(items)):
                if items[body].kind == "{":
                    return body + 1
            named = index + 1 < len(items) and items[index + 1].kind == "word"
            return index + 1 + named
        if item.kind not in ("word", "("):
            break
    return 0


def _is_name(items: list[Item], index: int) -> bool:
    return items[index].kind == "word" and items[index].text not in NEVER_CALLED
