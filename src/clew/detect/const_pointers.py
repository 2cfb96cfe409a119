"""Pointers to const, and whether a function keeps the promise."""

import re
from collections.abc import Collection

from clew.detect.library_memory import READING
from clew.detect.parameters import read_parameters
from clew.detect.spelled_type import type_words
from clew.link.program import WORD, Program
from clew.scan import find_calls
from clew.scan.facts import Call
from clew.scan.lists import split_list
from clew.text.span import Span

_NO_CONST = r"\(\s*(?:(?:struct|union|unsigned)\s+)?\w+(?:\s*\*)+\s*\)[\s(&]*{0}\b"  # a cast of it


class ConstPointers:
    """Answers for pointers to the structure that the type names *words* are about."""

    def __init__(self, program: Program, words: Collection[str]) -> None:
        self._program, self._words = program, frozenset(words)

    def stays(self, code: str, body: Span, name: str) -> bool:
        """Tell whether the function *body* leaves what *name*, a pointer to const, leads to as it is: it
        casts the pointer to no other type, and gives it to nothing that may."""
        if re.compile(_NO_CONST.format(name)).search(code, body.start, body.end):
            return False
        word = re.compile(rf"\b{name}\b(?!\s*(?:->|\.|\[))")
        return not any(
            self._takes_away(call, number)
            for call in find_calls(code, body)
            if call.close > 0 and call.name not in READING and word.search(code, call.open, call.close)
            for number, span in enumerate(split_list(code, Span(call.open, call.close + 1)).spans)
            if word.search(code, span.start, span.end)
        )

    def _takes_away(self, call: Call, number: int) -> bool:
        """Tell whether what is called may make a pointer to something else of argument *number*."""
        if call.name in self._program.macros_by_name:
            return True
        for one in self._program.definitions_by_name.get(call.name, ()):
            specifiers = WORD.findall(one.function.specifiers)
            given = read_parameters(self._program, one.path, one.function.header)[number : number + 1]
            if "const" not in specifiers and not self._words.isdisjoint(specifiers):
                return True
            if any("void" in type_words(parameter.type) for parameter in given):
                return True
        return False
