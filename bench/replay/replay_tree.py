"""The C files of one revision as a folder."""

import io
import subprocess
import tarfile
from pathlib import Path

PATTERNS = ("*.c", "*.h")


def extract_tree(gitdir: Path, revision: str, target: Path) -> None:
    """Write the C files of *revision* into *target*; raise `CalledProcessError` when git lacks some."""
    command = ["git", f"--git-dir={gitdir}", "archive", revision, "--", *PATTERNS]
    made = subprocess.run(command, check=True, capture_output=True)
    with tarfile.open(fileobj=io.BytesIO(made.stdout)) as archive:
        archive.extractall(target, filter="data")


def has_word(root: Path, word: str) -> bool:
    """Tell whether a C file below *root* holds *word*."""
    wanted = word.encode()
    return any(wanted in path.read_bytes() for path in root.rglob("*.[ch]") if path.is_file())
