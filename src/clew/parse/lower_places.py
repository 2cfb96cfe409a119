"""Extents: where in the token list a piece of the AST begins and ends.

pycparser's coordinates only tell where some token of a node stands (for an expression, its leftmost
identifier or constant, parentheses and prefix operators left out).  Everything else is read off the
tokens: brackets are matched once, and statements are walked in step with the AST.
"""

from collections.abc import Iterable, Sequence

from clew.parse.flow import Origin
from clew.parse.inject import Node
from clew.parse.lower_error import LoweringError
from clew.parse.tokens import Token
from clew.text.span import Span

_CLOSERS = {")": "(", "]": "[", "}": "{"}
_OPENERS = frozenset(_CLOSERS.values())


class Places:
    """The tokens of a function of the file *path*, with their brackets matched."""

    def __init__(self, tokens: Sequence[Token], path: str) -> None:
        self.tokens, self.path = tokens, path
        self.texts = [token.text for token in tokens]
        self.match = _match_brackets(self.texts)
        # The index after a token, or after the brackets that it opens.
        self.skip = [match + 1 if match > at else at + 1 for at, match in enumerate(self.match)]

    def error(self, message: str, at: int) -> LoweringError:
        """Return (not raise) an error at the token with index *at*."""
        return LoweringError(message, self.path, self.offset(at))

    def offset(self, at: int) -> int:
        """Return the offset of token *at* in the own file (of the last token, when there is none)."""
        return self.tokens[min(at, len(self.tokens) - 1)].start if self.tokens else 0

    def expect(self, at: int, text: str) -> int:
        """Return the index after token *at*, which must be *text*: the AST and the tokens agree."""
        if at >= len(self.texts) or self.texts[at] != text:
            raise self.error(f"expected {text!r} here", at)
        return at + 1

    def close_of(self, at: int) -> int:
        """Return the index of the bracket that matches the opening one at *at*."""
        closing = self.match[at] if at < len(self.match) else -1
        if closing <= at:
            raise self.error("expected a pair of brackets here", at)
        return closing

    def find(self, at: int, end: int, *wanted: str) -> int:
        """Return the index of the first of the tokens *wanted* in ``at..end`` outside brackets, or *end*."""
        texts, skip = self.texts, self.skip
        while at < end and texts[at] not in wanted:
            at = skip[at]
        return min(at, end)

    def after_semicolon(self, at: int) -> int:
        """Return the index after the ``;`` that ends the statement or declaration that begins at *at*."""
        return self.expect(self.find(at, len(self.texts), ";"), ";")

    def after_case_colon(self, at: int) -> int:
        """Return the index after the ``:`` of the case label at *at*, past those of ``?:``."""
        open_conditionals = 0
        end = len(self.texts)
        while at < end:
            text = self.texts[at]
            if text == ":" and not open_conditionals:
                return at + 1
            open_conditionals += (text == "?") - (text == ":")
            at = self.skip[at]
        raise self.error("a case label without a colon", at)

    def split(self, start: int, end: int) -> list[tuple[int, int]]:
        """Cut ``start..end`` at its commas outside brackets; an empty list for no tokens."""
        pieces = []
        while start < end:
            comma = self.find(start, end, ",")
            pieces.append((start, comma))
            start = comma + 1
        return pieces

    def span(self, start: int, end: int) -> Span:
        """Return the own file's span of the tokens ``start..end`` (at least one)."""
        tokens = self.tokens
        return Span(tokens[start].start, max(tokens[start].end, tokens[end - 1].end))

    def in_macro(self, start: int, end: int) -> bool:
        """Tell whether the first or the last of the tokens ``start..end`` went through a macro."""
        return bool(self.tokens[start].macros or self.tokens[end - 1].macros)

    def origin(self, start: int, end: int = -1) -> Origin:
        """Return the origin of token *start*, or of the tokens ``start..end``."""
        token = self.tokens[start]
        if end < 0:
            last, span = token, Span(token.start, token.end)
        else:
            last, span = self.tokens[end - 1], self.span(start, end)
        if not token.macros:
            return Origin(span)
        if token.in_argument:
            return Origin(span, token.macros, True, self.path, span)
        return Origin(span, token.macros, False, token.body_path, _body_span(token, last))

    def is_written(self, at: int) -> bool:
        """Tell whether token *at* stands, as it is, in the own file."""
        token = self.tokens[at]
        return token.is_source and token.end > token.start

    def spell(self, start: int, end: int) -> str:
        """Write the tokens ``start..end`` in one canonical way."""
        return join(self.texts[start:end])


def index(node: Node) -> int:
    """Return the index of the token that *node* stands at, or -1."""
    return -1 if node.coord is None else int(node.coord.lineno) - 1


def join(words: Iterable[str]) -> str:
    """Join tokens: a blank between words and before the first star, none elsewhere."""
    pieces: list[str] = []
    after_word = False
    for word in words:
        is_word = word[:1].isalnum() or word[:1] in "_$"
        if after_word and (is_word or word == "*"):
            pieces.append(" ")
        pieces.append(word)
        after_word = is_word
    return "".join(pieces)


def _body_span(token: Token, last: Token) -> Span | None:
    if token.pasted or token.body_start < 0:
        return None
    same = last.macros == token.macros and last.body_path == token.body_path and not last.in_argument
    end = last if same and not last.pasted and last.body_start >= token.body_start else token
    return Span(token.body_start, end.body_start + len(end.text))


def _match_brackets(texts: Sequence[str]) -> list[int]:
    """Return for every bracket the index of its partner, and -1 for everything else."""
    match, opened = [-1] * len(texts), []
    for at, text in enumerate(texts):
        if text in _OPENERS:
            opened.append(at)
        elif text in _CLOSERS and opened and texts[opened[-1]] == _CLOSERS[text]:
            match[at] = opened.pop()
            match[match[at]] = at
    return match
