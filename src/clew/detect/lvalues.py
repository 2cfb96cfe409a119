"""Macros to which a variable must not be passed like a value: they assign it, or take its address."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping

from clew.link.program import WORD, MacroDefinition, Program
from clew.parse.lvalues import addressed_names, assigned_names
from clew.scan import find_calls
from clew.scan.lists import split_list
from clew.text.span import Span

Positions = Mapping[str, frozenset[int]]  # of the arguments concerned, by the macro's name


def assigning_macros(program: Program) -> Positions:
    """Return the macros that may assign an argument, by themselves or through others."""
    return closed_over_arguments(program, assigned_names)


def addressing_macros(program: Program) -> Positions:
    """Return the macros that may take the address of an argument, as above."""
    return closed_over_arguments(program, addressed_names)


def closed_over_arguments(program: Program, find_names: Callable[[str], set[str]]) -> Positions:
    """Return the macros of whose body *find_names* finds a parameter, and those that pass one on to them."""
    macros = [macro for macro in program.macros.telling if macro.macro.params]
    found: dict[str, frozenset[int]] = {}
    users: dict[str, list[MacroDefinition]] = defaultdict(list)
    for macro in macros:
        body, params = program.body_of(macro), macro.macro.params or ()
        if "(" in body:
            for word in set(WORD.findall(body)):
                users[word].append(macro)
        names = find_names(body)
        own = {number for number, param in enumerate(params) if param in names} if names else ()
        if own:
            found[macro.name] = found.get(macro.name, frozenset()).union(own)
    todo = list(found)
    while todo:
        name = todo.pop()
        for macro in users[name]:
            grown = found.get(macro.name, frozenset()).union(_passed_on(program, macro, found))
            if grown != found.get(macro.name, frozenset()):
                found[macro.name] = grown
                todo.append(macro.name)
    return found


def _passed_on(program: Program, macro: MacroDefinition, known: Positions) -> Iterator[int]:
    """Yield the positions of the parameters that *macro* passes on to the macros *known*."""
    body = program.body_of(macro)
    for number, param in enumerate(macro.macro.params or ()):
        if next(find_passed(body, param, known), None) is not None:
            yield number


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
