"""Does a series of patches apply one after the other, and make what it should?

git itself applies them, to an index of its own beside the repository: neither the work tree nor the user's
index nor the repository's objects are touched.
"""

import os
import tempfile
from collections.abc import Iterable, Mapping
from email.utils import formatdate
from pathlib import Path

from clew.errors import WorktreeError
from clew.text.record import record
from clew.verify.git import run_git

_STEP = "this is a bug of clew: please report it with the series"


@record()
class Identity:
    """Who commits, *date* as in a mail; *head* is the commit that is checked out, *top* the top of the work
    tree, *prefix* the path of the root below it."""

    name: str
    address: str
    date: str
    head: str
    top: Path
    prefix: str


def find_identity(root: Path) -> Identity:
    """Ask git for all that a mail needs; raise `WorktreeError` where it does not know."""
    _git(root, "rev-parse", "--git-dir")
    asked = _git(root, "var", "GIT_AUTHOR_IDENT", step="tell git who you are: user.name and user.email")
    said = asked.decode("utf-8", "replace").strip()
    who, _, when = said.rpartition("> ")
    name, _, address = who.rpartition(" <")
    seconds, _, zone = when.partition(" ")
    date = f"{formatdate(int(seconds) + _offset(zone))[:-6]} {zone}"
    head = _git(root, "rev-parse", "--verify", "HEAD").decode().strip()
    lines = os.fsdecode(_git(root, "rev-parse", "--show-toplevel", "--show-prefix")).split("\n")
    return Identity(name, address, date, head, Path(lines[0]), lines[1])


def _offset(zone: str) -> int:
    sign = -1 if zone.startswith("-") else 1
    return sign * (int(zone[1:3]) * 3600 + int(zone[3:5]) * 60)


def check_series(top: Path, patches: Iterable[bytes], expected: Mapping[str, bytes]) -> None:
    """Apply *patches* to the last commit of the work tree *top*; raise `WorktreeError` unless all apply and
    then exactly the files *expected* have changed, to these contents."""
    with tempfile.TemporaryDirectory(prefix="clew-series-") as folder:
        private = _private(top, Path(folder))
        _git(top, "read-tree", "HEAD", env=private)
        for number, patch in enumerate(patches, 1):
            result = run_git(top, "apply", "--cached", "--whitespace=nowarn", send=patch, env=private)
            if result is None or result.returncode:
                said = "" if result is None else result.stderr.decode("utf-8", "replace").strip()
                raise WorktreeError(f"patch {number} does not apply: {said}", None, _STEP)
        names = _git(top, "diff", "--cached", "--name-only", "-z", "HEAD", env=private).split(b"\0")
        changed = {os.fsdecode(name) for name in names if name}
        if changed != expected.keys():
            raise WorktreeError(f"the series changes {sorted(changed ^ expected.keys())}", None, _STEP)
        for path, content in expected.items():
            if _git(top, "cat-file", "blob", f":{path}", env=private) != content:
                raise WorktreeError(f"the series makes something else of {path}", None, _STEP)


def _private(top: Path, folder: Path) -> dict[str, str]:
    """Return an environment in which git writes only into *folder*."""
    objects = os.fsdecode(_git(top, "rev-parse", "--git-path", "objects").rstrip(b"\n"))
    known = os.environ.get("GIT_ALTERNATE_OBJECT_DIRECTORIES")
    alternates = os.pathsep.join([str((top / objects).resolve()), *([known] if known else [])])
    (folder / "objects").mkdir()
    return {
        "GIT_INDEX_FILE": str(folder / "index"),
        "GIT_OBJECT_DIRECTORY": str(folder / "objects"),
        "GIT_ALTERNATE_OBJECT_DIRECTORIES": alternates,
    }


def _git(
    root: Path,
    *arguments: str,
    env: Mapping[str, str] | None = None,
    step: str = "a series is made for the last commit of a git repository",
) -> bytes:
    result = run_git(root, *arguments, env=env)
    if result is None:
        raise WorktreeError("git is needed for a series, and is not on PATH", None, "install git")
    if result.returncode:
        said = result.stderr.decode("utf-8", "replace").strip().splitlines() or [f"code {result.returncode}"]
        raise WorktreeError(f"git {arguments[0]}: {said[0]}", None, step)
    return result.stdout
