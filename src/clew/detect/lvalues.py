"""Macros to which a variable must not be passed like a value: they assign it, or take its address."""

import re
from collections.abc import Callable, Iterable, Iterator

from clew.link.program import WORD, Program
from clew.parse.lvalues import addresses_parameter, assigns_parameter

Predicate = Callable[[str, Iterable[str] | None], bool]


def assigning_macros(program: Program) -> frozenset[str]:
    """Return the names of macros that may assign an argument, by themselves or through others."""
    return _closed(program, assigns_parameter)


def addressing_macros(program: Program) -> frozenset[str]:
    """Return the names of macros that may take the address of an argument, as above."""
    return _closed(program, addresses_parameter)


def _closed(program: Program, is_one: Predicate) -> frozenset[str]:
    """Return the macros that *is_one* holds for, and those with parameters that mention one of them."""
    bodies = [(m.name, m.macro.params, program.body_of(m)) for m in program.macros if m.macro.params]
    found = {name for name, params, body in bodies if is_one(body, params)}
    grown = bool(found)
    while grown:
        more = {name for name, _, body in bodies if not found.isdisjoint(WORD.findall(body))}
        grown = not more <= found
        found |= more
    return frozenset(found)


def find_passed(text: str, name: str, macros: frozenset[str]) -> Iterator[int]:
    """Yield where *name* may stand in an argument of one of *macros* in *text*."""
    if name not in text or macros.isdisjoint(WORD.findall(text)):
        return
    pattern = re.compile(rf"\b(?:{'|'.join(sorted(macros))})\s*\([^;{{}}]*?\b({name})\b")
    for match in pattern.finditer(text):
        yield match.start(1)
