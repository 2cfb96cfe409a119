"""The C files, or all files, of one revision as a folder."""

import io
import os
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


def extract_all(gitdir: Path, revision: str, target: Path) -> None:
    """Write every file of *revision* into *target*, but those that the repository lacks (a clone may leave
    large ones out)."""
    git = ["git", f"--git-dir={gitdir}"]
    listed = subprocess.run([*git, "ls-tree", "-rz", revision], check=True, capture_output=True).stdout
    entries = [entry.partition(b"\t") for entry in listed.split(b"\0") if entry]
    blobs = [about.split() for about, _, _ in entries]
    asked = b"".join(blob + b"\n" for _, _, blob in blobs)
    env = {**os.environ, "GIT_NO_LAZY_FETCH": "1"}
    answer = subprocess.run(
        [*git, "cat-file", "--batch"], check=True, input=asked, capture_output=True, env=env
    )
    contents = io.BytesIO(answer.stdout)
    for (mode, _, _), (_, _, name) in zip(blobs, entries, strict=True):
        head = contents.readline().split()
        if head[-1] == b"missing":
            continue
        content = contents.read(int(head[2]) + 1)[:-1]
        if head[1] == b"blob":
            _write(target / os.fsdecode(name), mode, content)


def _write(path: Path, mode: bytes, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    if mode == b"120000":
        path.symlink_to(os.fsdecode(content))
        return
    path.write_bytes(content)
    if mode == b"100755":
        path.chmod(0o755)


def has_word(root: Path, word: str) -> bool:
    """Tell whether a C file below *root* holds *word*."""
    wanted = word.encode()
    return any(wanted in path.read_bytes() for path in root.rglob("*.[ch]") if path.is_file())
