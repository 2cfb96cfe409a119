"""From options to an opened tree."""

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from clew.cli import stages
from clew.cli.options import Request
from clew.cli.stages import Stages, Tree
from clew.cli.streams import progress, say
from clew.config.find import find_settings, find_state
from clew.config.load import CONFIG_NAME
from clew.config.settings import Settings
from clew.errors import ErrorPlace, UsageError
from clew.text.globs import compile_globs, escape_glob
from clew.text.record import record

if TYPE_CHECKING:
    from concurrent.futures import Executor

    from clew.cache.store import Store


@record()
class Session:
    """What a command works with: *states* are the names that it was asked for, or all."""

    library: Stages
    settings: Settings
    tree: Tree
    states: tuple[str, ...]

    def single_state(self) -> str:
        """Return the only state; raise `UsageError` where one has to be chosen."""
        if len(self.states) == 1:
            return self.states[0]
        names = ", ".join(self.states)
        raise UsageError(f"there are {len(self.states)} states: {names}", None, "choose one with --state")


def open_session(request: Request) -> Session:
    """Find the settings, and read and scan the tree."""
    settings, title = find_settings(request.root, request.config)
    if title:
        note = f"no {CONFIG_NAME} in {request.root}: using the profile {settings.profile} ({title})"
        say(f"{note}; `clew init` writes one to edit", request.quiet)
    wanted = [find_state(settings, name).name for name in request.states]
    states = tuple(dict.fromkeys(wanted)) or tuple(state.name for state in settings.states)
    library = stages.load_stages()
    with progress(f"reading {request.root}", request.quiet) as show:
        cache, executor = _open_cache(request), _open_executor(request)
        jobs = 1 if request.scan_jobs else processors()
        tree = library.open_tree(request.root, settings, request.scope(), show, cache, executor, jobs)
    _require_files(request, tree)
    return Session(library, settings, tree, states)


def _open_cache(request: Request) -> "Store | None":
    """Open the cache until the command ends."""
    if request.no_cache:
        return None
    from clew.cache.user import open_store

    return click.get_current_context().with_resource(open_store(lambda text: say(text, request.quiet)))


def _open_executor(request: Request) -> "Executor | None":
    jobs = request.scan_jobs or 1
    if jobs < 2 and not request.scheduler:
        return None
    from clew.cli.executors import open_executor

    opened = open_executor(jobs, request.scheduler)
    return click.get_current_context().with_resource(opened)


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def relative_scope(root: Path, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Return *paths* as globs relative to *root*: what exists as seen from here is meant, else what exists as
    seen from the root, else it is a glob."""
    return tuple(_relative(root.resolve(), path) for path in paths)


def _relative(root: Path, path: str) -> str:
    candidates = [place for place in (Path(path), root / path) if place.exists()]
    for place in candidates:
        if place.resolve().is_relative_to(root):
            return escape_glob(place.resolve().relative_to(root).as_posix())
    if candidates:
        raise UsageError("this is not below the root", ErrorPlace(path), "choose another --root")
    if Path(path).is_absolute():
        raise UsageError("there is no such file", ErrorPlace(path), "name files below the root")
    return path


def _require_files(request: Request, tree: Tree) -> None:
    """A scope that matches nothing is a mistake; it must not look like a clean result."""
    if not tree.sources:
        raise UsageError(
            "no source file was found", ErrorPlace(str(request.root)), "check include and exclude"
        )
    for path in request.paths:
        if not any(map(compile_globs([path]), tree.sources)):
            raise UsageError(
                "no source file matches", ErrorPlace(path), "paths and globs are relative to the root"
            )
