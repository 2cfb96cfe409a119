"""Replace the GNU, MSVC and C23 spellings that pycparser does not read by plain C with the same flow.

What matters to control or data flow stays visible, as calls of reserved names:

====================================  ==================================================
in the source                         in the tokens (and so in the AST)
====================================  ==================================================
``goto *expr;``                       ``__clew_computed_goto(expr);``
``&&label``                           ``__clew_label_address(label)``
``asm("..." : "=r"(x) : "r"(y));``    ``__clew_asm(&(x), (y));`` outputs by address
``asm goto("..." : : : : label);``    ``__clew_asm(__clew_label_address(label));``
``a ?: b``                            ``a ? 1 : b``
``case 1 ... 5:``, ``[1 ... 5] = x``  ``case 1 | 5:``, ``[1 | 5] = x``
``"a" PRId64 "b"``                    ``"a" "" "b"`` (a name beside a string literal)
``__try {A} __except (e) {B}``        ``{A} if (e) {B}``
``__try {A} __finally {B}``           ``{A} {B}``
====================================  ==================================================

Attributes, ``__declspec``, ``_Pragma``, ``__extension__``, ``__label__`` declarations and asm without
operands go away.  A `Note` marks what changes the flow in ways that the tokens do not show.
pycparser itself reads statement expressions, ``typeof``, ``_Generic``, ``_Static_assert``,
``_Alignas``, ``_Atomic``, ``auto``, ``offsetof`` and ``__builtin_va_arg``.  It does not read nested
functions: they fail.
"""

from collections.abc import Callable, Sequence
from typing import Literal, NamedTuple

from clew.parse.standard import CALLING_CONVENTIONS
from clew.parse.tokens import Token

COMPUTED_GOTO = "__clew_computed_goto"
LABEL_ADDRESS = "__clew_label_address"
ASM = "__clew_asm"

NoteCode = Literal["computed-goto", "asm", "asm-goto", "cleanup", "structured-exception"]


class Note(NamedTuple):
    """Something that the flow of the tokens does not show: ``goto *p`` may reach every label whose
    address is taken; ``asm goto`` every label it names; a variable with the ``cleanup`` attribute
    calls a function when its scope ends; ``__except`` runs after any statement of its ``__try``."""

    code: NoteCode
    at: int


class _Work:
    """The input, the output so far, and the notes."""

    __slots__ = ("notes", "out", "tokens")

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.out: list[Token] = []
        self.notes: list[Note] = []

    def text(self, at: int) -> str:
        """Text of the token at index *at*, or "" beyond the end."""
        return self.tokens[at].text if at < len(self.tokens) else ""

    def after_group(self, at: int) -> int:
        """Index after the parentheses that open at *at* (or *at* itself when none do)."""
        depth, tokens = 0, self.tokens
        if self.text(at) != "(":
            return at
        for index in range(at, len(tokens)):
            text = tokens[index].text
            if text == "(":
                depth += 1
            elif text == ")":
                depth -= 1
                if depth == 0:
                    return index + 1
        return len(tokens)

    def add(self, kind: Literal["name", "number", "string", "punct"], text: str, at: int) -> None:
        """Add a token in front of the token at index *at*, with that token's origin and an empty span."""
        near = self.tokens[min(at, len(self.tokens) - 1)]
        end = near.end if near.macros and not near.in_argument else near.start
        self.out.append(near._replace(kind=kind, text=text, end=end))


_Handler = Callable[[_Work, int], int]


def _drop(work: _Work, at: int) -> int:
    return at + 1


def _drop_with_group(work: _Work, at: int) -> int:
    return work.after_group(at + 1)


def _attribute(work: _Work, at: int) -> int:
    end = work.after_group(at + 1)
    if any(token.text in ("cleanup", "__cleanup__") for token in work.tokens[at:end]):
        work.notes.append(Note("cleanup", work.tokens[at].start))
    return end


def _brackets(work: _Work, at: int) -> int:
    """``[[attribute]]``: two brackets open in a row nowhere else in C."""
    if work.text(at + 1) != "[":
        return _keep(work, at)
    depth, index = 0, at
    while index < len(work.tokens):
        depth += {"[": 1, "]": -1}.get(work.text(index), 0)
        index += 1
        if depth == 0:
            return index
    return _keep(work, at)


