"""What the steps of normalisation share: input, output and notes (see `clew.parse.normalise`)."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from clew.parse.tokens import Token

COMPUTED_GOTO = "__clew_computed_goto"
LABEL_ADDRESS = "__clew_label_address"
ASM = "__clew_asm"

NoteCode = Literal["computed-goto", "asm", "asm-goto", "cleanup", "structured-exception", "unknown-macro"]


class Note(NamedTuple):
    """Something that the flow of the tokens does not show: ``goto *p`` may reach every label whose
    address is taken; ``asm goto`` every label it names; a variable with the ``cleanup`` attribute
    calls a function when its scope ends; ``__except`` runs after any statement of its ``__try``; an
    unknown macro that stands for a whole statement may do anything (see `clew.parse.repair`)."""

    code: NoteCode
    at: int


class Work:
    """The input, the output so far, and the notes."""

    __slots__ = ("notes", "out", "tokens")

    def __init__(self, tokens: Sequence[Token]) -> None:
        self.tokens = tokens
        self.out: list[Token] = []
        self.notes: list[Note] = []

    def text(self, at: int) -> str:
        """Text of the token at index *at*, or "" beyond the end."""
        return self.tokens[at].text if at < len(self.tokens) else ""

    def after_group(self, at: int) -> int:
        """Index after the parentheses that open at *at* (or *at* itself when none do)."""
        depth, tokens = 0, self.tokens
        if self.text(at) != "(":
            return at
        for index in range(at, len(tokens)):
            text = tokens[index].text
            if text == "(":
                depth += 1
            elif text == ")":
                depth -= 1
                if depth == 0:
                    return index + 1
        return len(tokens)

    def parenthesise(self, at: int) -> None:
        """Add the token at index *at* in parentheses."""
        self.add("punct", "(", at)
        self.out.append(self.tokens[at])
        self.add("punct", ")", at + 1)

    def add(self, kind: Literal["name", "number", "string", "punct"], text: str, at: int) -> None:
        """Add a token in front of the token at index *at*, with that token's origin and an empty span."""
        near = self.tokens[min(at, len(self.tokens) - 1)]
        end = near.end if near.macros and not near.in_argument else near.start
        self.out.append(near._replace(kind=kind, text=text, end=end))
