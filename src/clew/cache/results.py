"""Results of whole stages, by the digest of everything that they depend on."""

import hashlib
from typing import TYPE_CHECKING, TypeVar

from clew.cache.codec import decode, encode

if TYPE_CHECKING:  # it brings sqlite3, which takes long to import
    from clew.cache.store import Store

_T = TypeVar("_T")


class Results:
    """What a *store* (None: nothing is remembered) knows of a tree with the digest *base*."""

    def __init__(self, store: "Store | None", base: str) -> None:
        self._store, self._base = store, base

    def get(self, kind: str, asked: str, form: type[_T]) -> _T | None:
        """Return the result of the type *form* that stage *kind* had when it was asked *asked*."""
        if self._store is None:
            return None
        key = self._key(asked)
        data = self._store.get(kind, [key]).get(key)
        return None if data is None else decode(form, data)

    def put(self, kind: str, asked: str, value: object) -> None:
        """Remember *value*."""
        if self._store is not None:
            self._store.put(kind, {self._key(asked): encode(value)})

    def _key(self, asked: str) -> str:
        return hashlib.sha256(f"{self._base}\n{asked}".encode()).hexdigest()
