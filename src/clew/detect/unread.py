"""Text that nobody reads as a function, and that may all the same change the state or define what does.

Blocks whose header is a macro, bodies that are an ``#include`` or a macro, macros that define functions,
words split by a backslash at the end of a line, sizes of parameters, assembler.  Of each the words are known.
When one of these may change the state, the whole is taken to do so: functions that it may define, and
functions that it is part of.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Collection, Container, Iterator
from functools import cached_property

from clew.detect.definers import Unread, find_bodies, find_definers, find_openers, header_before
from clew.detect.expansions import Expansions
from clew.detect.plain_reads import plainly_read
from clew.link.graph import CallGraph, Node
from clew.link.program import WORD, MacroDefinition, Program
from clew.parse.flow import Origin
from clew.scan import called_names
from clew.scan.facts import ScanFinding
from clew.scan.lexis import NEVER_CALLED, SPLICE, WORD_PART
from clew.text.span import Span

_BLOCKS = ("unknown-block", "unbalanced-brace")
_SPELLINGS = {
    "spliced-token": "a backslash at the end of a line splits its name",
    "universal-name": "a universal character name is part of its name",
}
_SPLICE = re.compile(SPLICE)
_UNIVERSAL = re.compile(r"\\u([0-9a-fA-F]{4})|\\U([0-9a-fA-F]{8})")
_SPLICED_WORD = re.compile(rf"(?:{WORD_PART}|{SPLICE}|\\[uU])++")
_FARTHEST = 200  # characters from a splice to the ends of the word that it splits
_BODY_END = re.compile(r"[;{]")


class UnreadTexts:
    """All such texts of a program, by the words in them.

    *made* are the names of functions that they may define, and *beyond* the functions and macros that they
    are part of, where they may change the state: see `spread`.  What merely reads one of *variables* does not
    count as a text with its name.
    """

    def __init__(self, graph: CallGraph, preserving: Container[str], variables: Collection[str] = ()) -> None:
        self._graph, self._program, self._preserving = graph, graph.program, preserving
        self.made: set[str] = set()
        self.beyond: set[Node] = set()
        found = (
            _find_unread(self._program, variables),
            find_definers(graph),
            find_openers(graph),
            find_bodies(graph),
            _find_asm(self._program),
        )
        self._all = [self._without_known(unread) for group in found for unread in group]
        self._by_word: dict[str, list[Unread]] = defaultdict(list)
        for unread in self._all:
            for word in unread.words:
                self._by_word[word].append(unread)

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all functions that the texts may define."""
        return frozenset[str]().union(*(unread.names for unread in self._all))

    def spread(self, name: str) -> set[Node]:
        """Let the texts in which *name* stands, which may change the state, do so; return what calls or
        contains them."""
        found: set[Node] = set()
        for unread in self._with(name):
            for made in sorted(unread.names - self.made):
                self.made.add(made)
                found.update(self._graph.calling(made))
            found.update(unread.nodes)
            self.beyond.update(unread.nodes)
        return found

    def _with(self, name: str) -> Iterator[Unread]:
        """Yield the texts in which *name* stands, and those in which a function stands that one of them may
        define."""
        seen, todo = {name}, [name]
        while todo:
            one = todo.pop()
            for unread in self._by_word.get(one, ()) if one not in self._preserving else ():
                yield unread
                todo += sorted(unread.names - seen)
                seen |= unread.names

    def is_called_by(self, macro: MacroDefinition) -> bool:
        """Tell whether *macro* calls, or is another name of, what one defines that may change the state."""
        body = self._program.body_of(macro)
        called = called_names(body, Span(0, len(body))) if "(" in body else set()
        return not self.made.isdisjoint(called | {body.strip()})

    def users(self, name: str) -> Iterator[Node]:
        """Yield what calls or contains a text in which *name* stands, whatever that does to the state."""
        for unread in self._with(name):
            yield from unread.nodes
            for made in sorted(unread.names):
                yield from self._graph.calling(made)

    def is_around(self, path: str, origin: Origin) -> bool:
        """Tell whether what stands at *origin* is part of a text that may change the state."""
        if origin.macros:
            macros = {self._program.macros[index].name for kind, index in self.beyond if kind == "m"}
            return not macros.isdisjoint(origin.macros)
        around = self._program.body_around(path, origin.span.start) if self.beyond else None
        return around is not None and ("f", around.index) in self.beyond

    def _without_known(self, unread: Unread) -> Unread:
        """Drop the names that functions and macros of the tree have: calls of these are understood."""
        known = self._program.definitions_by_name, self._program.macros_by_name
        made = frozenset(name for name in unread.names if not any(name in names for names in known))
        return Unread(unread.words, made, unread.nodes)

    def nodes_below(self, within: Container[Node]) -> Iterator[Node]:
        """Yield what the texts that are called from *within*, or are part of it, name."""
        called = {name for name in self.names if any(node in within for node in self._graph.calling(name))}
        words: set[str] = set()
        for unread in self._all:
            if not called.isdisjoint(unread.names) or any(node in within for node in unread.nodes):
                words |= unread.words
        yield from self._named(words)

    def _named(self, words: Collection[str]) -> Iterator[Node]:
        program = self._program
        for word in words:
            yield from (("f", one.index) for one in program.definitions_by_name.get(word, ()))
            yield from (("m", one.index) for one in program.macros_by_name.telling(word))


