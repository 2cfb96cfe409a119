"""Check brackets before a recursive parser sees them: in one pass, whatever the input."""

from collections.abc import Sequence

from clew.parse.tokens import Token

MAX_DEPTH = 250

_CLOSERS = {"(": ")", "[": "]", "{": "}"}
_BRACKETS = frozenset("()[]{}")


def find_bracket_problem(tokens: Sequence[Token]) -> tuple[str, int] | None:
    """Return what is wrong with the brackets of *tokens* and the index of the culprit, or None."""
    expected: list[str] = []
    for index, token in enumerate(tokens):
        text = token.text
        if text not in _BRACKETS:
            continue
        if text in _CLOSERS:
            expected.append(_CLOSERS[text])
            if len(expected) > MAX_DEPTH:
                return "nested too deeply", index
        elif not expected or expected.pop() != text:
            return f"unbalanced {text!r}", index
    return (f"{expected[-1]!r} is missing", len(tokens) - 1) if expected else None
