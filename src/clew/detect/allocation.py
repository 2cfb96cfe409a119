"""Memory that nobody had before: what is done to it is done to no structure that is there already."""

import re

from clew.detect.library_memory import FRESH
from clew.detect.parameters import read_parameters
from clew.link.program import Definition, MacroDefinition, Program
from clew.scan import called_names

_SOLE_VALUE = r"\b{0}\s*=\s*(?:\([\w\s*]*\)\s*)?([A-Za-z_]\w*)\s*\("


class Allocation:
    """Answers for one program, by the text of functions and macros."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._asked: set[str] = set()

    def is_new(self, text: str, name: str) -> bool:
        """Tell whether *name* in *text* only ever is memory that a function made of nothing."""
        given = len(re.findall(rf"\b{name}\s*=(?!=)", text))
        made = re.findall(_SOLE_VALUE.format(name), text)
        filling = [
            m for m in re.findall(rf"\b([A-Za-z_]\w*)\s*\(\s*{name}\s*,", text) if self._allocates_to(m)
        ]
        return given == len(made) and bool(made or filling) and all(map(self._allocates, made))

    def _allocates(self, callee: str) -> bool:
        """Tell whether *callee* returns fresh memory: ISO C and POSIX say so, or it returns ``void *``, is
        given numbers alone, and uses a function that does."""
        if callee in FRESH:
            return True
        if callee in self._program.macros_by_name or callee in self._asked:
            return False
        self._asked.add(callee)
        found = self._program.definitions_by_name.get(callee, ())
        answer = bool(found) and all(
            "void" in one.function.specifiers
            and "*" in one.function.specifiers
            and not self._takes_pointer(one)
            and any(map(self._allocates, sorted(self._names_in(one))))
            for one in found
        )
        self._asked.discard(callee)
        return answer

    def _names_in(self, definition: Definition) -> set[str]:
        self._program.interest.words.add(definition.name)  # its body tells
        body, masked = definition.function.body, self._program.facts[definition.path].masked
        return called_names(masked, body)

    def _takes_pointer(self, definition: Definition) -> bool:
        header = definition.function.header
        return any("*" in one.type for one in read_parameters(self._program, definition.path, header))

    def _allocates_to(self, callee: str) -> bool:
        """Tell whether *callee* is a macro that sets its first argument to fresh memory."""
        macros = self._program.macros_by_name.telling(callee)
        found = [self._allocation(macro) for macro in macros]
        return bool(found) and all(one is not None and self._allocates(one) for one in found)

    def _allocation(self, macro: MacroDefinition) -> str | None:
        """Return what the body of *macro* sets its first parameter to a call of: ``(x) = allocate(...)``."""
        first = re.escape(next(iter(macro.macro.params or ()), ""))
        found = (
            re.match(_SOLE_VALUE.format(rf"{first}\s*\)?"), self._program.body_of(macro).lstrip(" ("))
            if first
            else None
        )
        return None if found is None else found[1]
