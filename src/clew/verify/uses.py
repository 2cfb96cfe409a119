"""Where a variable does what a fetch did: the claims of a change, place by place.

An entry check sees that the right state arrived; it cannot see that the state changed further down, before
the variable was used.  So every place at which the change put a variable instead of a fetch is a place to
compare the two.  There are three kinds: an accessor became a variable ("fetch"), a call passes a variable to
a function that fetched ("call"), and a local with a fetch gave way to a parameter of its name ("local").
"""

import re
from collections.abc import Iterator
from typing import Literal

from clew.config.settings import State
from clew.detect.accessors import Spelled, accessor_tokens, spelled_accessors
from clew.text.edit import Edit
from clew.text.record import record
from clew.text.span import Span
from clew.verify.change import ChangedFile
from clew.verify.pair import Pair
from clew.verify.refine import Refiner

UseKind = Literal["fetch", "call", "local"]

_COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.DOTALL)
_SPLICE = re.compile(r"\\\r?\n")
_IDENTIFIER = re.compile(r"[A-Za-z_]\w*")
_LOCAL = re.compile(r"(\w+)\s*=\s*([^=].*?)\s*;?\s*\Z", re.DOTALL)
_PASSED = ("pass", "redirect")


@record()
class Use:
    """A place in the text after the change: *variable* stands at *span* (empty for a "local": it goes before
    what follows), and *fetched* stood there, or "" for a call.  *declared*: the local was declared there.
    *reason* says why nothing can be compared."""

    path: str
    span: Span
    kind: UseKind
    variable: str
    fetched: str = ""
    declared: bool = False
    reason: str = ""


def find_uses(pair: Pair, state: State) -> Iterator[Use]:
    """Yield the uses of the change, file by file and in order."""
    finder, refiner = _Finder(state), Refiner(pair, state)
    for path, file in pair.change.files.items():
        for edit, start in file.placed():
            for one, at in refiner.refine(path, edit, start):
                yield from finder.find(file, one, at)


class _Finder:
    def __init__(self, state: State) -> None:
        self._spelled = spelled_accessors(state, derived=True)
        self._names = {one.name for one in self._spelled}

    def find(self, file: ChangedFile, edit: Edit, start: int) -> Iterator[Use]:
        """Yield the use that *edit* makes, whose text begins at *start* after the change."""
        old = _SPLICE.sub(" ", edit.span.of(file.before.text))
        path = file.before.path
        if edit.rule in _PASSED:
            yield from self._passed(path, edit, start, old)
        elif edit.rule == "reuse":
            yield self._replaced(path, edit, start, old)
        elif edit.rule == "remove-local":
            yield from self._removed(path, start, old)

    def _passed(self, path: str, edit: Edit, start: int, old: str) -> Iterator[Use]:
        """A passed accessor is a fetch, and the other edit of a redirect is the name of the twin."""
        if any(name != "void" for name in _IDENTIFIER.findall(_COMMENT.sub("", old))):
            return
        variable = edit.text.strip().strip(",").strip()
        if variable and not self._names & set(_IDENTIFIER.findall(variable)):
            yield Use(path, _span_of(variable, edit, start), "call", variable)

    def _replaced(self, path: str, edit: Edit, start: int, old: str) -> Use:
        variable = _COMMENT.sub(" ", edit.text).strip()
        spelled = self._object(old)
        if spelled is not None:
            variable = variable.removesuffix("->").strip("*() \t")
            fetched = f"&{spelled.accessor.spelling}"
        else:
            fetched = self._spelling(old)
        return Use(path, _span_of(variable, edit, start), "fetch", variable, fetched)

    def _object(self, old: str) -> Spelled | None:
        """Return the accessor that *old* is, or is a part or the address of, where that is an object."""
        tokens = accessor_tokens(_COMMENT.sub(" ", old).strip("&(). \t"))
        objects = (one for one in self._spelled if one.kind == "object")
        return next((one for one in objects if accessor_tokens(one.accessor.spelling) == tokens), None)

    def _spelling(self, old: str) -> str:
        """Return the accessor that *old* is, without comments in it."""
        return " ".join(_COMMENT.sub(" ", old).split())

    def _removed(self, path: str, start: int, old: str) -> Iterator[Use]:
        plain = _COMMENT.sub(" ", old).strip()
        found = _LOCAL.search(plain)
        if found is None:
            return  # only declared there
        declared = bool(_IDENTIFIER.search(plain[: found.start()]) or "*" in plain[: found.start()])
        whole = plain.endswith(";")
        reason = "" if whole else "the local stood among other declarators"
        at = Span(start, start)
        yield Use(path, at, "local", found[1], self._spelling(found[2]), declared, reason)


def _span_of(variable: str, edit: Edit, start: int) -> Span:
    at = start + edit.text.index(variable)
    return Span(at, at + len(variable))
