"""Read the files of a tree.  What cannot or should not be read becomes a record, never a crash or a gap."""

import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path

from clew.text.globs import compile_globs
from clew.text.record import record
from clew.text.source import SourceText

# What version control and clew itself keep beside the sources.
_METADATA = frozenset({".git", ".hg", ".svn", ".bzr", ".clew"})


@record()
class ReadProblem:
    """A file or folder that was not read.  Codes: ``unreadable``, ``symlink`` (it is not followed: its
    target is read where it stands, if it stands in the tree), ``not-regular`` (a pipe, socket or device),
    ``file-name`` (a name that no message or patch could carry)."""

    code: str
    path: str
    message: str


@record()
class TreeText:
    """The texts of a tree in the order of their paths, and what was not read."""

    sources: tuple[SourceText, ...]
    problems: tuple[ReadProblem, ...]


def find_files(
    root: Path, include: Iterable[str], exclude: Iterable[str] = ()
) -> tuple[list[str], list[ReadProblem]]:
    """Return the paths of the files below *root* that match *include* and not *exclude*, in order, and what
    cannot be entered or is not followed.

    Raises `NotADirectoryError` or `FileNotFoundError` when *root* is no folder.
    """
    if not root.is_dir():
        error = NotADirectoryError if root.exists() else FileNotFoundError
        raise error(str(root))
    problems: list[ReadProblem] = []
    return sorted(_walk(root, include, exclude, problems)), problems


def read_tree(root: Path, include: Iterable[str], exclude: Iterable[str] = ()) -> TreeText:
    """Read every file below *root* whose path matches *include* and not *exclude*.

    Raises `NotADirectoryError` or `FileNotFoundError` when *root* is no folder.
    """
    paths, problems = find_files(root, include, exclude)
    sources: list[SourceText] = []
    for path in paths:
        found = read_file(root, path)
        if isinstance(found, SourceText):
            sources.append(found)
        else:
            problems.append(found)
    return TreeText(tuple(sources), tuple(sorted(problems, key=lambda problem: problem.path)))


def _walk(
    root: Path, include: Iterable[str], exclude: Iterable[str], problems: list[ReadProblem]
) -> Iterator[str]:
    """Yield the paths of the files wanted; folders are entered with a stack of our own, since a tree may be
    deeper than Python's."""
    is_included, is_excluded = compile_globs(include), compile_globs(exclude)
    folders = [""]
    while folders:
        folder = folders.pop()
        try:
            entries = list(os.scandir(root / folder))
        except OSError as error:
            problems.append(ReadProblem("unreadable", folder or ".", error.strerror or str(error)))
            continue
        for entry in entries:
            path = folder + entry.name
            if entry.name in _METADATA or is_excluded(path):
                continue
            if entry.is_dir(follow_symlinks=False):
                folders.append(f"{path}/")
            elif entry.is_symlink():
                if is_included(path) or entry.is_dir():
                    problems.append(
                        ReadProblem("symlink", path, f"a symbolic link to {Path(entry).readlink()}")
                    )
            elif is_included(path):
                yield path


def read_file(root: Path, path: str) -> SourceText | ReadProblem:
    """Read the file at *path* below *root*, or say why that cannot be done."""
    if not path.isprintable() or any("\udc80" <= character <= "\udcff" for character in path):
        return ReadProblem("file-name", path, "the name has control characters or is not UTF-8")
    try:
        # Not blocking: opening a pipe without a writer would wait for ever.
        descriptor = os.open(root / path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                return ReadProblem("not-regular", path, "neither a file nor a folder")
            return SourceText.from_bytes(path, file.read())
    except OSError as error:
        return ReadProblem("unreadable", path, error.strerror or str(error))
