"""Which names are types in one function, beyond the typedefs of the tree.

C cannot be parsed without knowing its type names, and those of system headers are not in the tree;
the names of a whole tree, on the other hand, are too many: a function may use as a variable what
another file defines as a type.  How a name is used tells both apart.
"""

from collections.abc import Container, Iterator, Sequence

from clew.parse.inject import KEYWORDS
from clew.parse.tokens import Token

_TAGGED = frozenset(("struct", "union", "enum", "goto", ".", "->"))
_QUALIFIERS = frozenset(
    ["const", "volatile", "restrict", "__restrict", "__const", "__restrict__", "register", "static"]
)
_STATEMENT_START = frozenset((";", "{", "}", "const", "static", "register", "extern", "volatile", "typedef"))
_BEFORE_CAST = frozenset(("return", "case", "else", "do", "goto"))
_AFTER_DECLARATOR = frozenset(("=", ";", ",", "[", ")"))
# After these a name is a value; before them, too (``T = ...`` assigns to T, whatever other files say).
_ASSIGNS = "= . -> += -= *= /= %= |= &= ^= <<= >>= ++ --"
_COMPARES = "== != < > <= >= + / % | ^ || ?"
_VALUE_FOLLOWS = frozenset(f"{_ASSIGNS} {_COMPARES}".split())
# After ``T (`` these begin a declarator; anything else is an argument of a call.
_DECLARATOR = frozenset(("*", "(", "^"))
_PLAIN_TYPES = frozenset(["void", "char", "short", "int", "long", "float", "double", "signed", "unsigned"])
_END = Token("punct", "", 0, 0)


def infer_names(tokens: Sequence[Token], types: Container[str], function: str, text: str) -> dict[str, bool]:
    """Return a scope for *tokens*, the definition of *function* in *text*, given the names that are *types*.

    True are names that can only be types here; False are names among *types* that are values here.
    """
    found: dict[str, bool] = {}
    used_as_types: set[str] = set()
    padded = [_END, _END, *tokens, _END, _END, _END, _END]
    body = next((at for at, token in enumerate(padded) if token.text == "{"), len(padded))
    for at, token in enumerate(tokens, 2):
        if token.kind != "name":
            continue
        name, after = token.text, padded[at + 1]
        if after.text == "(" and padded[at + 2].text == "*" and (name in types or name in _PLAIN_TYPES):
            found |= dict.fromkeys(_parameter_types(padded, at + 2, types), True)
        if name in KEYWORDS or padded[at - 1].text in _TAGGED:
            continue
        if name not in types:
            if name not in found and _is_type_use(padded, at, None if at < body else text):
                found[name] = True
        elif after.kind == "name" or after.text == "*":
            used_as_types.add(name)
        elif _is_value_use(padded, at, function if at < body else None):
            found[name] = False
    return {name: kind for name, kind in found.items() if name not in used_as_types}


def ends_line(token: Token, after: Token, text: str) -> bool:
    """Tell whether *token* is a name and *after* another one on a later line of *text*."""
    if after.kind != "name" or after.text in KEYWORDS or not (token.is_source and after.is_source):
        return False
    return "\n" in text[token.end : after.start]


def _is_value_use(tokens: Sequence[Token], at: int, function: str | None) -> bool:
    """Tell whether what follows the name at index *at* makes a value of it; in the header of *function*
    only that name can be one."""
    after = tokens[at + 1].text
    if after == "(":
        return tokens[at].text == function if function else tokens[at + 2].text not in _DECLARATOR
    if after == "[":  # in ``(T[2])`` it is a type
        return tokens[at - 1].text not in ("(", ",")
    return after in _VALUE_FOLLOWS


def _parameter_types(tokens: Sequence[Token], at: int, types: Container[str]) -> Iterator[str]:
    """Yield the single names in the parameters of ``T (*f)(A, B)``, given the index of ``*``."""
    at += 2 if tokens[at + 1].kind == "name" else 1
    if tokens[at].text != ")" or tokens[at + 1].text != "(":
        return
    at += 2
    while tokens[at].kind == "name" and tokens[at + 1].text in (",", ")"):
        if tokens[at].text not in KEYWORDS and tokens[at].text not in types:
            yield tokens[at].text
        if tokens[at + 1].text == ")":
            return
        at += 2


def _is_type_use(tokens: Sequence[Token], at: int, body: str | None) -> bool:
    """Tell whether the name at index *at* is used as a type, in a body within the text *body* or in a
    function's header (None)."""
    before, after = tokens[at - 1], tokens[at + 1]
    if after.kind == "name":
        if after.text in KEYWORDS:
            return after.text in _QUALIFIERS
        # In a body ``X f(``, and a name on a line of its own, is rather a macro than a declaration.
        return body is None or (tokens[at + 2].text != "(" and not ends_line(tokens[at], after, body))
    if after.text == "*":
        return _is_pointer_use(tokens, at, in_header=body is None)
    return after.text == ")" and before.text == "(" and _is_cast(tokens[at - 2], tokens[at + 2])


def _is_cast(before: Token, after: Token) -> bool:
    """Tell whether ``(name)`` between these tokens is a cast: an operand follows, no callee precedes."""
    if before.text == ")" or (before.kind == "name" and before.text not in _BEFORE_CAST):
        return False
    return (
        after.kind in ("number", "string", "char")
        or after.text == "{"
        or (after.kind == "name" and after.text not in KEYWORDS)
    )


def _is_pointer_use(tokens: Sequence[Token], at: int, *, in_header: bool) -> bool:
    """Tell whether ``name *`` is a pointer type and no product."""
    before, end = tokens[at - 1].text, at + 1
    while tokens[end].text in ("*", "const", "volatile", "restrict"):
        end += 1
    if tokens[end].text in (")", ",", ">"):
        return True
    if before in ("const", "volatile") or (
        in_header and before in ("(", ",", "static", "inline", "extern", "")
    ):
        return True
    declares = tokens[end].kind == "name" and tokens[end + 1].text in _AFTER_DECLARATOR
    return declares and before in _STATEMENT_START
