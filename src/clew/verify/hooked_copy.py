"""A copy of the tree with hooks: made, built (leaving out hooks that the compiler does not take), tested."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from clew.config.settings import State
from clew.detect.accessors import FetchSite
from clew.link.program import Definition, Program
from clew.text.edit import Edit
from clew.text.record import record
from clew.verify.copies import copy_tree, put_texts
from clew.verify.diagnostics import Message, read_messages
from clew.verify.hooks import Instrumented, Refused
from clew.verify.instrument import Instrumenter, hooks_at
from clew.verify.process import Measured
from clew.verify.reports import Merged, merge_reports
from clew.verify.run_check import RunRequest, run_shell
from clew.verify.runtime_build import Runtime, build_runtime, clear_reports, runtime_at
from clew.verify.threaded import Threaded
from clew.verify.uses import Use

Progress = Callable[[str, int, int], None]
_ROUNDS = 5


@record()
class HookedCopy:
    """What one copy is made of: *texts* turn the tree on disk into *program*.  *why_left*: see
    `clew.verify.remaining`."""

    name: str
    program: Program
    state: State
    texts: Mapping[str, bytes]
    threaded: tuple[Threaded, ...]
    guards: tuple[Definition, ...] = ()
    why_left: Callable[[FetchSite], str] = lambda _site: ""
    uses: tuple[Use, ...] = ()


@record()
class HookedRun:
    """What a copy showed.  *tested* and *merged* are None when it did not build."""

    instrumented: Instrumented
    built: Measured | None
    tested: Measured | None
    merged: Merged | None


def run_hooked(copy: HookedCopy, request: RunRequest, progress: Progress) -> HookedRun:
    """Make, build and test a copy; raise `RuntimeBuildError` when there is no runtime."""
    folder = request.scratch / copy.name
    runtime = runtime_at(request.scratch / f"{copy.name}-runtime")
    progress(f"{copy.name}: copying the tree", 0, 0)
    copy_tree(request.root, folder, copy.texts, leave_out=request.scratch)
    instrumented, built = _build(copy, request, folder, runtime, progress)
    if (built is not None and not built.ok) or not request.test:
        return HookedRun(instrumented, built, None, None)
    clear_reports(runtime)
    progress(f"{copy.name}: testing", 0, 0)
    reports = {"CLEW_REPORTS": str(runtime.reports)}
    hooked = replace(request, environment={**request.environment, **reports})
    tested = run_shell(hooked, "test", folder)
    numbers = len(instrumented.functions), len(instrumented.sites), len(instrumented.uses)
    return HookedRun(instrumented, built, tested, merge_reports(runtime.reports, *numbers))


def _build(
    copy: HookedCopy, request: RunRequest, folder: Path, runtime: Runtime, progress: Progress
) -> tuple[Instrumented, Measured | None]:
    """Build, and again without the hooks that the compiler did not take."""
    refused = Refused()
    known: dict[str, bytes] = {}
    for attempt in range(_ROUNDS):
        made = Instrumenter(copy.program, copy.state, str(runtime.header)).instrument(
            copy.threaded, refused, copy.guards, copy.why_left, copy.uses
        )
        if attempt == 0:
            build_runtime(runtime, len(made.functions), len(made.sites), len(made.uses))
        texts = {path: file.after.to_bytes() for path, file in made.files.items()}
        put_texts(folder, {path: data for path, data in texts.items() if known.get(path) != data})
        known |= texts
        if not request.build:
            return made, None
        progress(f"{copy.name}: building" + (f", attempt {attempt + 1}" if attempt else ""), 0, 0)
        built = run_shell(request, "build", folder)
        more = _refuse(refused, _blamed(made, built, folder))
        if more == refused or attempt + 1 == _ROUNDS:
            return made, built
        refused = more
    raise AssertionError("the last attempt returns")


def _refuse(refused: Refused, hooks: Collection[Edit]) -> Refused:
    def numbers(rule: str) -> set[int]:
        return {int(hook.note) for hook in hooks if hook.rule == rule}

    return replace(
        refused,
        checks=refused.checks | numbers("check"),
        sites=refused.sites | numbers("fetch"),
        uses=refused.uses | numbers("use"),
    )


def _blamed(made: Instrumented, built: Measured, folder: Path) -> list[Edit]:
    """Return the hooks on lines that the compiler complains about.

    An accessor that is declared nowhere is only a warning in old C, and would return an int.
    """
    messages = read_messages(f"{built.stderr}\n{built.stdout}", folder, folder)
    found: list[Edit] = []
    for message in messages:
        if message.diagnostic.kind != "warning" or "implicit-function" in message.diagnostic.flag:
            for path, line in _places(message, made.files):
                found += hooks_at(made.files[path], line)
    return found


def _places(message: Message, files: Collection[str]) -> Iterator[tuple[str, int]]:
    """Yield the places of a message that lie in *files*; a make that changed its folder names them by their
    end alone."""
    for name, line in ((message.diagnostic.file, message.line), *message.notes):
        tail = "/" + name.lstrip("./")
        matching: Sequence[str] = [path for path in files if f"/{path}".endswith(tail)]
        if name in files:
            yield name, line
        elif len(matching) == 1:
            yield matching[0], line
