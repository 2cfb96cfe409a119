"""The check "poison": below the functions named, no thread fetches any more.

In a copy of the tree after, entering one of them forbids its thread to fetch until it returns; an accessor
that is executed meanwhile aborts the process, after a note of where it stands.  Fetches that the plan leaves
on purpose (boundaries, refusals, other states) are counted instead, and named with the reason.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict

from clew.config.settings import State
from clew.errors import UsageError
from clew.link.program import Definition
from clew.verify.hooked_copy import HookedCopy, HookedRun, run_hooked
from clew.verify.pair import Pair
from clew.verify.remaining import explain_remaining, list_unwatched
from clew.verify.run_check import RunRequest
from clew.verify.runtime_build import RuntimeBuildError
from clew.verify.threaded import Threaded, state_parameter
from clew.verify.verdict import CheckName, Status, Verdict

Progress = Callable[[str, int, int], None]
_CHECK: CheckName = "poison"


def check_poisoned(
    request: RunRequest, pair: Pair, state: State, threaded: tuple[Threaded, ...], progress: Progress
) -> Verdict:
    """Build and test the copy in which *threaded* are poisoned."""
    start = time.perf_counter()
    guards = tuple(one.definition for one in threaded)
    texts, why_left = pair.change.texts_after(), explain_remaining(pair, state)
    copy = HookedCopy("poisoned", pair.after, state, texts, threaded, guards, why_left)
    try:
        run = run_hooked(copy, request, progress)
    except RuntimeBuildError as error:
        return Verdict(_CHECK, "not-run", str(error).splitlines()[0], tuple(str(error).splitlines()[1:]))
    status, summary, evidence = _judge(run)
    evidence += list_unwatched(pair) if status == "passed" else []
    figures: dict[str, object] = {"entries": [asdict(hook) for hook in run.instrumented.functions]}
    if run.merged is not None:
        figures["entered"] = [{"number": n, "times": t} for n, t in enumerate(run.merged.entered)]
    return Verdict(_CHECK, status, summary, tuple(evidence), time.perf_counter() - start, figures)


def find_entries(pair: Pair, state: State, names: Sequence[str]) -> tuple[Threaded, ...]:
    """Return the functions called *names*; raise `UsageError` for one that is not handed the state."""
    return tuple(_find_entries(pair, state, names))


def _find_entries(pair: Pair, state: State, names: Sequence[str]) -> Iterator[Threaded]:
    for name in names:
        definitions: tuple[Definition, ...] = pair.after.definitions_by_name.get(name, ())
        found = [Threaded(one, state_parameter(pair.after, one, state)) for one in definitions]
        if not any(one.parameter for one in found):
            what = f"{name!r} has no parameter of type {state.type} after the change"
            raise UsageError(what, None, "--poison takes functions that are handed the state")
        yield from (one for one in found if one.parameter)


def _judge(run: HookedRun) -> tuple[Status, str, list[str]]:
    if run.merged is None or run.tested is None:
        return "not-run", "the poisoned copy does not build", run.built.tail.splitlines() if run.built else []
    entered = sum(run.merged.entered)
    names = ", ".join(sorted({hook.name for hook in run.instrumented.functions}))
    seen = []
    for record in run.merged.records:
        if record.kind == "poison":
            site, hook = run.instrumented.sites[record.number], run.instrumented.functions[record.passed]
            seen.append(f"{site.path}:{site.line} {site.function} fetches below {hook.name}")
    if seen:
        return "failed", "the state was fetched below a poisoned entry", list(dict.fromkeys(seen))
    if run.tested.timed_out:
        return "not-run", "the test did not end in time", run.tested.tail.splitlines()
    if run.tested.code != 0:
        return "failed", f"the test ended with {run.tested.code}", run.tested.tail.splitlines()
    if not entered:
        return "not-run", f"no thread entered {names}", []
    left = _left(run)
    what = f"no fetch below them but {len(left)} that the plan leaves" if left else "no fetch below them"
    return "passed", f"{entered:,} calls of {names}, and {what}", left


def _left(run: HookedRun) -> list[str]:
    """Return a line for each fetch below an entry that the plan leaves."""
    counts = run.merged.fetched if run.merged is not None else ()
    return [
        f"{site.path}:{site.line} {site.function} fetches {_times(count)}; {site.left}"
        for site, count in zip(run.instrumented.sites, counts, strict=True)
        if count and site.left
    ]


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count:,} times"
