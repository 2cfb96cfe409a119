"""Arguments of macros that become strings: their text is part of what the program does."""

import re

from clew.link.program import WORD, Program
from clew.scan import find_calls
from clew.text.span import Span

_OPERAND = re.compile(r"(?<!#)#(?!#)\s*(\w+)")

_ARGUMENT = re.compile(r"(?<=[(,])\s*(\w+)\s*(?=[,)])")


class Stringifying:
    """Answers for one program: which macros turn an argument into a string, themselves or by others."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._macros: frozenset[str] | None = None

    def around(self, path: str, offset: int) -> str:
        """Return the macro that is given the text at *offset* of *path* and may make a string of it."""
        if not self._names():
            return ""
        definition = self._program.enclosing(path, offset)
        macro = None if definition else self._program.enclosing_macro(path, offset)
        if definition is not None:
            return self._in(self._program.facts[path].masked, definition.function.body, offset)
        if macro is not None:
            body, start = self._program.body_of(macro), macro.macro.body.start
            return self._in(body, Span(0, len(body)), offset - start)
        return ""

    def _in(self, code: str, span: Span, offset: int) -> str:
        names = self._names()
        if names.isdisjoint(WORD.findall(code, span.start, span.end)):
            return ""
        calls = (call for call in find_calls(code, span) if call.name in names)
        return next((call.name for call in calls if call.open < offset < call.close), "")

    def _names(self) -> frozenset[str]:
        if self._macros is None:
            macros = [macro for macro in self._program.macros.telling if macro.macro.params]
            bodies = [(m.name, set(m.macro.params or ()), self._program.body_of(m)) for m in macros]
            hashed = ((name, params, _OPERAND.findall(body)) for name, params, body in bodies if "#" in body)
            found = {name for name, params, operands in hashed if not params.isdisjoint(operands)}
            words = [frozenset(WORD.findall(body)) for *_, body in bodies] if found else []
            grown = bool(found)
            while grown:
                near = [one for one, own in zip(bodies, words, strict=True) if not own.isdisjoint(found)]
                more = {name for name, params, body in near if _hands_on(params, body, found)}
                grown = not more <= found
                found |= more
            self._macros = frozenset(found)
        return self._macros


def _hands_on(params: set[str], body: str, names: set[str]) -> bool:
    """Tell whether the macro *body* gives one of its *params* to a macro of *names*, or the name of such a
    macro to whatever else."""
    names = names - params  # a parameter means what is passed, whatever macro has its name elsewhere
    if names.isdisjoint(WORD.findall(body)):
        return False
    whole = Span(0, len(body))
    calls = (call for call in find_calls(body, whole) if call.name in names)
    if any(not params.isdisjoint(WORD.findall(body, call.open, call.close)) for call in calls):
        return True
    return any(match.group(1) in names for match in _ARGUMENT.finditer(body))
