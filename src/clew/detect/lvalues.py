"""Macros to which a variable must not be passed like a value: they assign it, or take its address."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from weakref import WeakKeyDictionary

from clew.link.program import WORD, MacroDefinition, Program
from clew.parse.lvalues import addresses_parameter, assigns_parameter
from clew.scan import find_calls
from clew.scan.lists import split_list
from clew.text.span import Span

Positions = Mapping[str, frozenset[int]]  # of the arguments concerned, by the macro's name

_Predicate = Callable[[str, Iterable[str] | None], bool]
# Every state asks for them, more than once, and they take long to find.
_known: WeakKeyDictionary[Program, dict[_Predicate, Positions]] = WeakKeyDictionary()


def assigning_macros(program: Program) -> Positions:
    """Return the macros that may assign an argument, by themselves or through others."""
    return _closed(program, assigns_parameter)


def addressing_macros(program: Program) -> Positions:
    """Return the macros that may take the address of an argument, as above."""
    return _closed(program, addresses_parameter)


def _closed(program: Program, is_one: _Predicate) -> Positions:
    known = _known.setdefault(program, {})
    if is_one not in known:
        known[is_one] = _find_closed(program, is_one)
    return known[is_one]


def _find_closed(program: Program, is_one: _Predicate) -> Positions:
    macros = [macro for macro in program.macros if macro.macro.params]
    found: dict[str, set[int]] = {}
    for macro in macros:
        body = program.body_of(macro)
        for number, param in enumerate(macro.macro.params or ()):
            if is_one(body, [param]):
                found.setdefault(macro.name, set()).add(number)
    grown = bool(found)
    while grown:
        grown = sum(_spread(program, macro, found) for macro in macros) > 0
    return {name: frozenset(positions) for name, positions in found.items()}


def _spread(program: Program, macro: MacroDefinition, found: dict[str, set[int]]) -> bool:
    """Add what *macro* passes on to the macros *found*; tell whether there is anything new."""
    body = program.body_of(macro)
    if found.keys().isdisjoint(WORD.findall(body)):
        return False
    known = {name: frozenset(positions) for name, positions in found.items()}
    new = {
        number
        for number, param in enumerate(macro.macro.params or ())
        if next(find_passed(body, param, known), None) is not None
    } - found.get(macro.name, set())
    found.setdefault(macro.name, set()).update(new)
    return bool(new)


def find_passed(text: str, name: str, macros: Positions) -> Iterator[int]:
    """Yield where *name* is an argument of one of *macros* in *text*, at one of its positions."""
    if not macros or name not in text or macros.keys().isdisjoint(WORD.findall(text)):
        return
    alone = re.compile(rf"[\s(]*\b({re.escape(name)})\b[\s)]*")
    for call in find_calls(text, Span(0, len(text))):
        if call.name in macros and call.close > 0:
            arguments = split_list(text, Span(call.open, call.close + 1)).spans
            for number in macros[call.name]:
                span = arguments[number] if number < len(arguments) else Span(0, 0)
                match = alone.fullmatch(text, span.start, span.end)
                if match is not None:
                    yield match.start(1)
