"""Where the accessors of a state stand in the text.

An accessor is matched as C tokens, never inside comments, literals or longer names.  Finding the text
is not yet knowing that it is executed: the control flow decides that later.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal

from clew.config.settings import Accessor, State
from clew.detect.lvalues import Positions, addressing_macros, assigning_macros, find_passed
from clew.link.program import MacroDefinition, Program
from clew.text.record import record
from clew.text.span import Span

_WORD = re.compile(r"[A-Za-z_]\w*")
_TOKEN = re.compile(r"[A-Za-z_]\w*|\d[\w.]*|->|[^\s\w]")
_MEMBER = re.compile(r"(?:\.|->)\s*\Z")
_OPENING = re.compile(r"\(\s*\Z")
_CALLED_BEHIND = re.compile(r"\s*\)\s*\(")  # `(get)()`
_NO_VALUE = re.compile(r"(?:\.|->|##|\b(?:struct|union|enum|goto))\s*\Z")  # a member, a tag or a label
_AROUND = 40

AccessorKind = Literal["call", "variable", "object"]


@lru_cache(maxsize=256)
def accessor_tokens(spelling: str) -> tuple[str, ...]:
    """Split an accessor's spelling into C tokens."""
    return tuple(_TOKEN.findall(spelling))


def accessor_name(spelling: str) -> str:
    """Return the first identifier of an accessor's spelling."""
    return next(token for token in accessor_tokens(spelling) if _WORD.match(token))


def accessor_kind(accessor: Accessor) -> AccessorKind:
    """Tell how the accessor is written."""
    if accessor.object:
        return "object"
    return "variable" if len(accessor_tokens(accessor.spelling)) == 1 else "call"


@lru_cache(maxsize=256)
def _pattern(spelling: str) -> re.Pattern[str]:
    name, *rest = (re.escape(token) for token in accessor_tokens(spelling))
    if name == "&":  # the object itself, not a part of it
        return re.compile("&" + "".join(rf"\s*{token}" for token in rest) + r"\b(?!\s*(?:\.|->|\[|\())")
    # the boundary is looked at behind the name: a pattern that starts with a literal is found much quicker
    closed = r"(?:\s*(\)))?" if rest[:1] == [r"\("] else ""  # `(name)()` does the same
    return re.compile(rf"{name}(?<!\w{name}){closed}" + "".join(rf"\s*{token}" for token in rest))


