"""One real program: how it is built, rewritten and tested.  The scripts for each program describe it here."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from clew.verify.process import Measured

# What a test command printed -> result per test ("ok", or how it failed).
ResultReader = Callable[[Measured], Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Project:
    """A program to measure.

    *paths* are what clew may change, relative to the root, globs included.  *prepare* runs once in the
    copy of the built tree, so that it stands on its own; *build* builds it again; *dry_run* are
    arguments for ``make -n`` that print the commands of a full build in a tree that was not built.
    *test* runs in a built tree, and *read_results* makes results of what it printed.
    """

    name: str
    profile: str
    state: str
    linkage: str
    paths: tuple[str, ...]
    build: tuple[str, ...]
    prepare: tuple[tuple[str, ...], ...] = ()
    dry_run: tuple[str, ...] = ()
    test: tuple[str, ...] = ()
    test_folder: str = "."
    read_results: ResultReader | None = None
    environment: Mapping[str, str] = field(default_factory=dict)
    build_seconds: float = 1800.0
    test_seconds: float = 3600.0

    def expand_paths(self, root: Path) -> list[str]:
        """Return *paths* with globs replaced by the files of *root* that match."""
        names: list[str] = []
        for path in self.paths:
            if re.search(r"[*?\[]", path):
                names += sorted(str(p.relative_to(root)) for p in root.glob(path))
            else:
                names.append(path)
        return names
