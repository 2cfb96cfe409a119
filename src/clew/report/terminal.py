"""Audits and plans as text for a terminal.  Every total can be checked by counting the lines above it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import attrgetter

from clew.plan.catalogue import CATALOGUE, entries_of
from clew.plan.model import Boundary, Place, Plan, Refusal
from clew.report.audit import Audit, AuditSandwich
from clew.report.excerpt import excerpt
from clew.report.paint import Painter, harmless
from clew.text.source import SourceText

Sources = Mapping[str, SourceText]


def count(number: int, noun: str, plural: str = "") -> str:
    """Return ``1 file`` or ``2 files``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def render_audit(audit: Audit, paint: Painter) -> str:
    """Return the audit of one state as text."""
    scanned = f"{count(audit.functions, 'function')} in {count(audit.files, 'file')} scanned"
    lines = [paint("heading", f"audit of {audit.state}") + f": {scanned}"]
    lines += _section("fetches", _audit_fetches(audit, paint), paint)
    lines += _section(
        "sandwiches: they fetch although callers hold the state", _sandwiches(audit, paint), paint
    )
    lines += _section("pinned functions", _audit_pins(audit, paint), paint)
    problems = [
        f"  {_at(problem.path, problem.line, paint)} {problem.code}: {harmless(problem.message)}"
        for problem in audit.problems
    ]
    lines += _section("not read or not understood", problems, paint)
    functions = len({(fetch.place.path, fetch.function) for fetch in audit.fetches})
    lines += ["", _audit_total(audit, functions)]
    return "\n".join(lines)


def render_plan(plan: Plan, sources: Sources, paint: Painter) -> str:
    """Return *plan* as text; refusals show their source line."""
    lines = [paint("heading", f"plan for {plan.state}")]
    lines += _section("functions that get the parameter", _threaded(plan, paint), paint)
    lines += _section("macros that take it from where they are used", _macros(plan, paint), paint)
    lines += _section("boundaries: pinned functions that hand it on", _boundaries(plan, paint), paint)
    lines += _section("refusals", _refusals(plan.refusals, sources, paint), paint)
    lines += ["", *plan_totals(plan)]
    return "\n".join(lines)


def _section(title: str, lines: list[str], paint: Painter) -> list[str]:
    return ["", paint("heading", title), *lines] if lines else []


def _at(path: str, line: int, paint: Painter) -> str:
    return paint("place", harmless(f"{path}:{line}" if line else path) + ":")


def _audit_fetches(audit: Audit, paint: Painter) -> list[str]:
    lines = []
    ordered = sorted(audit.fetches, key=lambda fetch: (fetch.place.path, fetch.place.offset))
    for path, group in groupby(ordered, key=lambda fetch: fetch.place.path):
        fetches = list(group)
        lines.append(f"  {paint('place', harmless(path))} ({len(fetches)})")
        width = max(len(f"{fetch.place.line}:{fetch.place.column}") for fetch in fetches)
        for fetch in fetches:
            place = f"{fetch.place.line}:{fetch.place.column}".rjust(width)
            lines.append(f"    {place}  {fetch.accessor} in {paint('name', fetch.function)}")
    return lines


def _sandwiches(audit: Audit, paint: Painter) -> list[str]:
    return [f"  {rank}. {_sandwich(item, paint)}" for rank, item in enumerate(audit.sandwiches, 1)]


def _sandwich(item: AuditSandwich, paint: Painter) -> str:
    held = f"{item.callers_holding} of {count(item.callers, 'caller')}"
    return (
        f"{_at(item.path, item.line, paint)} {paint('name', item.function)}: "
        f"{held} with the state in hand, {count(item.fetches, 'fetch', 'fetches')}"
    )


def _audit_pins(audit: Audit, paint: Painter) -> list[str]:
    lines = []
    ordered = sorted(audit.pins, key=attrgetter("code", "path", "line"))
    for code, group in groupby(ordered, key=attrgetter("code")):
        pins = list(group)
        lines.append(_code_heading(code, len(pins)))
        lines += [
            f"    {_at(pin.path, pin.line, paint)} {paint('name', pin.function)}: {harmless(pin.why)}"
            for pin in pins
        ]
    return lines


