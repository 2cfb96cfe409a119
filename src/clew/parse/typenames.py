"""Which names are types in one function, beyond the typedefs of the tree.

C cannot be parsed without knowing its type names, and those of system headers are not in the tree;
the names of a whole tree, on the other hand, are too many: a function may use as a variable what
another file defines as a type.  How a name is used tells both apart.
"""

from collections.abc import Container, Sequence

from clew.parse.inject import KEYWORDS
from clew.parse.tokens import Token

_TAGGED = frozenset(("struct", "union", "enum", "goto", ".", "->"))
_QUALIFIERS = frozenset("const volatile restrict __restrict __const __restrict__ register static".split())
_STATEMENT_START = frozenset((";", "{", "}", "const", "static", "register", "extern", "volatile", "typedef"))
_BEFORE_CAST = frozenset(("return", "case", "else", "do", "goto"))
_AFTER_DECLARATOR = frozenset(("=", ";", ",", "[", ")"))
# After these a name is a value; before them, too (``T = ...`` assigns to T, whatever other files say).
_VALUE_FOLLOWS = frozenset("= . -> += -= *= /= %= |= &= ^= <<= >>= ++ -- == != < > <= >= + / % | ^ || ?".split())
# After ``T (`` these begin a declarator; anything else is an argument of a call.
_DECLARATOR = frozenset(("*", "(", "^"))
_END = Token("punct", "", 0, 0)


def infer_names(tokens: Sequence[Token], types: Container[str], function: str) -> dict[str, bool]:
    """Return a scope for *tokens*, the definition of *function*, given the names that are *types*.

    True are names that can only be types here; False are names among *types* that are values here.
    """
    found: dict[str, bool] = {}
    used_as_types: set[str] = set()
    padded = [_END, _END, *tokens, _END, _END, _END]
    in_header = True
    for at, token in enumerate(tokens, 2):
        if token.kind != "name":
            in_header = in_header and token.text != "{"
            continue
        name, after = token.text, padded[at + 1]
        if name in KEYWORDS or padded[at - 1].text in _TAGGED:
            continue
        if name in types:
            if after.kind == "name" or after.text == "*":
                used_as_types.add(name)
            elif after.text in _VALUE_FOLLOWS or (
                after.text == "(" and (name == function if in_header else padded[at + 2].text not in _DECLARATOR)
            ):
                found[name] = False
        elif name not in found and _is_type_use(padded, at, in_header=in_header):
            found[name] = True
    for name in used_as_types:
        found.pop(name, None)
    return found


def _is_type_use(tokens: Sequence[Token], at: int, *, in_header: bool) -> bool:
    before, after = tokens[at - 1], tokens[at + 1]
    if after.kind == "name":
        return after.text not in KEYWORDS or after.text in _QUALIFIERS
    if after.text == "*":
        return _is_pointer_use(tokens, at, in_header=in_header)
    return after.text == ")" and before.text == "(" and _is_cast(tokens[at - 2], tokens[at + 2])


def _is_cast(before: Token, after: Token) -> bool:
    """Tell whether ``(name)`` between these tokens is a cast: an operand follows, no callee precedes."""
    if before.text == ")" or (before.kind == "name" and before.text not in _BEFORE_CAST):
        return False
    return after.kind in ("number", "string", "char") or (after.kind == "name" and after.text not in KEYWORDS)


def _is_pointer_use(tokens: Sequence[Token], at: int, *, in_header: bool) -> bool:
    """Tell whether ``name *`` is a pointer type and no product."""
    before, end = tokens[at - 1].text, at + 1
    while tokens[end].text in ("*", "const", "volatile", "restrict"):
        end += 1
    if tokens[end].text in (")", ",", ">"):
        return True
    if before in ("const", "volatile") or (in_header and before in ("(", ",", "static", "inline", "extern", "")):
        return True
    declares = tokens[end].kind == "name" and tokens[end + 1].text in _AFTER_DECLARATOR
    return declares and before in _STATEMENT_START
