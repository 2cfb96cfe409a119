"""The check "instrument": at the entry of every threaded function, the parameter is what the accessor would
fetch there; so is every variable that is used instead of a fetch; and how often the program fetches, before
and after.

Two copies are built: the tree before, in which fetches are counted, and the tree after, in which they are
counted, and parameters and variables are checked.
"""

import time
from collections.abc import Callable
from typing import Any

from clew.config.settings import State
from clew.verify.hooked_copy import HookedCopy, HookedRun, run_hooked
from clew.verify.instrument_report import describe, list_mismatches, make_figures, summarise
from clew.verify.pair import Pair
from clew.verify.process import Measured
from clew.verify.run_check import RunRequest
from clew.verify.runtime_build import RuntimeBuildError
from clew.verify.threaded import find_threaded, find_trusted
from clew.verify.uses import find_uses
from clew.verify.verdict import CheckName, Status, Verdict

Progress = Callable[[str, int, int], None]
_CHECK: CheckName = "instrument"


def check_instrumented(request: RunRequest, pair: Pair, state: State, progress: Progress) -> Verdict:
    """Build and test both copies, and judge what their processes reported."""
    start = time.perf_counter()
    threaded = tuple(find_threaded(pair.before, pair.after, pair.change, state))
    if not threaded:
        return Verdict(_CHECK, "not-run", "no function was threaded")
    trusted = tuple(find_trusted(pair.before, pair.after, pair.change, state))
    before = HookedCopy("counted", pair.before, state, pair.change.texts_before(), ())
    texts, uses = pair.change.texts_after(), tuple(find_uses(pair, state))
    after = HookedCopy("instrumented", pair.after, state, texts, threaded + trusted, uses=uses)
    try:
        old = run_hooked(before, request, progress)
        new = run_hooked(after, request, progress) if old.merged is not None else None
    except RuntimeBuildError as error:
        return Verdict(_CHECK, "not-run", str(error).splitlines()[0], tuple(str(error).splitlines()[1:]))
    status, summary, evidence, figures = _judge(old, new)
    return Verdict(_CHECK, status, summary, tuple(evidence), time.perf_counter() - start, figures)


_Judgement = tuple[Status, str, list[str], dict[str, Any]]


def _judge(old: HookedRun, new: HookedRun | None) -> _Judgement:
    for name, run in (("counted", old), ("instrumented", new)):
        if run is not None and run.merged is None:
            tail = run.built.tail.splitlines() if run.built else []
            return "not-run", f"the {name} copy does not build", tail, {}
    if new is None or new.merged is None or old.merged is None or not new.tested or not old.tested:
        return "not-run", "nothing ran", [], {}
    made, merged = new.instrumented, new.merged
    figures = make_figures(made, merged, old.merged) | {"exit": [old.tested.code, new.tested.code]}
    summary, evidence = summarise(figures), describe(made, merged, figures)
    if figures["mismatches"]:
        return "failed", summary, list_mismatches(made, merged.records) + evidence, figures
    if not merged.processes:
        return "not-run", "no process loaded the runtime: nothing was checked", [], figures
    if not figures["checks"]:
        return "not-run", "nothing was executed that is checked", evidence, figures
    return _with_exit(old.tested, new.tested, summary, evidence, figures)


def _with_exit(
    old: Measured, new: Measured, summary: str, evidence: list[str], figures: dict[str, Any]
) -> _Judgement:
    if new.timed_out or old.timed_out:
        return "not-run", f"the test did not end in time; up to there {summary}", evidence, figures
    if old.code != new.code:
        what = f"{summary}; but the test ended with {old.code} before and {new.code} after"
        return "failed", what, [*new.tail.splitlines(), *evidence], figures
    if new.code != 0:
        evidence += [f"the test ended with {new.code} in both copies:", *new.tail.splitlines()]
    return "passed", summary, evidence, figures
