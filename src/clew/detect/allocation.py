"""Memory that nobody had before: what is done to it is done to no structure that is there already."""

import re

from clew.detect.parameters import read_parameters
from clew.link.program import Definition, MacroDefinition, Program

_SOLE_VALUE = r"\b{0}\s*=\s*(?:\([\w\s*]*\)\s*)?([A-Za-z_]\w*)\s*\("


class Allocation:
    """Answers for one program, by the text of functions and macros."""

    def __init__(self, program: Program) -> None:
        self._program = program

    def is_new(self, text: str, name: str) -> bool:
        """Tell whether *name* in *text* only ever is memory that a function made of nothing."""
        given = len(re.findall(rf"\b{name}\s*=(?!=)", text))
        made = re.findall(_SOLE_VALUE.format(name), text)
        filling = [
            m for m in re.findall(rf"\b([A-Za-z_]\w*)\s*\(\s*{name}\s*,", text) if self._allocates_to(m)
        ]
        return given == len(made) and bool(made or filling) and all(map(self._allocates, made))

    def _allocates(self, callee: str) -> bool:
        """Tell whether *callee* returns fresh memory: it is not the tree's, or it returns ``void *`` and is
        given numbers alone, so that it cannot know of what is there."""
        if callee in self._program.macros_by_name:
            return False
        return all(
            "void" in one.function.specifiers
            and "*" in one.function.specifiers
            and not self._takes_pointer(one)
            for one in self._program.definitions_by_name.get(callee, ())
        )

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
