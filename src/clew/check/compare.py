"""What is checked, and against what: the work tree, the staged files, or a revision that a hook names."""

import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from clew.cache.store import Store
from clew.check.run import Base
from clew.check.view import FolderView, GitView, View
from clew.config.settings import Settings
from clew.errors import ErrorPlace, UsageError
from clew.text.globs import compile_globs
from clew.text.record import record
from clew.verify.revisions import (
    find_head,
    find_merge_base,
    find_merge_heads,
    find_renames,
    find_revision,
)

# pre-commit sets them where two revisions are compared: `pre-commit run --from-ref`, and pre-push hooks.
_FROM, _TO = "PRE_COMMIT_FROM_REF", "PRE_COMMIT_TO_REF"
_ZEROS = "0" * 40  # what git calls a commit that is not there, in a hook


@record()
class Comparison:
    """The *view* that is checked, and the *bases* with what is not new."""

    view: View
    bases: tuple[Base, ...]


class Comparer:
    """Sets up comparisons below *root*."""

    def __init__(self, root: Path, settings: Settings, store: Store | None) -> None:
        self._root, self._settings, self._store = root, settings, store

    def compare(self, since: str | None, staged: bool, environment: Mapping[str, str]) -> Comparison:
        """Compare with the point where *since* and the checked-out branch parted, or (*staged*) the staged
        files with the last commit; without both, nothing is known beforehand."""
        revisions = (environment.get(_FROM, ""), environment.get(_TO, ""))
        if staged and not since and all(revisions) and _ZEROS not in revisions:
            before, after = (find_revision(self._root, name) for name in revisions)
            base = self._base(find_merge_base(self._root, before, after), after)
            return Comparison(self._revision(after), (base,))
        view: View = self._revision(None) if staged else FolderView(self._root, self._settings, self._store)
        target = "" if staged else None
        if since:
            parted = find_merge_base(self._root, find_revision(self._root, since), "HEAD")
            return Comparison(view, (self._base(parted, target),))
        if not staged:
            return Comparison(view, ())
        heads = [head for head in (find_head(self._root), *find_merge_heads(self._root)) if head]
        return Comparison(view, tuple(self._base(head, target) for head in heads))

    def _revision(self, revision: str | None) -> GitView:
        return GitView(self._root, self._settings, revision)

    def _base(self, revision: str, target: str | None) -> Base:
        return Base(self._revision(revision), find_renames(self._root, revision, target))


@record()
class Selection:
    """The files to check, and those that were named but do not belong to the program."""

    paths: tuple[str, ...]
    left_out: tuple[str, ...]


def select_files(root: Path, names: Sequence[str], settings: Settings, ids: Iterable[str]) -> Selection:
    """Return which of the files *ids* the user means: all, or those that *names* names (as seen from here,
    else from the root; a folder stands for what is in it); raise `UsageError` for what does not exist."""
    is_generated = compile_globs(settings.generated)
    known = [path for path in ids if not is_generated(path)]
    if not names:
        return Selection(tuple(sorted(known)), ())
    present = frozenset(known)
    chosen: dict[str, None] = {}
    left_out: list[str] = []
    for name in names:
        candidates = list(dict.fromkeys(_below_root(root, name)))
        found = [path for path in candidates if path in present] or [
            path for one in candidates for path in known if one == "." or path.startswith(f"{one}/")
        ]
        if not found and not any((root / one).exists() for one in candidates):
            raise UsageError(
                "there is no such file", ErrorPlace(name), "name files or folders below the root"
            )
        chosen |= dict.fromkeys(found)
        left_out += [] if found else [name]
    return Selection(tuple(sorted(chosen)), tuple(left_out))


def _below_root(root: Path, name: str) -> Iterable[str]:
    """Yield what *name* may mean, relative to *root*.  It need not exist: the index may have it."""
    here = os.path.realpath(Path.cwd())
    top = os.path.realpath(root)
    for start in (here, top):
        relative = os.path.relpath(os.path.normpath(os.path.join(start, name)), top)  # noqa: PTH118
        if relative != ".." and not relative.startswith("../"):
            yield relative
