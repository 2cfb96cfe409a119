"""Calls whose callee is written apart from them.

Macros call, or paste into a name, what they are given; an alias is another name of a function.  Who calls
a function by name is then not all who call it.  That matters to what calls do to the state.
"""

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping
from typing import NamedTuple

from clew.detect.expansions import Expansions, arguments_of, paste
from clew.detect.lvalues import closed_over_arguments
from clew.link.graph import CallGraph, Node
from clew.link.pasted_callees import find_gluing
from clew.link.program import WORD, MacroDefinition, Program
from clew.scan import find_calls
from clew.scan.facts import Call
from clew.scan.items import find_close
from clew.scan.lexis import INLINE_WORDS, STORAGE_WORDS
from clew.scan.lists import split_list
from clew.text.span import Span

_CALLED = re.compile(r"\b([A-Za-z_]\w*+)\s*+\)*+\s*+\(")
_CALLED_WITH = re.compile(r"\b([A-Za-z_]\w*+)\s*+\(\s*+[A-Za-z_]")
_PASTED = re.compile(r"([A-Za-z_]\w*)\s*##|##\s*([A-Za-z_]\w*)")
_BESIDE = re.compile(r"\w[ \t]+([A-Za-z_]\w*)\s*\Z")  # `NAME x`: the argument brings what NAME is called with
_FIRST = re.compile(r"\s*([A-Za-z_]\w*)\s*\(")
_UNTYPED = STORAGE_WORDS | INLINE_WORDS
_PRAGMA = re.compile(r"ragma[^\n;]*?\b(?:weak|redefine_extname)\s+(\w+)[\s=]*\Z")
_NAMED = re.compile(r"(?:alias|ifunc|weakref|asm)_*\s*\(\s*(?:\"[^\"]*\"\s*)*#")
_FARTHEST = 200  # characters from the start of a pragma to the name at its end
_IFUNC = re.compile(r"ifunc_*\s*\(\s*\"\Z")


def find_passed_calls(
    program: Program, graph: CallGraph, aliases: Mapping[str, Iterable[str]]
) -> dict[str, set[int]]:
    """Return, by the names of what may be called, the functions that may call it in such a way; *aliases* are
    other names of functions, with the functions."""
    found: dict[str, set[int]] = defaultdict(set)
    macros = closed_over_arguments(program, _called_or_pasted)
    building = _find_building(program, graph)
    expansions, calls = Expansions(program, building), _Calls(program, macros.keys() | building)
    gluing = find_gluing(program)
    for name in sorted(macros.keys() | building):
        for index in graph.functions_calling(name):
            given = calls.given(index, name, macros.get(name, frozenset()))
            for given_words, arguments in given:
                words = set() if name in gluing else given_words
                for built in words | (expansions.names(name, arguments) if name in building else set()):
                    found[built].add(index)
    for alias, targets in aliases.items():
        callers = graph.functions_calling(alias)
        for target in targets:
            found[target].update(callers)
    return dict(found)


def _find_building(program: Program, graph: CallGraph) -> set[str]:
    """Return the macros that paste, or that name what others that they use are to call, with those that use
    such ones."""
    telling = program.macros.telling_with(lambda raw: "##" in raw or "(" in raw)
    own: list[Node] = [("m", macro.index) for macro in telling if _builds(program.body_of(macro), macro)]
    return {program.macros[index].name for _, index in graph.macro_closure(own)}


def _builds(body: str, macro: MacroDefinition) -> bool:
    """Tell whether *macro* pastes, or calls a parameter with names in the arguments: ``X(name)``."""
    if macro.macro.pastes:
        return True
    params = macro.macro.params or ()
    return not set(_CALLED_WITH.findall(body)).isdisjoint(params)


def read_aliases(program: Program) -> dict[str, set[str]]:
    """Return the functions that have other names, by these."""
    found: dict[str, set[str]] = defaultdict(set)
    for alias, target in find_aliases(program, Expansions(program, define=True)):
        found[alias].add(target)
    return found


def find_aliases(program: Program, expansions: Expansions) -> Iterator[tuple[str, str]]:
    """Yield other names of functions, with those that the functions are defined by: from ``alias("name")``,
    from a declaration with ``asm("name")``, and from macros that make the name of a definition."""
    for target, places in program.aliases.items():
        for path, span in places:
            text = program.sources[path].text
            pragma = _PRAGMA.search(text, max(0, span.start - _FARTHEST), span.start)
            names = [pragma.group(1)] if pragma else list(_declared_at(program, path, span.start))
            returned = _returned_by(program, target) if _IFUNC.search(text, *_near(span)) else ()
            yield from ((name, one) for name in names for one in (target, *returned))
    for one in program.assembly:
        if one.macro < 0 and program.body_around(one.path, one.at) is None:
            names = list(_declared_at(program, one.path, one.at))
            yield from ((name, word) for name in names for word in one.words)
            yield from ((word, name) for name in names for word in one.words)  # it may be defined here
    yield from _find_stringified(program)
    yield from _find_renamed(program, expansions)


def _find_stringified(program: Program) -> Iterator[tuple[str, str]]:
    """Yield other names of functions that macros declare: ``extern __typeof(f) name ALIAS(f)`` with
    ``alias(#f)`` in the macro's body."""
    for macro in program.macros.telling_with(lambda raw: "#" in raw and _NAMED.search(raw) is not None):
        for use in invocations_outside(program, macro.name):
            given = use.words
            names = given.union(_declared_at(program, use.path, use.start))
            known = program.definitions_by_name
            yield from ((n, one) for one in sorted(given) if one in known for n in sorted(names - {one}))


