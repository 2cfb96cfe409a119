"""pycparser ends here: tokens go in, an AST comes out.

The parser is fed with tokens instead of text: no typedef prelude has to be read again for every
function, and each node's line is the index of a token + 1.  The methods overridden below are private
ones of pycparser 3.x; ``tests/parse/test_inject.py`` guards what is relied upon.

Other modules take nodes as `Node` and the classes from `c_ast` here.
"""

import re
import sys
from collections.abc import Callable, Collection, Container, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from pycparser import c_ast, c_lexer, c_parser

from clew.parse.earlier import Earlier
from clew.parse.standard import KEYWORD_SPELLINGS
from clew.parse.tokens import Token

__all__ = [
    "KEYWORDS",
    "Node",
    "TokenParser",
    "UnparsedError",
    "c_ast",
    "deep_recursion",
    "is_keyword",
    "type_scope",
]

Node = Any  # a pycparser node: the library has no types of its own

_PLAIN_KEYWORDS: dict[str, str] = dict(c_lexer._keyword_map)  # noqa: SLF001
_PLAIN_KEYWORDS |= {"bool": "_BOOL", "typeof": "TYPEOF", "typeof_unqual": "TYPEOF", "constexpr": "CONSTEXPR"}
_PLAIN_KEYWORDS |= {"static_assert": "_STATIC_ASSERT", "thread_local": "_THREAD_LOCAL", "alignas": "_ALIGNAS"}
# Every keyword, and GNU's and MSVC's other spellings, with pycparser's token type.
KEYWORDS = _PLAIN_KEYWORDS | {other: _PLAIN_KEYWORDS[word] for other, word in KEYWORD_SPELLINGS.items()}
_WORDS = {word: (kind, KEYWORD_SPELLINGS.get(word, word)) for word, kind in KEYWORDS.items()}
_PUNCTUATION: dict[str, str] = {entry.literal: entry.tok_type for entry in c_lexer._fixed_tokens}  # noqa: SLF001

# Tokens that pycparser may take for each token it is given: it goes back in a few constructs, and a
# hostile nesting of those would take time exponential in its depth.
STEPS_PER_TOKEN = 60
_SPECIFIERS = ("qual", "alignment", "storage", "type", "function", "type_attributes")
_POSTFIX = frozenset(("LPAREN", "LBRACKET", "PERIOD", "ARROW", "PLUSPLUS", "MINUSMINUS"))
RECURSION_LIMIT = 40_000
_END_OF_INPUT = "end of input"
_PLACE = re.compile(r":(\d+):1: ")


class UnparsedError(Exception):
    """The tokens are not a function (or an expression) to pycparser; *at* is the index of a token."""

    def __init__(self, problem: str, at: int) -> None:
        super().__init__(problem)
        self.problem, self.at = problem, at


def is_keyword(name: str) -> bool:
    """Tell whether *name* is reserved in C or in GNU's or MSVC's dialect of it."""
    return name in KEYWORDS


@contextmanager
def deep_recursion() -> Iterator[None]:
    """Allow Python recursion that follows long ``else if`` chains and runs of ``case`` labels."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, RECURSION_LIMIT))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _type_names(scopes: Sequence[dict[str, bool]]) -> tuple[Container[str], frozenset[str]]:
    """Return the names that are types in some of *scopes*, in two containers: the first scope is large."""
    more = (name for scope in scopes[1:] for name, is_type in scope.items() if is_type)
    return scopes[0], frozenset(more)


class _Token(c_lexer.Token):  # type: ignore[misc]
    """pycparser's token, which is its own coordinate; equal to itself alone."""

    __slots__ = ()
    __eq__ = object.__eq__
    __hash__ = object.__hash__

    def __str__(self) -> str:
        return f":{self.lineno}:1"


def _convert(token: Token, number: int, types: Container[str], more: Container[str]) -> Any:
    """Make pycparser's token with the given *number*.

    pycparser has no use for the file name; here it marks a name that may be a type (see `_peek`).
    """
    kind, text = token.kind, token.text
    if kind == "name":
        if text in _WORDS:
            return _Token(*_WORDS[text], number, 1, "")
        return _Token("ID", text, number, 1, "?" if text in types or text in more else "")
    if kind == "punct" and text in _PUNCTUATION:
        return _Token(_PUNCTUATION[text], text, number, 1, "")
    if kind == "number":
        return _Token(_number_type(text), text, number, 1, "")
    if kind == "string":
        return _Token("STRING_LITERAL", '""', number, 1, "")
    if kind == "char":
        return _Token("CHAR_CONST", text, number, 1, "")
    raise UnparsedError(f"stray {text!r}", number - 1)