def _keep(work: _Work, at: int) -> int:
    work.out.append(work.tokens[at])
    return at + 1


def _label_declaration(work: _Work, at: int) -> int:
    while at < len(work.tokens) and work.text(at) != ";":
        at += 1
    return at + 1


def _elvis(work: _Work, at: int) -> int:
    work.out.append(work.tokens[at])
    if work.text(at + 1) == ":":
        work.add("number", "1", at + 1)
    return at + 1


def _range(work: _Work, at: int) -> int:
    """``...`` is a range unless it ends a parameter list."""
    token = work.tokens[at]
    work.out.append(token if work.text(at + 1) in (")", "") else token._replace(text="|"))
    return at + 1


def _goto(work: _Work, at: int) -> int:
    if work.text(at + 1) != "*":
        return _keep(work, at)
    token, star = work.tokens[at], work.tokens[at + 1]
    work.notes.append(Note("computed-goto", token.start))
    work.out.append(token._replace(text=COMPUTED_GOTO, end=max(token.end, star.end)))
    work.add("punct", "(", at + 2)
    index, depth = at + 2, 0
    while index < len(work.tokens) and (depth or work.text(index) != ";"):
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(work.text(index), 0)
        index = _step(work, index)
    work.add("punct", ")", index)
    return index


_BEFORE_UNARY = frozenset("( , { } [ = ; : ? return case + - * / % ! ~ < > & | ^ == != || && += -=".split())


def _label_address(work: _Work, at: int) -> int:
    """``&&name`` in prefix position; after a cast only a pointer's ``*)`` tells it from a conjunction."""
    before = work.out[-1].text if work.out else "("
    cast = before == ")" and len(work.out) > 1 and work.out[-2].text == "*"
    following = work.tokens[at + 1] if at + 1 < len(work.tokens) else None
    if following is None or following.kind != "name" or not (cast or before in _BEFORE_UNARY):
        return _keep(work, at)
    work.out.append(work.tokens[at]._replace(kind="name", text=LABEL_ADDRESS))
    _parenthesise(work, at + 1)
    return at + 2


def _parenthesise(work: _Work, at: int) -> None:
    work.add("punct", "(", at)
    work.out.append(work.tokens[at])
    work.add("punct", ")", at + 1)


_ASM_QUALIFIERS = frozenset(("volatile", "__volatile__", "__volatile", "goto", "inline", "__inline__"))


def _asm(work: _Work, at: int) -> int:
    opening = at + 1
    while work.text(opening) in _ASM_QUALIFIERS:
        opening += 1
    end = work.after_group(opening)
    if end == opening:
        return _keep(work, at)
    operands = _asm_operands(work, opening + 1, end - 1)
    if operands:
        jumps = any(section == 4 for section, _, _ in operands)
        work.notes.append(Note("asm-goto" if jumps else "asm", work.tokens[at].start))
        work.out.append(work.tokens[at]._replace(text=ASM))
        _write_operands(work, operands, opening, end)
    return end


def _asm_operands(work: _Work, at: int, end: int) -> list[tuple[int, int, int]]:
    """Operands as (section, first, last + 1): sections 1 outputs, 2 inputs, 4 labels of ``asm goto``."""
    operands, section = [], 0
    while at < end:
        token, after = work.tokens[at], at + 1
        if token.text == ":":
            section += 1
        elif token.text == "[":
            after = at + 3
        elif token.text == "(":
            after = work.after_group(at)
            operands.append((section, at, after))
        elif section == 4 and token.kind == "name":
            operands.append((section, at, after))
        at = after
    return operands


def _write_operands(work: _Work, operands: list[tuple[int, int, int]], opening: int, end: int) -> None:
    work.out.append(work.tokens[opening])
    for number, (section, first, last) in enumerate(operands):
        if number:
            work.add("punct", ",", first)
        if section == 4:
            work.add("name", LABEL_ADDRESS, first)
            _parenthesise(work, first)
            continue
        if section == 1:
            work.add("punct", "&", first)
        while first < last:
            first = _step(work, first)
    work.out.append(work.tokens[end - 1])


