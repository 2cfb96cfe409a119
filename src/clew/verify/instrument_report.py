"""What the processes of an instrumented copy reported, as figures and as lines for people."""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from clew.verify.caller import name_caller
from clew.verify.hooks import FunctionHook, Instrumented, UseHook
from clew.verify.reports import Merged, Record

_SHOWN = 20
_KINDS = {
    "fetch": "fetches that became a variable",
    "call": "calls that pass a variable",
    "local": "locals that a parameter replaced",
}


def make_figures(made: Instrumented, merged: Merged, before: Merged) -> dict[str, Any]:
    """Return the figures of the copy *made*, whose processes reported *merged*, and *before* the change."""
    threaded = [hook for hook in made.functions if not hook.trusted]
    trusted = [hook for hook in made.functions if hook.trusted]
    entries = _entries(threaded, merged, "threaded")
    uses = _uses(made.uses, merged)
    return {
        **entries,
        "entry_checks": entries["checks"],
        "use_checks": uses["checks"],
        "checks": entries["checks"] + uses["checks"],
        "trusted": _entries(trusted, merged, "functions"),
        "uses": uses | {kind: _uses(_of_kind(made.uses, kind), merged) for kind in _KINDS},
        "mismatches": sum(merged.mismatched) + sum(merged.differed),
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
        "places": [
            asdict(hook) | {"used": merged.used[hook.number], "mismatched": merged.differed[hook.number]}
            for hook in made.uses
        ],
        "records": [asdict(record) for record in merged.records],
    }


def _entries(hooks: Sequence[FunctionHook], merged: Merged, name: str) -> dict[str, int]:
    checked = [hook.number for hook in hooks if hook.expression]
    return {
        name: len(hooks),
        "checked": len(checked),
        "executed": sum(merged.entered[hook.number] > 0 for hook in hooks),
        "checks": sum(merged.entered[number] for number in checked),
        "mismatches": sum(merged.mismatched[number] for number in checked),
    }


def _of_kind(hooks: Sequence[UseHook], kind: str) -> list[UseHook]:
    return [hook for hook in hooks if hook.kind == kind]


def _uses(hooks: Sequence[UseHook], merged: Merged) -> dict[str, Any]:
    checked = [hook.number for hook in hooks if hook.expression]
    return {
        "places": len(hooks),
        "checked": len(checked),
        "executed": sum(merged.used[number] > 0 for number in checked),
        "checks": sum(merged.used[number] for number in checked),
        "mismatches": sum(merged.differed[number] for number in checked),
    }


def summarise(figures: dict[str, Any]) -> str:
    """Return what was checked, in one line."""
    uses = figures["uses"]
    return (
        f"{figures['entry_checks']:,} checks at entry in {figures['executed']} of {figures['threaded']} "
        f"threaded functions, {uses['checks']:,} at {uses['executed']} of {uses['places']} uses, "
        f"{figures['mismatches']} mismatches"
    )


def describe(made: Instrumented, merged: Merged, figures: dict[str, Any]) -> list[str]:
    """Return lines with the figures, and what was not checked, executed or counted."""
    before, after = figures["fetches_before"], figures["fetches_after"]
    change = f" ({100 * (after - before) / before:+.1f} %)" if before else ""
    most = f"at most {merged.most_threads} threads and {merged.most_states} states in one"
    lines = [
        f"fetches executed: {before:,} before, {after:,} after{change}",
        f"{merged.processes:,} processes, {most}",
    ]
    for kind, title in _KINDS.items():
        one = figures["uses"][kind]
        if one["places"]:
            lines.append(f"{title}: {one['checks']:,} checks at {one['executed']} of {one['places']} places")
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
    lines += _unchecked_uses(made.uses)
    hidden = sum(not hook.expression for hook in made.functions if hook.trusted)
    if hidden:
        lines.append(f"not checked: {hidden} trusted functions (in JSON)")
    return lines + [f"not counted: {text}" for text in made.skipped]


def _list(title: str, hooks: Sequence[FunctionHook], more: Callable[[FunctionHook], str]) -> list[str]:
    return [f"{title}: {hook.path}:{hook.line} {hook.name}{more(hook)}" for hook in hooks]


def _unchecked_uses(hooks: Sequence[UseHook]) -> list[str]:
    found = [hook for hook in hooks if not hook.expression]
    lines = [
        f"not checked: {hook.path}:{hook.line} {hook.variable} in {hook.function}: {hook.reason}"
        for hook in found[:_SHOWN]
    ]
    more = len(found) - _SHOWN
    return [*lines, f"not checked: {more} more places (in JSON)"] if more > 0 else lines


def list_mismatches(made: Instrumented, records: Sequence[Record]) -> list[str]:
    """Return a line for each of the first mismatches, with place, values, caller and thread."""
    found = [record for record in records if record.kind != "poison"][:_SHOWN]
    return [f"mismatch in {_differs(made, record)}; {_where(record)}" for record in found]


def _differs(made: Instrumented, record: Record) -> str:
    if record.kind == "use":
        use = made.uses[record.number]
        return (
            f"{use.path}:{use.line} {use.function}: {use.variable} is {record.passed:#x} there, "
            f"{use.expression} is {record.fetched:#x}"
        )
    hook = made.functions[record.number]
    return (
        f"{hook.path}:{hook.line} {hook.name}: passed {record.passed:#x}, "
        f"{hook.expression} is {record.fetched:#x}"
    )


def _where(record: Record) -> str:
    return f"called from {name_caller(record)}; process {record.process}, thread {record.thread:#x}"
