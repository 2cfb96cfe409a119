"""Summaries of the files of a view: from the cache where their content is known, else made and kept."""

import hashlib
from collections.abc import Iterable

from clew.cache.store import Store
from clew.check.codec import decode, encode
from clew.check.facts import EMPTY, FileSummary
from clew.check.view import View
from clew.config.settings import State

_KIND = "summary"


class Summaries:
    """Summaries for *states*; *store* is None without a cache."""

    def __init__(self, states: tuple[State, ...], store: Store | None) -> None:
        self._states, self._store = states, store
        # What a summary says depends on the content and on what the settings say of the states.
        self._settings = hashlib.sha256(repr(states).encode()).hexdigest()[:16]
        self._known: dict[str, FileSummary] = {}
        self.made = 0

    def of(self, view: View, paths: Iterable[str]) -> dict[str, FileSummary]:
        """Return the summaries of *paths*, files of *view*."""
        ids = {path: view.ids[path] for path in paths}
        self._recall({name for name in ids.values() if name not in self._known})
        missing = [path for path, name in ids.items() if name not in self._known]
        if missing:
            self._make(view, missing)
        return {path: self._known[name] for path, name in ids.items() if name in self._known}

    def _recall(self, names: Iterable[str]) -> None:
        if self._store:
            keys = {self._key(name): name for name in names}
            for key, data in self._store.get(_KIND, keys).items():
                self._known[keys[key]] = decode(data)

    def _make(self, view: View, paths: list[str]) -> None:
        from clew.check.summary import Summariser  # brings the scanner: mostly nothing is to be made

        summariser = Summariser(self._states)
        made: dict[str, bytes] = {}
        for path, source in view.read(paths).items():
            summary = summariser.summarise(source) if summariser.may_matter(source.text) else EMPTY
            self._known[view.ids[path]] = summary
            made[self._key(view.ids[path])] = encode(summary)
        self.made += len(made)
        if self._store:
            self._store.put(_KIND, made)

    def _key(self, name: str) -> str:
        return f"{name} {self._settings}"
