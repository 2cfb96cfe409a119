"""All checks that were asked for, in the order of their cost; the others are listed as not run."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from clew.errors import ErrorPlace, UsageError
from clew.link.program import Program
from clew.verify.change import Change
from clew.verify.commands import Configuration
from clew.verify.compile_check import CompileRequest, check_compile
from clew.verify.run_check import RunRequest, check_run
from clew.verify.verdict import Verdict, not_asked

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class CompileOptions:
    """How to compile; without a configuration the check was asked for and cannot run."""

    configurations: tuple[Configuration, ...]
    jobs: int = 2
    fast: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """The checks that were asked for: None for one that was not."""

    compile: CompileOptions | None
    run: RunRequest | None


@dataclass(frozen=True, slots=True)
class Pair:
    """A change, and the program before and after it."""

    change: Change
    before: Program
    after: Program


def run_checks(root: Path, scratch: Path, pair: Pair, asked: Asked, progress: Progress) -> list[Verdict]:
    """Run the checks over the tree at *root*; copies go below *scratch*."""
    verdicts = []
    if asked.compile is None:
        verdicts.append(not_asked("compile", "--commands FILE"))
    elif not asked.compile.configurations:
        verdicts.append(
            Verdict("compile", "not-run", "there is no compile_commands.json: name one with --commands")
        )
    else:
        options = asked.compile
        request = CompileRequest(root, scratch, options.configurations, options.jobs, options.fast)
        verdicts.append(check_compile(request, pair.change, pair.before, progress))
    if asked.run is None:
        verdicts.append(not_asked("run", "--test COMMAND"))
    else:
        verdicts.append(check_run(asked.run, pair.change, progress))
    return verdicts


@contextmanager
def scratch_folder(keep: Path | None, root: Path) -> Iterator[Path]:
    """Make a folder for the copies: *keep*, which must be new or empty and stays, or a temporary one."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="clew-verify-", ignore_cleanup_errors=True) as name:
            yield Path(name).resolve()
        return
    place = ErrorPlace(str(keep))
    if keep.resolve() == root.resolve():
        raise UsageError("the copies cannot replace the tree", place, "choose another --keep")
    if keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise UsageError("the folder for the copies is not empty", place, "choose another --keep")
    try:
        keep.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot be made: {error.strerror}", place, "choose another --keep") from error
    yield keep.resolve()
