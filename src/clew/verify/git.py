"""Run git."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

from clew.errors import WorktreeError

_TIMEOUT_SECONDS = 120
# A hook gets them relative to the folder that it is started in.
_PATHS = ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_OBJECT_DIRECTORY")


def run_git(
    root: Path, *arguments: str, send: bytes = b"", env: Mapping[str, str] | None = None
) -> "subprocess.CompletedProcess[bytes] | None":
    """Run git in *root* with *send* on its standard input and *env* added to the environment; None when there
    is no git."""
    try:
        return subprocess.run(
            ["git", "-C", str(root), *arguments],
            capture_output=True,
            check=False,
            env=_environment(os.environ | dict(env or {})),
            timeout=_TIMEOUT_SECONDS,
            input=send,
        )
    except FileNotFoundError:
        return None
    except subprocess.TimeoutExpired:
        step = "see what `git status` is waiting for"
        raise WorktreeError("git did not answer", None, step) from None


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    """English messages; no refresh of the index, which would be a write that nobody asked for; and what git
    tells its hooks, in a form that holds in any folder."""
    made = dict(given) | {"LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    for name in _PATHS:
        if name in made:
            made[name] = str(Path(made[name]).absolute())
    if "GIT_DIR" in made and "GIT_WORK_TREE" not in made:
        made["GIT_WORK_TREE"] = str(Path.cwd())  # what git takes it for where the hook stands
    return made
