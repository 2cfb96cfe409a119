"""Copies of trees, and what differs between two."""

import os
import shutil
from pathlib import Path

_SHOWN = 10


def changed_files(before: Path, after: Path) -> list[Path]:
    """Return the files of *before*, as relative paths, that differ or are missing in *after*.

    Files that only *after* has (the settings, clew's own folder) do not count.
    """
    changed = []
    for folder, _, names in os.walk(before):
        for name in names:
            path = Path(folder, name)
            relative = path.relative_to(before)
            if path.is_symlink():
                continue
            other = after / relative
            if not other.is_file() or not _same_bytes(path, other):
                changed.append(relative)
    return sorted(changed)


def _same_bytes(one: Path, two: Path) -> bool:
    return one.stat().st_size == two.stat().st_size and one.read_bytes() == two.read_bytes()


def list_paths(title: str, paths: list[Path]) -> str:
    """Return *title* and the first few of *paths*."""
    names = ", ".join(str(path) for path in paths[:_SHOWN])
    return f"{title}: {names}" + (f" and {len(paths) - _SHOWN} more" if len(paths) > _SHOWN else "")


def copy_tree(source: Path, target: Path) -> None:
    """Copy with times and links, in place of what was there."""
    if target.exists():
        shutil.rmtree(target)
    shutil.copytree(source, target, symlinks=True)
