"""The whole parse stage behind one call: a scanned function in, its control flow out."""

import contextlib
import re
from collections.abc import Collection, Iterable, Mapping

from clew.ahead import Ahead, can_fork
from clew.parse.flow import ParsedFunction, ParsedVariant, not_parsed
from clew.parse.lower import lower
from clew.parse.lower_error import LoweringError
from clew.parse.macros import MacroTable
from clew.parse.parser import Parser, VariantAst
from clew.scan.facts import FileFacts, Function
from clew.text.source import SourceText

Key = tuple[str, int]  # the file, and the offset of the body
# Characters of functions that it takes to be worth a process: about half a second.
MIN_TEXT = 150_000

_ASSIGNMENT = re.compile(r"(?:\A|[;{}])\s*\**\s*\w+(?:\s*(?:->|\.|\[)[^;={}]*)?\s*[-+*/%&|^]?=")


class FunctionParser:
    """Parses functions of one tree on demand; every result says how it was obtained."""

    def __init__(
        self,
        facts: Mapping[str, FileFacts],
        sources: Mapping[str, SourceText],
        types: Collection[str] = (),
        noreturn: Collection[str] = (),
        known: tuple[MacroTable, Collection[str]] | None = None,
    ) -> None:
        """*types* are names of types beyond the typedefs of the tree; *known* are the tree's macros and
        typedefs, where these were collected already."""
        if known is None:
            texts = {path: source.text for path, source in sources.items()}
            typedefs = {typedef.name for one in facts.values() for typedef in one.typedefs}
            known = MacroTable(facts, texts), typedefs
        self._table, names = known
        self._facts, self._sources, self._noreturn = facts, sources, frozenset(noreturn)
        self._parser = Parser(self._table, {*names, *types})
        self._known: dict[tuple[str, int], ParsedFunction] = {}
        self._ahead: Ahead[Key, ParsedFunction] | None = None
        self._by_start: dict[str, dict[int, Function]] = {}
        self._expected: dict[Key, int] = {}  # what no process was told yet, with the lengths

    def parse(self, path: str, function: Function) -> ParsedFunction:
        """Return the control flow of *function*, which stands in *path*."""
        key = (path, function.body.start)
        if key not in self._known and (problem := self._find_problem(path, function)):
            self._known[key] = not_parsed(problem, function.body.start)
        if key not in self._known:
            made = None if self._ahead is None else self._ahead.take(key)
            self._known[key] = made or self._parse(path, function)
        return self._known[key]

    def expect(self, wanted: Iterable[tuple[str, Function]]) -> None:
        """Say that functions are likely to be asked for: where that pays, a second process parses them."""
        for path, function in wanted:
            self._expected[path, function.body.start] = function.body.end - function.body.start
        new = {key: length for key, length in self._expected.items() if key not in self._known}
        if self._ahead is None and sum(new.values()) >= MIN_TEXT and can_fork():
            capacity = sum(len(one.functions) for one in self._facts.values())
            with contextlib.suppress(OSError):  # no room for another process: all is parsed here
                self._ahead = Ahead(self._parse_key, capacity)
        if self._ahead is not None:
            self._ahead.expect(new.items())
            self._expected.clear()

    def stop(self) -> None:
        """End the second process, if there is one."""
        if self._ahead is not None:
            self._ahead.stop()
            self._ahead = None

    def _parse_key(self, key: Key) -> ParsedFunction:
        path, start = key
        if path not in self._by_start:
            self._by_start[path] = {one.body.start: one for one in self._facts[path].functions}
        return self._parse(path, self._by_start[path][start])

    def _parse(self, path: str, function: Function) -> ParsedFunction:
        lowered: dict[int, ParsedVariant] = {}  # by identity

        def keep(variant: VariantAst) -> None:
            lowered[id(variant)] = self._lowered(path, variant)

        asts = self._parser.parse_all(function, self._facts[path], self._sources[path].text, keep)
        variants = (lowered.get(id(variant)) or self._lowered(path, variant) for variant in asts.variants)
        return ParsedFunction(tuple(variants), asts.complete)

    def _find_problem(self, path: str, function: Function) -> str:
        """Say what in *function* cannot be read, whatever a parser makes of it, or ""."""
        if self._includes_code(path, function):
            return "an #include in it brings code"
        findings = self._facts[path].findings
        if any(one.code == "spliced-token" and one.span.start in function.span for one in findings):
            return "a backslash at the end of a line splits a token in it"
        if any(one.code == "universal-name" and one.span.start in function.span for one in findings):
            return "a name in it is spelled with a universal character name"
        return ""

    def _includes_code(self, path: str, function: Function) -> bool:
        """Tell whether an ``#include`` in *function* brings more than declarations and initialisers.  What is
        not in the tree may bring anything, unless it is a system's."""
        for include in self._facts[path].includes:
            if include.span.start in function.body:
                targets = self._table.reach.resolve(path, include.target)
                texts = [self._facts[target].masked for target in targets]
                if not include.system and not targets:
                    return True
                if not include.target or any("(" in text or _ASSIGNMENT.search(text) for text in texts):
                    return True
        return False

    @property
    def parsed(self) -> Collection[tuple[str, int]]:
        """What was parsed so far: the file, and the offset of the body."""
        return self._known.keys()

    @property
    def count(self) -> int:
        """Number of functions parsed so far."""
        return len(self._known)

    def _lowered(self, path: str, variant: VariantAst) -> ParsedVariant:
        if variant.ast is None:
            return ParsedVariant("failed", None, variant.problem, variant.problem_at)
        for note in variant.notes:
            if note.code in ("asm-goto", "structured-exception", "cleanup"):
                return ParsedVariant("failed", None, f"{note.code} is not followed", note.at)
        try:
            flow = lower(variant.ast, variant.tokens, path, variant.live, self._noreturn)
        except LoweringError as error:
            return ParsedVariant("failed", None, str(error), error.offset)
        return ParsedVariant(variant.method, flow)
