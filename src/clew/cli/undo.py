"""Where undo patches go."""

from pathlib import Path

from clew.errors import ErrorPlace, WriteError

_FOLDER = ".clew"


def choose_undo(root: Path) -> Path:
    """Return the next free ``.clew/undo-N.patch`` below *root*; the folder hides itself from git."""
    folder = root / _FOLDER
    if folder.is_symlink():
        raise WriteError(
            "a symbolic link: clew does not write through it", ErrorPlace(str(folder)), "use --undo"
        )
    try:
        folder.mkdir(exist_ok=True)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        raise WriteError(
            f"cannot be written: {error.strerror}", ErrorPlace(str(folder)), "use --undo"
        ) from error
    number = 1
    while (folder / f"undo-{number}.patch").exists():
        number += 1
    return folder / f"undo-{number}.patch"