@lru_cache(maxsize=64)
def _lvalue(name: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?:\+\+|--)\s*(?:\(\s*)*{name}\b|(?<!&)&\s*(?:\(\s*)*{name}\b(?!\s*(?:->|\.|\[))"
        rf"|\b{name}\s*(?:\)\s*)*(?:=(?!=)|[-+*/%&|^]=|<<=|>>=|\+\+|--)"
    )


@record()
class Spelled:
    """An accessor (or a derived one) with what replaces it: *path* has ``{}`` for the variable."""

    accessor: Accessor
    path: str = "{}"

    @property
    def name(self) -> str:
        """The identifier that it starts with."""
        return accessor_name(self.accessor.spelling)

    @property
    def kind(self) -> AccessorKind:
        """How it is written."""
        return accessor_kind(self.accessor)


@record()
class FetchSite:
    """An accessor's spelling in a function (*definition*) or a macro body (*macro*), by their indices
    in the program; -1 where it is neither."""

    path: str
    span: Span
    spelled: Spelled
    definition: int
    macro: int


def spelled_accessors(state: State, *, derived: bool) -> tuple[Spelled, ...]:
    """Return the spellings to look for, longest first so that none is taken for its own prefix."""
    own = [Spelled(accessor) for accessor in state.accessors]
    if derived and state.derive != "off":
        own += [Spelled(Accessor(spelling), path) for spelling, path in state.derived]
    return tuple(sorted(own, key=lambda s: -len(accessor_tokens(s.accessor.spelling))))


def is_assigned(masked: str, site: FetchSite) -> bool:
    """Tell whether the variable at *site* is assigned there, or its address taken, rather than read."""
    if site.spelled.kind != "variable" or site.macro >= 0:
        return False
    start, end = max(0, site.span.start - _AROUND), site.span.end + _AROUND
    found = _lvalue(site.spelled.name).finditer(masked, start, end)
    return any(match.start() <= site.span.start < match.end() for match in found)


def find_fetch_sites(program: Program, spelled: tuple[Spelled, ...]) -> Iterator[FetchSite]:
    """Yield every place where one of *spelled* stands, file by file, in order."""
    has_variable = any(one.kind == "variable" for one in spelled)
    macros = [assigning_macros(program), addressing_macros(program)] if has_variable else []
    program.interest.words.update(one.name for one in spelled)
    for path in program.sources:
        present = [one for one in spelled if program.has_word(path, one.name)]
        if present:
            yield from _in_file(program, path, present, macros)


def find_named_accessors(program: Program, spelled: tuple[Spelled, ...]) -> Iterator[FetchSite]:
    """Yield every place that names the function or the macro of an accessor without calling it so: as
    ``(*get)()``, in a macro body that gives it another name, as an argument or the value of a pointer."""
    calls = {one.name: one for one in spelled if accessor_tokens(one.accessor.spelling)[1:2] == ("(",)}
    for path, names in program.files_naming(calls.keys()):
        masked = program.masked(path)
        for name in names:
            for at in _named(masked, name):
                definition = program.body_around(path, at)
                if definition is not None or _is_in_initialiser(program, path, at):
                    index = -1 if definition is None else definition.index
                    yield FetchSite(path, Span(at, at + len(name)), calls[name], index, -1)
            for macro in program.macros.naming_in(path, (name,)):
                if name != macro.name and name not in (macro.macro.params or ()):
                    for at in _named(program.body_of(macro), name):
                        start = macro.macro.body.start + at
                        yield FetchSite(path, Span(start, start + len(name)), calls[name], -1, macro.index)


def _named(code: str, name: str) -> Iterator[int]:
    for match in re.finditer(rf"{name}(?<!\w{name})\b(?!\s*(?:\(|##))", code):
        before, after = code[max(0, match.start() - 40) : match.start()], code[match.end() : match.end() + 40]
        is_callee = _OPENING.search(before) and _CALLED_BEHIND.match(after)
        if not is_callee and not _NO_VALUE.search(before):
            yield match.start()


def _is_in_initialiser(program: Program, path: str, at: int) -> bool:
    """Tell whether the offset *at* lies in the initialiser of a variable of the file *path*."""
    return any(one.initialiser is not None and at in one.initialiser for one in program.facts[path].globals)


def name_around(program: Program, site: FetchSite) -> str:
    """Return the name of the function or macro that *site* is in, or ""."""
    if site.definition >= 0:
        return program.definitions[site.definition].name
    return program.macros[site.macro].name if site.macro >= 0 else ""


def _in_file(
    program: Program, path: str, spelled: list[Spelled], macros: Sequence[Positions]
) -> Iterator[FetchSite]:
    found: dict[int, FetchSite] = {}
    masked = program.masked(path)
    for one in spelled:
        for span in _matches(masked, one, 0):
            definition = program.body_around(path, span.start)
            index = -1 if definition is None else definition.index
            found.setdefault(span.start, FetchSite(path, span, one, index, -1))
        for macro in program.macros.naming_in(path, (one.name,)):
            if one.name not in (macro.macro.params or ()):
                for span in _in_macro(program, macro, one, macros):
                    found.setdefault(span.start, FetchSite(path, span, one, -1, macro.index))
    yield from (found[start] for start in sorted(found))


def _in_macro(
    program: Program, macro: MacroDefinition, spelled: Spelled, macros: Sequence[Positions]
) -> Iterator[Span]:
    """Yield the places in the body of *macro*, but those that assign the variable or take its address, be it
    by way of *macros*."""
    body, start = program.body_of(macro), macro.macro.body.start
    is_variable = spelled.kind == "variable"
    other = [Span(*m.span()) for m in _lvalue(spelled.name).finditer(body)] if is_variable else []
    for group in macros if is_variable else ():
        other += [Span(at, at + 1) for at in find_passed(body, spelled.name, group)]
    for span in _matches(body, spelled, start):
        if not any(span.start - start in one for one in other):
            yield span


def _matches(masked: str, spelled: Spelled, base: int) -> Iterator[Span]:
    for match in _pattern(spelled.accessor.spelling).finditer(masked):
        start, end = match.span()
        if match.lastindex:
            opening = _OPENING.search(masked, max(0, start - 40), start)
            if opening is None:
                continue
            start = opening.start()
        if masked[end - 1].isalnum() and masked[end : end + 1].isidentifier():
            continue
        if not _MEMBER.search(masked, max(0, start - 40), start):
            yield Span(base + start, base + end)
