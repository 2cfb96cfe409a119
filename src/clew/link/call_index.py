"""Who calls a name: the functions, and the macros in whose bodies it stands."""

import re
from array import array
from collections.abc import Collection, Iterator
from functools import cache, cached_property

from clew.link.macro_index import MacroDefinition
from clew.link.outline import pack_macro
from clew.link.program import WORD, Program
from clew.scan import called_names
from clew.scan.facts import Macro
from clew.text.span import Span

_LEAST_LITERAL = 3
_ENDS_WITH_NAME = re.compile(r"\w[ \t)]*\Z")
_PASTE = re.compile(r"(\w+)\s*##\s*(\w+)(?:\s*##\s*(\w+))?")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return *pattern*, which is asked about many names, compiled: there are more than `re` remembers."""
    return re.compile(pattern)


class CallIndex:
    """Look-ups by name over the bodies of a program; no edge is made before somebody asks for it."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._called_by: dict[int, tuple[frozenset[str], list[str]]] = {}
        self._pasters: dict[str, list[int]] = {}

    @cached_property
    def calls(self) -> dict[str, "array[int]"]:
        """The indices of the functions that call a name, in order."""
        found: dict[str, array[int]] = {}
        for index, names in enumerate(self._calls_in_order()):
            for name in names:
                known = found.get(name)
                if known is None:
                    found[name] = array("I", (index,))
                else:
                    known.append(index)
        return found

    def _calls_in_order(self) -> Iterator[frozenset[str] | list[str]]:
        for path, outline in self._program.outlines.items():
            if not outline.functions:
                continue
            if outline.details is not None:
                yield from (line.split() for line in outline.details.calls.split("\n"))
            else:
                facts = self._program.facts[path]
                yield from (self._remember(path, n, facts.masked) for n in range(len(facts.functions)))

    def _remember(self, path: str, number: int, masked: str) -> frozenset[str]:
        names = frozenset(called_names(masked, self._program.facts[path].functions[number].body))
        self._names.setdefault(path, []).append(names)
        return names

    @cached_property
    def _names(self) -> dict[str, list[frozenset[str]]]:
        """What each function calls, by file."""
        return {}

    def names_called(self, index: int) -> frozenset[str]:
        """Return the names that function *index* calls."""
        definition = self._program.definitions[index]
        details = self._program.outlines[definition.path].details
        if details is not None and definition.path not in self._names:
            lines = details.calls.split("\n")
            self._names[definition.path] = [frozenset(line.split()) for line in lines]
        elif not self._names:
            _ = self.calls
        return self._names[definition.path][definition.number]

    @cached_property
    def words(self) -> dict[str, "array[int]"]:
        """The indices of the macros in the text of whose bodies a word stands, in order."""
        found: dict[str, array[int]] = {}
        find = WORD.findall
        for index, raw in self._program.macros.bodies():
            for word in dict.fromkeys(find(raw)):
                known = found.get(word)
                if known is None:
                    found[word] = array("I", (index,))
                else:
                    known.append(index)
        return found

    def uses(self, macro: MacroDefinition, name: str) -> bool:
        """Tell whether the body of *macro*, which mentions *name*, calls it, ends with it (``#define size
        length``: the call's parentheses come from outside), or may mean an object-like macro by it."""
        if name == macro.name or name in (macro.macro.params or ()):
            return False
        called, last = self._parts(macro)
        return name in called or name in last or self._is_object(name)

    def _parts(self, macro: MacroDefinition) -> tuple[frozenset[str], list[str]]:
        known = self._called_by.get(macro.index)
        if known is None:
            body = self._program.body_of(macro)
            called = frozenset(called_names(body, Span(0, len(body))))
            last = WORD.findall(body)[-1:] if _ENDS_WITH_NAME.search(body) else []
            known = self._called_by[macro.index] = (called, last)
        return known

    def _is_object(self, name: str) -> bool:
        macros = self._program.macros_by_name
        return macros.is_constant(name) or any(one.macro.params is None for one in macros.telling(name))

    def names_used(self, macro: MacroDefinition) -> Iterator[str]:
        """Yield the names of functions and macros that the body of *macro* uses."""
        functions, macros = self._program.definitions_by_name, self._program.macros_by_name
        for word in dict.fromkeys(WORD.findall(self._program.macros.raw_body(macro))):
            if (word in functions or word in macros) and self.uses(macro, word):
                yield word

    def readers(self, names: Collection[str]) -> Iterator[tuple[str, list[str]]]:
        """Yield the files in whose code some of *names*, macros without parameters, may stand, with these."""
        outlines = self._program.outlines
        if self._has_texts:
            yield from self._program.files_naming(names)
            return
        found: dict[int, list[str]] = {}
        for name in names:
            for number in self._reading.get(name, ()):
                found.setdefault(number, []).append(name)
        paths = tuple(outlines) if found else ()
        yield from ((paths[number], found[number]) for number in sorted(found))

    @cached_property
    def _has_texts(self) -> bool:
        return any(outline.details is None for outline in self._program.outlines.values())

    @cached_property
    def _reading(self) -> dict[str, "array[int]"]:
        """The numbers of the files in whose code macros without parameters stand, by their names."""
        outlines = self._program.outlines.values()
        macros = (macro for outline in outlines for _, macro, _ in outline.macros)
        plain = (pack_macro(macro) if isinstance(macro, Macro) else macro for macro in macros)
        objects = {name for name, _, params, *_ in plain if params is None}
        found: dict[str, array[int]] = {}
        for number, outline in enumerate(outlines):
            words = outline.details.words.split("\n") if outline.details is not None else ()
            for name in objects.intersection(words):
                found.setdefault(name, array("I")).append(number)
        return found

    # names that ## builds

    @cached_property
    def _pasting(self) -> dict[str, list[tuple[int, str]]]:
        """The macros that build names, with patterns for these, by the longest literal part of the name."""
        found: dict[str, list[tuple[int, str]]] = {}
        for macro in self._program.macros.telling_with(lambda raw: "##" in raw):
            for literal, pattern in self._templates(macro):
                found.setdefault(literal, []).append((macro.index, pattern))
        return found

    def _templates(self, macro: MacroDefinition) -> Iterator[tuple[str, str]]:
        """Yield the longest literal part, and a pattern, of each name that *macro* builds with ``##``."""
        params = set(macro.macro.params or ())
        for match in _PASTE.finditer(self._program.body_of(macro)):
            parts = [part for part in match.groups() if part]
            literal = "".join(part for part in parts if part not in params)
            if len(literal.strip("_")) < _LEAST_LITERAL:
                continue  # too little to go by: the name is whatever the arguments say
            longest = max((part for part in parts if part not in params), key=len)
            yield longest, "".join(r"\w+" if part in params else re.escape(part) for part in parts)

    def pasters(self, name: str) -> list[int]:
        """Return the indices of the macros in whose bodies ``##`` may build *name*, that of a function."""
        known = self._pasters.get(name)
        if known is None:
            fitting = (self._pasting[literal] for literal in self._literals_in(name))
            known = [
                index for found in fitting for index, pattern in found if _compiled(pattern).fullmatch(name)
            ]
            self._pasters[name] = known
        return known

    def _literals_in(self, name: str) -> list[str]:
        """Return the literal parts of built names that *name* contains."""
        first = self._literals_by_start
        found = {literal for literal in first.get("", ()) if literal in name}
        for at in range(len(name) - _LEAST_LITERAL + 1):
            for literal in first.get(name[at : at + _LEAST_LITERAL], ()):
                if name.startswith(literal, at):
                    found.add(literal)
        return sorted(found)

    @cached_property
    def _literals_by_start(self) -> dict[str, list[str]]:
        """The literal parts of built names by their first characters, short ones under ""."""
        found: dict[str, list[str]] = {}
        for literal in self._pasting:
            start = literal[:_LEAST_LITERAL] if len(literal) >= _LEAST_LITERAL else ""
            found.setdefault(start, []).append(literal)
        return found

    @cached_property
    def _function_names(self) -> str:
        return "\n".join(["", *self._program.definitions_by_name, ""])  # quicker to search than many

    def pasted_names(self, macro: MacroDefinition) -> set[str]:
        """Return the function names that ``##`` in *macro*'s body may build."""
        found: set[str] = set()
        for literal, pattern in self._templates(macro):
            found.update(filter(re.compile(pattern).fullmatch, self._names_with(literal)))
        return found

    def _names_with(self, literal: str) -> Iterator[str]:
        """Yield the names of functions that contain *literal*."""
        names = self._function_names
        at = names.find(literal)
        while at >= 0:
            end = names.index("\n", at)
            yield names[names.rindex("\n", 0, at) + 1 : end]
            at = names.find(literal, end)
