"""Whether a file can see a type: itself, or through what it includes, by name."""

import re

from clew.detect.spelled_type import type_words
from clew.link.program import Program


class TypeVisibility:
    """Answers for one type; keeps what it found."""

    def __init__(self, program: Program, type_text: str) -> None:
        self._program = program
        words = type_words(type_text)
        self._name = words[-1] if words else ""
        tagged = re.search(r"\b(struct|union|enum)\s+(\w+)", type_text)
        self._pattern = re.compile(
            rf"\b{tagged.group(1)}\s+{tagged.group(2)}\b"
            if tagged
            else rf"(?<!struct )(?<!union )(?<!enum )\b{self._name}\b"
        )
        self._tagged = tagged is not None
        self._known: dict[str, bool] = {}
        self._firsts: dict[str, int | None] = {}  # where the first mention in a file ends

    def is_visible(self, path: str, before: int) -> bool:
        """Tell whether the type is declared in a file that *path* includes, or in *path* above *before*.

        A file of which an include cannot be resolved gets the benefit of the doubt.
        """
        if path not in self._firsts:
            first = self._pattern.search(self._program.facts[path].masked)
            self._firsts[path] = first.end() if first else None
        end = self._firsts[path]
        return (end is not None and end <= before) or self._from_includes(path)

    def _from_includes(self, path: str) -> bool:
        if path not in self._known:
            below = self._program.includes.included_by(path) - {path}
            self._known[path] = any(self._declares(other) for other in below) or self._is_fragment(path)
        return self._known[path]

    def _declares(self, path: str) -> bool:
        facts = self._program.facts[path]
        if self._tagged:
            return self._name in self._program.sources[path].text and bool(self._pattern.search(facts.masked))
        return any(typedef.name == self._name for typedef in facts.typedefs) or any(
            macro.name == self._name for macro in facts.macros
        )

    def _is_fragment(self, path: str) -> bool:
        """Tell whether *path* relies on its includers: every file that includes it sees the type."""
        above = self._program.includes.includers.get(path, frozenset())
        return bool(above) and all(self._sees(other) for other in above)

    def _sees(self, path: str) -> bool:
        self._known.setdefault(path, False)  # ends recursion
        masked = self._program.facts[path].masked
        below = self._program.includes.included_by(path) - {path}
        return self._pattern.search(masked) is not None or any(self._declares(other) for other in below)
