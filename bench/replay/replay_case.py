"""The cases: facts about commits in which people threaded a state by hand."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_MEMBER = "srctext X"  # a pattern: what calls passed, the variable left out
_LAST_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Kind:
    """One state of a case, as the case's facts describe it."""

    name: str
    types: tuple[str, ...]
    names: tuple[str, ...]
    accessors: tuple[str, ...]
    derived: tuple[tuple[str, str], ...]
    fields: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gained:
    """A function that gained the state *kind*; *mode* is "same", "rename", "split" or "macro-split"."""

    path: str
    name: str
    kind: str
    mode: str
    parameter: str
    position: int
    static: bool


@dataclass(frozen=True, slots=True)
class Ceiling:
    """How many of *edits* a tool can make alone (*mechanical*) or with settings (*policy*), and how many of
    the *functions* that the person touched show nothing but threading (*pure*)."""

    edits: int
    mechanical: int
    policy: int
    functions: int
    pure: int


@dataclass(frozen=True, slots=True)
class Case:
    """One commit: *repo* is the name of its repository, *sort* the class that the case was put into,
    *patterns* and *counts* say how often the person did what, *data* is the case as it was read."""

    name: str
    repo: str
    commit: str
    parent: str
    sort: str
    gold: bool
    primary: str
    kinds: tuple[Kind, ...]
    files: tuple[str, ...]
    functions: tuple[str, ...]
    gained: tuple[Gained, ...]
    twins: tuple[tuple[str, str, str], ...]  # old name, new name, mode
    patterns: dict[str, int]
    counts: dict[str, int]  # of edits by kind; empty where the facts do not say
    ceiling: Ceiling
    data: dict[str, Any]

    def kinds_in_order(self) -> Iterator[Kind]:
        """Yield the states that some function gained, those first that calls took from a member of something
        else the least, since the others may hang off them; of equals the primary one first."""
        found = {gained.kind for gained in self.gained} or {self.primary}
        for kind in sorted(
            self.kinds, key=lambda kind: (self._from_members(kind), kind.name != self.primary)
        ):
            if kind.name in found:
                yield kind

    def _from_members(self, kind: Kind) -> int:
        """Return how many calls passed *kind* as a member of something (``r->index``)."""
        read = {pattern: n for pattern, n in self.patterns.items() if pattern.startswith(_MEMBER)}
        return sum(n for pattern, n in read.items() if _LAST_WORD.findall(pattern)[-1] in kind.fields)

    def kinds_beside(self) -> Iterator[Kind]:
        """Yield the states that no function gained, although some gained another: these may hold it too."""
        if self.gained:
            yield from (kind for kind in self.kinds if not self.functions_of(kind))

    def functions_of(self, kind: Kind) -> tuple[str, ...]:
        """Return the names of the functions that gained *kind*, each once."""
        return tuple(dict.fromkeys(g.name for g in self.gained if g.kind == kind.name))


def load_cases(path: Path) -> tuple[Case, ...]:
    """Read the file *path*; raise `KeyError` or `ValueError` when it holds no cases."""
    return tuple(_read_case(data) for data in json.loads(path.read_text("utf-8"))["cases"])


def _read_case(data: dict[str, Any]) -> Case:
    ceiling = data["ceiling"]
    return Case(
        name=data["id"],
        repo=data["repo"],
        commit=data["commit"],
        parent=data["parent"],
        sort=data["class"],
        gold=data["gold"],
        primary=data["primary_kind"],
        kinds=tuple(map(_read_kind, data["state"]["kinds"])),
        files=tuple(data["scope"]["files"]),
        functions=tuple(data["scope"]["functions"]),
        gained=tuple(map(_read_gained, data["functions_gained"])),
        twins=tuple((twin["old"], twin["new"], twin["mode"]) for twin in data.get("twins", ())),
        patterns=data["patterns"],
        counts=data.get("counts", {}),
        ceiling=Ceiling(
            ceiling["edits"],
            ceiling["edits_mechanical"],
            ceiling["edits_policy"],
            ceiling["functions_touched"],
            ceiling["pure_threading"],
        ),
        data=data,
    )


def _read_kind(data: dict[str, Any]) -> Kind:
    return Kind(
        data["id"],
        tuple(data["types"]),
        tuple(data.get("names", ())),
        tuple(data.get("accessors", ())),
        tuple(data.get("derived", {}).items()),
        tuple(data.get("fields", ())),
    )


def _read_gained(data: dict[str, Any]) -> Gained:
    return Gained(
        data["file"],
        data["function"],
        data["kind"],
        data["mode"],
        data["param"],
        data["position"],
        data["static"],
    )