def _structured(work: _Work, at: int) -> int:
    token = work.tokens[at]
    if token.text == "__except":
        work.out.append(token._replace(text="if"))
    if token.text == "__try":
        work.notes.append(Note("structured-exception", token.start))
    return at + 1


_HANDLERS: dict[str, _Handler] = {
    "__extension__": _drop,
    "__real__": _drop,
    "__imag__": _drop,
    "__attribute__": _attribute,
    "__attribute": _attribute,
    "__declspec": _drop_with_group,
    "_Pragma": _drop_with_group,
    "__pragma": _drop_with_group,
    "__label__": _label_declaration,
    "asm": _asm,
    "__asm__": _asm,
    "__asm": _asm,
    "goto": _goto,
    "&&": _label_address,
    "?": _elvis,
    "...": _range,
    "[": _brackets,
    "__try": _structured,
    "__except": _structured,
    "__finally": _structured,
} | dict.fromkeys(CALLING_CONVENTIONS, _drop)

# Keywords that may precede a literal, or parentheses that precede one.
_KEYWORDS = frozenset("return case else sizeof do goto const static if while for switch".split())


# A macro invocation beside a literal has few tokens: looking for its name goes no further back.
_JOINED_TOKENS = 64


def _find_joins(tokens: Sequence[Token]) -> dict[int, int]:
    """Return names (with their arguments) that stand beside a literal: first index to index after."""
    joins: dict[int, int] = {}
    for at, token in enumerate(tokens):
        if token.kind != "string" or not at:
            continue
        before = tokens[at - 1]
        first = _group_start(tokens, at - 1) - 1 if before.text == ")" else at - 1
        if first >= 0 and _joins(tokens[first]):
            joins[first] = at
        after = at + 1
        if after < len(tokens) and _joins(tokens[after]):
            joins[after] = _Work(tokens).after_group(after + 1)
    return joins


def _joins(token: Token) -> bool:
    return token.kind == "name" and token.text not in _KEYWORDS


def _group_start(tokens: Sequence[Token], at: int) -> int:
    """Index of the parenthesis that the one at *at* closes, or 0 when it is far away."""
    depth = 0
    for index in range(at, max(-1, at - _JOINED_TOKENS), -1):
        depth += {")": 1, "(": -1}.get(tokens[index].text, 0)
        if depth == 0:
            return index
    return 0


def _join(work: _Work, first: int, after: int) -> int:
    token, last = work.tokens[first], work.tokens[after - 1]
    work.out.append(token._replace(kind="string", text='""', end=max(token.end, last.end)))
    return after


def _step(work: _Work, at: int) -> int:
    """Handle the token at index *at*; return the index after what was handled."""
    handler = _HANDLERS.get(work.tokens[at].text)
    return handler(work, at) if handler is not None else _keep(work, at)


_OPERATORS = frozenset(("?", "&&", "...", "[", "goto"))


def _find_work(tokens: Sequence[Token]) -> list[int]:
    """Return the indices at which a handler may have something to do, apart from literals."""
    found = []
    for at, token in enumerate(tokens):
        text = token.text
        if text not in _HANDLERS:
            continue
        if text in _OPERATORS:
            after = tokens[at + 1].text if at + 1 < len(tokens) else ""
            before = tokens[at - 1].text if at else ""
            # The operators in their everyday use need no handler.
            if (
                (text == "?" and after != ":")
                or (text == "[" and after != "[")
                or (text == "goto" and after != "*")
                or (text == "..." and after == ")")
                or (text == "&&" and before != ")" and before not in _BEFORE_UNARY)
            ):
                continue
        found.append(at)
    return found


def normalise(tokens: list[Token]) -> tuple[list[Token], tuple[Note, ...]]:
    """Return *tokens* as plain C for pycparser, and notes on what its flow does not show."""
    joins, places = _find_joins(tokens), _find_work(tokens)
    if not places and not joins:
        return tokens, ()
    at, work = 0, _Work(tokens)
    for place in sorted({*places, *joins}):
        if place >= at:
            work.out += tokens[at:place]
            at = _join(work, place, joins[place]) if place in joins else _step(work, place)
    work.out += tokens[at:]
    return work.out, tuple(work.notes)
