"""Compile before and after, and tell which diagnostics are new.

Every translation unit that reads a changed file is compiled in both trees with its own flags, and with the
warnings that a wrong edit causes.  Diagnostics are compared as multisets without their lines: lines shift,
the rest must not.  Code is generated, and thrown away: ``-fsyntax-only`` stops before unused static functions
are known.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from clew.link.includes import IncludeGraph
from clew.text.record import record
from clew.verify.commands import Configuration, bare_arguments, retarget
from clew.verify.compile_command import CompileCommand
from clew.verify.diagnostics import ERRORS, WARNINGS, Diagnostic, Message, read_messages
from clew.verify.process import run_measured
from clew.verify.units import Unit, find_units

Progress = Callable[[str, int, int], None]
_SECONDS = 600.0


@record()
class Trees:
    """The tree *base* that the commands refer to, and the folders that hold it before and after (*base* may
    be one of them).  *changed* are the paths that differ; *includes* is the include graph before."""

    base: Path
    before: Path
    after: Path
    changed: Collection[str]
    includes: IncludeGraph | None = None


@dataclass(frozen=True)
class UnitResult:
    """One translation unit: what the compiler said before and after."""

    unit: Unit
    before: tuple[Message, ...]
    after: tuple[Message, ...]

    @property
    def blocked(self) -> bool:
        """Whether the unit does not compile before the change, so that nothing can be said about it."""
        return any(message.diagnostic.stops for message in self.before)

    @cached_property
    def new(self) -> Counter[Diagnostic]:
        """What is said more often after than before."""
        return _count(self.after) - _count(self.before)

    @cached_property
    def gone(self) -> Counter[Diagnostic]:
        """What was said more often before."""
        return _count(self.before) - _count(self.after)


@dataclass(frozen=True)
class Comparison:
    """One configuration: *units* of *total* commands read a changed file.  A diagnostic in a header is
    said once per unit; it counts as new when some unit says it more often after than before."""

    configuration: Configuration
    total: int
    units: tuple[UnitResult, ...]

    @cached_property
    def new(self) -> Counter[Diagnostic]:
        """Diagnostics that are new, with how many times over all units."""
        return Counter(d for unit in self.units for d in unit.new)

    @cached_property
    def gone(self) -> Counter[Diagnostic]:
        """Diagnostics that some unit gave more often before."""
        return Counter(d for unit in self.units for d in unit.gone)

    @property
    def blocked(self) -> tuple[UnitResult, ...]:
        """Units that do not compile before the change."""
        return tuple(unit for unit in self.units if unit.blocked)


def compare_configuration(
    configuration: Configuration, trees: Trees, *, jobs: int, fast: bool, progress: Progress
) -> Comparison:
    """Compile what the change concerns.  With *fast*, without optimisation: that misses the few warnings
    that need it."""
    commands = configuration.commands
    at_home = [retarget(command, trees.base, trees.before) for command in commands]
    with ThreadPoolExecutor(jobs) as pool, tempfile.TemporaryDirectory(prefix="clew-compile-") as scratch:
        units: list[Unit] = []
        found = find_units(at_home, trees.before, trees.changed, trees.includes, pool)
        for number, unit in enumerate(found):
            progress(f"{configuration.name}: finding what reads the files", number, len(commands))
            units += [unit] if unit is not None else []
        results = _compile_all(units, trees, pool, _Options(Path(scratch), fast))
        done = []
        for number, result in enumerate(results):
            progress(f"{configuration.name}: compiling before and after", number, len(units))
            done.append(result)
    return Comparison(configuration, len(commands), tuple(done))


@record()
class _Options:
    scratch: Path
    fast: bool


def _compile_all(
    units: Sequence[Unit], trees: Trees, pool: Executor, options: _Options
) -> Iterator[UnitResult]:
    def both(numbered: tuple[int, Unit]) -> UnitResult:
        number, unit = numbered
        output = options.scratch / f"{number}.s"
        moved = retarget(unit.command, trees.before, trees.after)
        before = _compile(unit.command, trees.before, output, fast=options.fast)
        after = _compile(moved, trees.after, output, fast=options.fast)
        output.unlink(missing_ok=True)
        return UnitResult(unit, before, after)

    return pool.map(both, enumerate(units))


def _compile(command: CompileCommand, tree: Path, output: Path, *, fast: bool) -> tuple[Message, ...]:
    """Compile one unit and return what the compiler said."""
    compiler, *words = bare_arguments(command)
    directory = Path(command.directory)
    last = [*(f"-Werror={name}" for name in ERRORS), *(["-O0"] if fast else [])]
    argv = [compiler, *WARNINGS, *words, *last, "-fdiagnostics-color=never", "-S", "-o", str(output)]
    try:
        answer = run_measured(argv, cwd=directory, env={"LC_ALL": "C"}, timeout=_SECONDS)
    except OSError as error:
        return (_without_place(command, f"the compiler cannot be started: {error.strerror}"),)
    found = read_messages(answer.stderr, tree, directory)
    if answer.code != 0 and all(message.diagnostic.kind == "warning" for message in found):
        # A crash of the compiler, or a bad option, has no place in a source file.
        lines = answer.stderr.strip().splitlines()
        what = f"the compiler ended with {answer.code}" + (f": {lines[-1]}" if lines else "")
        found.append(_without_place(command, what))
    return tuple(found)


def _without_place(command: CompileCommand, what: str) -> Message:
    return Message(Diagnostic(command.file, "error", "", what), 0)


def _count(messages: Sequence[Message]) -> Counter[Diagnostic]:
    return Counter(message.diagnostic for message in messages)
