"""Guess what unknown macros mean, from the place where they stand, when a function does not parse.

The macros of system headers and of the build are in no file of the tree.

- Three identifiers never follow each other in C, nor do two after a type that is a keyword; where they
  do, one of them is an annotation (``int FAR *p``, ``int weak f(s)``), and is left out.
- A name or a call at the start of a statement, followed by the start of another statement, is a
  macro that needs no semicolon: it gets one, and a note, since it may do anything.
"""

from collections.abc import Container, Iterator, Sequence

from clew.parse.inject import KEYWORDS
from clew.parse.normalise import Note
from clew.parse.tokens import Token
from clew.parse.typenames import ends_line

_TYPES = frozenset(
    ["void", "char", "short", "int", "long", "float", "double", "signed", "unsigned", "_Bool", "bool"]
)
_TAGS = frozenset(("struct", "union", "enum"))


def drop_annotations(tokens: Sequence[Token], types: Container[str]) -> list[Token]:
    """Return *tokens* without such names; one that is among *types* stays, then the first."""
    out: list[Token] = []
    run: list[Token] = []
    for token in tokens:
        if token.kind == "name" and token.text not in KEYWORDS:
            run.append(token)
        else:
            if run:
                out += _reduce(run, out, token.text, types)
                run = []
            out.append(token)
    return out + run


def _reduce(run: list[Token], before: Sequence[Token], after: str, types: Container[str]) -> list[Token]:
    """Return a type and a declarator of *run*, names in a row between *before* and *after*."""
    previous = before[-1].text if before else ""
    typed = previous in _TYPES or (len(before) > 1 and before[-2].text in _TAGS)
    # A pointer's name, or the type itself, comes after the run.
    declared = 0 if after == "*" or after in _TYPES or after in _TAGS else 1
    declarator = run[len(run) - declared :]
    candidates = run[: len(run) - declared]
    if previous in _TAGS:
        return [run[0], *declarator] if len(run) > 1 or not declared else run
    if typed or after in _TYPES or after in _TAGS:
        return declarator
    if previous in ("*", ")", "]"):
        return declarator or run
    if len(candidates) < 2:
        return run
    known = [token for token in candidates if token.text in types]
    return [known[-1] if known else candidates[0], *declarator]


_ACCESSES = frozenset(("(", "->", ".", "++", "--"))
_ENDS = frozenset((";", "{", "}", ":"))
_STARTS = frozenset(
    ["if", "while", "for", "do", "switch", "return", "goto", "break", "continue", "case", "default"]
) | {"}"}


def end_statements(tokens: Sequence[Token], text: str) -> list[Token]:
    """Return *tokens*, of the file *text*, with a ``;`` after every macro that stands for a statement."""
    out: list[Token] = []
    before, at, in_body = "", 0, False
    while at < len(tokens):
        token = tokens[at]
        in_body = in_body or token.text == "{"
        end = _statement_end(tokens, at, text) if in_body and before in _ENDS else at
        out += tokens[at : max(end, at + 1)]
        if end > at:
            last = out[-1]
            out.append(
                last._replace(kind="punct", text=";", start=last.end if last.is_source else last.start)
            )
        at, before = max(end, at + 1), out[-1].text
    return out


def _statement_end(tokens: Sequence[Token], at: int, text: str) -> int:
    """Return the index after a macro that stands for a statement at *at*, or *at* when there is none."""
    token, end = tokens[at], at + 1
    if token.kind != "name" or token.text in KEYWORDS or end >= len(tokens):
        return at
    called = tokens[end].text == "("
    if called:
        depth = 0
        while end < len(tokens):
            depth += {"(": 1, ")": -1}.get(tokens[end].text, 0)
            end += 1
            if depth == 0:
                break
    if end >= len(tokens):
        return at
    following = tokens[end]
    if following.text in _STARTS or (called and following.kind == "name"):
        return end
    # ``MACRO f(x)`` is no declaration: those of functions have been understood before.
    another = following.kind == "name" and following.text not in KEYWORDS and end + 1 < len(tokens)
    return end if another and (tokens[end + 1].text in _ACCESSES or ends_line(token, following, text)) else at


def repairs(tokens: Sequence[Token], types: Container[str], text: str) -> Iterator[list[Token]]:
    """Yield what *tokens* may mean, the least change first; nothing when there is no guess."""
    fewer = drop_annotations(tokens, types)
    if len(fewer) < len(tokens):
        yield fewer
    ended = end_statements(tokens, text)
    if len(ended) > len(tokens):
        yield ended
        both = drop_annotations(ended, types)
        if len(both) < len(ended):
            yield both


def find_guesses(repaired: Sequence[Token], tokens: Sequence[Token]) -> Iterator[Note]:
    """Yield a note for every semicolon that *repaired* has and *tokens* have not."""
    known = {(token.text, token.start, token.end) for token in tokens if token.text == ";"}
    for token in repaired:
        if token.text == ";" and (token.text, token.start, token.end) not in known:
            yield Note("unknown-macro", token.start)
