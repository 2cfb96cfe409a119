"""What the functions that gained the state hold before: fetches of it, and calls of each other; and which
other functions stand beside them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from replay_case import Case

from clew.scan import scan_source
from clew.scan.facts import FileFacts, Function
from clew.text.source import SourceText

_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Others:
    """Functions that gained no state, by their names, and the number of *fetches* in them."""

    names: tuple[str, ...] = ()
    fetches: int = 0


@dataclass(frozen=True, slots=True)
class Before:
    """Counts over the bodies of functions that gained a state: *fetches* by accessors of the case's states,
    *derived* of what hangs off these, *calls* of functions that gained one too.  *beside* are the other
    functions in the same files, *elsewhere* those in the case's other files that have a state as a
    parameter."""

    fetches: int
    derived: int
    calls: int
    beside: Others = Others()
    elsewhere: Others = Others()


def read_before(case: Case, root: Path) -> Before:
    """Count in the case's files below *root*, where they are as the person found them."""
    names = {gained.name for gained in case.gained}
    accessors = {_name_of(accessor) for kind in case.kinds for accessor in kind.accessors}
    derived = {_name_of(other) for kind in case.kinds for other, _ in kind.derived} - accessors
    types = {_WORD.findall(c_type)[-1] for kind in case.kinds for c_type in kind.types}
    gained: list[str] = []
    beside: dict[str, str] = {}
    elsewhere: dict[str, str] = {}
    for facts in _scan_files(case, root):
        bodies = {one.name: one.body.of(facts.masked) for one in facts.functions}
        if names.isdisjoint(bodies):
            holding = (one for one in facts.functions if not types.isdisjoint(_words_before(facts, one)))
            elsewhere |= {one.name: bodies[one.name] for one in holding}
        else:
            gained += [one.body.of(facts.masked) for one in facts.functions if one.name in names]
            beside |= {name: body for name, body in bodies.items() if name not in names}
    return Before(
        _count(gained, accessors),
        _count(gained, derived),
        _count(gained, names),
        *(Others(tuple(one), _count(one.values(), accessors | derived)) for one in (beside, elsewhere)),
    )


def _words_before(facts: FileFacts, function: Function) -> list[str]:
    return _WORD.findall(facts.masked, function.span.start, function.body.start)


def find_functions(case: Case, root: Path) -> Iterator[tuple[FileFacts, Function]]:
    """Yield the functions that gained a state, each with its file."""
    names = {gained.name for gained in case.gained}
    for facts in _scan_files(case, root):
        yield from ((facts, one) for one in facts.functions if one.name in names)


def _scan_files(case: Case, root: Path) -> Iterator[FileFacts]:
    for path in (root / name for name in case.files):
        if path.is_file():
            yield scan_source(SourceText.from_bytes(path.name, path.read_bytes()))


def _count(bodies: Iterable[str], names: set[str]) -> int:
    if not names:
        return 0
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(names)))})\b")
    return sum(len(pattern.findall(body)) for body in bodies)


def _name_of(accessor: str) -> str:
    found = _WORD.search(accessor.removeprefix("re:"))
    return found[0] if found else accessor
