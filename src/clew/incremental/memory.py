"""Results of earlier runs: for this very tree, or for one that differs only where it cannot matter."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from clew.cache.results import Results
from clew.config.settings import Scope, Settings
from clew.incremental.certify import Renewal, certify
from clew.incremental.moves import LostError
from clew.incremental.relocate import Relocation
from clew.incremental.snapshot import Snapshot, take_snapshot
from clew.link.program import Program
from clew.plan.model import Plan
from clew.plan.scope import file_filter
from clew.text.edit import Edit
from clew.text.source import SourceText

if TYPE_CHECKING:  # it brings sqlite3, which takes long to import
    from clew.cache.store import Store

_T = TypeVar("_T")

# Characters of C: beyond, a snapshot would fill the cache.
MOST = 200_000_000


class ReadTree(Protocol):
    """What is asked of a tree; what is scanned is made on demand."""

    root: Path
    settings: Settings
    scope: Scope
    sources: Mapping[str, SourceText]

    @property
    def around(self) -> str:
        """The digest of all but the C files."""

    @property
    def contents(self) -> dict[str, str]:
        """The digests of the C files."""

    @property
    def digest(self) -> str:
        """The digest of everything."""

    @property
    def size(self) -> int:
        """The number of bytes in the C files."""

    @property
    def program(self) -> Program:
        """What stands in the files."""

    @property
    def parsed(self) -> Iterable[tuple[str, int]]:
        """The functions that were parsed, by file and offset of the body."""


class Memory:
    """What a *store* (None: nothing is remembered) knows of a *tree*."""

    def __init__(self, store: "Store | None", tree: ReadTree) -> None:
        self._store, self._tree = store, tree
        self._renewals: dict[str, tuple[Renewal, Results] | None] = {}
        self._sizes: dict[str, int] = {}

    @cached_property
    def _results(self) -> Results:
        return Results(self._store, self._tree.digest if self._store is not None else "")

    def get(self, kind: str, asked: str, form: type[_T]) -> _T | None:
        """Return the result of stage *kind* when it is asked *asked* about this very tree."""
        return self._results.get(kind, asked, form)

    def put(self, kind: str, asked: str, value: object, group: str = "") -> None:
        """Remember *value*; it may be renewed when it belongs to a *group* of results that stand together."""
        self._results.put(kind, asked, value)
        size = self._tree.program.interest.size if group and self._store is not None else 0
        if group and self._store is not None and self._sizes.get(group) != size:
            self._sizes[group] = size
            if self._tree.size <= MOST:
                self._slots.put("snapshot", group, self._snapshot())

    def renewed(self, kind: str, asked: str, form: type[_T], group: str) -> _T | None:
        """Return an earlier result whose places have moved, None when there is none that holds."""
        if self._store is None:
            return None
        if group not in self._renewals:
            self._renewals[group] = self._certify(group)
        known = self._renewals[group]
        if known is None:
            return None
        renewal, results = known
        value = results.get(kind, asked, form)
        try:
            moved = None if value is None else self._relocate(value, renewal)
        except LostError:
            return None
        if moved is not None:
            self._results.put(kind, asked, moved)
        return moved

    @cached_property
    def _slots(self) -> Results:
        """Where the last snapshot of each question is kept."""
        base = f"{self._tree.root.resolve()}\n{self._tree.around}"
        return Results(self._store, hashlib.sha256(base.encode()).hexdigest())

    def _snapshot(self) -> Snapshot:
        tree = self._tree
        types = [state.type for state in tree.settings.states]
        types += [text.partition(":")[0] for state in tree.settings.states for text in state.provided]
        return take_snapshot(tree.program, tree.digest, tree.around, tree.contents, types, tree.parsed)

    def _certify(self, group: str) -> tuple[Renewal, Results] | None:
        snapshot = self._slots.get("snapshot", group, Snapshot)
        if snapshot is None or snapshot.around != self._tree.around:
            return None
        renewal = certify(snapshot, self._tree.sources, self._tree.contents)
        return None if renewal is None else (renewal, Results(self._store, snapshot.base))

    def _relocate(self, value: _T, renewal: Renewal) -> _T:
        sources = self._tree.sources
        relocation = Relocation(renewal.shifts, sources)
        if isinstance(value, dict):
            made: Mapping[str, list[Edit]] = value
            return relocation.edits(made)  # type: ignore[return-value]
        moved = relocation.moved(value)
        if isinstance(moved, Plan):
            digests = {path: hashlib.sha256(sources[path].to_bytes()).hexdigest() for path in renewal.shifts}
            files = {path: digests.get(path, digest) for path, digest in moved.files.items()}
            return replace(moved, files=files)
        return self._recounted(moved, renewal)

    def _recounted(self, value: _T, renewal: Renewal) -> _T:
        """Return an audit with the number of its functions as it is now."""
        in_scope = file_filter(self._tree.settings, self._tree.scope)
        more = sum(number for path, number in renewal.more_functions.items() if in_scope(path))
        return replace(value, functions=value.functions + more)  # type: ignore[type-var,attr-defined]
