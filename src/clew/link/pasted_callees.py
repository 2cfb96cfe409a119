"""Macros that let calls look as if a function took the state: ``#define find(r, key) find_##r(key)``.

``find(the_repository, k)`` then means ``find_the_repository(k)``, and nothing else can be passed.  Such a
macro prepares callers for a parameter that the function is to get: with it, macro and prefix of the name go
away, and the calls stay as they are written.

For planning, the texts are shown as if the function had the macro's name already and the macro were a null
directive.  A *view* has the length of the text, so that every place in it is one of the text.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping

from clew.link.mentions import symbol_key
from clew.link.program import MacroDefinition, Program
from clew.scan import find_calls
from clew.scan.lists import split_list
from clew.text.record import record
from clew.text.source import SourceText
from clew.text.span import Span

_BODY = re.compile(r"\s*(\w+(?:\s*##\s*\w+)+)\s*\(([\w\s,]*)\)\s*")
_SPLICE = re.compile(r"\\\r?\n")
_SAID = re.compile(r"[^\r\n\\]")


@record()
class PastedCallee:
    """The function *old*, which is called through a macro *name* that pastes its name out of *accessor*, the
    macro's argument at *position* of *count*.

    *directive* in *path* is the macro's text, *names* are the places of the function's name in its
    definitions and prototypes, *home* is its file where it is static, or ""."""

    name: str
    old: str
    accessor: str
    position: int
    count: int
    path: str
    directive: Span
    names: tuple[tuple[str, Span], ...]
    home: str

    @property
    def key(self) -> tuple[str, str]:
        """The key of the function's symbol in the view."""
        return (self.name, self.home)


def find_pasted_callees(program: Program, accessors: Collection[str]) -> Iterator[PastedCallee]:
    """Yield what macros call by a name made of one of *accessors*, each a single word."""
    for macro in program.macros.telling_with(lambda raw: "##" in raw):
        shape = _read_shape(program.body_of(macro), macro)
        directive = _find_directive(program, macro) if shape is not None else None
        if shape is None or directive is None:
            continue
        parts, position = shape
        params = macro.macro.params or ()
        for accessor in accessors:
            old = "".join(accessor if part == params[position] else part for part in parts)
            names = tuple(_find_names(program, old, macro.path))
            keys = {symbol_key(one) for one in program.definitions_by_name.get(old, ())}
            near = {key for key in keys if not key[1] or program.includes.share_unit(key[1], macro.path)}
            if len(near) == 1 and len(macro.name) <= len(old):
                home = next(iter(near))[1]
                yield PastedCallee(
                    macro.name, old, accessor, position, len(params), macro.path, directive, names, home
                )


def find_gluing(program: Program) -> dict[str, int]:
    """Return the macros that do nothing but call what they paste out of an argument and a piece of their own,
    by name, with the argument's position: by itself the argument is not named."""
    pasting = program.macros.telling_with(lambda raw: "##" in raw)
    shapes = ((macro.name, _read_shape(program.body_of(macro).rstrip("; "), macro)) for macro in pasting)
    return {n: shape[1] for n, shape in shapes if shape is not None and len(program.macros_by_name[n]) == 1}


def _read_shape(body: str, macro: MacroDefinition) -> tuple[list[str], int] | None:
    """Return the parts of the name that *macro* calls in its *body*, and which parameter is one of them; None
    where the macro is more than that call, with the other parameters in their order."""
    params = macro.macro.params
    found = _BODY.fullmatch(_SPLICE.sub(" ", body))
    if found is None or not params or macro.macro.variadic:
        return None
    parts = re.split(r"\s*##\s*", found[1])
    pasted = [params.index(part) for part in parts if part in params]
    given = [word.strip() for word in found[2].split(",")] if found[2].strip() else []
    if len(pasted) != 1 or given != [one for number, one in enumerate(params) if number != pasted[0]]:
        return None
    return parts, pasted[0]


def _find_directive(program: Program, macro: MacroDefinition) -> Span | None:
    """Return the text of the macro's definition, None where a comment stands in it."""
    text, at = program.sources[macro.path].text, macro.macro.name_span.start
    for directive in program.facts[macro.path].directives:
        if at in directive.span:
            said = directive.span.of(text)
            return None if "/*" in said or "//" in said else directive.span
    return None


def _find_names(program: Program, name: str, near: str) -> Iterator[tuple[str, Span]]:
    """Yield the places of *name* in definitions and prototypes of files that are compiled with *near*."""
    for path in program.paths_with(name):
        if not program.includes.share_unit(near, path):
            continue
        facts = program.facts[path]
        for function in facts.functions:
            if function.name == name:
                yield from ((path, header.name_span) for header in function.headers)
        yield from ((path, one.name_span) for one in facts.prototypes if one.name == name)


class PastedArguments:
    """The places of what macros paste in the uses that *program* has for them, in functions and other macros;
    *positions* tells which of the arguments that is, by the macro's name."""

    def __init__(self, program: Program, positions: Mapping[str, int]) -> None:
        self._program, self._positions = program, positions
        self._spans: dict[str, list[Span]] = {}

    def around(self, path: str, offset: int) -> bool:
        """Tell whether *offset* of *path* lies in an argument that is a piece of a name."""
        if path not in self._spans:
            present = self._program.names_among(path, self._positions)
            self._spans[path] = list(self._find(path)) if present else []
        return any(offset in span for span in self._spans[path])

    def _find(self, path: str) -> Iterator[Span]:
        yield from self._find_in(self._program.masked(path), 0)
        for macro in self._program.macros.naming_in(path, self._positions):
            yield from self._find_in(self._program.body_of(macro), macro.macro.body.start)

    def _find_in(self, code: str, base: int) -> Iterator[Span]:
        for call in find_calls(code, Span(0, len(code))):
            if call.name in self._positions and call.close >= 0:
                given = split_list(code, Span(call.open, call.close + 1)).spans
                for span in given[self._positions[call.name] :][:1]:
                    yield Span(base + span.start, base + span.end)


def view_texts(program: Program, callees: Iterable[PastedCallee]) -> dict[str, SourceText]:
    """Return the views of the files in which *callees* or their macros stand."""
    shown: dict[str, list[tuple[Span, str]]] = defaultdict(list)
    for callee in callees:
        text = callee.directive.of(program.sources[callee.path].text)
        shown[callee.path].append((callee.directive, "#" + _SAID.sub(" ", text[1:])))
        for path, span in callee.names:
            shown[path].append((span, callee.name.ljust(span.end - span.start)))
    return {path: _show(program.sources[path], pieces) for path, pieces in shown.items()}


def _show(source: SourceText, pieces: list[tuple[Span, str]]) -> SourceText:
    text, made, at = source.text, [], 0
    for span, new in sorted(set(pieces), key=lambda piece: piece[0].start):
        made += [text[at : span.start], new]
        at = span.end
    return SourceText(source.path, "".join([*made, text[at:]]), source.opens_at)
