"""Read file-scope declarations: prototypes, typedefs and variables, declarator by declarator."""

from dataclasses import dataclass, field
from typing import NamedTuple

from clew.scan.conditionals import Marks, list_variants
from clew.scan.declarator import Declarator, find_declarator, skip_tag
from clew.scan.definition import find_macro_bodies, find_start
from clew.scan.facts import Global, Prototype, ScanFinding, Typedef
from clew.scan.items import Item, is_identifier_list, list_items
from clew.scan.lexis import BLANKS, IDENTIFIER, NEVER_CALLED, STATEMENT_WORDS
from clew.scan.plain import PlainHeader, PlainVariable, match_plain_header, match_plain_variable
from clew.text.span import Span

_PLAIN = frozenset(("word", "*", "(", "[", "{", '"', ":", "^"))


@dataclass(slots=True)
class Declarations:
    """What was declared so far; a name declared twice in the same place (in two variants) counts once."""

    prototypes: list[Prototype] = field(default_factory=list)
    globals: list[Global] = field(default_factory=list)
    typedefs: list[Typedef] = field(default_factory=list)
    findings: list[ScanFinding] = field(default_factory=list)


def read_declaration(piece: str, base: int, marks: Marks, into: Declarations) -> None:
    """Read *piece*, a statement at file scope that stands at *base* and ends in ``;``.

    The contents of braces in it are blank.  What declares nothing (``struct s;``, a macro call, a
    static assertion) adds nothing.
    """
    if "#" not in piece:
        _read_variant(piece, base, into, set())
        return
    seen: set[int] = set()
    for variant in list_variants(piece, base, marks):
        _read_variant(variant, base, into, seen)


def _read_variant(piece: str, base: int, into: Declarations, seen: set[int]) -> None:
    if not piece.endswith(";"):
        _read_odd(piece, base, into, seen)
    elif (header := match_plain_header(piece)) is not None:
        if header.name_start not in seen:
            seen.add(header.name_start)
            into.prototypes.append(_make_prototype(piece, base, header))
    elif (variable := match_plain_variable(piece)) is not None:
        if variable.name_start not in seen:
            seen.add(variable.name_start)
            into.globals.append(_make_global(piece, base, variable))
    elif not _is_lone_call(piece):
        _read_odd(piece, base, into, seen)


def _make_prototype(piece: str, base: int, plain: PlainHeader) -> Prototype:
    name_span = Span(base + plain.name_start, base + plain.name_start + len(plain.name))
    params = Span(base + plain.open, base + plain.close)
    span = Span(base + plain.start, base + len(piece))
    return Prototype(plain.name, name_span, params, span, "static" in plain.words, plain.specifiers)


def _make_global(piece: str, base: int, plain: PlainVariable) -> Global:
    name_span = Span(base + plain.name_start, base + plain.name_start + len(plain.name))
    span = Span(base + plain.start, base + len(piece))
    value = plain.value and Span(base + plain.value[0], base + plain.value[1])
    words = plain.specifiers.rstrip(BLANKS + "*").split()
    return Global(plain.name, name_span, span, "static" in words, "extern" in words, plain.specifiers, value)


def _is_lone_call(piece: str) -> bool:
    """Tell whether *piece* is a macro call and its ``;``, which declare nothing."""
    name, _, rest = piece.partition("(")
    inside, _, after = rest.partition(")")
    name = name.strip(BLANKS)
    is_word = IDENTIFIER.fullmatch(name) is not None and name not in NEVER_CALLED
    return is_word and "(" not in inside and after.strip(BLANKS) == ";"


def _read_odd(piece: str, base: int, into: Declarations, seen: set[int]) -> None:
    """Read a declaration that is no plain one."""
    items = list_items(piece)
    if not items or items[0].text in STATEMENT_WORDS:
        return
    if items[-1].kind != ";":  # the file's end: only a macro can end a declaration there
        into.findings += find_macro_bodies(items, base)
        return
    items.pop()
    parts = _split_parts(items, len(piece))
    first = _find(piece, parts[0].items)
    if first is None:
        return
    before = find_start(piece, parts[0].items, first.first)
    start = parts[0].items[before].start
    into.findings += find_macro_bodies(parts[0].items[:before], base)
    # The specifiers that later declarators share: all before the first declarator's own `*` and `(`.
    own = first.first
    while own and parts[0].items[own - 1].kind in ("*", "^"):
        own -= 1
    shared = piece[start : parts[0].items[own].start].strip(BLANKS)
    reader = _Reader(piece, base, shared, into, seen)
    reader.add(parts[0], first, start, piece[start : first.name.start].strip(BLANKS))
    for part in parts[1:]:
        declared = _before_initialiser(part.items)
        found = find_declarator(piece, declared) if _is_plain(declared) else None
        if found is not None:
            begin = declared[0].start
            own_text = piece[begin : found.name.start].strip(BLANKS)
            reader.add(part, found, begin, f"{shared} {own_text}".rstrip(BLANKS))


class _Part(NamedTuple):
    """One declarator with its initialiser; *end* is the offset behind its ``,`` or ``;``."""

    items: list[Item]
    end: int


def _split_parts(items: list[Item], end: int) -> list[_Part]:
    """Split at top-level commas."""
    parts: list[_Part] = []
    start = 0
    for index, item in enumerate(items):
        if item.kind == ",":
            parts.append(_Part(items[start:index], item.end))
            start = index + 1
    return [*parts, _Part(items[start:], end)]


def _is_plain(declared: list[Item]) -> bool:
    """Tell whether *declared* holds only what a declarator may hold."""
    return bool(declared) and all(item.kind in _PLAIN for item in declared)


def _find(piece: str, part: list[Item]) -> Declarator | None:
    """Find the declarator of a first part: specifiers and a name."""
    declared = _before_initialiser(part)
    if len(declared) < 2 or not _is_plain(declared):
        return None
    found = find_declarator(piece, declared)
    if found is None or found.first < skip_tag(declared) or found.first == 0:
        return None
    if found.params is not None and not found.typed:
        # `static f(x);` is a macro call more often than an implicit int.
        return None if is_identifier_list(piece[found.params.start : found.params.end]) else found
    return found


def _before_initialiser(part: list[Item]) -> list[Item]:
    for index, item in enumerate(part):
        if item.kind == "=":
            return part[:index]
    return part


@dataclass(slots=True)
class _Reader:
    """Turns the declarators of one declaration into facts."""

    piece: str
    base: int
    shared: str  # the specifiers
    into: Declarations
    seen: set[int]

    def add(self, part: _Part, found: Declarator, start: int, specifiers: str) -> None:
        """Add what *found*, the declarator in *part*, declares; *start* is where its text begins."""
        base, name = self.base, found.name
        if name.start in self.seen:
            return
        self.seen.add(name.start)
        words = self.shared.split()
        text, name_span = name.of(self.piece), Span(base + name.start, base + name.end)
        span = Span(base + start, base + part.end)
        if "typedef" in words:
            self.into.typedefs.append(Typedef(text, name_span, span))
        elif found.params is not None:
            params = Span(base + found.params.start, base + found.params.end)
            self.into.prototypes.append(
                Prototype(text, name_span, params, span, "static" in words, specifiers)
            )
        else:
            value = self._find_initialiser(part.items)
            self.into.globals.append(
                Global(text, name_span, span, "static" in words, "extern" in words, specifiers, value)
            )

    def _find_initialiser(self, items: list[Item]) -> Span | None:
        for index, item in enumerate(items[:-1]):
            if item.kind == "=":
                return Span(self.base + items[index + 1].start, self.base + items[-1].end)
        return None
