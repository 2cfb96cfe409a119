"""The texts of a tree too large to hold: read when somebody asks, and again when somebody asks later."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Generic, TypeVar

from clew.errors import ErrorPlace, UsageError
from clew.text.reader import ReadProblem, find_files, read_file
from clew.text.source import SourceText

_T = TypeVar("_T")

# Bytes of text that are held.
KEPT_BYTES = 96_000_000


class Kept(Generic[_T]):
    """What was made, up to *limit* characters of it; what does not fit any more goes in the order in which it
    came."""

    def __init__(self, limit: int) -> None:
        self._limit, self._total = limit, 0
        self._known: dict[str, tuple[_T, int]] = {}

    def get(self, path: str) -> _T | None:
        """Return what is kept for *path*."""
        known = self._known.get(path)
        return None if known is None else known[0]

    def add(self, path: str, made: _T, size: int) -> _T:
        """Keep *made*, of *size* characters, for *path*; return it."""
        self._known[path] = (made, size)
        self._total += size
        while self._total > self._limit and len(self._known) > 1:
            self._total -= self._known.pop(next(iter(self._known)))[1]
        return made


class LazyTexts(Mapping[str, SourceText]):
    """The files *paths* below *root*, with *made* ones that the tree does not have yet."""

    def __init__(
        self, root: Path, paths: Iterable[str], made: Mapping[str, SourceText] | None = None
    ) -> None:
        self.root = root
        self.made = dict(made or {})
        self._paths = dict.fromkeys(sorted({*paths, *self.made}))
        self._kept = Kept[SourceText](KEPT_BYTES)
        self._digests: dict[str, bytes] = {}
        self._shown: Mapping[str, SourceText] = {}

    def showing(self, texts: Mapping[str, SourceText]) -> "LazyTexts":
        """Return these files with *texts* in place of what some have."""
        view = LazyTexts(self.root, self._paths, self.made)
        view._digests = self._digests
        view._shown = {**self._shown, **texts}
        return view

    def expect(self, path: str, digest: bytes) -> None:
        """From now on only the content with this *digest* will do for *path*: results were drawn from it."""
        self._digests[path] = digest

    def __getitem__(self, path: str) -> SourceText:
        known = self._shown.get(path) or self._kept.get(path) or self.made.get(path)
        if known is not None:
            return known
        if path not in self._paths:
            raise KeyError(path)
        source = self.read(path)
        return self._kept.add(path, source, len(source.text))

    def read(self, path: str) -> SourceText:
        """Read *path*, whether its text is held or not; raise `UsageError` when it is not what it was."""
        source = read_file(self.root, path)
        if isinstance(source, ReadProblem):
            raise UsageError(f"it cannot be read any more: {source.message}", ErrorPlace(path), "try again")
        expected = self._digests.get(path)
        if expected is not None and content_digest(source) != expected:
            raise UsageError("it changed while clew was at work", ErrorPlace(path), "try again")
        return source

    def __contains__(self, path: object) -> bool:
        return path in self._paths

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def content_digest(source: SourceText) -> bytes:
    """Return what tells the content of *source* from any other."""
    return hashlib.sha256(source.to_bytes()).digest()


def measure_files(
    root: Path, include: Iterable[str], exclude: Iterable[str]
) -> tuple[dict[str, int], list[ReadProblem]]:
    """Return the sizes of the files below *root* that match *include* and not *exclude*, unread,
    and what cannot be read."""
    paths, problems = find_files(root, include, exclude)
    sizes: dict[str, int] = {}
    for path in paths:
        found = _measure(root, path)
        if isinstance(found, int):
            sizes[path] = found
        else:
            problems.append(found)
    return sizes, sorted(problems, key=lambda problem: problem.path)


def _measure(root: Path, path: str) -> int | ReadProblem:
    try:
        status = os.stat(f"{root}/{path}")  # noqa: PTH116 (fifty thousand of them)
        if path.isprintable() and stat.S_ISREG(status.st_mode) and os.access(f"{root}/{path}", os.R_OK):
            return status.st_size
    except (OSError, ValueError):
        pass  # reading it says what is wrong
    found = read_file(root, path)
    return len(found.text) if isinstance(found, SourceText) else found
