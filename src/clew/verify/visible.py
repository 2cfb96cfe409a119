"""Whether a name can be used at a place: it is declared above, or in a file that is included."""

import re
from collections.abc import Iterator

from clew.link.program import Program
from clew.scan.facts import FileFacts

_NAME = re.compile(r"[A-Za-z_]\w*")


class NameVisibility:
    """Answers for the names of one program; keeps what it found."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._places: dict[str, dict[str, int]] = {}

    def is_visible(self, name: str, path: str, before: int) -> bool:
        """Tell whether *name* is declared in *path* above *before*, or in what *path* includes, or, where
        *path* is a piece of other files, in all of these."""
        places = self._find(name)
        if places.get(path, before) < before:
            return True
        below = self._program.includes.included_by(path) - {path}
        if any(other in places for other in below):
            return True
        above = self._program.includes.including(path) - {path}
        units = [other for other in above if other.endswith(".c")]
        return bool(units) and all(self._includes_one(unit, path, places) for unit in units)

    def _includes_one(self, unit: str, path: str, places: dict[str, int]) -> bool:
        """Tell whether *unit* includes another file than *path* that declares the name.  Whether it does so
        above *path* is for the compiler to say."""
        return any(other in places for other in self._program.includes.included_by(unit) - {unit, path})

    def first_hidden(self, expression: str, path: str, before: int) -> str:
        """Return the first name of a C expression that cannot be used there, or "".  What follows a ``.`` or
        ``->`` is a member."""
        for match in _NAME.finditer(expression):
            head = expression[: match.start()].rstrip()
            if head.endswith((".", "->")):
                continue
            if not self.is_visible(match[0], path, before):
                return match[0]
        return ""

    def _find(self, name: str) -> dict[str, int]:
        """Return where *name* is first declared in each file that declares it."""
        if name not in self._places:
            found = {}
            for path in self._program.paths_with(name):
                offsets = list(_declared(self._program.facts[path], name))
                if offsets:
                    found[path] = min(offsets)
            self._places[name] = found
        return self._places[name]


def _declared(facts: FileFacts, name: str) -> Iterator[int]:
    yield from (one.header.name_span.start for one in facts.functions if one.name == name)
    for group in (facts.prototypes, facts.globals, facts.macros):
        yield from (one.name_span.start for one in group if one.name == name)
