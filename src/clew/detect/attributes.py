"""Attributes that count parameters: ``format(printf, 1, 2)`` and its like, and where their numbers stand.

The text of a declaration outside its parameters is expanded with every definition that its macros have, and
each token knows where it came from: a number that reaches an attribute through ``PRINTF_LIKE(1, 2)`` stands
in the declaration and can be changed there, one that stands in a macro's body cannot.
"""

import re
from collections.abc import Iterator, Sequence
from functools import partial

from clew.link.mentions import Symbol
from clew.link.program import Program
from clew.parse.expand import BASE_BUDGET, Expander, ExpansionLimitError
from clew.parse.macros import Definition
from clew.parse.tokens import Token, tokenise
from clew.scan.lexis import ATTRIBUTE_WORDS
from clew.text.record import record
from clew.text.span import Span

# Which arguments of an attribute are positions of parameters, counted from 1 (GCC 15, Clang 19): the first of
# them, and how many (None: all that follow).
_COUNTING: dict[str, tuple[int, int | None]] = {
    "format": (1, None),
    "format_arg": (0, 1),
    "nonnull": (0, None),
    "nonnull_if_nonzero": (0, None),
    "alloc_size": (0, None),
    "alloc_align": (0, 1),
    "access": (1, None),
    "fd_arg": (0, 1),
    "fd_arg_read": (0, 1),
    "fd_arg_write": (0, 1),
    "null_terminated_string_arg": (0, 1),
    "ownership_holds": (1, None),
    "ownership_takes": (1, None),
    "ownership_returns": (1, None),
    "argument_with_type_tag": (1, None),
    "pointer_with_type_tag": (1, None),
    "callback": (0, None),
    "xray_log_args": (0, 1),
}
_ATTRIBUTE = frozenset(("__attribute__", "__attribute"))
_ITEM_ENDS = ";}#"
_FARTHEST = 400  # characters from the start of a declaration to that of its attributes
_DIGITS = re.compile(r"\d+\Z")
_WORD = re.compile(r"[A-Za-z_]\w*")
_HINT = re.compile(r"attribute|\[\s*\[|\b(?:format|nonnull|alloc_size|access)", re.IGNORECASE)
_MOST_VARIANTS = 8


@record()
class Index:
    """The number *value* at *span* of *path* says which parameter *attribute* means, from 1; 0 is none."""

    path: str
    span: Span
    value: int
    attribute: str


@record()
class Obscure:
    """An attribute of the declaration whose name stands at *span* of *path* that clew cannot renumber."""

    path: str
    span: Span
    why: str


@record()
class Surroundings:
    """What stands around the parameters of one declaration: *before* may belong to several declarators."""

    path: str
    name_span: Span
    before: Span
    behind: Span
    shared: bool  # other declarators, or other headers, share it


def surroundings(program: Program, symbol: Symbol) -> Iterator[Surroundings]:
    """Yield the surroundings of every definition and prototype of *symbol*."""
    for definition in symbol.definitions:
        function, masked = definition.function, program.facts[definition.path].masked
        end = function.old_style.start if function.old_style else function.body.start
        for header in function.headers:
            before = Span(behind_last_item(masked, header.start), header.name_span.start)
            shared = len(function.headers) > 1
            yield Surroundings(
                definition.path, header.name_span, before, Span(header.params.end, end), shared
            )
    for mention in symbol.prototypes:
        prototype, masked = mention.prototype, program.facts[mention.path].masked
        before = Span(behind_last_item(masked, prototype.span.start), prototype.name_span.start)
        behind = Span(prototype.params.end, prototype.span.end)
        shared = behind.of(masked).endswith(",") or before.of(masked)[:-1].rstrip().endswith(",")
        yield Surroundings(mention.path, prototype.name_span, before, behind, shared)


def behind_last_item(masked: str, start: int) -> int:
    """Return where attributes in front of the declaration at *start* may begin: behind the last item."""
    farthest = max(0, start - _FARTHEST)
    return max(farthest, *(masked.rfind(end, farthest, start) + 1 for end in _ITEM_ENDS))


def read_indices(program: Program, symbol: Symbol) -> tuple[list[Index], list[Obscure]]:
    """Return the numbers that attributes of *symbol* hold, and what cannot be read."""
    indices: dict[tuple[str, Span], Index] = {}
    obscure: list[Obscure] = []
    for around in surroundings(program, symbol):
        if not _is_worth_reading(program, around):
            continue
        found, why = _read(program, around)
        if found and around.shared:
            why = why or f"the attribute `{found[0].attribute}` is shared with other declarations"
        indices |= {(index.path, index.span): index for index in found}
        if why:
            obscure.append(Obscure(around.path, around.name_span, why))
    return list(indices.values()), obscure


def _is_worth_reading(program: Program, around: Surroundings) -> bool:
    masked = program.facts[around.path].masked
    text = f"{around.before.of(masked)} {around.behind.of(masked)}"
    known = program.macros_by_name
    return (
        _HINT.search(text) is not None
        or "(" in around.behind.of(masked)
        or any(word in known for word in _WORD.findall(text))
    )


