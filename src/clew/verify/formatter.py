"""Format changed lines with ``clang-format``, as the tree's own ``.clang-format`` says."""

import subprocess
from collections.abc import Sequence
from pathlib import Path, PurePosixPath

from clew.errors import ErrorPlace, FormatError

_STYLES = (".clang-format", "_clang-format")
_SECONDS = 120


def has_style(root: Path, path: str) -> bool:
    """Tell whether a style file of the tree below *root* applies to *path*."""
    return any((root / folder / name).is_file() for folder in PurePosixPath(path).parents for name in _STYLES)


def format_lines(root: Path, path: str, text: str, lines: Sequence[tuple[int, int]]) -> str:
    """Return *text*, the new content of *path*, with *lines* (first and last, from 1) formatted; raise
    `FormatError` when the program is missing or fails."""
    command = ["clang-format", "--style=file", "--fallback-style=none", f"--assume-filename={path}"]
    command += [f"--lines={first}:{last}" for first, last in lines]
    try:
        done = subprocess.run(
            command,
            cwd=root,
            input=text.encode("latin-1"),
            capture_output=True,
            check=False,
            timeout=_SECONDS,
        )
    except OSError as error:
        what = f"clang-format cannot be started: {error.strerror}"
        raise FormatError(what, None, 'install it, or say `format = "own"` in the settings') from error
    except subprocess.TimeoutExpired as error:
        what = f"clang-format did not end within {_SECONDS} seconds"
        raise FormatError(what, ErrorPlace(path), 'say `format = "own"` in the settings') from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        what = f"clang-format failed: {said[0] if said else f'exit code {done.returncode}'}"
        raise FormatError(what, ErrorPlace(path), "correct `.clang-format`, or the setting `format`")
    return done.stdout.decode("latin-1")