def _find_unread(program: Program, variables: Collection[str]) -> Iterator[Unread]:
    made, built = Expansions(program, define=True), Expansions(program)
    for path, outline in program.outlines.items():
        for finding in outline.findings:
            if finding.code in _BLOCKS:
                yield from _of_block(program, (made, built), path, finding, variables)
            elif finding.code == "macro-body":
                yield _of_macro_body(program, path, finding)
            elif finding.code == "parameter-size":
                yield _of_parameters(program, path, finding)
            elif finding.code in _SPELLINGS:
                yield _of_splice(program, path, finding)


def _of_block(
    program: Program,
    expansions: tuple[Expansions, Expansions],
    path: str,
    finding: ScanFinding,
    variables: Collection[str],
) -> Iterator[Unread]:
    defined, built = expansions
    text = finding.span.of(program.facts[path].masked)
    header, _, _ = text.partition("{")
    words = frozenset(WORD.findall(text)) - plainly_read(program, text, variables)
    words |= _words_brought(program, path, finding.span) | built.names_in(text)
    made = frozenset(WORD.findall(header)) - NEVER_CALLED
    yield Unread(words, made | defined.names_in(header))
    if header.strip():
        return
    for other in program.includes.including(path):  # the body of a function perhaps, whose header is there
        masked = program.facts[other].masked
        for at, targets in program.includes.places.get(other, ()):
            if path in targets and (name := header_before(masked, at)):
                last = max(masked.rfind(mark, 0, at) for mark in ";{}")
                yield Unread(words, defined.names_in(masked[last + 1 : at]) | {name})


def _words_brought(program: Program, path: str, within: Span) -> frozenset[str]:
    """Return the words of all files that an ``#include`` *within* a text brings."""
    places = program.includes.places.get(path, ())
    brought = (one for at, targets in places if at in within for one in targets)
    seen = {other for one in brought for other in program.includes.included_by(one)}
    return frozenset[str]().union(*map(program.words_in, seen))


def _of_macro_body(program: Program, path: str, finding: ScanFinding) -> Unread:
    """A header, and a macro or an include in place of its body."""
    masked = program.facts[path].masked
    end = _BODY_END.search(masked, finding.span.end)
    stop = end.start() if end else len(masked)
    words = frozenset(WORD.findall(masked[finding.span.end : stop]))
    words |= _words_brought(program, path, Span(finding.span.end, stop))
    return Unread(words, frozenset(WORD.findall(finding.span.of(masked))[:1]))


def _of_parameters(program: Program, path: str, finding: ScanFinding) -> Unread:
    around = program.enclosing(path, finding.span.start)
    words = frozenset(WORD.findall(finding.span.of(program.facts[path].masked)))
    return Unread(words, frozenset(), () if around is None else (("f", around.index),))


def _of_splice(program: Program, path: str, finding: ScanFinding) -> Unread:
    """A word in two lines: what a function around it calls, or the name of one that is defined there."""
    word = joined_word(program.sources[path].text, finding.span)
    at = finding.span.end - 1
    around = program.body_around(path, at)
    if around is not None:
        return Unread(frozenset((word,)), frozenset(), (("f", around.index),))
    inside = [m for m in program.macros.telling_in(path) if at in m.macro.body]
    if inside:
        return Unread(frozenset((word,)), frozenset(), tuple(("m", m.index) for m in inside))
    named = program.enclosing(path, at)
    body = named.function.body.of(program.facts[path].masked) if named is not None else ""
    return Unread(frozenset((word, *WORD.findall(body))), frozenset((word,)))


def joined_word(text: str, splice: Span) -> str:
    """Return the word around the *splice* of a line, or around a universal name, without; "" where it splits
    no word."""
    start = max(0, splice.start - _FARTHEST)
    for found in _SPLICED_WORD.finditer(text, start, splice.end + _FARTHEST):
        if found.start() <= splice.start < found.end():
            return _UNIVERSAL.sub(_spelled, _SPLICE.sub("", found.group()))
    return ""


def _spelled(match: re.Match[str]) -> str:
    """Return the character that a universal name names, as the bytes of UTF-8."""
    code = int(match[1] or match[2], 16)
    return chr(code).encode(errors="replace").decode("latin-1") if code <= sys.maxunicode else ""


def _find_asm(program: Program) -> Iterator[Unread]:
    for one in program.assembly:
        around = program.body_around(one.path, one.at) if one.macro < 0 else None
        if one.macro >= 0:
            yield Unread(one.words, frozenset(), (("m", one.macro),))
        elif around is not None:
            yield Unread(one.words, frozenset(), (("f", around.index),))
        else:
            yield Unread(one.words, one.words)


def words_beyond_reading(program: Program) -> dict[str, tuple[str, Span, str]]:
    """Return the names that stand where calls cannot be changed, with the place and a reason."""
    found: dict[str, tuple[str, Span, str]] = {}
    for path, outline in program.outlines.items():
        for finding in outline.findings:
            if finding.code in _SPELLINGS:
                word = joined_word(program.sources[path].text, finding.span)
                found.setdefault(word, (path, finding.span, _SPELLINGS[finding.code]))
            elif finding.code == "parameter-size":
                for word in WORD.findall(finding.span.of(program.masked(path))):
                    found.setdefault(word, (path, finding.span, "the size of a parameter names it"))
    for one in program.assembly:
        for word in one.words:
            found.setdefault(word, (one.path, Span(one.at, one.at + 3), "assembler names it"))
    for path in sorted(program.obscure):
        for word in sorted(program.words_in(path)):
            found.setdefault(word, (path, Span(0, 0), "a file names it whose directives are not all read"))
    return found
