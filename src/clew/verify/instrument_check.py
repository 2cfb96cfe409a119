"""The check "instrument": at the entry of every threaded function, the parameter is what the accessor would
fetch there; and how often the program fetches, before and after.

Two copies are built: the tree before, in which fetches are counted, and the tree after, in which they are
counted and parameters are checked.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from clew.config.settings import State
from clew.verify.caller import name_caller
from clew.verify.hooked_copy import HookedCopy, HookedRun, run_hooked
from clew.verify.instrument import FunctionHook, Instrumented
from clew.verify.pair import Pair
from clew.verify.process import Measured
from clew.verify.reports import Merged, Record
from clew.verify.run_check import RunRequest
from clew.verify.runtime_build import RuntimeBuildError
from clew.verify.threaded import find_threaded, find_trusted
from clew.verify.verdict import CheckName, Status, Verdict

Progress = Callable[[str, int, int], None]
_CHECK: CheckName = "instrument"
_SHOWN = 20


def check_instrumented(request: RunRequest, pair: Pair, state: State, progress: Progress) -> Verdict:
    """Build and test both copies, and judge what their processes reported."""
    start = time.perf_counter()
    threaded = tuple(find_threaded(pair.before, pair.after, pair.change, state))
    if not threaded:
        return Verdict(_CHECK, "not-run", "no function was threaded")
    trusted = tuple(find_trusted(pair.before, pair.after, pair.change, state))
    before = HookedCopy("counted", pair.before, state, pair.change.texts_before(), ())
    after = HookedCopy("instrumented", pair.after, state, pair.change.texts_after(), threaded + trusted)
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
    figures = _figures(made, merged, old.merged) | {"exit": [old.tested.code, new.tested.code]}
    summary = (
        f"{figures['checks']:,} checks in {figures['executed']} of {figures['threaded']} threaded functions, "
        f"{figures['mismatches']} mismatches"
    )
    evidence = _describe(made, merged, figures)
    if figures["mismatches"]:
        return "failed", summary, _mismatches(made, merged.records) + evidence, figures
    if not merged.processes:
        return "not-run", "no process loaded the runtime: nothing was checked", [], figures
    if not figures["checks"]:
        return "not-run", "no threaded function was executed with a check", evidence, figures
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


def _figures(made: Instrumented, merged: Merged, before: Merged) -> dict[str, Any]:
    threaded = [hook for hook in made.functions if not hook.trusted]
    trusted = [hook for hook in made.functions if hook.trusted]
    return {
        **_counts(threaded, merged, "threaded"),
        "trusted": _counts(trusted, merged, "functions"),
        "mismatches": sum(merged.mismatched),
        "fetches_before": sum(before.fetched),
        "fetches_after": sum(merged.fetched),
        "processes": merged.processes,
        "threads": merged.threads,
        "most_threads": merged.most_threads,
        "states": merged.states,
        "most_states": merged.most_states,
        "not_counted": made.skipped,
        "functions": [
            asdict(hook)
            | {"entered": merged.entered[hook.number], "mismatched": merged.mismatched[hook.number]}
            for hook in made.functions
        ],
        "records": [asdict(record) for record in merged.records],
    }


def _counts(hooks: Sequence[FunctionHook], merged: Merged, name: str) -> dict[str, int]:
    checked = [hook.number for hook in hooks if hook.expression]
    return {
        name: len(hooks),
        "checked": len(checked),
        "executed": sum(merged.entered[hook.number] > 0 for hook in hooks),
        "checks": sum(merged.entered[number] for number in checked),
    }


def _describe(made: Instrumented, merged: Merged, figures: dict[str, Any]) -> list[str]:
    before, after = figures["fetches_before"], figures["fetches_after"]
    change = f" ({100 * (after - before) / before:+.1f} %)" if before else ""
    most = f"at most {merged.most_threads} threads and {merged.most_states} states in one"
    lines = [
        f"fetches executed: {before:,} before, {after:,} after{change}",
        f"{merged.processes:,} processes, {most}",
    ]
    trusted = figures["trusted"]
    if trusted["functions"]:
        lines.append(
            f"parameters that are trusted by name: {trusted['checks']:,} checks in {trusted['executed']} of "
            f"{trusted['functions']} functions"
        )
    threaded = [hook for hook in made.functions if not hook.trusted]
    unchecked = [hook for hook in threaded if not hook.expression]
    lines += _list("not checked", unchecked, lambda hook: f": {hook.reason}")
    idle = [hook for hook in threaded if merged.entered[hook.number] == 0]
    lines += _list("not executed", idle, lambda _hook: "")
    hidden = sum(not hook.expression for hook in made.functions if hook.trusted)
    if hidden:
        lines.append(f"not checked: {hidden} trusted functions (in JSON)")
    return lines + [f"not counted: {text}" for text in made.skipped]


def _list(title: str, hooks: Sequence[FunctionHook], more: Callable[[FunctionHook], str]) -> list[str]:
    return [f"{title}: {hook.path}:{hook.line} {hook.name}{more(hook)}" for hook in hooks]


def _mismatches(made: Instrumented, records: Sequence[Record]) -> list[str]:
    lines = []
    for record in [one for one in records if one.mismatch][:_SHOWN]:
        hook = made.functions[record.number]
        lines.append(
            f"mismatch in {hook.path}:{hook.line} {hook.name}: passed {record.passed:#x}, "
            f"{hook.expression} is {record.fetched:#x}; called from {name_caller(record)}; "
            f"process {record.process}, thread {record.thread:#x}"
        )
    return lines
