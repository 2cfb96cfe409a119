"""Every mention of a function's name, accounted for.

A signature may change only when each place that names the function is known: its definitions, its
prototypes, its calls.  Whatever else names it (an initialiser, ``#pragma``, a macro that pastes it)
is reported with its place, so that the function can be pinned for a reason that a person can look at.
"""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from clew.link.file_scope import invocations_around
from clew.link.program import Definition, MacroDefinition, Program
from clew.link.resolve import Resolver
from clew.scan import find_calls, find_mentions
from clew.scan.facts import Call, Mention, Prototype
from clew.scan.lexis import STATEMENT_WORDS
from clew.text.record import record
from clew.text.span import Span

_TYPEOF = re.compile(r"\btypeof(?:__|_unqual)?\s*\(\s*\Z|\b__typeof(?:__)?\s*\(\s*\Z")
OtherKind = Literal["value", "initialiser", "macro-value", "pasted", "directive", "loose-call"]

_PREVIOUS_WORD = re.compile(r"([A-Za-z_]\w*)\s*\Z")
_TAG_WORDS = frozenset({"struct", "union", "enum", "goto"})
# a word before a name that is called; other words are its type
_BEFORE_CALL = STATEMENT_WORDS | {
    "sizeof",
    "_Alignof",
    "alignof",
    "__alignof__",
    "__extension__",
    "and",
    "or",
}
_POINTER = re.compile(r"[A-Za-z_]\w*\s*\*[\s*]*\Z")
# two words, perhaps with stars between, or words and stars: what no argument is
_PARAMETER = re.compile(r"\A\s*(?:[A-Za-z_]\w*[\s*]+)+(?:[A-Za-z_]\w*\s*)?(?:\[[^]]*\]\s*)?\Z|\A\s*void\s*\Z")


@record()
class PrototypeMention:
    """A prototype of the symbol in *path*."""

    path: str
    prototype: Prototype


@record()
class CallMention:
    """A call written in *path*, in a function (*definition*) or in a macro body (*macro*)."""

    path: str
    call: Call
    definition: Definition | None
    macro: MacroDefinition | None


@record()
class OtherMention:
    """Any other place that names the symbol; *definition* is the function around it, if any."""

    path: str
    span: Span
    kind: OtherKind
    definition: Definition | None


@dataclass(slots=True)
class Symbol:
    """One function as the linker sees it: all its definitions (``#if`` variants, duplicates) and every
    mention.  A static function's symbol belongs to the file of its definition (*path*).  *settled* tells that
    the control flow has had its say on the mentions."""

    name: str
    path: str  # "" for external linkage
    definitions: list[Definition] = field(default_factory=list)
    prototypes: list[PrototypeMention] = field(default_factory=list)
    calls: list[CallMention] = field(default_factory=list)
    others: list[OtherMention] = field(default_factory=list)
    settled: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """Name and home file; unique in a program."""
        return (self.name, self.path)


def symbol_key(definition: Definition) -> tuple[str, str]:
    """Return the key of the symbol that *definition* belongs to."""
    return (definition.name, definition.path if definition.static else "")


