"""Is a work tree clean?  Asked before files are written, so that clew's changes can be told from others."""

import os
from pathlib import Path
from subprocess import CompletedProcess

from clew.errors import WorktreeError
from clew.text.record import record
from clew.verify.git import run_git

_NEXT_STEP = "commit or stash, or pass --allow-dirty"


@record()
class Worktree:
    """What git says about a tree.  *versioned* is false outside a git work tree; *dirty* are the paths
    (relative to the root that was asked for) that differ from the last commit, and *untracked* those
    that git does not know."""

    versioned: bool
    dirty: tuple[str, ...] = ()
    untracked: tuple[str, ...] = ()


def inspect_worktree(root: Path) -> Worktree:
    """Ask git for the state of the files below *root*; raise `WorktreeError` when it cannot tell."""
    inside = run_git(root, "rev-parse", "--show-prefix")
    if inside is None or (inside.returncode and b"not a git repository" in inside.stderr):
        return Worktree(versioned=False)
    _check(inside)
    prefix = os.fsdecode(inside.stdout.removesuffix(b"\n"))
    status = run_git(
        root, "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", "--ignored=no", "."
    )
    if status is None:
        return Worktree(versioned=False)
    _check(status)
    dirty: list[str] = []
    untracked: list[str] = []
    for entry in os.fsdecode(status.stdout).split("\0"):
        if entry:
            path = entry[3:].removeprefix(prefix)
            (untracked if entry.startswith("??") else dirty).append(path)
    return Worktree(True, tuple(sorted(dirty)), tuple(sorted(untracked)))


def require_clean(root: Path, targets: frozenset[str]) -> None:
    """Raise `WorktreeError` when a tracked file below *root* was changed, or one of *targets* is not
    tracked, so that no commit holds its present content.  A tree without version control passes."""
    worktree = inspect_worktree(root)
    if worktree.dirty:
        raise WorktreeError(f"the work tree has changes: {_enumerate(worktree.dirty)}", None, _NEXT_STEP)
    unknown = [path for path in worktree.untracked if path in targets]
    if unknown:
        raise WorktreeError(
            f"files that git does not track would change: {_enumerate(unknown)}", None, _NEXT_STEP
        )


def _enumerate(paths: list[str] | tuple[str, ...], most: int = 3) -> str:
    shown = ", ".join(paths[:most])
    return f"{shown} and {len(paths) - most} more" if len(paths) > most else shown


def _check(result: CompletedProcess[bytes]) -> None:
    if result.returncode:
        message = result.stderr.decode("utf-8", "replace").strip().splitlines()
        first = message[0] if message else f"exit code {result.returncode}"
        raise WorktreeError(f"git cannot tell whether the work tree is clean: {first}", None, _NEXT_STEP)