def _near(span: Span) -> tuple[int, int]:
    return max(0, span.start - 20), span.start


def _returned_by(program: Program, resolver: str) -> set[str]:
    """Return the functions that *resolver*, of an ``ifunc``, names."""
    known = program.definitions_by_name
    definitions = known.get(resolver, ())
    bodies = (d.function.body.of(program.facts[d.path].masked) for d in definitions)
    return {word for body in bodies for word in WORD.findall(body) if word in known}


def _declared_at(program: Program, path: str, at: int) -> Iterator[str]:
    """Yield the name of the function whose prototype covers the offset *at*."""
    for prototype in program.facts[path].prototypes:
        if prototype.span.start <= at < prototype.span.end:
            yield prototype.name


def _find_renamed(program: Program, expansions: Expansions) -> Iterator[tuple[str, str]]:
    """Yield what macros make of the names of definitions: ``NAME`` where that is a macro, ``NAME(find)``."""
    for name in program.definitions_by_name:
        macro, _, rest = name.partition("(")
        if rest:
            arguments = [text.strip() for text in rest.rstrip(") ").split(",")]
            yield from ((made, name) for made in sorted(expansions.names(macro.strip(), arguments)))
        elif name in program.macros_by_name:
            yield from ((made, name) for made in sorted(_renamed(program, expansions, name)))


def _renamed(program: Program, expansions: Expansions, name: str) -> set[str]:
    """Return what the macro *name* makes of itself, and of what stands in its place in the parentheses behind
    it where it is a definition's name: ``DEFINE(static int, name, (int a)) { ... }``."""
    found = set(expansions.names(name))
    for definition in program.definitions_by_name[name]:
        path, function = definition.path, definition.function
        macros = program.macro_table.definitions(name, path, function.header.name_span.start)
        for header in function.headers if any(macro.params is not None for macro in macros) else ():
            masked = program.facts[path].masked
            given = [span.of(masked).strip() for span in split_list(masked, header.params).spans]
            words = set(WORD.findall(function.specifiers)) - _UNTYPED
            if all(word in program.macros_by_name for word in words):
                found |= expansions.names(name, given)
            else:
                found.update(_first_called(program, expansions, name, given, {name}))
    return found


def _first_called(
    program: Program, expansions: Expansions, macro: str, arguments: list[str], seen: set[str]
) -> Iterator[str]:
    """Yield what calls of *macro* become calls of: behind a type, that is the function which is defined."""
    for text in map(paste, expansions.texts(macro, arguments)):
        call = _FIRST.match(text)
        if call is not None and call.group(1) not in seen:
            name, opening = call.group(1), call.end() - 1
            seen.add(name)
            yield name
            given = split_list(text, Span(opening, find_close(text, opening))).spans
            yield from _first_called(program, expansions, name, [one.of(text).strip() for one in given], seen)


def _called_or_pasted(body: str) -> set[str]:
    pasted = {name for pair in _PASTED.findall(body) for name in pair if name} if "##" in body else set()
    return pasted | set(_CALLED.findall(body)) | set(_BESIDE.findall(body))


class _Calls:
    """The calls of some macros, by function."""

    def __init__(self, program: Program, names: Container[str]) -> None:
        self._program, self._names = program, names
        self._known: dict[int, list[tuple[str, list[str]]]] = {}

    def given(
        self, index: int, macro: str, positions: frozenset[int]
    ) -> Iterator[tuple[set[str], list[str]]]:
        """Yield the words that function *index* gives to *macro* at *positions*, with all arguments."""
        if index not in self._known:
            self._known[index] = list(self._find(index))
        for name, arguments in self._known[index]:
            if name == macro:
                given = (arguments[number] for number in positions if number < len(arguments))
                yield {word for text in given for word in WORD.findall(text)}, arguments

    def _find(self, index: int) -> Iterator[tuple[str, list[str]]]:
        definition = self._program.definitions[index]
        masked = self._program.facts[definition.path].masked
        for call in find_calls(masked, definition.function.body):
            if call.name in self._names and call.close > 0:
                yield call.name, arguments_of(masked, call)


def names_given_outside(program: Program, macro: str) -> set[str]:
    """Return the words that *macro* is given outside of functions, and the names that it makes of them."""
    found: set[str] = set()
    expansions = Expansions(program)
    for one in invocations_outside(program, macro):
        found |= one.words | expansions.names(macro, one.arguments)
    return found


class Invocation(NamedTuple):
    """A macro's use outside the bodies of functions: offsets in the file, and the texts of the arguments."""

    path: str
    start: int
    end: int
    arguments: list[str]

    @property
    def words(self) -> set[str]:
        """All words in the arguments."""
        return {word for text in self.arguments for word in WORD.findall(text)}


def invocations_outside(program: Program, macro: str) -> Iterator[Invocation]:
    """Yield where *macro* is called outside the bodies of functions."""
    known = program.macros_by_name.get(macro, ())
    near: set[str] = set().union(*(program.includes.seen_with(one.path) for one in known))
    pattern = re.compile(rf"{macro}(?<!\w{macro})\s*(\()")
    for path in sorted(path for path in near if program.has_word(path, macro)):
        masked = program.facts[path].masked
        for match in pattern.finditer(masked):
            end = find_close(masked, match.start(1))
            if masked[end - 1] == ")" and program.body_around(path, match.start()) is None:
                call = Call(macro, Span(*match.span()), match.start(1), end - 1)
                yield Invocation(path, match.start(), end, arguments_of(masked, call))
