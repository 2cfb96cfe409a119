"""What may catch a mutant, in the order of its cost."""

import re
import shutil
import subprocess
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path

from change import Change, Edits
from hooked import instrument
from minicore import EVERYTHING, WORKLOAD, make, side

from clew.verify.driver.child import Observation, observe
from clew.verify.driver.compare import first_difference

FOLDERS = {"build": "", "watched": EVERYTHING}
_QUICK = "OPTIMISE=-O1 -g"
_SECONDS = 20
_ERROR = re.compile(r"^\S+: (?:fatal )?error: .*|multiple definition.*|undefined reference.*", re.MULTILINE)


@dataclass(frozen=True)
class Yardstick:
    """What the right program does: *cases* and *threads* as before the change, *fetches* as after it."""

    cases: Observation
    threads: Observation
    fetches: Observation
    data: Path


@dataclass(frozen=True)
class Workspace:
    """A copy of the rewritten program, with its objects, that a mutant is built in."""

    root: Path
    change: Change
    edits: Edits
    yardstick: Yardstick
    hooked: list[tuple[list[str], list[str]]] = field(default_factory=list)

    def write(self, edits: Edits) -> None:
        """Write the files of *edits* that differ."""
        for path, data in self.change.files(edits).items():
            if (self.root / path).read_bytes() != data:
                (self.root / path).write_bytes(data)


def _build(space: Workspace) -> str | None:
    for folder, features in FOLDERS.items():
        done = make(space.root, "all", f"BUILD={folder}", f"FEATURES={features}", _QUICK)
        if done.returncode:
            found = _ERROR.search(done.stdout + done.stderr)
            return found[0] if found else "does not build"
    return None


def catch_compile(space: Workspace) -> str | None:
    """gcc, in both variants, with warnings as errors."""
    space.write(space.edits)
    return _build(space)


def catch_native(space: Workspace) -> str | None:
    """The core's own tests and programs, in both variants."""
    for folder, features in FOLDERS.items():
        options = [f"BUILD={folder}", f"FEATURES={features}", _QUICK, f"RUN=timeout {_SECONDS}"]
        done = make(space.root, "check", *options)
        if done.returncode:
            return (done.stdout + done.stderr).strip().splitlines()[-1][:100]
    return None


def _differs(space: Workspace, mode: str, expected: Observation, library: str = "watched") -> str | None:
    target = side("mutant", space.root, space.root / library / "libminicore.so")
    found = observe(WORKLOAD, target, mode, "ctypes", space.yardstick.data)
    if found.ending:
        return f"{mode}: {found.ending}"
    difference = first_difference(expected.lines, found.lines)
    return None if difference is None else f"{mode}: differ at {difference[0]}"


def catch_driver(space: Workspace) -> str | None:
    """The cases, one after the other and in threads, through ctypes."""
    return _differs(space, "cases", space.yardstick.cases) or _differs(
        space, "threads", space.yardstick.threads
    )


def catch_fetches(space: Workspace) -> str | None:
    """The cases must not fetch more, or less, often than the right program."""
    return _differs(space, "fetches", space.yardstick.fetches)


def catch_entries(space: Workspace) -> str | None:
    """At the entry of every function that is handed the state, the parameter must be the current one."""
    entries, _ = _run_hooked(space)
    return entries[0] if entries else None


def catch_uses(space: Workspace) -> str | None:
    """Wherever a variable does what a fetch did, it must be the current state."""
    _, uses = _run_hooked(space)
    return f"another state is current: {uses[0]}" if uses else None


def _run_hooked(space: Workspace) -> tuple[list[str], list[str]]:
    """Build and run the copy with hooks, once for both layers."""
    if not space.hooked:
        hooked = instrument(space.change, space.edits, space.root)
        built = _build(space)
        if built is not None:  # `clew verify --instrument` fails then
            space.hooked.append(([f"does not build with hooks: {built}"], []))
            return space.hooked[0]
        _differs(space, "cases", space.yardstick.cases)
        _differs(space, "threads", space.yardstick.threads)
        catch_native(space)
        entries, uses = hooked.mismatches()
        space.hooked.append(([f"entered with another state: {one}" for one in entries], uses))
    return space.hooked[0]


LAYERS: dict[str, Callable[[Workspace], str | None]] = {
    "compile": catch_compile,
    "native": catch_native,
    "driver": catch_driver,
    "fetches": catch_fetches,
    "entries": catch_entries,
    "uses": catch_uses,
}


def run_layers(
    base: Path, scratch: Path, change: Change, edits: Edits, yardstick: Yardstick, names: Collection[str] = ()
) -> tuple[str, str]:
    """Return the first layer (of *names*, if there are any) that catches the program with *edits*, and how;
    ("", "") when none does."""
    space = Workspace(scratch, change, edits, yardstick)
    shutil.copytree(base, scratch)
    try:
        for name, layer in LAYERS.items():
            found = layer(space) if name in (names or LAYERS) else None
            if found is not None:
                return name, found
    except subprocess.TimeoutExpired as error:
        return "native", f"does not end: {error.cmd[-1]}"
    finally:
        shutil.rmtree(scratch)
    return "", ""
