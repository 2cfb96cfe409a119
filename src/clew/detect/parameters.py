"""Parameters of a function's header: type, name, and the marks that say the function does not use them.

A mark is an attribute (``__attribute__((unused))``, ``[[maybe_unused]]``) or a macro that stands for one:
what its definitions in the tree expand to decides, not its name.
"""

import re
from collections.abc import Collection, Sequence
from functools import partial
from itertools import pairwise

from clew.detect.attributes import choose_macro, count_variants
from clew.link.program import Definition, Program
from clew.parse.expand import BASE_BUDGET, Expander, ExpansionLimitError
from clew.parse.tokens import Token, tokenise
from clew.scan.facts import Header
from clew.scan.lists import split_list
from clew.text.record import record
from clew.text.span import Span

_ATTRIBUTE = frozenset(("__attribute__", "__attribute"))
_UNUSED = frozenset(("unused", "maybe_unused"))
# GCC's way to make a use of an unused parameter a warning.
_BESIDE = _UNUSED | {"deprecated"}
_WORD = re.compile(r"[A-Za-z_]\w*")


@record()
class Parameter:
    """One parameter; *marks* are the places that say it is unused.  *name* is "" where there is none, or a
    macro makes it (``Py_UNUSED(x)``)."""

    type: str
    name: str
    marks: tuple[Span, ...] = ()


def read_parameters(program: Program, path: str, header: Header) -> list[Parameter]:
    """Return the parameters of *header* in *path*, in order."""
    masked = program.facts[path].masked
    spans = split_list(masked, header.params).spans
    return [_read(program, path, tokenise(masked, span.start, span.end)) for span in spans]


def is_unused(program: Program, definition: Definition, names: Collection[str]) -> bool:
    """Tell whether the header of *definition* says of a parameter called one of *names* that it is unused."""
    found = read_parameters(program, definition.path, definition.function.header)
    return any(parameter.marks and parameter.name in names for parameter in found)


def plain_spelling(program: Program, path: str, parameter: Span) -> str:
    """Return the text of one *parameter* of a header in *path* without attributes and the macros that stand
    for them, so that its name is what remains to be found."""
    masked = program.facts[path].masked
    pieces = _pieces(program, path, tokenise(masked, parameter.start, parameter.end))
    kept = (piece for piece in pieces if not _is_attribute(program, path, piece))
    return " ".join(masked[piece[0].start : piece[-1].end] for piece in kept)


def _read(program: Program, path: str, tokens: Sequence[Token]) -> Parameter:
    masked = program.facts[path].masked
    pieces = list(_pieces(program, path, tokens))
    marks = tuple(Span(p[0].start, p[-1].end) for p in pieces if _is_mark(program, path, p))
    plain = [p[0] for p in pieces if not _is_attribute(program, path, p)]
    if not plain or plain[-1].kind != "name" or len(plain) == 1:
        return Parameter(masked[tokens[0].start : tokens[-1].end] if tokens else "", "", ())
    typed = " ".join(masked[t.start : t.end] for t in plain[:-1])
    return Parameter(typed, plain[-1].text, marks)


def _pieces(program: Program, path: str, tokens: Sequence[Token]) -> Sequence[Sequence[Token]]:
    """Cut *tokens* into single ones, and attributes with all that belongs to them."""
    pieces: list[Sequence[Token]] = []
    at = 0
    while at < len(tokens):
        end = at + 1
        following = tokens[at + 1].text if at + 1 < len(tokens) else ""
        if (tokens[at].text in _ATTRIBUTE and following == "(") or tokens[at].text == following == "[":
            end = _close(tokens, at + (tokens[at].text in _ATTRIBUTE))
        elif tokens[at].text in program.macros_by_name and following == "(":
            called = _close(tokens, at + 1)
            end = called if _is_attribute(program, path, tokens[at:called]) else end
        pieces.append(tokens[at:end])
        at = end
    return pieces


def _close(tokens: Sequence[Token], at: int) -> int:
    depth = 0
    for end in range(at, len(tokens)):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(tokens[end].text, 0)
        if depth == 0:
            return end + 1
    return len(tokens)


def _is_attribute(program: Program, path: str, piece: Sequence[Token]) -> bool:
    """Tell whether *piece* is nothing but attributes, under every definition of its macros."""
    return _attributes(program, path, piece) is not None


def _is_mark(program: Program, path: str, piece: Sequence[Token]) -> bool:
    """Tell whether *piece* says that something is unused, and nothing else."""
    found = _attributes(program, path, piece)
    return found is not None and bool(found & _UNUSED) and found <= _BESIDE


def _attributes(program: Program, path: str, piece: Sequence[Token]) -> frozenset[str] | None:
    """Return the names of the attributes that *piece* stands for; None when it stands for more."""
    first = piece[0]
    if first.text not in _ATTRIBUTE and first.text != "[" and first.text not in program.macros_by_name:
        return None
    names: set[str] = set()
    for variant in range(count_variants(program, path, piece)):
        resolve = partial(choose_macro, program, path, variant)
        try:
            expanded = Expander(resolve, BASE_BUDGET).expand(piece)
        except ExpansionLimitError:
            return None
        found = _named(expanded)
        if found is None:
            return None
        names |= found
    return frozenset(names) if names else None


def _named(tokens: Sequence[Token]) -> set[str] | None:
    """Return the names of the attributes that *tokens* hold; None when they hold anything else."""
    names: set[str] = set()
    at = 0
    while at < len(tokens):
        if tokens[at].text in _ATTRIBUTE:
            at += 1
            if at == len(tokens) or tokens[at].text != "(":
                return None
        elif tokens[at].text != "[":
            return None
        end = _close(tokens, at)
        depth = 0
        for token, following in pairwise(tokens[at:end]):
            depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(token.text, 0)
            if depth == 2 and _WORD.match(token.text) and following.text != ":":  # gnu::unused
                names.add(token.text.strip("_"))
        at = end
    return names
