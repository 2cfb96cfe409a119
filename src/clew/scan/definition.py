"""Read the header of a function definition, in every ``#if`` variant."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from clew.scan.conditionals import Marks, list_variants
from clew.scan.declarator import Declarator, find_declarator
from clew.scan.facts import Function, Header, ScanFinding
from clew.scan.items import (
    Item,
    find_type,
    is_candidate,
    is_identifier_list,
    list_items,
    looks_like_parameters,
)
from clew.scan.lexis import (
    ATTRIBUTE_WORDS,
    BLANKS,
    INLINE_WORDS,
    STATEMENT_WORDS,
    STORAGE_WORDS,
    TAG_WORDS,
    TYPE_WORDS,
)
from clew.scan.plain import match_plain_header
from clew.text.span import Span

_STORAGE_CLASSES = frozenset(("static", "extern", "typedef"))
_SPECIFIER_KINDS = frozenset(("word", "*", "(", "[", "{", '"'))
_NAMED_SIZE = re.compile(r"\[[^\]]*")
_WORDS = re.compile(r"[A-Za-z_]\w*")
_BLANK_LINE = re.compile(r"\n[ \t\r]*\n")


class _Reading(NamedTuple):
    """One variant of a header, read: offsets count within the file."""

    header: Header
    name: str
    specifiers: str
    after: str  # what stands between the parameters and the body
    old_style: Span | None
    findings: tuple[ScanFinding, ...] = ()


class Definitions(NamedTuple):
    """The functions that share one body (several where ``#if`` branches name it differently)."""

    functions: tuple[Function, ...]
    findings: tuple[ScanFinding, ...]


def read_definition(piece: str, base: int, body: Span, marks: Marks) -> Definitions | None:
    """Read *piece*, which stands at *base* and ends where the body starts; None if it is no header.

    *piece* may hold old-style declarations after the parameters.  Where ``#if`` branches write several
    headers, all of them count; where they only vary the parameters, the span covers every variant.
    """
    if "#" in piece:
        variants = [_read_variant(variant, base) for variant in list_variants(piece, base, marks)]
    else:
        variants = [_read_variant(piece, base)]
    readings = [reading for reading in variants if reading is not None]
    if not readings:
        return None
    if len(readings) == 1:
        found = Definitions((_make_function(readings, body),), readings[0].findings)
    else:
        found = _join_variants(readings, body)
    if "[" in piece:
        sizes = dict.fromkeys(_find_sizes(piece, base, readings))
        found = found._replace(findings=(*found.findings, *sizes))
    return found


def _join_variants(readings: list[_Reading], body: Span) -> Definitions:
    by_name: dict[str, list[_Reading]] = {}
    for reading in readings:
        by_name.setdefault(reading.name, []).append(reading)
    functions = tuple(_make_function(same, body) for same in by_name.values())
    findings = dict.fromkeys(found for reading in readings for found in reading.findings)
    return Definitions(functions, tuple(findings))


def _find_sizes(piece: str, base: int, readings: list[_Reading]) -> Iterator[ScanFinding]:
    """Yield the sizes of parameters that call, or that a macro may make call: they are evaluated on entry."""
    for reading in readings:
        params = reading.header.params
        for match in _NAMED_SIZE.finditer(piece, params.start - base, params.end - base):
            if not STORAGE_WORDS.issuperset(_WORDS.findall(match[0])):
                span = Span(base + match.start(), params.end)
                yield ScanFinding("parameter-size", span, "the size of this parameter is evaluated")
                break


def _make_function(readings: list[_Reading], body: Span) -> Function:
    """Make one function of its headers in all variants."""
    first = readings[0]
    words = first.specifiers.split()
    return Function(
        name=first.name,
        headers=_merge_headers(readings),
        body=body,
        static="static" in words,
        inline=not INLINE_WORDS.isdisjoint(words),
        old_style=first.old_style,
        specifiers=first.specifiers,
        attributes="" if first.old_style else first.after,
    )


def _merge_headers(readings: list[_Reading]) -> tuple[Header, ...]:
    """Return the headers in order; several with the same name in the same place only widen the parameters."""
    if len(readings) == 1:
        return (readings[0].header,)
    headers: dict[Span, Header] = {}
    for reading in readings:
        header = reading.header
        known = headers.get(header.name_span)
        if known is not None:
            params = Span(known.params.start, max(known.params.end, header.params.end))
            header = Header(min(known.start, header.start), known.name_span, params)
        headers[header.name_span] = header
    return tuple(headers.values())


def _read_variant(piece: str, base: int) -> _Reading | None:
    plain = match_plain_header(piece)
    if plain is None:
        return _read_odd(piece, base)
    name_span = Span(base + plain.name_start, base + plain.name_start + len(plain.name))
    header = Header(base + plain.start, name_span, Span(base + plain.open, base + plain.close))
    return _Reading(header, plain.name, plain.specifiers, "", None)


def _read_odd(piece: str, base: int) -> _Reading | None:
    """Read a header in which there is more than specifiers, a name and parameters."""
    items = list_items(piece)
    if not items or items[0].text in STATEMENT_WORDS or any(item.kind == "=" for item in items):
        return None
    old_style = find_old_style(items)
    declarator = old_style or find_declarator(piece, [item for item in items if item.kind != ";"])
    findings: list[ScanFinding] = []
    if declarator is not None and declarator.params is None:
        declarator = _find_macro_parameters(items, declarator, base, findings)
    if declarator is None or declarator.params is None or not _is_header(piece, items, declarator, old_style):
        return None
    name, params = declarator.name, declarator.params
    first = find_start(piece, items, declarator.first)
    start = items[first].start
    after = piece[params.end :]
    declared = after.rstrip(BLANKS)
    lead = len(declared) - len(declared.lstrip(BLANKS))
    end = base + params.end
    return _Reading(
        Header(base + start, Span(base + name.start, base + name.end), Span(base + params.start, end)),
        piece[name.start : name.end],
        piece[start : name.start].strip(BLANKS),
        declared[lead:],
        Span(end + lead, end + len(declared)) if old_style else None,
        (*findings, *find_macro_bodies(items[:first], base)),
    )


def _find_macro_parameters(
    items: list[Item], found: Declarator, base: int, findings: list[ScanFinding]
) -> Declarator | None:
    """Read ``int f PARAMS(a) {``, where a macro makes the parameters: its arguments stand for them."""
    after = found.first + 1
    if not found.typed or after + 2 != len(items) or not is_candidate(items, after):
        return None
    macro, group = items[after], items[after + 1]
    message = f"the macro {macro.text} makes the parameters of this function"
    findings.append(ScanFinding("macro-parameters", Span(base + macro.start, base + group.end), message))
    return Declarator(found.name, Span(group.start, group.end), True, found.first)


def _is_header(piece: str, items: list[Item], found: Declarator, old_style: Declarator | None) -> bool:
    """Tell a function's header from an aggregate's, and from a macro that hides one (``TEST(name) {``)."""
    if old_style is not None:
        return True
    if found.params is None or any(item.kind == ";" for item in items):
        return False
    group = piece[found.params.start : found.params.end]
    if not group.endswith(")"):
        return False
    if not found.typed:
        return looks_like_parameters(group)
    return items[found.first - 1].text not in TAG_WORDS


def find_old_style(items: list[Item]) -> Declarator | None:
    """Find ``name(a, b) int a; char *b;`` in *items*: a list of names, and declarations of them."""
    if not items or items[-1].kind != ";":
        return None
    last_place = {item.text: index for index, item in enumerate(items)}
    for index in range(len(items) - 2):
        group = items[index + 1]
        if is_candidate(items, index) and items[index + 2].kind == "word" and is_identifier_list(group.text):
            names = (name.strip(BLANKS) for name in group.text[1:-1].split(","))
            if any(last_place.get(name, 0) > index + 1 for name in names):
                name = Span(items[index].start, items[index].end)
                return Declarator(name, Span(group.start, group.end), find_type(items) < index, index)
    return None


def find_start(piece: str, items: list[Item], name: int) -> int:
    """Return the index of the item with which the declaration of the item *name* starts.

    Before it may stand macro calls that need no ``;``: ``MODULE_INFO(x)``, ``static PATH_FUNC(f)``, or a
    function whose body is a macro, ``int f(void) BODY(f)``.  They end with their line, and a whole type
    follows them.  A lone word with a blank line behind it (``BEGIN_DECLS``) counts as well.
    """
    first_typed = find_type(items)
    typed = False  # whether a word that is no macro call stands between the item and the name
    for index in range(name - 1, -1, -1):
        item = items[index]
        if item.kind not in _SPECIFIER_KINDS:
            return index + 1  # what stands before is no declaration
        if typed and item.kind == "(" and index and is_candidate(items, index - 1):
            following = items[index + 1]
            own_line = "\n" in piece[item.end : following.start]
            fresh = index == 1 or following.text in _STORAGE_CLASSES or first_typed < index - 1
            if own_line and fresh:
                return index + 1
            if index + 2 < name and first_typed < index - 1 and _is_body(piece, following, items[index + 2]):
                return index + 2
        typed = typed or (item.kind == "word" and not is_candidate(items, index))
    return 1 if _starts_with_lone_word(piece, items, name) else 0


def _is_body(piece: str, word: Item, following: Item) -> bool:
    """Tell whether *word*, behind a list of parameters, may be a macro that stands for the body: its line
    ends with it."""
    if word.kind != "word" or word.text in STORAGE_WORDS | TYPE_WORDS | TAG_WORDS | ATTRIBUTE_WORDS:
        return False
    return "\n" in piece[word.end : following.start]


def _starts_with_lone_word(piece: str, items: list[Item], name: int) -> bool:
    if name < 2 or items[0].kind != "word" or is_candidate(items, 0) or is_candidate(items, 1):
        return False
    if items[0].text in STORAGE_WORDS | TYPE_WORDS | TAG_WORDS:
        return False
    return _BLANK_LINE.search(piece[items[0].end : items[1].start]) is not None


def find_macro_bodies(items: list[Item], base: int) -> list[ScanFinding]:
    """Find headers followed by a macro instead of a body among *items*, which precede a declaration."""
    typed = find_type(items)
    message = "this looks like a function whose body is a macro"
    return [
        ScanFinding("macro-body", Span(base + items[index].start, base + items[index + 1].end), message)
        for index in range(len(items) - 2)
        if is_candidate(items, index)
        and items[index + 2].kind == "word"
        and typed < index
        and items[index - 1].kind != "("
        and looks_like_parameters(items[index + 1].text)
    ]
