"""Replace the GNU, MSVC and C23 spellings that pycparser does not read by plain C with the same flow.

What matters to control or data flow stays visible, as calls of reserved names:

====================================  ==================================================
in the source                         in the tokens (and so in the AST)
====================================  ==================================================
``goto *expr;``                       ``__clew_computed_goto(expr);``
``&&label``                           ``__clew_label_address(label)``
``asm("..." : "=r"(x) : "r"(y));``    ``__clew_asm(&(x), (y));`` outputs by address
``asm goto("..." : : : : label);``    ``__clew_asm(__clew_label_address(label));``
``__asm { ... }``                     ``__clew_asm();``
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

from clew.parse.assembler import rewrite_asm
from clew.parse.joins import find_joins, join
from clew.parse.rewriting import ASM, COMPUTED_GOTO, LABEL_ADDRESS, Note, Work
from clew.parse.standard import CALLING_CONVENTIONS, SOURCE_ANNOTATIONS
from clew.parse.tokens import Token

__all__ = ["ASM", "COMPUTED_GOTO", "LABEL_ADDRESS", "Note", "normalise"]

_Handler = Callable[[Work, int], int]


def _drop(_work: Work, at: int) -> int:
    return at + 1


def _drop_with_group(work: Work, at: int) -> int:
    return work.after_group(at + 1)


def _drop_group(work: Work, at: int) -> int:
    """Keep a call without its arguments: those of ``__builtin_available(macOS 10.10, *)`` are no C."""
    end = work.after_group(at + 1)
    work.out += [work.tokens[at], *(work.tokens[index] for index in (at + 1, end - 1) if end > at + 1)]
    return end


def _attribute(work: Work, at: int) -> int:
    end = work.after_group(at + 1)
    if any(token.text in ("cleanup", "__cleanup__") for token in work.tokens[at:end]):
        work.notes.append(Note("cleanup", work.tokens[at].start))
    return end


def _brackets(work: Work, at: int) -> int:
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


def _keep(work: Work, at: int) -> int:
    work.out.append(work.tokens[at])
    return at + 1


def _label_declaration(work: Work, at: int) -> int:
    while at < len(work.tokens) and work.text(at) != ";":
        at += 1
    return at + 1


def _elvis(work: Work, at: int) -> int:
    work.out.append(work.tokens[at])
    if work.text(at + 1) == ":":
        work.add("number", "1", at + 1)
    return at + 1


def _range(work: Work, at: int) -> int:
    """``...`` is a range unless it ends a parameter list."""
    token = work.tokens[at]
    work.out.append(token if work.text(at + 1) in (")", "") else token._replace(text="|"))
    return at + 1


def _goto(work: Work, at: int) -> int:
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


_OPERATORS_BEFORE = "( , { } [ = ; : ? return case + - * / % ! ~ < > & | ^ == != || && += -="
_BEFORE_UNARY = frozenset(_OPERATORS_BEFORE.split())


_ENDS_OF_TYPES = frozenset(
    ["*", "int", "long", "short", "char", "unsigned", "intptr_t", "uintptr_t", "size_t", "ptrdiff_t"]
)


def _label_address(work: Work, at: int) -> int:
    """``&&name`` in prefix position; after a cast only the end of its type tells it from a conjunction."""
    before = work.out[-1].text if work.out else "("
    cast = before == ")" and len(work.out) > 1 and work.out[-2].text in _ENDS_OF_TYPES
    following = work.tokens[at + 1] if at + 1 < len(work.tokens) else None
    if following is None or following.kind != "name" or not (cast or before in _BEFORE_UNARY):
        return _keep(work, at)
    work.out.append(work.tokens[at]._replace(kind="name", text=LABEL_ADDRESS))
    work.parenthesise(at + 1)
    return at + 2


def _asm_statement(work: Work, at: int) -> int:
    return rewrite_asm(work, at, _step)


def _structured(work: Work, at: int) -> int:
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
    "__builtin_available": _drop_group,
    "asm": _asm_statement,
    "__asm__": _asm_statement,
    "__asm": _asm_statement,
    "_asm": _asm_statement,
    "goto": _goto,
    "&&": _label_address,
    "?": _elvis,
    "...": _range,
    "[": _brackets,
    "__try": _structured,
    "__except": _structured,
    "__finally": _structured,
}
_HANDLERS |= dict.fromkeys(CALLING_CONVENTIONS, _drop)
_HANDLERS |= dict.fromkeys(SOURCE_ANNOTATIONS, _drop_with_group)


def _step(work: Work, at: int) -> int:
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
    joins, places = find_joins(tokens), _find_work(tokens)
    if not places and not joins:
        return tokens, ()
    at, work = 0, Work(tokens)
    for place in sorted({*places, *joins}):
        if place >= at:
            work.out += tokens[at:place]
            at = join(work, place, joins[place]) if place in joins else _step(work, place)
    work.out += tokens[at:]
    return work.out, tuple(work.notes)
