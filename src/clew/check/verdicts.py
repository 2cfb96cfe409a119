"""Verdicts on names of variables, kept between runs.

A verdict depends on the file, on all that it includes, and on which files there are (an include is resolved
by name).  What it was made from is kept with it, as a compiler writes dependency files, and compared.
"""

import hashlib
import json
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from clew.cache.store import Store
from clew.check.facts import FetchFact
from clew.check.model import Verdict
from clew.check.view import View
from clew.config.settings import Settings

if TYPE_CHECKING:
    from clew.check.confirm import Confirmer

_KIND = "verdict"


class Verdicts:
    """Answers for the files of *view*; close with `keep`."""

    def __init__(self, view: View, settings: Settings, store: Store | None) -> None:
        self._view, self._settings, self._store = view, settings, store
        self._known: dict[str, dict[str, Verdict]] = {}
        self._fresh: set[str] = set()

    def of(self, path: str, fetch: FetchFact) -> Verdict:
        """Tell whether the program really fetches at *fetch* in *path*; a call always does."""
        if fetch.kind == "call":
            return "fetch"
        if path not in self._known:
            self._known[path] = self._recall(path)
        place = str(fetch.offset)
        if place not in self._known[path]:
            self._known[path][place] = self._confirmer.confirm(path, fetch)
            self._fresh.add(path)
        return self._known[path][place]

    def keep(self) -> None:
        """Remember what had to be found out."""
        if self._store and self._fresh:
            made = {self._key(path): self._encoded(path) for path in sorted(self._fresh)}
            self._store.put(_KIND, made)
            self._fresh.clear()

    @cached_property
    def _confirmer(self) -> "Confirmer":
        from clew.check.confirm import Confirmer  # brings the parser

        return Confirmer(self._view, self._settings)

    @cached_property
    def _paths(self) -> str:
        return hashlib.sha256(
            "\0".join(sorted(self._view.ids)).encode("utf-8", "surrogateescape")
        ).hexdigest()

    @cached_property
    def _says(self) -> str:
        """What the settings say that a parse depends on."""
        relevant = (
            self._settings.types,
            sorted(n for state in self._settings.states for n in state.noreturn),
        )
        return hashlib.sha256(repr(relevant).encode()).hexdigest()[:16]

    def _key(self, path: str) -> str:
        return f"{self._view.ids[path]} {self._says} {path}"

    def _encoded(self, path: str) -> bytes:
        used: Mapping[str, str] = {one: self._view.ids[one] for one in self._confirmer.files_behind(path)}
        return json.dumps([self._paths, used, self._known[path]]).encode()

    def _recall(self, path: str) -> dict[str, Verdict]:
        key = self._key(path)
        data = self._store.get(_KIND, [key]).get(key) if self._store else None
        if data is None:
            return {}
        paths, used, verdicts = json.loads(data)
        same = paths == self._paths and all(self._view.ids.get(one) == name for one, name in used.items())
        return verdicts if same else {}
