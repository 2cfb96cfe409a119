"""What the parse of one variant of a function is good for in the next one.

Two variants differ in a few ``#if`` branches; the rest of a long function is the same tokens again.  These
are given to pycparser as the same objects, and a compound statement that consists of none but such objects
is not parsed again: its AST is taken over.  What a parse depends on beside the tokens is which names are
types; of names that are types elsewhere, the same ones must be declared as values around it.

An AST's places are its tokens: that of an earlier variant holds until `Earlier.align` has renumbered them.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from clew.parse.tokens import Token

# Tokens of a compound statement that is worth keeping: shorter ones are parsed as fast as they are compared.
MIN_TOKENS = 24

Scopes = Sequence[Mapping[str, bool]]


class Kept(NamedTuple):
    """The AST *node* of a compound statement, its tokens, and what was declared as a value around it."""

    node: Any
    tokens: list[Any]
    values: frozenset[str]


class Earlier:
    """Remembers the variants of one function, for a parser that is given them one after the other."""

    def __init__(self) -> None:
        self._tokens: Sequence[Token] = ()
        self._made: list[Any] = []
        self._scopes: Scopes = ()
        self._kept: dict[int, Kept] = {}

    def align(self, tokens: Sequence[Token], scopes: Scopes, make: Callable[[Token, int], Any]) -> list[Any]:
        """Return pycparser's tokens for *tokens*: those of the variant before where it has the same ones, and
        new ones from *make*, which is given a token and its number, elsewhere.  *scopes* tell which names are
        types in the function: where that differs, nothing is the same."""
        before, made_before = self._tokens, self._made
        if scopes != self._scopes:
            before, made_before = (), []
        places = {token.start: index for index, token in enumerate(before) if not token.macros}
        made: list[Any] = []
        at, count = 0, len(before)
        for number, token in enumerate(tokens, 1):
            if not token.macros and (at >= count or before[at] != token):
                at = max(at, places.get(token.start, at))
            if at < count and before[at] == token:
                again = made_before[at]
                again.lineno = number
                at += 1
            else:
                again = make(token, number)
            made.append(again)
        self._tokens, self._made, self._scopes = tokens, made, scopes
        return made

    def find(self, buffer: Sequence[Any], at: int, values: frozenset[str]) -> Kept | None:
        """Return the compound statement that was parsed from the tokens at index *at* of *buffer* where
        *values* were declared, or None."""
        kept = self._kept.get(id(buffer[at]))
        if kept is None or kept.values != values or buffer[at : at + len(kept.tokens)] != kept.tokens:
            return None
        return kept

    def keep(self, node: Any, tokens: list[Any], values: frozenset[str]) -> None:
        """Remember that *tokens* are the compound statement *node* where *values* are declared."""
        if len(tokens) >= MIN_TOKENS:
            self._kept[id(tokens[0])] = Kept(node, tokens, values)
