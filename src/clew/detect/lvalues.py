"""Macros to which a variable must not be passed like a value: they assign it, or take its address."""

import re
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
    return _Closure(program, find_names)


class _Closure(Mapping[str, frozenset[int]]):
    """The positions of macros, found for those that are asked about, and for those that they use."""

    def __init__(self, program: Program, find_names: Callable[[str], set[str]]) -> None:
        self._program, self._find_names = program, find_names
        self._known: dict[str, frozenset[int]] = {}  # with those that have none

    def __getitem__(self, name: str) -> frozenset[int]:
        if name not in self:
            raise KeyError(name)
        return self._known[name]

    def __contains__(self, name: object) -> bool:
        if name not in self._known:
            self._close(str(name))
        return bool(self._known[str(name)])

    def __iter__(self) -> Iterator[str]:
        names = {macro.name for macro in self._program.macros.telling if macro.macro.params}
        return (name for name in sorted(names) if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def _close(self, name: str) -> None:
        """Find the positions of *name*, and of every macro that it uses: nothing else bears on them."""
        near = self._used_by(name)
        for one, macros in near.items():
            self._known[one] = frozenset().union(*map(self._own, macros))
        todo = [one for one, macros in near.items() if macros]
        changed = True
        while changed:
            changed = False
            for one in todo:
                passed = (_passed_on(self._program, macro, self._known) for macro in near[one])
                grown = self._known[one].union(*passed)
                changed |= grown != self._known[one]
                self._known[one] = grown

    def _used_by(self, name: str) -> dict[str, list[MacroDefinition]]:
        """Return the definitions of *name* that take parameters, and of what their bodies may use."""
        found: dict[str, list[MacroDefinition]] = {}
        todo = [name]
        while todo:
            one = todo.pop()
            if one in found or one in self._known:
                continue
            found[one] = [m for m in self._program.macros_by_name.telling(one) if m.macro.params]
            bodies = (self._program.body_of(macro) for macro in found[one])
            todo += {word for body in bodies if "(" in body for word in WORD.findall(body)}
        return found

    def _own(self, macro: MacroDefinition) -> set[int]:
        names = self._find_names(self._program.body_of(macro))
        return {number for number, param in enumerate(macro.macro.params or ()) if param in names}


def _passed_on(program: Program, macro: MacroDefinition, known: Positions) -> Iterator[int]:
    """Yield the positions of the parameters that *macro* passes on to the macros *known*."""
    body = program.body_of(macro)
    for number, param in enumerate(macro.macro.params or ()):
        if next(find_passed(body, param, known), None) is not None:
            yield number


def find_passed(text: str, name: str, macros: Positions) -> Iterator[int]:
    """Yield where *name* is an argument of one of *macros* in *text*, at one of its positions."""
    if name not in text or not any(macros.get(word) for word in dict.fromkeys(WORD.findall(text))):
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
