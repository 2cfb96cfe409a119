"""One declarator of several: ``State *ts = state_get(), *last;`` without ``ts`` is ``State *last;``."""

import re

from clew.parse.flow import Local
from clew.scan.lists import split_at_commas
from clew.text.span import Span

_POINTERS = re.compile(r"(?:\*(?:\s|\b(?:const|volatile|restrict)\b)*)+\Z")


def declarator_span(masked: str, local: Local) -> Span | None:
    """Return the declarator of *local*, which shares its declaration, with the comma that sets it off; None
    when it cannot be cut out by the text (``(*ts)``, a directive in between)."""
    whole = Span(local.statement.start, local.statement.end - 1)
    if "#" in whole.of(masked) or masked[whole.end : whole.end + 1] != ";":
        return None
    parts = split_at_commas(masked, whole)
    number = next((i for i, part in enumerate(parts) if local.name_span.start in part), -1)
    if number < 0 or len(parts) < 2:
        return None
    if number > 0:
        return Span(parts[number - 1].end, parts[number].end)
    pointers = _POINTERS.search(masked, whole.start, local.name_span.start)
    start = pointers.start() if pointers else local.name_span.start
    if not masked[start - 1].isspace() and masked[start] != "*":
        return None
    return Span(start, parts[1].start)
