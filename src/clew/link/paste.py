"""Names that ``##`` builds.

A function whose name a macro may build out of pieces has calls that no search for its name finds.  The
pieces are literal, or come from the arguments of the macro's invocations; both are looked at, so that
``visit_ ## kind`` claims ``visit_node`` only if some invocation mentions ``node``.
"""

import re
from collections.abc import Iterable

from clew.link.program import WORD, MacroDefinition, Program

_BRACKET = re.compile(r"[()]")
_LAST_WORD = re.compile(r"([A-Za-z_]\w*)\s*\Z")
_FARTHEST = 400  # characters from the name of a list to an argument of it
_CHAIN = re.compile(r"\w+(?:\s*##\s*\w+)+")


class PasteIndex:
    """Answers which macro may build a name."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._words: dict[str, frozenset[str]] = {}
        pasting = program.macros.telling_with(lambda raw: "##" in raw)
        self._chains = [
            (macro, chain) for macro in pasting if macro.macro.params for chain in self._find_chains(macro)
        ]

    def _find_chains(self, macro: MacroDefinition) -> list[tuple[str, ...]]:
        params = set(macro.macro.params or ())
        found = (
            re.split(r"\s*##\s*", match.group()) for match in _CHAIN.finditer(self._program.body_of(macro))
        )
        return [tuple(parts) for parts in found if any(part in params for part in parts)]

    def builders(self, symbols: Iterable[tuple[str, str]]) -> dict[tuple[str, str], MacroDefinition]:
        """Return for each of *symbols* (name, and home file or "") that a macro of its translation units may
        build one such macro."""
        wanted = list(symbols)
        found: dict[tuple[str, str], MacroDefinition] = {}
        for macro, chain in self._chains:
            params = set(macro.macro.params or ())
            pattern = re.compile("".join(r"(\w*)" if part in params else re.escape(part) for part in chain))
            for symbol in wanted:
                if symbol not in found and pattern.fullmatch(symbol[0]) and self._is_seen(macro, symbol[1]):
                    if self._can_build(macro, chain, symbol[0]):
                        found[symbol] = macro
        return found

    def _is_seen(self, macro: MacroDefinition, home: str) -> bool:
        return not home or self._program.includes.share_unit(home, macro.path)

    def _can_build(self, macro: MacroDefinition, chain: tuple[str, ...], name: str) -> bool:
        """Split *name* along *chain* in every way, and ask whether invocations supply the pieces."""
        words = self._invocation_words(macro.name) | {""}
        params = set(macro.macro.params or ())
        rests = {name}
        for part in chain:
            if part in params:
                rests = {rest[k:] for rest in rests for k in range(len(rest) + 1) if rest[:k] in words}
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
            masked = self._program.facts[path].masked
            found |= _argument_words(masked, macro_name) | self._list_words(masked, macro_name)
            for outer in self._program.macros_by_path.get(path, ()):
                if macro_name in outer.macro.body.of(self._program.sources[path].text):
                    words = _argument_words(self._program.body_of(outer), macro_name) or set(
                        WORD.findall(self._program.body_of(outer))
                    )
                    found |= words | self._list_words(self._program.body_of(outer), macro_name)
                    if words & set(outer.macro.params or ()):
                        found |= self._invocation_words(outer.name)
        return found

    def _list_words(self, code: str, macro_name: str) -> set[str]:
        """Return the words that macros in *code* may give to *macro_name*, which is their argument: those of
        ``#define LIST(X) X(one) X(two)`` for ``LIST(macro_name)``."""
        found: set[str] = set()
        for match in re.finditer(rf"{macro_name}(?<!\w{macro_name})\s*[,)]", code):
            opening = _open_before(code, match.start())
            user = _LAST_WORD.search(code, max(0, opening - _FARTHEST), opening)
            if user is not None and user.group(1) in self._program.macros_by_name:
                found |= self._words_of(user.group(1)) | _argument_words(code, user.group(1))
        return found

    def _words_of(self, macro_name: str) -> set[str]:
        """Return the words in what *macro_name* stands for, with the macros in it."""
        found, pending = set[str](), [macro_name]
        while pending:
            for macro in self._program.macros_by_name.telling(pending.pop()):
                words = set(WORD.findall(self._program.body_of(macro))) - found
                found |= words
                pending += sorted(word for word in words if word in self._program.macros_by_name)
        return found


def _open_before(code: str, at: int) -> int:
    """Return the offset of the parenthesis that is open at the offset *at*, or 0."""
    depth = 0
    for bracket in reversed(list(_BRACKET.finditer(code, max(0, at - _FARTHEST), at))):
        depth += 1 if bracket.group() == ")" else -1
        if depth < 0:
            return bracket.start()
    return 0


def _argument_words(code: str, macro_name: str) -> set[str]:
    found: set[str] = set()
    for match in re.finditer(rf"{macro_name}(?<!\w{macro_name})\s*\(", code):
        depth = 1
        for bracket in _BRACKET.finditer(code, match.end()):
            depth += 1 if bracket.group() == "(" else -1
            if depth == 0:
                found |= set(re.findall(r"\w+", code[match.end() : bracket.start()]))
                break
    return found
