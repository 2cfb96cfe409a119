"""Replace several files together: all of them, or none.

1. Every target is checked: a regular file inside the root, reached without symbolic links, writable, with
   the content that the edits were made for.
2. The undo patch is written, so that it exists before anything has changed.
3. Each new text goes to a temporary file beside its target, with the target's mode, and is synced.
4. Each old file gets a second name, and the new one is renamed over it: at no time is there no file.  A
   file that did not exist gets its name only if still none has it.
5. If anything fails on the way, interrupts included, the old files are renamed back.
"""

import hashlib
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from clew.errors import ErrorPlace, WriteError
from clew.text.record import record

_NEW_MODE = 0o644
_REREAD = "run the command again: it reads the files as they are now"


@record()
class Replacement:
    """The file at *path* (relative to the root) has the bytes *old* (None: there is no such file) and shall
    have *new*."""

    path: str
    old: bytes | None
    new: bytes


@dataclass(slots=True)
class _Staged:
    """One replacement under way."""

    target: Path
    fresh: Path
    backup: Path
    backed_up: bool = False
    replaced: bool = False
    made: bool = False


def digest(data: bytes) -> str:
    """Return the SHA-256 by which clew tells whether a file is the one it read."""
    return hashlib.sha256(data).hexdigest()


def write_files(
    root: Path, replacements: Iterable[Replacement], undo: Path | None = None, undo_patch: bytes = b""
) -> None:
    """Make all *replacements* below *root*, after writing *undo_patch* to *undo*; raise `WriteError` with
    everything as it was if one of them cannot be made."""
    ordered = sorted(replacements, key=lambda replacement: replacement.path)
    for replacement in ordered:
        _check_target(root, replacement)
    if undo is not None:
        _write_undo(undo, undo_patch)
    staged: list[_Staged] = []
    try:
        for replacement in ordered:
            staged.append(_stage(root, replacement))  # noqa: PERF401 (what was staged before a failure counts)
        for replacement, item in zip(ordered, staged, strict=True):
            _swap(replacement, item)
    except BaseException as error:
        _roll_back(staged)
        if undo is not None:
            with suppress(OSError):  # it describes changes that were not made
                undo.unlink()
        if isinstance(error, OSError):
            raise _explain(error) from error
        raise
    for item in staged:
        item.backup.unlink(missing_ok=item.made)
    _sync_folders({item.target.parent for item in staged})


def _check_target(root: Path, replacement: Replacement) -> None:
    place = ErrorPlace(replacement.path)
    target = root / replacement.path
    parts = Path(replacement.path).parts
    if Path(replacement.path).is_absolute() or ".." in parts:
        raise WriteError("the path leads out of the tree", place, "name files by their path below the root")
    for depth in range(1, len(parts) + 1):
        if root.joinpath(*parts[:depth]).is_symlink():
            raise WriteError(
                "a symbolic link: clew does not write through it", place, "edit the target itself"
            )
    if replacement.old is None:
        if target.exists() or not target.parent.is_dir():
            raise WriteError("the file has come into being, or its folder is gone", place, _REREAD)
        return
    try:
        status, content = target.stat(), target.read_bytes()
    except OSError as error:
        raise WriteError(f"cannot be read: {error.strerror}", place, _REREAD) from error
    if not stat.S_ISREG(status.st_mode):
        raise WriteError("not a regular file", place, "exclude it in clew.toml")
    if content != replacement.old:
        raise WriteError("the file has changed since it was read", place, _REREAD)
    if not os.access(target, os.W_OK):
        raise WriteError(
            "the file is read-only", place, "make it writable, or list it as generated in clew.toml"
        )


def _write_undo(undo: Path, patch: bytes) -> None:
    cannot = "the undo patch cannot be written"
    try:
        undo.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise WriteError(
            f"{cannot}: {error.strerror}", ErrorPlace(str(undo)), "choose --undo PATH"
        ) from error
    try:
        # Exclusively: an undo patch is never overwritten, it may be the only way back.
        with undo.open("xb") as file:
            file.write(patch)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        raise WriteError(
            "the undo patch exists already", ErrorPlace(str(undo)), "name another one with --undo"
        ) from None
    except OSError as error:
        raise WriteError(
            f"{cannot}: {error.strerror}", ErrorPlace(str(undo)), "choose --undo PATH"
        ) from error


def _stage(root: Path, replacement: Replacement) -> _Staged:
    target = root / replacement.path
    descriptor, fresh = tempfile.mkstemp(prefix=f".{target.name[:40]}.", suffix=".clew", dir=target.parent)
    item = _Staged(target, Path(fresh), Path(f"{fresh}-old"))
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(replacement.new)
            file.flush()
            if replacement.old is None:
                os.fchmod(descriptor, _NEW_MODE)
            else:
                _take_over(target, descriptor)
            os.fsync(descriptor)
    except BaseException:
        item.fresh.unlink()
        raise
    return item


def _take_over(target: Path, descriptor: int) -> None:
    """Give the open file the mode and the owner of *target*."""
    status = target.stat()
    os.fchmod(descriptor, stat.S_IMODE(status.st_mode))
    if (status.st_uid, status.st_gid) != (os.geteuid(), os.getegid()):
        with suppress(PermissionError):  # only root may give files away
            os.fchown(descriptor, status.st_uid, status.st_gid)


def _swap(replacement: Replacement, item: _Staged) -> None:
    if replacement.old is None:
        _create(replacement, item)
        return
    try:
        item.backup.hardlink_to(item.target)
    except OSError:  # not every file system has hard links
        shutil.copy2(item.target, item.backup)
    item.backed_up = True
    # Staging many files takes a while; look once more.
    if item.target.is_symlink() or item.backup.read_bytes() != replacement.old:
        raise WriteError("the file has changed since it was read", ErrorPlace(replacement.path), _REREAD)
    item.fresh.replace(item.target)
    item.replaced = True


def _create(replacement: Replacement, item: _Staged) -> None:
    """Give the new file its name, unless another file has come to have it."""
    try:
        with item.target.open("xb"):
            item.made = True
    except FileExistsError as error:
        raise WriteError("the file has come into being", ErrorPlace(replacement.path), _REREAD) from error
    item.fresh.replace(item.target)


def _roll_back(staged: list[_Staged]) -> None:
    for item in reversed(staged):
        if item.made:
            item.target.unlink()
        elif item.replaced:
            item.backup.replace(item.target)
        elif item.backed_up:
            item.backup.unlink()
        item.fresh.unlink(missing_ok=True)


def _explain(error: OSError) -> WriteError:
    place = ErrorPlace(str(error.filename)) if error.filename else None
    return WriteError(
        f"cannot be written: {error.strerror}",
        place,
        "nothing was changed; mend this and run the command again",
    )


def _sync_folders(folders: set[Path]) -> None:
    """Make the renames durable."""
    for folder in sorted(folders):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
