"""C tokens, and where each of them comes from.

A function's tokens are cut from the masked text of its file (comments and directives blanked, literals
empty), the tokens of a macro body from the original text of the `#define`.  Macro expansion and
normalisation (see `clew.parse.normalise`, which also lists the reserved ``__clew_...`` names) make new
tokens; every token of the final list still knows its origin.

pycparser receives that list with the token's index + 1 as its line, so that a node of the AST belongs
to the token ``tokens[node.coord.lineno - 1]``.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

TokenKind = Literal["name", "number", "string", "char", "punct", "other"]


class Token(NamedTuple):
    """One token; keywords are names, and "other" is a character that starts no C token.

    There are three sorts of tokens:

    - *source*: it stands in the function's text at ``start..end``; *macros* is empty.
    - *argument* (*in_argument*): a source token that reached its place through an argument of the
      macros *macros*; ``start..end`` is still its own place in the function's text.
    - *macro-made*: ``start..end`` is the outermost macro invocation in the function's text (the name,
      or the name up to its closing parenthesis), *macros* the chain of expansions from the outermost
      to the innermost, and *body_start* the offset in the file *body_path* where the token stands in
      a macro's body.  *pasted* marks one made by ``##`` or ``#``, whose text stands nowhere.

    A token that normalisation adds has no text of its own: its span is empty (``start == end``) or
    that of the tokens it replaces.
    """

    kind: TokenKind
    text: str
    start: int
    end: int
    macros: tuple[str, ...] = ()
    in_argument: bool = False
    body_path: str = ""
    body_start: int = -1
    pasted: bool = False

    @property
    def is_source(self) -> bool:
        """The token's own text stands at ``start..end`` in the function's file."""
        return not self.macros or self.in_argument


_WORD = r"(?!(?:L|u8|[uU])[\"'])[A-Za-z_$\x80-\xff][\w$\x80-\xff]*"
_NUMBER = r"\.?\d(?:[eEpP][+-]|'(?=\w)|[\w.])*"
_PUNCT = r"\.\.\.|->|\+\+|--|<<=|>>=|<<|>>|[-+*/%&|^!=<>]=|&&|\|\||[-+*/%&|^~!=<>?:;,.(){}\[\]]"
# In masked text a literal has no escapes: its contents are blank.
_MASKED = re.compile(
    rf"({_WORD})|({_NUMBER})|((?:L|u8|[uU])?\"[^\"]*\")|((?:L|u8|[uU])?'[^']*')|({_PUNCT})|([^\s])",
    re.ASCII,
)
_DIGRAPH = r"%:%:|%:|<%|%>|<:|:>"
_SPELLED = {"%:%:": "##", "%:": "#", "<%": "{", "%>": "}", "<:": "[", ":>": "]"}
_TIGHT_SPLICE = re.compile(r"(?<=\S)\\[ \t]*\r?\n(?=\S)")
_SPLICE = re.compile(r"\\[ \t]*\r?\n")
_COMMENT = r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/|//(?:[^\\\n]|\\[\s\S])*|\\[ \t]*(?:\r?\n|\Z)"
_BODY = re.compile(
    rf"(?:{_COMMENT})|({_WORD})|({_NUMBER})|((?:L|u8|[uU])?\"(?:[^\"\\\n]++|\\[\s\S])*+\")"
    rf"|((?:L|u8|[uU])?'(?:[^'\\\n]++|\\[\s\S])*+')|(\#\#?|{_DIGRAPH}|{_PUNCT})|([^\s])",
    re.ASCII,
)
_KINDS: tuple[TokenKind, ...] = ("other", "name", "number", "string", "char", "punct", "other")
_WHOLE = re.compile(rf"(?:({_WORD})|({_NUMBER})|(\"[^\"]*\")|('[^']*')|(\#\#?|{_PUNCT}))\Z", re.ASCII)


new_token = tuple.__new__  # a third of the time that Token(...) takes


def tokenise(masked: str, start: int, end: int) -> list[Token]:
    """Cut ``masked[start:end]`` (masked text of a file) into source tokens."""
    kinds, new = _KINDS, new_token
    return [
        new(Token, (kinds[m.lastindex or 0], m[0], *m.span(), (), False, "", -1, False))
        for m in _MASKED.finditer(masked, start, end)
    ]


def tokenise_body(text: str, start: int, end: int, path: str) -> tuple[Token, ...]:
    """Cut a macro's body, ``text[start:end]`` of the *original* text of *path*, into tokens.

    They are templates for expansion: *start* and *end* are offsets in *path* until it fills them in.
    """
    if _TIGHT_SPLICE.search(text, start, end):
        return tuple(_tokenise_joined(text, start, end, path))
    spelled = _SPELLED
    return tuple(
        Token(_KINDS[m.lastindex], spelled.get(m[0], m[0]), m.start(), m.end(), (), False, path, m.start())
        for m in _BODY.finditer(text, start, end)
        if m.lastindex
    )


def _tokenise_joined(text: str, start: int, end: int, path: str) -> Iterator[Token]:
    """Cut a body in which a backslash at the end of a line may split a token: its lines are joined first."""
    kept: list[int] = []  # the offset of each character that is left
    at = start
    for splice in _SPLICE.finditer(text, start, end):
        kept += range(at, splice.start())
        at = splice.end()
    kept += range(at, end)
    joined = "".join(text[offset] for offset in kept)
    for one in tokenise_body(joined, 0, len(joined), path):
        first, last = kept[one.start], kept[one.end - 1] + 1
        yield one._replace(start=first, end=last, body_start=first)


def classify(text: str) -> TokenKind | None:
    """Return the kind of token that *text* is as a whole, or None when it is not exactly one."""
    match = _WHOLE.match(text)
    return _KINDS[match.lastindex] if match and match.lastindex else None
