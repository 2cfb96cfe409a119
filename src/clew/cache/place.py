"""Where the cache is."""

import os
from pathlib import Path

_VARIABLE = "CLEW_CACHE_DIR"
_NAME = "facts.sqlite"


def cache_file() -> Path:
    """Return the file of the cache: in the folder that ``CLEW_CACHE_DIR`` names, else in the user's cache
    folder, so that all work trees of a project share what they have in common."""
    named = os.environ.get(_VARIABLE)
    if named:
        return Path(named) / _NAME
    from platformdirs import user_cache_path

    return user_cache_path("clew", appauthor=False) / _NAME
