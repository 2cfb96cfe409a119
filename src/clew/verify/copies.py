"""Scratch copies of a tree.  Nothing is ever written into the tree itself."""

import os
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from clew.text.record import record

# What clew leaves beside the sources.
_OWN = frozenset({".clew"})


def copy_tree(source: Path, target: Path, texts: Mapping[str, bytes], leave_out: Path | None = None) -> None:
    """Copy *source* to the new folder *target* with its times and links, and put *texts* in place (with the
    time of now, so that make sees that they changed).  *leave_out* is a folder below *source* to skip: the
    scratch folder itself, where it lies within the tree."""
    shutil.copytree(source, target, symlinks=True, ignore=_ignore(leave_out), copy_function=_copy)
    put_texts(target, texts)


def link_tree(source: Path, target: Path, texts: Mapping[str, bytes], leave_out: Path | None = None) -> None:
    """As `copy_tree`, for compilers alone, which write nothing there: files that stay the same are hard
    links where the file system has them."""
    shutil.copytree(source, target, symlinks=True, ignore=_ignore(leave_out), copy_function=_link)
    put_texts(target, texts)


def _ignore(leave_out: Path | None) -> Callable[[str, list[str]], set[str]]:
    def names(folder: str, entries: list[str]) -> set[str]:
        skipped = {name for name in entries if name in _OWN}
        if leave_out is not None and leave_out.parent == Path(folder):
            skipped.add(leave_out.name)
        return skipped | {name for name in entries if _is_special(os.path.join(folder, name))}  # noqa: PTH118

    return names


def _is_special(path: str) -> bool:
    """Tell whether *path* is a pipe, a socket or a device, which a copy can do without."""
    if os.path.islink(path):  # noqa: PTH114
        return False
    return not (os.path.isfile(path) or os.path.isdir(path))  # noqa: PTH112, PTH113


def _copy(source: str, target: str) -> str:
    return shutil.copy2(source, target, follow_symlinks=False)


def _link(source: str, target: str) -> str:
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:  # another file system, or one without hard links
        return _copy(source, target)
    return target


def put_texts(target: Path, texts: Mapping[str, bytes]) -> None:
    """Replace files of a copy, or add them."""
    for path, data in texts.items():
        place = target / path
        if not place.exists():
            place.write_bytes(data)
            continue
        # Not through the link: it may be a hard one to the tree itself.
        mode = place.stat().st_mode
        place.unlink()
        place.write_bytes(data)
        place.chmod(mode)


@record()
class Snapshot:
    """Size and time of every file of a tree, to see whether a command wrote into it."""

    files: Mapping[str, tuple[int, int]]

    @classmethod
    def of(cls, root: Path, leave_out: Path | None = None) -> "Snapshot":
        """Look at all files below *root*."""
        found = {}
        for folder, folders, names in os.walk(root):
            folders[:] = [name for name in folders if Path(folder, name) != leave_out]
            for name in names:
                path = os.path.join(folder, name)  # noqa: PTH118 (the hot loop)
                with suppress(FileNotFoundError):
                    status = os.lstat(path)
                    found[os.path.relpath(path, root)] = (status.st_size, status.st_mtime_ns)
        return cls(found)

    def changed_since(self, older: "Snapshot") -> list[str]:
        """Return the files that differ from *older*, came or went."""
        names = self.files.keys() | older.files.keys()
        return sorted(name for name in names if self.files.get(name) != older.files.get(name))
