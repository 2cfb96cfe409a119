"""Where the texts come from: the work tree, the index, or a revision.

A view names contents by git's blob id, whatever it reads from, so that what is known of a text is known in
every view.
"""

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path
from typing import Protocol

from clew.cache.stamps import blob_id, identify_files
from clew.cache.store import Store
from clew.config.settings import Settings
from clew.text.globs import PathFilter, compile_globs
from clew.text.reader import ReadProblem, find_files, read_file
from clew.text.source import SourceText
from clew.verify.revisions import list_index, list_revision, read_blobs


class View(Protocol):
    """The files of the program as they stand somewhere."""

    @property
    def ids(self) -> Mapping[str, str]:
        """The blob id of every file by its path."""

    def read(self, paths: Iterable[str]) -> dict[str, SourceText]:
        """Return the texts of *paths*, which are among those of `ids`."""


def program_filter(settings: Settings) -> PathFilter:
    """Return a predicate on paths: does the file belong to the program?"""
    is_included, is_excluded = compile_globs(settings.include), compile_globs(settings.exclude)
    return lambda path: is_included(path) and not is_excluded(path)


class GitView:
    """The staged files, or those of a revision."""

    def __init__(self, root: Path, settings: Settings, revision: str | None) -> None:
        self._root, self._revision = root, revision
        self._is_wanted = program_filter(settings)

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """The blob id of every file by its path."""
        found = (
            list_index(self._root) if self._revision is None else list_revision(self._root, self._revision)
        )
        return {path: name for path, name in found.items() if self._is_wanted(path)}

    def read(self, paths: Iterable[str]) -> dict[str, SourceText]:
        """Return the texts of *paths*."""
        wanted = {path: self.ids[path] for path in paths}
        blobs = read_blobs(self._root, wanted.values())
        return {path: SourceText.from_bytes(path, blobs[name]) for path, name in wanted.items()}


class FolderView:
    """The files of a folder.  Those whose size and times are as they were are not opened again."""

    def __init__(self, root: Path, settings: Settings, store: Store | None) -> None:
        self._root, self._settings, self._store = root, settings, store
        self._texts: dict[str, SourceText] = {}
        self.problems: list[ReadProblem] = []

    @cached_property
    def ids(self) -> Mapping[str, str]:
        """The blob id of every file by its path."""
        paths, problems = find_files(self._root, self._settings.include, self._settings.exclude)
        self.problems += problems
        return identify_files(self._root, paths, self._store, self._identify)

    def read(self, paths: Iterable[str]) -> dict[str, SourceText]:
        """Return the texts of *paths*."""
        found: dict[str, SourceText] = {}
        for path in paths:
            text = self._texts.get(path) or read_file(self._root, path)
            if isinstance(text, SourceText):
                found[path] = text
            else:
                self.problems.append(text)
        return found

    def _identify(self, path: str) -> str:
        text = read_file(self._root, path)
        if isinstance(text, ReadProblem):
            self.problems.append(text)
            return ""
        self._texts[path] = text
        return blob_id(text.to_bytes())
