"""One more element in a list of Python: arguments, types, names of an import."""

import re
from collections.abc import Sequence
from itertools import pairwise

from clew.rewrite.bindings.model import Refused
from clew.text.edit import Edit
from clew.text.span import Span

_REST_OF_LINE = re.compile(r"[ \t]*(,)?[ \t]*(?:#[^\r\n]*)?(?=\r?\n)")


def insert_element(
    text: str, open_at: int, spans: Sequence[Span], at: int, new: str, note: str
) -> list[Edit]:
    """Return the edits that put *new* before element number *at* of *spans* (len(spans): at the end).

    *open_at* is the offset behind the opening bracket.  A list with one element per line stays so, and a
    comment stays with the element before it.
    """
    if not spans:
        return [_insertion(open_at, new, note)]
    indent = _indentation(text, open_at, spans)
    separator = ", " if indent is None else f",{indent}"
    if at < len(spans):
        return [_insertion(spans[at].start, new + separator, note)]
    end = spans[-1].end
    rest = _REST_OF_LINE.match(text, end)
    if indent is None or rest is None:
        return [_insertion(end, separator + new, note)]
    if rest[1]:
        return [_insertion(rest.end(), f"{indent}{new},", note)]
    if rest.end() == end:
        return [_insertion(end, separator + new, note)]
    return [_insertion(end, ",", note), _insertion(rest.end(), indent + new, note)]


def _indentation(text: str, open_at: int, spans: Sequence[Span]) -> str | None:
    """Return line break and indentation where every element has a line of its own."""
    starts = [open_at, *(span.start for span in spans)]
    breaks = ["\n" in text[before:after] for before, after in pairwise(starts)]
    if not all(breaks[1:]) or (len(spans) < 3 and not breaks[0]):
        return None
    like = spans[-1].start
    line = text.rfind("\n", 0, like) + 1
    if text[line:like].strip():
        return None
    return ("\r\n" if text[line - 2 : line - 1] == "\r" else "\n") + text[line:like]


def _insertion(at: int, text: str, note: str) -> Edit:
    return Edit(Span(at, at), text, "bind", note)


def place_in(starred: Sequence[bool], position: int, what: str) -> int:
    """Return the number of the element before which the state goes; *starred* tells which elements are
    several, so that what follows has no number of its own."""
    if position < 0:
        return len(starred)
    if any(starred[:position]) or position > len(starred):
        raise Refused("python-literal", f"{what} has `*` before the place of the state")
    return position
