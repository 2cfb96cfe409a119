"""The cache of this user, for this version of clew."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from clew.cache.place import cache_file
from clew.cache.store import Store
from clew.cache.version import program_version


@contextmanager
def open_store(say: Callable[[str], None]) -> Iterator[Store]:
    """Open the cache; *say* is told, once, when its file is of no use."""
    store = Store(cache_file(), program_version(), say)
    try:
        yield store
    finally:
        store.close()