def _audit_total(audit: Audit, functions: int) -> str:
    return (
        f"{count(len(audit.fetches), 'fetch', 'fetches')} in {count(functions, 'function')}, "
        f"{count(len(audit.sandwiches), 'sandwich', 'sandwiches')}, "
        f"{count(len(audit.pins), 'pinned function')}, "
        f"{count(len(audit.problems), 'problem')}"
    )


def _threaded(plan: Plan, paint: Painter) -> list[str]:
    lines = []
    for function in plan.functions:
        chain = " -> ".join(function.reason)
        pinned = f" {paint('error', '[pinned by hand]')}" if function.decision == "pin" else ""
        lines.append(
            f"  {_at(function.path, function.line, paint)} {paint('name', function.name)}: {chain} fetches; "
            f"{count(function.callers, 'caller')}{pinned}"
        )
    return lines


def _macros(plan: Plan, paint: Painter) -> list[str]:
    return [
        f"  {_at(macro.path, macro.line, paint)} {paint('name', macro.name)}: uses {macro.variable}"
        for macro in plan.macros
    ]


def _boundaries(plan: Plan, paint: Painter) -> list[str]:
    return [
        f"  {_at(item.path, item.line, paint)} {paint('name', item.name)}: {_describe_style(item)}; "
        f"pinned ({item.pin}): {harmless(item.why)}"
        for item in plan.boundaries
    ]


def _describe_style(boundary: Boundary) -> str:
    if boundary.style == "inline":
        return "fetches at each call"
    verb = "fetches once, into" if boundary.style == "local" else "has it in"
    return f"{verb} {boundary.variable}"


def _refusals(refusals: Iterable[Refusal], sources: Sources, paint: Painter) -> list[str]:
    lines = []
    ordered = sorted(refusals, key=lambda item: (item.code, item.place.path, item.place.offset))
    for code, group in groupby(ordered, key=attrgetter("code")):
        items = list(group)
        lines.append(_code_heading(code, len(items)))
        for item in items:
            where = _at(item.place.path, item.place.line, paint)
            lines.append(f"    {where} {paint('name', item.subject)}: {harmless(item.why)}")
            lines += _source_line(item.place, sources, paint)
            lines += [
                f"      {_at(place.path, place.line, paint)} {harmless(words)}" for place, words in item.chain
            ]
        lines += [f"    {paint('heading', 'next')}: {entry.proceed}" for entry in entries_of([code])]
    return lines


def _code_heading(code: str, number: int) -> str:
    title = CATALOGUE[code].title if code in CATALOGUE else ""
    return f"  {harmless(code)} ({number})" + (f": {title}" if title else "")


def _source_line(place: Place, sources: Sources, paint: Painter) -> list[str]:
    source = sources.get(place.path)
    if source is None or not 0 <= place.offset <= len(source.text):
        return []
    shown = excerpt(place.line, place.column, source.line_at(place.offset), paint)
    return [f"      {line}" for line in shown]


def plan_totals(plan: Plan) -> list[str]:
    """Return the lines that sum a plan up."""
    totals = dict(plan.totals)
    total = totals.pop("total")
    parts = ", ".join(f"{number} {outcome}" for outcome, number in totals.items())
    codes = Counter(refusal.code for refusal in plan.refusals)
    refused = ", ".join(f"{number} {code}" for code, number in sorted(codes.items()))
    threaded = sum(function.decision == "thread" for function in plan.functions)
    changes = [
        f"{count(threaded, 'function')} threaded",
        count(len(plan.macros), "macro"),
        count(len(plan.boundaries), "boundary", "boundaries"),
        f"{count(len(plan.files), 'file')} to change",
    ]
    return [
        f"{count(total, 'fetch', 'fetches')}: {parts}",
        ", ".join(changes),
        count(len(plan.refusals), "refusal") + (f": {refused}" if refused else ""),
    ]
