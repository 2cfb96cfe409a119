"""One file, cut into function definitions and what stands between them."""

import hashlib
import re
from collections.abc import Container, Iterator, Sequence
from typing import NamedTuple

from clew.link.program import ALIASES
from clew.scan import called_names
from clew.scan.facts import FileFacts, Function
from clew.text.source import SourceText
from clew.text.span import Span

_WORD = re.compile(r"[A-Za-z_$\x80-\xff][A-Za-z0-9_$\x80-\xff]*+")
_DIGEST_BYTES = 8
# Directives that mean nothing outside the function that they stand in, when each is closed in it.
_OPENING, _CLOSING = frozenset({"if", "ifdef", "ifndef"}), "endif"
_INNER = _OPENING | {_CLOSING, "else", "elif", "elifdef", "elifndef"}


class Asked(NamedTuple):
    """What matters in a function: a mention of one of *words*, a call of one of *calls*."""

    words: Container[str]
    calls: frozenset[str]


class Piece(NamedTuple):
    """A piece of a file: *name* is that of the function, "" for what stands between functions.  *length*
    counts characters, *lines* line ends; *digest* tells its text, *head* that of the text before the body.
    A *fixed* piece must not change if an earlier result is to hold."""

    name: str
    length: int
    lines: int
    digest: str
    head: str
    fixed: bool


class Shape(NamedTuple):
    """What a file declares outside of functions, in numbers, with the codes of its findings; *tabs* tells
    whether most of its lines begin with one."""

    macros: int
    prototypes: int
    globals: int
    typedefs: int
    includes: int
    findings: tuple[str, ...]
    tabs: bool


class Cut(NamedTuple):
    """A file in pieces; *functions* are those of the pieces, None between them."""

    pieces: list[Piece]
    functions: list[Function | None]
    shape: Shape


def cut_file(source: SourceText, facts: FileFacts, asked: Asked, parsed: Container[int]) -> Cut:
    """Cut *source*.  Fixed are functions that mention what was *asked* for, were *parsed* (by the offset of
    their body), or do more than a body can by itself, and all but blanks and comments between functions."""
    text, pieces, functions, at = source.text, list[Piece](), list[Function | None](), 0
    inner = _Directives(facts)
    for group in _groups(facts.functions):
        start, end = group[0].span.start, max(one.span.end for one in group)
        _add_between(text, facts, Span(at, start), pieces, functions)
        whole, first = Span(start, end), group[0]
        body = text[start:end]
        fixed = (
            len(group) > 1
            or first.body.start in parsed
            or not inner.is_plain(whole)
            or not first.name.isidentifier()
            or "\\\n" in body
            or "\\\r" in body
            or _has_alias(body)
            or any(word in asked.words for word in _WORD.findall(body))
            or not asked.calls.isdisjoint(called_names(facts.masked, whole))
        )
        head = _digest(text[start : first.body.start])
        pieces.append(Piece(first.name, end - start, body.count("\n"), _digest(body), head, fixed))
        functions.append(first)
        at = end
    _add_between(text, facts, Span(at, len(text)), pieces, functions)
    return Cut(pieces, functions, _shape(text, facts))


def _shape(text: str, facts: FileFacts) -> Shape:
    return Shape(
        len(facts.macros),
        len(facts.prototypes),
        len(facts.globals),
        len(facts.typedefs),
        len(facts.includes),
        tuple(finding.code for finding in facts.findings),
        text.count("\n\t") > text.count("\n    "),
    )


def _add_between(
    text: str, facts: FileFacts, span: Span, pieces: list[Piece], functions: list[Function | None]
) -> None:
    """Add what stands in *span*; what stands before the first function always counts."""
    if span.start < span.end:
        raw = span.of(text)
        fixed = not pieces or "#" in raw or not span.of(facts.masked).isspace() or _has_alias(raw)
        pieces.append(Piece("", len(raw), raw.count("\n"), _digest(raw), "", fixed))
        functions.append(None)


def _groups(functions: Sequence[Function]) -> Iterator[list[Function]]:
    """Yield the functions in order, those together that share text."""
    group: list[Function] = []
    for function in sorted(functions, key=lambda one: (one.span.start, one.span.end)):
        if group and function.span.start >= max(one.span.end for one in group):
            yield group
            group = []
        group.append(function)
    if group:
        yield group


class _Directives:
    """The directives of one file, asked in the order of the text."""

    def __init__(self, facts: FileFacts) -> None:
        self._directives, self._at = facts.directives, 0

    def is_plain(self, span: Span) -> bool:
        """Tell whether *span*, which lies behind all that were asked for, has no directives but whole
        conditionals."""
        depth = 0
        while self._at < len(self._directives) and self._directives[self._at].span.start < span.end:
            directive = self._directives[self._at]
            self._at += 1
            if directive.span.start < span.start:
                continue
            depth += (directive.keyword in _OPENING) - (directive.keyword == _CLOSING)
            is_open = depth > 0 or directive.keyword == _CLOSING
            if directive.keyword not in _INNER or depth < 0 or not is_open:
                return False
        return depth == 0


def _has_alias(text: str) -> bool:
    """Tell whether *text*, comments included, may name a function in a string."""
    return any(word in text and pattern.search(text) for word, pattern in ALIASES.items())


def _digest(text: str) -> str:
    return hashlib.blake2b(text.encode("latin-1"), digest_size=_DIGEST_BYTES).hexdigest()