def _number_type(text: str) -> str:
    if text.isdigit():
        return "INT_CONST_DEC"
    suffix = text[-3:].lower()
    if suffix.count("u") > 1 or suffix.count("l") > 2 or suffix.endswith(("wb", "wbu")):
        return "FLOAT_CONST"  # pycparser would reject the suffix of an integer
    hexadecimal = text[:2] in ("0x", "0X")
    fractional = "." in text or ("p" in text.lower() if hexadecimal else "e" in text.lower())
    return "FLOAT_CONST" if fractional else "INT_CONST_DEC"


class TokenParser(c_parser.CParser):  # type: ignore[misc]
    """pycparser's parser on given tokens and a given typedef scope."""

    def __init__(self) -> None:
        super().__init__(dialect="c23")
        self._buffer: list[Any] = []
        self._at = 0
        self._steps = 0
        self._earlier: Earlier | None = None
        # Names that are types in some scope that was given, and declared as values here; how many there were
        # when each scope that is open began.
        self._given: Sequence[dict[str, bool]] = ()
        self._values: list[str] = []
        self._heights: list[int] = []

    def parse_function(
        self,
        tokens: Sequence[Token],
        scopes: Sequence[dict[str, bool]],
        name: str,
        earlier: Earlier | None = None,
    ) -> Node:
        """Return the ``FuncDef`` of *name*, or the only one (a macro may have made another name of it);
        *scopes* tell, outermost first, which names are types.  With *earlier* it may share nodes with those
        of the variants that were parsed before, whose places no longer hold."""
        self._earlier = earlier
        try:
            with deep_recursion():
                unit = self._run(tokens, scopes, self._parse_translation_unit_or_empty)
        finally:
            self._earlier = None
        definitions = [node for node in unit.ext if isinstance(node, c_ast.FuncDef)]
        named = [node for node in definitions if node.decl.name == name]
        if not named and len(definitions) != 1:
            raise UnparsedError(f"no definition of {name}", 0)
        return named[0] if named else definitions[0]

    def parse_expression(self, tokens: Sequence[Token], scopes: Sequence[dict[str, bool]]) -> Node:
        """Return the tree of *tokens* as one full expression."""
        return self._run(tokens, scopes, self._parse_expression)

    def _run(
        self, tokens: Sequence[Token], scopes: Sequence[dict[str, bool]], start: Callable[[], Node]
    ) -> Node:
        types, more = _type_names(scopes)

        def make(token: Token, number: int) -> Any:
            return _convert(token, number, types, more)

        if self._earlier is None:
            self._buffer = [make(token, number) for number, token in enumerate(tokens, 1)]
        else:
            self._buffer = self._earlier.align(tokens, scopes[1:], make)
        self._buffer += [None] * 4  # looking ahead never runs out
        self._at = 0
        self._scope_stack = [*scopes, {}]
        self._given, self._values, self._heights = scopes, [], []
        self._steps = 1000 + STEPS_PER_TOKEN * len(tokens)
        try:
            node = start()
        except c_parser.ParseError as error:
            raise self._explain(tokens, str(error)) from None
        except RecursionError:
            raise UnparsedError("nested too deeply", self._at - 1) from None
        if self._at < len(tokens):
            raise self._explain(tokens, "")
        return node

    def _explain(self, tokens: Sequence[Token], message: str) -> UnparsedError:
        """Say in words where the parser stopped."""
        if not tokens:
            return UnparsedError("nothing to parse", 0)
        # pycparser names the token it disliked; when it has no place, that is the one it looks at.
        place = _PLACE.match(message)
        index = min(int(place[1]) - 1 if place else self._at, len(tokens) - 1)
        if self._steps <= 0:
            return UnparsedError("too ambiguous to parse in linear time", index)
        if message == _END_OF_INPUT:
            return UnparsedError("ends too early", index)
        if tokens[index].text == "{" and index and tokens[index - 1].text == ")":
            return UnparsedError("a block after ')': a nested function, or an unknown macro", index)
        what = "" if "before: " in message else message.rpartition(": ")[2]
        return UnparsedError(
            f"not understood at {tokens[index].text!r}" + (f" ({what})" if what else ""), index
        )

    # What follows replaces pycparser's access to its tokens: two thirds of its time went there.

    def _peek(self, k: int = 1) -> Any:
        token = self._buffer[self._at + k - 1]
        if token is not None and token.filename:
            token.type = "TYPEID" if self._is_type_in_scope(token.value) else "ID"
        return token

    def _peek_type(self, k: int = 1) -> str | None:
        token = self._buffer[self._at + k - 1]
        if token is None:
            return None
        if token.filename:
            token.type = "TYPEID" if self._is_type_in_scope(token.value) else "ID"
        kind: str = token.type
        return kind

    def _advance(self) -> Any:
        self._steps -= 1
        token = self._peek()
        if token is None or self._steps <= 0:
            raise c_parser.ParseError(_END_OF_INPUT)
        self._at += 1
        return token

    def _accept(self, token_type: str) -> Any:
        token = self._buffer[self._at]
        if token is None:
            return None
        if token.filename:
            token.type = "TYPEID" if self._is_type_in_scope(token.value) else "ID"
        if token.type != token_type:
            return None
        self._at += 1
        return token

    def _mark(self) -> int:
        return self._at

    def _reset(self, mark: int) -> None:
        self._steps -= self._at - mark  # what was read since is read again
        self._at = mark

    def _tok_coord(self, tok: Any) -> Any:
        return tok

    def _add_typedef_name(self, name: str, coord: Any) -> None:
        """A typedef within a function makes a type of a name that was none."""
        for token in self._buffer:
            if token is not None and token.value == name and token.type == "ID":
                token.filename = "?"
        self._steps -= len(self._buffer) // 8
        self._earlier = None
        super()._add_typedef_name(name, coord)

    def _add_identifier(self, name: str, coord: Any) -> None:
        super()._add_identifier(name, coord)
        if any(name in scope for scope in self._given):
            self._values.append(name)

    def _push_scope(self) -> None:
        super()._push_scope()
        self._heights.append(len(self._values))

    def _pop_scope(self) -> None:
        super()._pop_scope()
        del self._values[self._heights.pop() :]

    def _parse_compound_statement(self, *, new_scope: bool = True) -> Node:
        """As pycparser's, but one that an earlier variant has as well is taken from there."""
        earlier, start = self._earlier, self._at
        if earlier is None or not new_scope:
            return super()._parse_compound_statement(new_scope=new_scope)
        values = frozenset(self._values)
        kept = earlier.find(self._buffer, start, values)
        if kept is not None:
            self._at += len(kept.tokens)
            return kept.node
        node = super()._parse_compound_statement(new_scope=new_scope)
        # pycparser moves statements into the cases of a switch: once is enough.
        moved = any(isinstance(item, (c_ast.Case, c_ast.Default)) for item in node.block_items or ())
        if self._earlier is not None and not moved:
            earlier.keep(node, self._buffer[start : self._at], values)
        return node

    def _try_parse_paren_type_name(self) -> Any:
        token, following = self._buffer[self._at], self._peek(2) if self._buffer[self._at] else None
        if token is None or token.type != "LPAREN" or not self._starts_declaration(following):
            return None
        return super()._try_parse_paren_type_name()

    def _parse_cast_expression(self) -> Node:
        """As pycparser's, which goes through four methods for a plain name or constant."""
        kind, following = self._peek_type(), self._buffer[self._at + 1]
        if kind == "LPAREN":
            return super()._parse_cast_expression()
        if following is None or following.type in _POSTFIX:
            return self._parse_unary_expression()
        if kind == "ID":
            return self._parse_identifier()
        if kind == "INT_CONST_DEC":
            return self._parse_constant()
        return self._parse_unary_expression()

    def _parse_external_declaration(self) -> Any:
        """Old-style definitions without a type may declare their parameters: ``f(a) int a; { ... }``."""
        token = self._peek()
        if token is None or token.type != "ID":
            return super()._parse_external_declaration()
        declarator = self._parse_id_declarator()
        spec: dict[str, list[Any]] = {kind: [] for kind in _SPECIFIERS}
        spec["type"].append(c_ast.IdentifierType(["int"], declarator.coord))
        return [self._parse_function_definition(spec, declarator)]

    def _parse_initializer_item(self) -> Node:
        """As pycparser's, which gives a designated initialiser no place."""
        token = self._peek()
        item = super()._parse_initializer_item()
        item.coord = item.coord or self._tok_coord(token)
        return item

    def _parse_argument_expression_list(self) -> Node:
        """Arguments of a call, or of a macro left alone: types and nothing at all are arguments too."""
        first = self._parse_argument()
        arguments = [first]
        while self._accept("COMMA"):
            arguments.append(self._parse_argument())
        return c_ast.ExprList(arguments, first.coord)

    def _parse_argument(self) -> Node:
        token = self._peek()
        if token is not None and token.type in ("COMMA", "RPAREN"):
            return c_ast.Constant("empty", "", self._tok_coord(token))
        if not self._starts_declaration(token):
            return self._parse_assignment_expression()
        mark = self._mark()
        try:
            name = self._parse_type_name()
            if self._peek_type() in ("COMMA", "RPAREN"):
                name.coord = name.coord or self._tok_coord(token)
                return name
        except c_parser.ParseError:
            if self._steps <= 0:
                raise
        self._reset(mark)
        return self._parse_assignment_expression()


def type_scope(names: Collection[str]) -> dict[str, bool]:
    """Return a scope in which all of *names* are types."""
    return dict.fromkeys(names, True)
