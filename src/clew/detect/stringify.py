"""Arguments of macros that become strings: their text is part of what the program does."""

import re

from clew.link.program import WORD, Program
from clew.scan import find_calls
from clew.text.span import Span

_OPERAND = re.compile(r"(?<!#)#(?!#)\s*(\w+)")


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
            macros = [macro for macro in self._program.macros if macro.macro.params]
            bodies = [(m.name, set(m.macro.params or ()), self._program.body_of(m)) for m in macros]
            found = {name for name, params, body in bodies if not params.isdisjoint(_OPERAND.findall(body))}
            # A parameter means what is passed, whatever macro has its name elsewhere.
            words = [(name, set(WORD.findall(body)) - params) for name, params, body in bodies]
            grown = bool(found)
            while grown:
                more = {name for name, used in words if not found.isdisjoint(used)}
                grown = not more <= found
                found |= more
            self._macros = frozenset(found)
        return self._macros
