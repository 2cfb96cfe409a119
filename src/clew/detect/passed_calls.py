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
_UNREAD = ("unknown-block", "unbalanced-brace", "macro-body")
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
    """Yield names that ``alias("name")`` gives to functions, with those of the functions."""
    for target, places in program.aliases.items():
        for path, span in places:
            for prototype in program.facts[path].prototypes:
                if prototype.span.start <= span.start < prototype.span.end:
                    yield prototype.name, target


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
    pasting = [one for one in program.macros_by_name.get(macro, ()) if one.macro.pastes]
    for path in program.paths_with(macro):
        masked = program.facts[path].masked
        for call in find_calls(masked, Span(0, len(masked))):
            outside = program.enclosing(path, call.name_span.start) is None
            if call.name == macro and call.close > 0 and outside:
                arguments = _arguments(masked, call)
                found.update(word for text in arguments for word in WORD.findall(text))
                for one in pasting:
                    found.update(_built(program.body_of(one), one.macro.params or (), arguments))
    return found


def names_of_unread(program: Program, changing: set[str]) -> set[str]:
    """Return the words before the blocks, at file scope, that cannot be read as functions and mention a name
    of *changing*: those of functions, maybe."""
    found: set[str] = set()
    for path in {path for name in changing for path in program.paths_with(name)}:
        facts = program.facts[path]
        for finding in facts.findings:
            text = finding.span.of(facts.masked)
            if finding.code in _UNREAD and not changing.isdisjoint(WORD.findall(text)):
                found.update(WORD.findall(text.partition("{")[0]))
    return found
