"""Names beside string literals: macros such as ``PRId64``, whose expansion is another literal."""

from collections.abc import Sequence

from clew.parse.rewriting import Work
from clew.parse.tokens import Token

# Keywords that may precede a literal, or parentheses that precede one.
_KEYWORDS = frozenset(
    ["return", "case", "else", "sizeof", "do", "goto", "const", "static", "if", "while", "for", "switch"]
)


# A macro invocation beside a literal has few tokens: looking for its name goes no further back.
_JOINED_TOKENS = 64


def find_joins(tokens: Sequence[Token]) -> dict[int, int]:
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
            joins[after] = Work(tokens).after_group(after + 1)
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


def join(work: Work, first: int, after: int) -> int:
    """Replace the tokens from *first* up to *after* by an empty literal; return *after*."""
    token, last = work.tokens[first], work.tokens[after - 1]
    work.out.append(token._replace(kind="string", text='""', end=max(token.end, last.end)))
    return after