class MentionIndex:
    """Collects symbols with all their mentions."""

    def __init__(self, program: Program, resolver: Resolver) -> None:
        self._program, self._resolver = program, resolver
        self._initialisers: dict[str, list[Span]] = {}
        self._prototypes_of: tuple[str, dict[int, Prototype]] = ("", {})  # of one file
        self._variables: dict[tuple[str, str], bool] = {}

    def collect(self, definitions: list[Definition]) -> dict[tuple[str, str], Symbol]:
        """Return the symbols of *definitions*, complete with every mention in the tree."""
        symbols: dict[tuple[str, str], Symbol] = {}
        for definition in definitions:
            symbols.setdefault(symbol_key(definition), Symbol(*symbol_key(definition)))
        homes: dict[str, set[str]] = defaultdict(set)  # of the symbols with a name
        for symbol in symbols.values():
            for definition in self._program.definitions_by_name[symbol.name]:
                if symbol_key(definition) == symbol.key:
                    symbol.definitions.append(definition)
            homes[symbol.name].add(symbol.path)
        self._program.interest.words.update(homes)
        everybody = set().union(*homes.values())
        for path in self._program.outlines:
            present = self._present(path, homes, everybody)
            wanted = frozenset(name for name in present if self._reads(path, homes[name]))
            if wanted:
                self._scan(path, wanted, symbols)
        return symbols

    def _reads(self, path: str, homes: Collection[str]) -> bool:
        """Tell whether *path* may mean a function of one of *homes* ("": of external linkage)."""
        return "" in homes or any(self._program.includes.share_unit(home, path) for home in homes)

    def _present(self, path: str, names: Collection[str], homes: Collection[str]) -> Iterable[str]:
        """Return those of *names* that may stand in *path*; none where it sees none of *homes*."""
        return self._program.names_among(path, names) if self._reads(path, homes) else ()

    def _scan(self, path: str, names: frozenset[str], symbols: dict[tuple[str, str], Symbol]) -> None:
        masked = self._program.masked(path)
        calls = _CallsAt(masked)
        for mention in find_mentions(masked, Span(0, len(masked)), names):
            for symbol in self._meant(path, mention.name, symbols):
                self._place(symbol, path, mention, calls)
        self._scan_directives(path, names, symbols)

    def _meant(self, path: str, name: str, symbols: dict[tuple[str, str], Symbol]) -> Iterator[Symbol]:
        if self._is_variable(path, name):
            return
        keys = {symbol_key(definition) for definition in self._resolver.functions(path, name)}
        yield from (symbols[key] for key in sorted(keys) if key in symbols)

    def _is_variable(self, path: str, name: str) -> bool:
        """Tell whether *path* has a static variable *name*, and sees no function of that name, not even in
        another ``#if`` branch: the name means the variable there."""
        if (path, name) not in self._variables:
            has_one = name in self._program.outlines[path].globals and any(
                one.name == name and one.static for one in self._program.facts[path].globals
            )
            seen = (path, *self._program.includes.included_by(path)) if has_one else ()
            self._variables[path, name] = has_one and not any(self._declares(one, name) for one in seen)
        return self._variables[path, name]

    def _declares(self, path: str, name: str) -> bool:
        if not self._program.has_word(path, name):
            return False
        facts = self._program.facts[path]
        return name in {one.name for one in facts.functions} | {one.name for one in facts.prototypes}

    def _place(self, symbol: Symbol, path: str, mention: Mention, calls: "_CallsAt") -> None:
        at = mention.span.start
        around = self._program.around(path, at)
        prototype = self._prototypes(path).get(at) if around is None else None
        if prototype is not None:
            symbol.prototypes.append(PrototypeMention(path, prototype))
        elif mention.kind == "member" or _is_elsewhere(calls.masked, mention):
            return
        elif around is None:
            self._place_at_file_scope(symbol, path, mention)
        elif at in around[1]:  # not its own name, or a parameter's
            call = calls.at(*around, at) if mention.kind == "call" else None
            if call is not None and call.close >= 0:
                symbol.calls.append(CallMention(path, call, around[0], None))
            else:
                symbol.others.append(OtherMention(path, mention.span, "value", around[0]))

    def _prototypes(self, path: str) -> dict[int, Prototype]:
        """Return the prototypes of *path* by the offsets of their names."""
        if self._prototypes_of[0] != path:
            found = {one.name_span.start: one for one in self._program.facts[path].prototypes}
            self._prototypes_of = (path, found)
        return self._prototypes_of[1]

    def _place_at_file_scope(self, symbol: Symbol, path: str, mention: Mention) -> None:
        if self._in_initialiser(path, mention.span.start):
            symbol.others.append(OtherMention(path, mention.span, "initialiser", None))
        elif (
            mention.kind == "call"  # `sizeof(f(1))` in an enumeration
            or _TYPEOF.search(self._program.masked(path), max(0, mention.span.start - 20), mention.span.start)
            or path in self._program.fragments
            or self._in_unknown_block(path, mention.span.start)
            or self._is_macro_argument(path, mention)
        ):
            symbol.others.append(OtherMention(path, mention.span, "loose-call", None))
        # anything else at file scope declares a name: a member, a parameter, a variable

    def _is_macro_argument(self, path: str, mention: Mention) -> bool:
        facts = self._program.facts[path]
        if any(mention.span.start in prototype.params for prototype in facts.prototypes):
            return False  # a parameter's name
        around = invocations_around(facts.masked, mention.span.start)
        return any(begins or self._is_function_like(word) for word, begins in around)

    def _is_function_like(self, word: str) -> bool:
        return any(one.macro.params is not None for one in self._program.macros_by_name.get(word, ()))

    def _in_unknown_block(self, path: str, at: int) -> bool:
        findings = self._program.facts[path].findings
        return any(
            at in f.span for f in findings if f.code in ("unknown-block", "unbalanced-brace", "macro-body")
        )

    def _in_initialiser(self, path: str, at: int) -> bool:
        if path not in self._initialisers:
            spans = (g.initialiser for g in self._program.facts[path].globals)
            self._initialisers[path] = sorted(span for span in spans if span is not None)
        spans_here = self._initialisers[path]
        index = bisect_right(spans_here, at, key=lambda span: span.start) - 1
        return index >= 0 and at in spans_here[index]

    def _scan_directives(
        self, path: str, names: frozenset[str], symbols: dict[tuple[str, str], Symbol]
    ) -> None:
        for macro in self._program.macros.naming_in(path, names):
            self._scan_macro(path, macro, names - set(macro.macro.params or ()), symbols)
        for directive in self._program.loud_directives(path):
            text = self._program.text_of(path, directive)
            for mention in find_mentions(text, Span(0, len(text)), names, directive.start):
                for symbol in self._meant(path, mention.name, symbols):
                    symbol.others.append(OtherMention(path, mention.span, "directive", None))

    def _scan_macro(
        self, path: str, macro: MacroDefinition, names: frozenset[str], symbols: dict[tuple[str, str], Symbol]
    ) -> None:
        body, base = self._program.body_of(macro), macro.macro.body.start
        calls = {call.name_span.start: call for call in find_calls(body, Span(0, len(body)))}
        for mention in find_mentions(body, Span(0, len(body)), names):
            if mention.kind == "member":
                continue
            span = Span(base + mention.span.start, base + mention.span.end)
            call = calls.get(mention.span.start)
            pasted = _is_pasted(body, mention.span)
            for symbol in self._meant(path, mention.name, symbols):
                if call is not None and call.close >= 0 and _is_declared(body, call):
                    symbol.others.append(OtherMention(path, span, "loose-call", None))
                elif call is not None and call.close >= 0 and not pasted:
                    shifted = Call(call.name, span, base + call.open, base + call.close)
                    symbol.calls.append(CallMention(path, shifted, None, macro))
                else:
                    kind: OtherKind = "pasted" if pasted else "macro-value"
                    symbol.others.append(OtherMention(path, span, kind, None))


