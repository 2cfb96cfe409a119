"""Names that macros make, whichever of their definitions holds.

No text is expanded as a compiler would: arguments are put in as they stand, and as what they may stand for,
and every name that comes up on the way counts; of variables, whose mentions are seen, only those that are
pasted.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence

from clew.link.program import WORD, Program
from clew.scan import find_calls
from clew.scan.facts import Call
from clew.scan.lexis import NEVER_CALLED
from clew.scan.lists import split_list
from clew.text.span import Span

_MOST_LEVELS = 6
_MOST_TEXT = 4_000  # characters
_PASTE = re.compile(r"\s*##\s*")
_NAME = re.compile(r"([A-Za-z_]\w*)[\s)]*\(|\(\s*([A-Za-z_]\w*)\s*\)")
_LIST = re.compile(r"\([^()]*\)")
_BLOCK = re.compile(r"\{[^{}]*\}")


class Expansions:
    """Answers for one program; keeps them.  Of the macros that come up, those *within* are expanded (None:
    all).  Where names are looked for that macros *define*, those in blocks and of parameters do not count,
    nor pieces of pasted ones."""

    def __init__(
        self, program: Program, within: Container[str] | None = None, *, define: bool = False
    ) -> None:
        self._program, self._within, self._define = program, within, define
        self._known: dict[tuple[str, tuple[str, ...] | None], frozenset[str]] = {}
        self._objects: dict[str, tuple[str, ...]] = {}

    def names(self, macro: str, arguments: Sequence[str] | None = None, level: int = 0) -> frozenset[str]:
        """Return the names that may come up where *macro* is used, with *arguments* or (None) without."""
        key = (macro, None if arguments is None else tuple(arguments))
        if key not in self._known:
            self._known[key] = frozenset()  # ends recursion
            self._known[key] = frozenset(self._find(macro, arguments, level))
        return self._known[key]

    def names_in(self, text: str) -> frozenset[str]:
        """Return the names that may come up where the macros in *text* are expanded."""
        return frozenset(self._inside(text, 0))

    def texts(self, macro: str, arguments: Sequence[str] | None) -> Iterator[str]:
        """Yield what uses of *macro* become, with arguments in place of the parameters as they stand, and as
        what they stand for; nothing is pasted yet."""
        given = list(arguments or ())
        for one in self._program.macros_by_name.telling(macro):
            params = one.macro.params
            if (params is None) != (arguments is None):
                continue
            body = self._program.body_of(one)
            replaced = [self._replaced(text) for text in given]
            for values in (given, replaced) if replaced != given else (given,):
                text = _substitute(body, params or (), values)
                if len(text) <= _MOST_TEXT:
                    yield text

    def _find(self, macro: str, arguments: Sequence[str] | None, level: int) -> Iterator[str]:
        for apart in self.texts(macro, arguments):
            text = paste(apart)
            if self._define:
                text = without_blocks(text)
                yield from {name for pair in _NAME.findall(text) for name in pair if name} - NEVER_CALLED
                yield from set(WORD.findall(_without_lists(text))) - NEVER_CALLED
            else:
                plain = set(WORD.findall(apart))
                yield from plain - self._program.variables
                if text != apart:
                    yield from set(WORD.findall(text)) - plain
            if level < _MOST_LEVELS:
                yield from self._inside(text, level)

    def _inside(self, text: str, level: int) -> Iterator[str]:
        words = [word for word in dict.fromkeys(WORD.findall(text)) if self._is_expanded(word)]
        for word in words:
            if self._bodies(word):
                yield from self.names(word, None, level + 1)
        for call in find_calls(text, Span(0, len(text))) if words else ():
            if call.close > 0 and call.name in words:
                yield from self.names(call.name, arguments_of(text, call), level + 1)

    def _is_expanded(self, name: str) -> bool:
        return name in self._program.macros_by_name and (self._within is None or name in self._within)

    def _bodies(self, name: str) -> tuple[str, ...]:
        """Return the bodies of the macros without parameters that are called *name*."""
        if name not in self._objects:
            found = (m for m in self._program.macros_by_name.telling(name) if m.macro.params is None)
            self._objects[name] = tuple(self._program.body_of(macro).strip() for macro in found)
        return self._objects[name]

    def _replaced(self, text: str, level: int = 0) -> str:
        """Return *text*, an argument, or what it stands for."""
        bodies = self._bodies(text)
        return self._replaced(bodies[0], level + 1) if bodies and level < _MOST_LEVELS else text


def paste(text: str) -> str:
    """Return *text* with what ``##`` joins in it."""
    return _PASTE.sub("", text) if "##" in text else text


def without_blocks(text: str) -> str:
    """Return *text* without what stands in braces, be they closed or not."""
    return _without(_BLOCK, text).partition("{")[0]


def _without_lists(text: str) -> str:
    """Return *text* without what stands in parentheses, such as parameters."""
    return _without(_LIST, text)


def _without(innermost: re.Pattern[str], text: str) -> str:
    count = 1
    while count:
        text, count = innermost.subn(" ", text)
    return text


def arguments_of(text: str, call: Call) -> list[str]:
    """Return the arguments of *call* in *text*."""
    spans = split_list(text, Span(call.open, call.close + 1)).spans
    return [span.of(text).strip() for span in spans]


def _substitute(body: str, params: Iterable[str], arguments: Sequence[str]) -> str:
    names = list(params)
    given = dict(zip(names, arguments, strict=False))
    if len(arguments) > len(names) > 0:
        given[names[-1]] = ",".join(arguments[len(names) - 1 :])  # a variadic one takes the rest
    return WORD.sub(lambda word: given.get(word[0], word[0]), body) if given else body
