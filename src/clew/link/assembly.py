"""What assembler says in strings: the instructions of ``asm`` statements, and names of declarations.

``asm("call f")`` calls a function, ``void g(void) asm("f");`` gives one another name, and ``asm`` at file
scope may define one.  Clew does not read instructions: whoever is named in them counts as used in every way.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from clew.parse.assembler import ASM_QUALIFIERS
from clew.parse.tokens import Token, tokenise_body
from clew.text.record import record
from clew.text.span import Span

if TYPE_CHECKING:
    from clew.link.program import Program

_KEYWORDS = ("asm", "__asm__", "__asm", "_asm")
_CLOSING = {"(": ")", "{": "}"}
_WORD = re.compile(r"[A-Za-z_]\w*")
_START = re.compile(r"\b(?:__asm__|__asm|_asm|asm)\b")


@record()
class Assembly:
    """An ``asm`` in *path*: *at* is the place of the keyword, *words* the names in its instructions; in the
    body of a macro, *macro* is its index (else -1)."""

    path: str
    at: int
    words: frozenset[str]
    macro: int = -1


def find_assembly(program: "Program") -> Iterator[Assembly]:
    """Yield every ``asm`` of the tree that names something."""
    for path in sorted({path for word in _KEYWORDS for path in program.paths_with(word)}):
        masked, text = program.masked(path), program.sources[path].text
        for match in _START.finditer(masked):
            words = _words_behind(program, text, match.end(), path)
            if words:
                yield Assembly(path, match.start(), words)
    for macro in program.macros.telling_with(lambda raw: "asm" in raw):
        body, text = macro.macro.body, program.sources[macro.path].text
        for match in _START.finditer(program.body_of(macro)):
            words = _words_behind(program, text, body.start + match.end(), macro.path, body)
            if words:
                yield Assembly(macro.path, body.start + match.start(), words, macro.index)


def _words_behind(
    program: "Program", text: str, start: int, path: str, within: Span | None = None
) -> frozenset[str]:
    """Return the names in the instructions of the ``asm`` whose keyword ends at *start*."""
    end = within.end if within is not None else len(text)
    words: set[str] = set()
    pieces: list[str] = []  # string literals in a row are one
    depth, closing = 0, ""
    for token in _tokens(text, start, end, path):
        if depth == 0:
            if token.text in ASM_QUALIFIERS:
                continue
            if token.text not in _CLOSING:
                break
            closing = _CLOSING[token.text]
            depth = 1
            continue
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(token.text, 0)
        if depth == 0 or (token.text == ":" and closing == ")"):
            break
        if closing == "}":
            words.update(_WORD.findall(token.text))
        elif token.kind == "string":
            pieces.append(token.text[token.text.index('"') + 1 : -1])
        elif token.kind == "name":
            pieces += _strings_of(program, token.text)
    words.update(_WORD.findall("".join(pieces).replace("\\n", " ").replace("\\t", " ")))
    return frozenset(words)


def _strings_of(program: "Program", name: str) -> Iterator[str]:
    """Yield the contents of the string literals in the bodies of the macros called *name*."""
    for macro in program.macros_by_name.telling(name):
        body = macro.macro.body
        for token in tokenise_body(program.sources[macro.path].text, body.start, body.end, macro.path):
            if token.kind == "string":
                yield token.text[token.text.index('"') + 1 : -1]


def _tokens(text: str, start: int, end: int, path: str) -> Iterator[Token]:
    """Yield the tokens from *start*, a line or so at a time: few statements are long."""
    size = 200
    while True:
        stop = min(start + size, end)
        line = text.find("\n", stop, end)
        stop = end if line < 0 else line
        tokens = tokenise_body(text, start, stop, path)
        depth = 0
        for number, token in enumerate(tokens):
            depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(token.text, 0)
            if number and depth <= 0 and token.text in (")", "}", ";"):
                yield from tokens[: number + 1]
                return
        if stop >= end or size > 1_000_000:
            yield from tokens
            return
        size *= 4