def _is_elsewhere(masked: str, mention: Mention) -> bool:
    """Tell whether the identifier lives in another name space: a tag, or a label."""
    before = masked[max(0, mention.span.start - 80) : mention.span.start]
    word = _PREVIOUS_WORD.search(before)
    if word is not None and word.group(1) in _TAG_WORDS:
        return True
    after = masked[mention.span.end : mention.span.end + 40].lstrip()
    return after.startswith(":") and (before.rstrip() or ";")[-1] in ";{}:"


def _is_pasted(body: str, span: Span) -> bool:
    before, after = body[: span.start].rstrip(), body[span.end :].lstrip()
    return before.endswith("#") or after.startswith("##")


def _is_declared(body: str, call: Call) -> bool:
    """Tell whether what looks like a call in the body of a macro declares the function: behind a type, which
    is a word, or words and stars where the parameters look like some."""
    before = body[max(0, call.name_span.start - 80) : call.name_span.start].rstrip()
    word = _PREVIOUS_WORD.search(before)
    if word is not None:
        return word.group(1) not in _BEFORE_CALL
    inside = body[call.open + 1 : call.close]
    return bool(_POINTER.search(before)) and any(map(_PARAMETER.search, inside.split(",")))


class _CallsAt:
    """Finds the calls of a function by the offset of their name, one function at a time."""

    def __init__(self, masked: str) -> None:
        self.masked = masked
        self._known: dict[int, dict[int, Call]] = {}

    def at(self, definition: Definition, body: Span, offset: int) -> Call | None:
        """Return the call whose name stands at *offset* in *body*, that of *definition*."""
        if definition.index not in self._known:
            calls = find_calls(self.masked, body)
            self._known[definition.index] = {call.name_span.start: call for call in calls}
        return self._known[definition.index].get(offset)
