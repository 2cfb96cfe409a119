"""What git holds beside the work tree: the staged files, and those of a revision.

Paths are relative to the root that was asked for, files outside it do not appear, and neither do symbolic
links and submodules.  Contents are named by git's blob id, so that equal files have equal names wherever
they stand.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from subprocess import CompletedProcess

from clew.errors import UsageError, WorktreeError
from clew.verify.git import run_git

_REGULAR = ("100644", "100755")


def find_revision(root: Path, name: str) -> str:
    """Return the commit that *name* means; raise `UsageError` when it means none."""
    found = _git(
        root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}", fails=True
    )
    if not found:
        raise UsageError(f"no revision {name!r} in this repository", None, "name a branch, a tag or a commit")
    return found.strip().decode()


def find_prefix(root: Path) -> str:
    """Return the path of *root* below the top of its repository, with a slash at its end; "" at the top and
    outside any repository."""
    result = run_git(root, "rev-parse", "--show-prefix")
    return os.fsdecode(result.stdout.rstrip(b"\n")) if result is not None and not result.returncode else ""


def find_head(root: Path) -> str:
    """Return the commit that is checked out, or "" before the first one."""
    return _git(root, "rev-parse", "--verify", "--quiet", "HEAD", fails=True).strip().decode()


def find_merge_heads(root: Path) -> tuple[str, ...]:
    """Return the commits that are being merged into the one checked out."""
    place = Path(os.fsdecode(_git(root, "rev-parse", "--git-path", "MERGE_HEAD").rstrip(b"\n")))
    try:
        return tuple((root / place).read_text(encoding="ascii").split())
    except FileNotFoundError:
        return ()


def find_merge_base(root: Path, one: str, other: str) -> str:
    """Return the commit at which *one* and *other* parted, or *one* when they have nothing in common."""
    return _git(root, "merge-base", one, other, fails=True).strip().decode() or one


def list_revision(root: Path, revision: str) -> dict[str, str]:
    """Return the blob ids of the files of *revision* by path."""
    return dict(_entries(_git(root, "ls-tree", "-r", "-z", revision), id_at=2))


def list_index(root: Path) -> dict[str, str]:
    """Return the blob ids of the staged files by path; what is in conflict is not staged."""
    lines = _git(root, "ls-files", "--stage", "-z").split(b"\0")
    staged = b"\0".join(line for line in lines if line.partition(b"\t")[0].endswith(b" 0"))
    return dict(_entries(staged, id_at=1))


def _entries(listing: bytes, id_at: int) -> Iterable[tuple[str, str]]:
    for line in listing.split(b"\0"):
        head, _, path = line.partition(b"\t")
        words = head.decode().split()
        if words and words[0] in _REGULAR:
            yield os.fsdecode(path), words[id_at]


def find_renames(root: Path, base: str, target: str | None) -> dict[str, str]:
    """Return old paths by new ones, from *base* to *target*: a revision, "" for the index, None for the
    work tree."""
    where = ("--cached", base) if target == "" else (base,) if target is None else (base, target)
    options = ("--relative", "--find-renames", "--diff-filter=R", "--name-status", "-z")
    words = _git(root, "diff", *options, *where, "--").split(b"\0")
    triples = zip(words[1::3], words[2::3], strict=False)
    return {os.fsdecode(new): os.fsdecode(old) for old, new in triples}


def read_blobs(root: Path, ids: Iterable[str]) -> dict[str, bytes]:
    """Return the contents of *ids*."""
    wanted = list(dict.fromkeys(ids))
    if not wanted:
        return {}
    output = _git(root, "cat-file", "--batch", send="".join(f"{name}\n" for name in wanted).encode())
    found: dict[str, bytes] = {}
    at = 0
    while at < len(output):
        end = output.index(b"\n", at)
        words = output[at:end].split()
        if len(words) != 3:
            raise WorktreeError(
                f"git does not find the object {output[at:end].decode()}", None, "run git fsck"
            )
        size = int(words[2])
        found[words[0].decode()] = output[end + 1 : end + 1 + size]
        at = end + 1 + size + 1
    return found


def _git(root: Path, *arguments: str, fails: bool = False, send: bytes = b"") -> bytes:
    """Run git and return what it prints; nothing when it fails and may (*fails*)."""
    result: CompletedProcess[bytes] | None = run_git(root, *arguments, send=send)
    if result is None:
        raise WorktreeError("git is needed for this, and is not on PATH", None, "install git")
    if result.returncode and b"not a git repository" in result.stderr:
        raise UsageError(f"{root} is not in a git repository", None, "leave out --since and --staged")
    if result.returncode and not fails:
        said = result.stderr.decode("utf-8", "replace").strip().splitlines() or [f"code {result.returncode}"]
        raise WorktreeError(f"git {arguments[0]}: {said[0]}", None, "mend that and run the command again")
    return b"" if result.returncode else result.stdout
