"""Calls whose callee is written apart from them.

Macros call, or paste into a name, what they are given; an alias is another name of a function.  Who calls
a function by name is then not all who call it.  That matters to what calls do to the state.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from clew.detect.lvalues import closed_over_arguments
from clew.link.graph import CallGraph
from clew.link.program import WORD, MacroDefinition, Program
from clew.scan import find_calls
from clew.scan.facts import Call
from clew.scan.lists import split_list
from clew.text.span import Span

_CALLED = re.compile(r"\b([A-Za-z_]\w*)\s*\)*\s*\(")
_PASTED = re.compile(r"([A-Za-z_]\w*)\s*##|##\s*([A-Za-z_]\w*)")
_BRACKET = re.compile(r"[()]")
_CHAIN = re.compile(r"\w+(?:\s*##\s*\w+)+")


def find_passed_calls(program: Program, graph: CallGraph) -> dict[str, set[int]]:
    """Return, by the names of what may be called, the functions that may call it in such a way."""
    found: dict[str, set[int]] = defaultdict(set)
    macros = closed_over_arguments(program, _called_or_pasted)
    for name in sorted(macros):
        pasting = [one for one in program.macros_by_name.get(name, ()) if one.macro.pastes]
        for kind, index in graph.calling(name):
            if kind == "f":
                for built in _names_given(program, index, name, macros, pasting):
                    found[built].add(index)
    for alias, target in find_aliases(program):
        found[target].update(index for kind, index in graph.calling(alias) if kind == "f")
    return dict(found)


def find_aliases(program: Program) -> Iterator[tuple[str, str]]:
    """Yield other names of functions, with those that the functions are defined by: from ``alias("name")``,
    from a declaration with ``asm("name")``, and from macros that make the name of a definition."""
    for target, places in program.aliases.items():
        for path, span in places:
            yield from ((name, target) for name in _declared_at(program, path, span.start))
    for one in program.assembly:
        if one.macro < 0 and program.body_around(one.path, one.at) is None:
            names = list(_declared_at(program, one.path, one.at))
            yield from ((name, word) for name in names for word in one.words)
    yield from _find_renamed(program)


def _declared_at(program: Program, path: str, at: int) -> Iterator[str]:
    """Yield the name of the function whose prototype covers the offset *at*."""
    for prototype in program.facts[path].prototypes:
        if prototype.span.start <= at < prototype.span.end:
            yield prototype.name


def _find_renamed(program: Program) -> Iterator[tuple[str, str]]:
    """Yield what macros make of the names of definitions: ``NAME`` where that is a macro, ``NAME(find)``."""
    for name in program.definitions_by_name:
        macro, _, rest = name.partition("(")
        if rest:
            arguments = [text.strip() for text in rest.rstrip(") ").split(",")]
            for one in program.macros_by_name.telling(macro.strip()):
                body, params = program.body_of(one), one.macro.params or ()
                given = dict(zip(params, arguments, strict=False))
                found = {*_built(body, params, arguments), *(given.get(w, w) for w in WORD.findall(body))}
                yield from ((built, name) for built in sorted(found))
        elif name in program.macros_by_name:
            for one in program.macros_by_name.telling(name):
                if one.macro.params is None:
                    yield from ((word, name) for word in WORD.findall(program.body_of(one)))


def _called_or_pasted(body: str) -> set[str]:
    pasted = {name for pair in _PASTED.findall(body) for name in pair if name} if "##" in body else set()
    return pasted | set(_CALLED.findall(body))


def _names_given(
    program: Program,
    index: int,
    macro: str,
    positions: Mapping[str, frozenset[int]],
    pasting: Sequence[MacroDefinition],
) -> Iterator[str]:
    """Yield the words that function *index* gives to *macro*, at the positions that it calls or pastes, and
    the names that are built of them."""
    definition = program.definitions[index]
    masked = program.facts[definition.path].masked
    for call in find_calls(masked, definition.function.body):
        if call.name == macro and call.close > 0:
            arguments = _arguments(masked, call)
            for number in positions[macro]:
                yield from WORD.findall(arguments[number]) if number < len(arguments) else ()
            for one in pasting:
                yield from _built(program.body_of(one), one.macro.params or (), arguments)


def _arguments(masked: str, call: Call) -> list[str]:
    spans = split_list(masked, Span(call.open, call.close + 1)).spans
    return [span.of(masked).strip() for span in spans]


def _built(body: str, params: Sequence[str], arguments: Sequence[str]) -> Iterator[str]:
    given = dict(zip(params, arguments, strict=False))
    for chain in _CHAIN.findall(body):
        yield "".join(given.get(part, part) for part in re.split(r"\s*##\s*", chain))


def names_given_outside(program: Program, macro: str) -> set[str]:
    """Return the words that *macro* is given outside of functions, and the names that it builds of them."""
    found: set[str] = set()
    known = program.macros_by_name.get(macro, ())
    pasting = [one for one in known if one.macro.pastes]
    program.interest.words.add(macro)
    near: set[str] = set().union(*(program.includes.seen_with(one.path) for one in known))
    pattern = re.compile(rf"{macro}(?<!\w{macro})\s*(\()")
    for path in sorted(path for path in near if program.has_word(path, macro)):
        masked = program.facts[path].masked
        for match in pattern.finditer(masked):
            end = _closing(masked, match.start(1))
            if end and program.enclosing(path, match.start()) is None:
                spans = split_list(masked, Span(match.start(1), end)).spans
                arguments = [span.of(masked).strip() for span in spans]
                found.update(word for text in arguments for word in WORD.findall(text))
                for one in pasting:
                    found.update(_built(program.body_of(one), one.macro.params or (), arguments))
    return found


def _closing(masked: str, opening: int) -> int:
    """Return the offset behind the parenthesis that closes the one at *opening*, or 0."""
    depth = 0
    for bracket in _BRACKET.finditer(masked, opening):
        depth += 1 if bracket.group() == "(" else -1
        if depth == 0:
            return bracket.end()
    return 0