def _read(program: Program, around: Surroundings) -> tuple[list[Index], str]:
    """Return the indices in one declaration under every definition of its macros, and what hides others."""
    masked = program.facts[around.path].masked
    tokens = [tokenise(masked, span.start, span.end) for span in (around.before, around.behind)]
    indices: dict[Span, Index] = {}
    elsewhere: set[Span] = set()
    for variant in range(count_variants(program, around.path, [t for part in tokens for t in part])):
        for part in tokens:
            resolve = partial(choose_macro, program, around.path, variant)
            try:
                expanded = Expander(resolve, BASE_BUDGET).expand(part)
            except ExpansionLimitError as error:
                return [], f"the macro {error.token.text} expands without end"
            reader = _Reader(around.path, expanded)
            reader.read()
            if reader.why:
                return [], reader.why
            indices |= {index.span: index for index in reader.indices}
            elsewhere |= reader.elsewhere
    if elsewhere & indices.keys():
        return [], "a macro uses the number of a parameter for something else as well"
    unknown = "" if around.shared else _unknown_call(program, tokens[1])
    return list(indices.values()), f"`{unknown}` may count parameters" if unknown else ""


def choose_macro(program: Program, path: str, variant: int, name: str, offset: int) -> Definition | None:
    """Return definition number *variant* of the macro *name* as *offset* of *path* may see it."""
    if name in _ATTRIBUTE:
        return None  # defined away for compilers that do not know it
    found = program.macro_table.definitions(name, path, offset)
    return found[min(variant, len(found) - 1)] if found else None


def count_variants(program: Program, path: str, tokens: Sequence[Token]) -> int:
    """Return how many definitions the macros of *tokens* (and those in their bodies) have at most."""
    most, seen, todo = 1, set[str](), [(t.text, t.start) for t in tokens if t.kind == "name"]
    while todo:
        name, offset = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        found = program.macro_table.definitions(name, path, offset)
        most = max(most, len(found))
        todo += [(t.text, offset) for definition in found for t in definition.body if t.kind == "name"]
    return min(most, _MOST_VARIANTS)


def _unknown_call(program: Program, tokens: Sequence[Token]) -> str:
    """Return what looks like a macro call with numbers behind the parameters, and is no macro of the tree."""
    depth = 0
    for number, token in enumerate(tokens):
        if depth == 0 and token.kind == "name" and token.text not in ATTRIBUTE_WORDS:
            group = _group(tokens, number + 1)
            if token.text not in program.macros_by_name and any(t.kind == "number" for t in group):
                return token.text
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(token.text, 0)
    return ""


def _group(tokens: Sequence[Token], at: int) -> Sequence[Token]:
    """Return the tokens between the parenthesis at *at* and the one that closes it; none if there is none."""
    if at >= len(tokens) or tokens[at].text not in ("(", "["):
        return ()
    depth = 0
    for end in range(at, len(tokens)):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(tokens[end].text, 0)
        if depth == 0:
            return tokens[at + 1 : end]
    return tokens[at + 1 :]


class _Reader:
    """Finds the indices in expanded *tokens*: *why* says what could not be read, *elsewhere* are numbers of
    the declaration that mean something else."""

    def __init__(self, path: str, tokens: Sequence[Token]) -> None:
        self._path, self._tokens = path, tokens
        self.indices: list[Index] = []
        self.why = ""
        self.elsewhere: set[Span] = set()

    def read(self) -> None:
        """Read all attributes."""
        at = 0
        while at < len(self._tokens):
            token = self._tokens[at]
            start = at + 1 if token.text in _ATTRIBUTE else at
            double = token.text in _ATTRIBUTE or token.text == "["
            outer = _group(self._tokens, start) if double else ()
            inner = _group(outer, 0)
            if inner:
                for item in _split(inner):
                    self._read_item(item)
                at = start + len(outer) + 2
                continue
            if token.kind == "number" and token.is_source:
                self.elsewhere.add(Span(token.start, token.end))
            at += 1

    def _read_item(self, item: Sequence[Token]) -> None:
        opens = next((n for n, token in enumerate(item) if token.text == "("), len(item))
        name = item[opens - 1].text.strip("_") if opens else ""
        arguments = _split(_group(item, opens))
        first, count = _COUNTING.get(name, (len(arguments), None))
        last = len(arguments) if count is None else first + count
        for number, argument in enumerate(arguments):
            if first <= number < last:
                self._read_index(name, argument)
            else:
                spans = (Span(t.start, t.end) for t in argument if t.kind == "number" and t.is_source)
                self.elsewhere.update(spans)

    def _read_index(self, name: str, argument: Sequence[Token]) -> None:
        while len(argument) > 2 and argument[0].text == "(" and argument[-1].text == ")":
            argument = argument[1:-1]
        if len(argument) != 1 or not _DIGITS.match(argument[0].text):
            self.why = f"the attribute `{name}` counts parameters in a way that clew cannot read"
        elif not argument[0].is_source:
            self.why = f"the attribute `{name}` counts parameters in the macro {argument[0].macros[-1]}"
        else:
            span = Span(argument[0].start, argument[0].end)
            self.indices.append(Index(self._path, span, int(argument[0].text), name))


def _split(tokens: Sequence[Token]) -> list[Sequence[Token]]:
    """Split at top-level commas; no tokens make no part."""
    parts: list[Sequence[Token]] = []
    depth = start = 0
    for at, token in enumerate(tokens):
        depth += {"(": 1, "[": 1, ")": -1, "]": -1}.get(token.text, 0)
        if token.text == "," and depth == 0:
            parts.append(tokens[start:at])
            start = at + 1
    return [*parts, tokens[start:]] if tokens else []
