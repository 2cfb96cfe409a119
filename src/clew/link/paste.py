"""Names that ``##`` builds.

A function whose name a macro may build out of pieces has calls that no search for its name finds.  The
pieces are literal, or come from the arguments of the macro's invocations; both are looked at, so that
``visit_ ## kind`` claims ``visit_node`` only if some invocation mentions ``node``.
"""

import re
from collections.abc import Iterable

from clew.link.program import WORD, MacroDefinition, Program
from clew.scan import find_calls
from clew.text.span import Span

_CHAIN = re.compile(r"\w+(?:\s*##\s*\w+)+")


class PasteIndex:
    """Answers which macro may build a name."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._words: dict[str, frozenset[str]] = {}
        pasting = (macro for macro in program.macros if macro.macro.pastes and macro.macro.params)
        self._chains = [(macro, chain) for macro in pasting for chain in self._find_chains(macro)]

    def _find_chains(self, macro: MacroDefinition) -> list[tuple[str, ...]]:
        params = set(macro.macro.params or ())
        found = (re.split(r"\s*##\s*", match.group()) for match in _CHAIN.finditer(self._program.body_of(macro)))
        return [tuple(parts) for parts in found if any(part in params for part in parts)]

    def builders(self, names: Iterable[str]) -> dict[str, MacroDefinition]:
        """Return for each of *names* that some macro may build one such macro."""
        wanted = list(names)
        found: dict[str, MacroDefinition] = {}
        for macro, chain in self._chains:
            params = set(macro.macro.params or ())
            pattern = re.compile("".join(r"(\w*)" if part in params else re.escape(part) for part in chain))
            for name in wanted:
                if name not in found and pattern.fullmatch(name) and self._can_build(macro, chain, name):
                    found[name] = macro
        return found

    def _can_build(self, macro: MacroDefinition, chain: tuple[str, ...], name: str) -> bool:
        """Split *name* along *chain* in every way, and ask whether invocations supply the pieces."""
        words = self._invocation_words(macro.name) | {""}
        params = set(macro.macro.params or ())
        rests = {name}
        for part in chain:
            if part in params:
                rests = {rest[len(word) :] for rest in rests for word in words if rest.startswith(word)}
            else:
                rests = {rest[len(part) :] for rest in rests if rest.startswith(part)}
        return "" in rests

    def _invocation_words(self, macro_name: str) -> frozenset[str]:
        """Return all words in the arguments of invocations of *macro_name*, through enclosing macros too."""
        if macro_name not in self._words:
            self._words[macro_name] = frozenset()  # ends recursion
            self._words[macro_name] = frozenset(self._collect(macro_name))
        return self._words[macro_name]

    def _collect(self, macro_name: str) -> set[str]:
        found: set[str] = set()
        for path in self._program.paths_with(macro_name):
            found |= _argument_words(self._program.facts[path].masked, macro_name)
            for outer in self._program.macros_by_path.get(path, ()):
                if macro_name in outer.macro.body.of(self._program.sources[path].text):
                    words = _argument_words(self._program.body_of(outer), macro_name) or set(
                        WORD.findall(self._program.body_of(outer))
                    )
                    found |= words
                    if words & set(outer.macro.params or ()):
                        found |= self._invocation_words(outer.name)
        return found


def _argument_words(code: str, macro_name: str) -> set[str]:
    found: set[str] = set()
    for match in re.finditer(rf"\b{macro_name}\s*\(", code):
        calls = find_calls(code, Span(match.start(), min(len(code), match.start() + 4000)))
        first = next(iter(calls), None)
        end = first.close if first is not None and first.name == macro_name else match.end() + 200
        found |= set(re.findall(r"\w+", code[match.end() : end]))
    return found
