"""Which translation units a change concerns: the compiler is asked, and clew's own include graph where it
cannot tell."""

import re
from collections.abc import Collection, Iterator
from concurrent.futures import Executor
from pathlib import Path

from clew.link.includes import IncludeGraph
from clew.text.record import record
from clew.verify.commands import bare_arguments
from clew.verify.compile_command import CompileCommand
from clew.verify.process import run_measured

_SECONDS = 120.0
_OUTSIDE = ".."


@record()
class Unit:
    """A translation unit that reads a changed file; *asked* is false where the compiler could not list what
    it reads (a generated header is missing, say) and the include graph decided."""

    command: CompileCommand
    asked: bool


def find_units(
    commands: Collection[CompileCommand],
    tree: Path,
    changed: Collection[str],
    includes: IncludeGraph | None,
    pool: Executor,
) -> Iterator[Unit | None]:
    """Yield for each of *commands* its unit, or None when it reads none of the files *changed*, which are
    relative to *tree*.  Without *includes*, a unit that the compiler cannot list counts as concerned."""
    wanted = frozenset(changed)
    by_graph = _graph_answer(wanted, includes)

    def decide(command: CompileCommand) -> Unit | None:
        files = included_files(command)
        if files is not None:
            names = (_relative(path, tree) for path in files)
            return Unit(command, asked=True) if any(name in wanted for name in names) else None
        name = _relative(command.source, tree)
        return Unit(command, asked=False) if by_graph is None or name in by_graph else None

    yield from pool.map(decide, commands)


def _graph_answer(changed: frozenset[str], includes: IncludeGraph | None) -> frozenset[str] | None:
    if includes is None:
        return None
    return frozenset().union(*(includes.including(path) for path in changed))


def _relative(path: Path, tree: Path) -> str:
    return path.relative_to(tree).as_posix() if path.is_relative_to(tree) else _OUTSIDE


def included_files(command: CompileCommand) -> list[Path] | None:
    """Ask the compiler which files the unit reads; None when it cannot tell."""
    compiler, *words = bare_arguments(command)
    directory = Path(command.directory)
    try:
        answer = run_measured([compiler, "-M", "-w", *words], cwd=directory, timeout=_SECONDS)
    except OSError:  # no such compiler or folder: compiling will say so
        return None
    if not answer.ok:
        return None
    rule = answer.stdout.replace("\\\n", " ").partition(":")[2]
    names = re.split(r"(?<!\\)\s+", rule.strip())
    return [(directory / name.replace("\\ ", " ")).resolve() for name in names]
