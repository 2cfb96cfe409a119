"""Find the name that a declaration declares, and its parameters if that is a function.

Without a preprocessor a macro looks like anything: ``PyAPI_FUNC(int) f(int x)``, ``f(int x) GCC((cold))``
and ``STRINGLIB(find)(int x)`` all hold two parentheses.  What stands before and within each of them
decides; the rules are those of `_choose`.
"""

import re
from dataclasses import dataclass

from clew.scan.items import (
    Item,
    cannot_be_parameters,
    has_type,
    is_candidate,
    is_identifier_list,
    list_items,
    looks_like_parameters,
)
from clew.scan.lexis import NEVER_CALLED, TAG_WORDS, TYPE_WORDS, WORD
from clew.text.span import Span

_POINTER = re.compile(rf"\(\s*+(?:{WORD}\s++)*?[*^]", re.ASCII)
_PARENTHESISED = re.compile(rf"\(\s*+({WORD})\s*+\)$", re.ASCII)
_WRAPPED = re.compile(r"\(\s*+\(", re.ASCII)
_DEEPEST = 8


@dataclass(frozen=True, slots=True)
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
    candidates = [
        index
        for index in range(len(items) - 1)
        if is_candidate(items, index)
        and not cannot_be_parameters(items[index + 1].text)
        and not _is_suffix(items, index)
    ]
    chosen = _choose(items, candidates)
    if chosen is None:
        return _find_variable(items)
    group = items[chosen + 1]
    name, params = items[chosen], Span(group.start, group.end)
    typed = has_type(items[:chosen])
    if _WRAPPED.match(group.text) and chosen and _is_name(items, chosen - 1) and has_type(items[: chosen - 1]):
        inner = list_items(piece[: group.end - 1], group.start + 1)
        if len(inner) == 1 and inner[0].kind == "(" and (looks_like_parameters(inner[0].text)):
            chosen, name, params = chosen - 1, items[chosen - 1], Span(inner[0].start, inner[0].end)
    return Declarator(Span(name.start, name.end), params, typed, chosen)


def _choose(items: list[Item], candidates: list[int]) -> int | None:
    """Choose among words before parentheses the one that is the function's name.

    A first one without a type before it makes the type, if a declarator follows.  Of the others, it
    is the last whose parenthesis can only be parameters; failing that, the first with a type.
    """
    while candidates and _is_prefix(items, candidates[0]):
        if not any(item.kind in ("word", "*") for item in items[candidates[0] + 2 :]):
            break
        candidates = candidates[1:]
    for index in reversed(candidates):
        if looks_like_parameters(items[index + 1].text):
            return index
    return candidates[0] if candidates else None


def _is_suffix(items: list[Item], index: int) -> bool:
    """Tell whether a macro call follows a variable: ``int rows INIT(TRUE)``.  Only its upper case tells
    it from ``MACRO int f(type)``."""
    return (
        index > 1
        and items[index].text.isupper()
        and is_identifier_list(items[index + 1].text)
        and _is_name(items, index - 1)
        and index - 1 >= skip_tag(items)
        and has_type(items[: index - 1])
    )


def _find_wrapped(piece: str, items: list[Item], depth: int) -> Declarator | None:
    """Find a declarator in parentheses of its own: ``(*f)(int)``, ``(*f(int))(int)``, ``(f)(int)``; or a
    name that a macro makes: ``NAME(f)(int)``."""
    for index in range(len(items) - 1):
        group, following = items[index], items[index + 1]
        if group.kind != "(" or following.kind not in ("(", "["):
            continue
        typed = has_type(items[:index])
        if _POINTER.match(group.text):
            if depth >= _DEEPEST:
                return None
            inner = find_declarator(piece, list_items(piece[: group.end - 1], group.start + 1), depth + 1)
            return inner and Declarator(inner.name, inner.params, typed, index)
        before = items[index - 1] if index else None
        made = before is not None and is_candidate(items, index - 1) and has_type(items[: index - 1])
        params = Span(following.start, following.end) if following.kind == "(" else None
        if made and before is not None:
            return Declarator(Span(before.start, group.end), params, True, index - 1)
        if params is None:
            continue
        found = _PARENTHESISED.match(group.text)
        if found and found[1] not in NEVER_CALLED:
            start = group.start + found.start(1)
            return Declarator(Span(start, start + len(found[1])), params, typed, index)
    if len(items) > 1 and items[-1].kind == "(" and depth < _DEEPEST:
        before, group = items[-2], items[-1]
        if before.kind == "*" or before.text in TYPE_WORDS:  # T *(names[3])
            inner = find_declarator(piece, list_items(piece[: group.end - 1], group.start + 1), depth + 1)
            return inner and Declarator(inner.name, inner.params, True, len(items) - 1)
    return None


def _find_variable(items: list[Item]) -> Declarator | None:
    """Find the last word before an array's bounds, a bit-field's width or the end."""
    last, start = -1, skip_tag(items)
    for index in range(start, len(items)):
        item = items[index]
        if item.kind in ("[", ":"):
            break
        if item.kind == "(":
            continue
        if item.kind not in ("word", "*", '"'):
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
            index += 1
            if index < len(items) and items[index].kind == "word":
                index += 1
            while index < len(items) and items[index].kind != "{" and _has_body(items, index):
                index += 1
            return index + (index < len(items) and items[index].kind == "{")
        if item.kind not in ("word", "("):
            break
    return 0


def _is_prefix(items: list[Item], index: int) -> bool:
    """Tell whether the macro call at *index* has no type before it, or only other macro calls."""
    if not has_type(items[:index]):
        return True
    words = [item for number, item in enumerate(items[:index]) if not is_candidate(items, number)]
    return not has_type(words) and not looks_like_parameters(items[index + 1].text)


def _has_body(items: list[Item], index: int) -> bool:
    return any(item.kind == "{" for item in items[index:])


def _is_name(items: list[Item], index: int) -> bool:
    text = items[index].text
    return items[index].kind == "word" and text not in NEVER_CALLED and text not in TYPE_WORDS
