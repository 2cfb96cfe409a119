"""What the functions that gained the state hold before: fetches of it, and calls of each other."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from replay_case import Case

from clew.scan import scan_source
from clew.scan.facts import FileFacts, Function
from clew.text.source import SourceText

_FIRST_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Before:
    """Counts over the bodies: *fetches* by accessors of the case's states, *calls* of functions that gained
    one too."""

    fetches: int
    calls: int


def read_before(case: Case, root: Path) -> Before:
    """Count in the case's files below *root*, where they are as the person found them."""
    names = {gained.name for gained in case.gained}
    bodies = [function.body.of(facts.masked) for facts, function in find_functions(case, root)]
    accessors = {_name_of(accessor) for kind in case.kinds for accessor in kind.accessors}
    return Before(_count(bodies, accessors), _count(bodies, names))


def find_functions(case: Case, root: Path) -> Iterator[tuple[FileFacts, Function]]:
    """Yield the functions that gained a state, each with its file."""
    names = {gained.name for gained in case.gained}
    for path in (root / name for name in case.files):
        if path.is_file():
            facts = scan_source(SourceText.from_bytes(path.name, path.read_bytes()))
            yield from ((facts, one) for one in facts.functions if one.name in names)


def _count(bodies: list[str], names: set[str]) -> int:
    if not names:
        return 0
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b")
    return sum(len(pattern.findall(body)) for body in bodies)


def _name_of(accessor: str) -> str:
    found = _FIRST_WORD.search(accessor.removeprefix("re:"))
    return found[0] if found else accessor
