"""Size and times of files with the names of their contents: what did not change is not read again.

git does the same in its index, with the same care: a file written in the moment in which it was looked at may
have the same times as before, so that young ones are not noted (git calls them racily clean).
"""

import hashlib
import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # it brings sqlite3, which takes long to import
    from clew.cache.store import Store

_SETTLED_NANOSECONDS = 2_000_000_000
_KIND = "stamps"


def identify_files(
    root: Path, paths: Iterable[str], store: "Store | None", identify: Callable[[str], str]
) -> dict[str, str]:
    """Return the names of the contents of *paths*, files below *root*, as an earlier run left them in *store*
    where size and times are the same; others are asked of *identify*, which says "" where there is none."""
    known = _recall(root, store)
    now, folder = time.time_ns(), str(root)
    fresh: dict[str, tuple[str, str]] = {}
    for path in paths:
        stamp, before = _stamp(f"{folder}/{path}"), known.get(path)
        if before is not None and before[0] == stamp != "":
            fresh[path] = before
        elif name := identify(path):
            fresh[path] = (stamp, name)
    if fresh != known:
        _remember(root, store, {p: one for p, one in fresh.items() if _is_settled(one[0], now)})
    return {path: name for path, (_, name) in fresh.items()}


def blob_id(data: bytes) -> str:
    """Return the name by which git (with SHA-1) knows *data*."""
    # It names a text that anyone may look at; nothing trusts it (git itself tells collisions apart).
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _recall(root: Path, store: "Store | None") -> dict[str, tuple[str, str]]:
    key = str(root.resolve())
    data = store.get(_KIND, [key]).get(key) if store else None
    return {path: (stamp, name) for path, (stamp, name) in json.loads(data).items()} if data else {}


def _remember(root: Path, store: "Store | None", known: Mapping[str, tuple[str, str]]) -> None:
    if store:
        store.put(_KIND, {str(root.resolve()): json.dumps(known).encode()})


def _stamp(path: str) -> str:
    try:
        found = os.stat(path)  # noqa: PTH116 (fifty thousand of them)
    except OSError:
        return ""
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"


def _is_settled(stamp: str, now: int) -> bool:
    words = stamp.split()
    return bool(words) and max(int(words[1]), int(words[2])) < now - _SETTLED_NANOSECONDS
