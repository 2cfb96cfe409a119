"""All checks that were asked for, in the order of their cost; the others are listed as not run."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from clew.config.settings import State
from clew.errors import ErrorPlace, UsageError
from clew.text.record import record
from clew.verify.commands import Configuration
from clew.verify.compile_check import CompileRequest, check_compile
from clew.verify.copies import Snapshot
from clew.verify.instrument_check import check_instrumented
from clew.verify.pair import Pair
from clew.verify.poison_check import check_poisoned, find_entries
from clew.verify.run_check import RunRequest, check_run
from clew.verify.verdict import Verdict, not_asked

Progress = Callable[[str, int, int], None]
_SHOWN = 3


@record()
class CompileOptions:
    """How to compile; without a configuration the check was asked for and cannot run."""

    configurations: tuple[Configuration, ...]
    jobs: int = 2
    fast: bool = False


@record()
class Asked:
    """The checks that were asked for.  *run* says how the program is built and tested, for *compare* (the
    check "run"), *instrument* and *poison* (names of functions)."""

    compile: CompileOptions | None
    run: RunRequest | None
    compare: bool = True
    instrument: bool = False
    poison: tuple[str, ...] = ()


def run_checks(
    root: Path, scratch: Path, pair: Pair, state: State, asked: Asked, progress: Progress
) -> list[Verdict]:
    """Run the checks over the tree at *root*; copies go below *scratch*."""
    entries = find_entries(pair, state, asked.poison)  # before anything that takes long
    request = asked.run
    verdicts = [_compile(root, scratch, pair, asked.compile, progress)]
    untouched = Snapshot.of(root, scratch)
    if request is None or not asked.compare:
        verdicts.append(not_asked("run", "--test COMMAND"))
    else:
        verdicts.append(check_run(request, pair.change, progress))
    if request is None or not asked.instrument:
        verdicts.append(not_asked("instrument", "--instrument"))
    else:
        verdicts.append(check_instrumented(request, pair, state, progress))
    if request is None or not asked.poison:
        verdicts.append(not_asked("poison", "--poison FUNCTION"))
    else:
        verdicts.append(check_poisoned(request, pair, state, entries, progress))
    touched = Snapshot.of(root, scratch).changed_since(untouched)
    return [_judge_writes(verdict, touched) for verdict in verdicts]


def _judge_writes(verdict: Verdict, touched: list[str]) -> Verdict:
    """What ran in a copy and wrote into the tree itself proves nothing."""
    if not touched or verdict.check == "compile" or not verdict.requested:
        return verdict
    summary = f"the commands wrote into the tree itself: {', '.join(touched[:_SHOWN])}"
    advice = "a path of the tree stands in the build's own files: configure again in the copy"
    return replace(verdict, status="failed", summary=summary, evidence=(advice, *verdict.evidence))


def _compile(
    root: Path, scratch: Path, pair: Pair, options: CompileOptions | None, progress: Progress
) -> Verdict:
    if options is None:
        return not_asked("compile", "--commands FILE")
    if not options.configurations:
        return Verdict("compile", "not-run", "there is no compile_commands.json: name one with --commands")
    request = CompileRequest(root, scratch, options.configurations, options.jobs, options.fast)
    return check_compile(request, pair.change, pair.before, progress)


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
