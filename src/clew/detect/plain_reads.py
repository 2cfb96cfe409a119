"""Variables that a text, which nobody reads, mentions and plainly does nothing to."""

import re
from collections.abc import Iterable

from clew.link.file_scope import invocations_around
from clew.link.program import Program

_MEMBER = re.compile(r"\s*(?:->|\.)\s*\w")
_COMPARED = re.compile(r"\s*(?:[=!]=|&&|\|\||[?:;])")
_TAKEN = re.compile(r"(?:[^=!<>+\-*/%&|^]=|\breturn|&&|\|\||[!?:;{}(,])\s*\Z")  # what stands before a value
_ARGUMENT_BEFORE, _ARGUMENT_BEHIND = re.compile(r"[(,]\s*\Z"), re.compile(r"\s*[,)]")
_FARTHEST = 200  # characters before a mention that are looked at


def plainly_read(program: Program, text: str, variables: Iterable[str]) -> set[str]:
    """Return those of *variables* of which every mention in *text* is a member's owner, an operand that is
    compared, a value that is assigned or returned, or an argument of a function of the tree; not within the
    arguments of a macro."""
    return {name for name in variables if all(_is_plain(program, text, m) for m in _mentions(text, name))}


def _mentions(text: str, name: str) -> Iterable[re.Match[str]]:
    return re.finditer(rf"\b{name}\b", text)


def _is_plain(program: Program, text: str, mention: re.Match[str]) -> bool:
    callees = [word for word, _ in invocations_around(text, mention.start())]
    if any(one in program.macros_by_name for one in callees):
        return False
    before = text[max(0, mention.start() - _FARTHEST) : mention.start()]
    if _MEMBER.match(text, mention.end()):
        return True
    if _ARGUMENT_BEFORE.search(before) and _ARGUMENT_BEHIND.match(text, mention.end()):
        known = program.definitions_by_name, program.prototypes_by_name
        return bool(callees) and any(callees[0] in names for names in known)
    return _TAKEN.search(before) is not None and _COMPARED.match(text, mention.end()) is not None
