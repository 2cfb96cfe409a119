"""Macros that define functions, in whole or in part: header, opening brace, or body.

Nobody reads such a function as one.  What it calls stands in the macro, in the arguments, and behind.
"""

import re
from collections.abc import Iterator

from clew.detect.expansions import Expansions, without_blocks
from clew.detect.passed_calls import Invocation, invocations_outside
from clew.link.graph import CallGraph, Node
from clew.link.program import WORD, MacroDefinition, Program
from clew.parse.lvalues import calls_parameter
from clew.scan import called_names
from clew.scan.items import find_open
from clew.scan.lexis import SPACE, STATEMENT_WORDS
from clew.text.record import record
from clew.text.span import Span

# the header of a function at the start of a macro's body: words, a list, a brace
_DEFINES = re.compile(r"\s*(\w+)[^{};=]*\)[^(){};=]*\{")
_LAST_NAME = re.compile(r"([A-Za-z_]\w*)\s*\Z")
_BRACES = re.compile(r"[{}]")
_LONGEST_BODY = 4_000  # characters of what a macro opens, and nobody sees the end of
_FARTHEST = 200  # characters from the end of a header to its name


@record()
class Unread:
    """*words* stand in it; it may define functions called *names*, and is part of *nodes*."""

    words: frozenset[str]
    names: frozenset[str]
    nodes: tuple[Node, ...] = ()


def find_definers(graph: CallGraph) -> Iterator[Unread]:
    """Yield what macros make that define functions, with the names that they are given for them."""
    program = graph.program
    own = [m for m in program.macros.telling_with(lambda raw: "{" in raw) if _is_definer(program.body_of(m))]
    chain = [program.macros[i] for _, i in sorted(graph.macro_closure(("m", macro.index) for macro in own))]
    defining = {macro.name for macro in own}
    opening = any(_depth(program.body_of(macro)) > 0 for macro in own)
    expansions = Expansions(program, {macro.name for macro in chain}, define=True)
    for macro in chain:
        body = program.body_of(macro)
        words = called_names(body, Span(0, len(body))).difference(macro.macro.params or ()) | {macro.name}
        if macro.macro.params is None:  # a list: `X(one) X(two)`
            yield Unread(frozenset(words), frozenset(WORD.findall(without_blocks(body))))
        for use in _uses(program, macro):
            behind = _words_behind(program, use.path, use.end) if opening else frozenset()
            made = expansions.names(macro.name, None if macro.macro.params is None else use.arguments)
            yield Unread(frozenset(words | use.words | behind), frozenset(use.words | made))
    for macro in program.macros.telling_with(lambda raw: "(" in raw) if own else ():
        if macro.macro.params and calls_parameter(program.body_of(macro), macro.macro.params):
            yield from _of_list(program, macro, defining)


def _is_definer(body: str) -> bool:
    found = _DEFINES.match(body)
    return found is not None and found.group(1) not in STATEMENT_WORDS


def _depth(body: str) -> int:
    return body.count("{") - body.count("}")


def _of_list(program: Program, macro: MacroDefinition, defining: set[str]) -> Iterator[Unread]:
    """A list of names, ``X(one) X(two)``, in which X is a macro that defines functions."""
    for use in invocations_outside(program, macro.name):
        given = use.words
        if not given.isdisjoint(defining):
            names = frozenset(WORD.findall(program.body_of(macro)))
            yield Unread(names | given, names)


def find_openers(graph: CallGraph) -> Iterator[Unread]:
    """Yield what stands behind macros that open a block, behind the header of a function."""
    program = graph.program
    opening = program.macros.telling_with(lambda raw: raw.count("{") > raw.count("}"))
    for name in sorted({macro.name for macro in opening}):
        pattern = re.compile(rf"\){SPACE}*+{name}(?<!\w{name})\b")
        for path in program.paths_with(name):
            masked = program.facts[path].masked
            for match in pattern.finditer(masked):
                header = header_before(masked, match.start() + 1)
                if header and program.enclosing(path, match.start()) is None:
                    yield Unread(_words_behind(program, path, match.end()), frozenset((header,)))


def find_bodies(graph: CallGraph) -> Iterator[Unread]:
    """Yield the functions whose body is a macro, and whose header is one too: ``HEAD(name) BODY(x)``."""
    program = graph.program
    expansions = Expansions(program, define=True)
    bodies = program.macros.telling_with(lambda raw: raw.lstrip().startswith("{"))
    own = (macro for macro in bodies if _is_block(program.body_of(macro)))
    chain = [program.macros[i] for _, i in sorted(graph.macro_closure(("m", m.index) for m in own))]
    for macro in chain:
        body = program.body_of(macro)
        for use in _uses(program, macro):
            masked = program.facts[use.path].masked
            last = max(masked.rfind(mark, 0, use.start) for mark in ";{}")
            header = masked[last + 1 : use.start]
            if "=" in header or not WORD.search(header) or _begins_list(masked, last):
                continue
            words = called_names(body, Span(0, len(body))).difference(macro.macro.params or ())
            words |= use.words.union(WORD.findall(header))
            words |= _words_behind(program, use.path, use.end) if _depth(body) > 0 else frozenset()
            made = expansions.names_in(header)
            yield Unread(frozenset(words), frozenset(WORD.findall(header)) | made)


def _is_block(body: str) -> bool:
    """Tell whether *body*, which begins with a brace, holds statements rather than initialisers."""
    return ";" in body or "," not in body


def _begins_list(masked: str, at: int) -> bool:
    """Tell whether the brace at the offset *at* opens a list of initialisers, or of enumerators."""
    before = masked[:at].rstrip() if masked[at : at + 1] == "{" else ""
    return before.endswith(("=", ",", "{", "]"))


def _uses(program: Program, macro: MacroDefinition) -> Iterator[Invocation]:
    """Yield where *macro* is used outside of functions."""
    if macro.macro.params is not None:
        yield from invocations_outside(program, macro.name)
        return
    pattern = re.compile(rf"{macro.name}(?<!\w{macro.name})\b")
    for path in program.paths_with(macro.name):
        for match in pattern.finditer(program.facts[path].masked):
            if program.body_around(path, match.start()) is None:
                yield Invocation(path, match.start(), match.end(), [])


def _words_behind(program: Program, path: str, at: int) -> frozenset[str]:
    """Return the words in a block that is open at the offset *at*: up to the brace that closes it, the next
    function, or as far as one looks."""
    masked = program.facts[path].masked
    stop = min(at + _LONGEST_BODY, len(masked))
    later = (one.function.span.start for one in program.definitions_by_path.get(path, ()))
    stop = min([start for start in later if at <= start < stop], default=stop)
    depth = 1
    for brace in _BRACES.finditer(masked, at, stop):
        depth += 1 if brace.group() == "{" else -1
        if depth == 0:
            stop = brace.start()
            break
    return frozenset(WORD.findall(masked[at:stop]))


def header_before(masked: str, at: int) -> str:
    """Return the name of the function whose parameters end before the offset *at*, or ""."""
    end = len(masked[:at].rstrip())
    if masked[end - 1 : end] != ")":
        return ""
    opening = find_open(masked, end - 1)
    found = _LAST_NAME.search(masked, max(0, opening - _FARTHEST), opening)
    return found.group(1) if found else ""
