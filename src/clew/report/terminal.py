"""Audits and plans as text for a terminal.

Every total can be checked by counting the lines above it; where a *limit* shortens a list, a last line
says how many it left out.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby
from operator import attrgetter

from clew.plan.catalogue import CATALOGUE, entries_of
from clew.plan.model import Boundary, Place, Plan, Refusal
from clew.report.audit import Audit, AuditSandwich
from clew.report.audit_files import Progress, audit_files, count_clean
from clew.report.excerpt import excerpt
from clew.report.paint import Painter, harmless
from clew.text.source import SourceText

Sources = Mapping[str, SourceText]


def count(number: int, noun: str, plural: str = "") -> str:
    """Return ``1 file`` or ``2 files``."""
    return f"{number} {noun if number == 1 else plural or noun + 's'}"


def render_audit(
    audit: Audit, paint: Painter, limit: int | None = None, since: Progress | None = None
) -> str:
    """Return the audit of one state as text, with at most *limit* lines of a kind (None: all), and what
    changed *since* an earlier one."""
    scanned = f"{count(audit.functions, 'function')} in {count(audit.files, 'file')} scanned"
    lines = [paint("heading", f"audit of {audit.state}") + f": {scanned}"]
    lines += _section("fetches", _audit_fetches(audit, paint, limit), paint)
    lines += _section(
        "sandwiches: they fetch although callers hold the state",
        shorten(_sandwiches(audit, paint), limit, "  "),
        paint,
    )
    twins = shorten(_twins(audit, paint), limit, "  ")
    lines += _section("wrappers and their twins", twins, paint)
    lines += _section("pinned functions", _audit_pins(audit, paint, limit), paint)
    lines += _section("not read or not understood", _problems(audit, paint, limit), paint)
    functions = len({(fetch.place.path, fetch.function) for fetch in audit.fetches if fetch.function})
    lines += ["", *_clean_files(audit, since, limit), _audit_total(audit, functions)]
    return "\n".join(lines)


def _clean_files(audit: Audit, since: Progress | None, limit: int | None) -> list[str]:
    """Return the number that only goes up, and where it did not."""
    files = audit_files(audit)
    if not files:
        return []
    clean = count_clean(files)
    text = f"{clean} of {count(len(files), 'file')} clean"
    if since is None:
        return [text]
    grown, more = clean - since.clean_before, len(audit.fetches) - since.fetches_before
    spoiled = [f"  {harmless(path)} was clean, and fetches now" for path in since.spoiled]
    return [*shorten(spoiled, limit, "  "), f"{text} ({grown:+d}), {more:+d} fetches since the earlier audit"]


def render_plan(plan: Plan, sources: Sources, paint: Painter, limit: int | None = None) -> str:
    """Return *plan* as text, with at most *limit* lines of a kind; refusals show their source line."""
    lines = [paint("heading", f"plan for {plan.state}")]
    lines += _section("functions that get the parameter", shorten(_threaded(plan, paint), limit, "  "), paint)
    lines += _section(
        "macros that take it from where they are used", shorten(_macros(plan, paint), limit, "  "), paint
    )
    boundaries = shorten(_boundaries(plan, paint), limit, "  ")
    lines += _section("boundaries: pinned functions that hand it on", boundaries, paint)
    lines += _section("refusals", _refusals(plan.refusals, sources, paint, limit), paint)
    lines += ["", *plan_totals(plan)]
    return "\n".join(lines)


def shorten(lines: list[str], limit: int | None, indent: str) -> list[str]:
    """Return the first *limit* of *lines*, and how many there are more."""
    if limit is None or len(lines) <= limit:
        return lines
    return [*lines[:limit], f"{indent}... and {len(lines) - limit} more"]


def _section(title: str, lines: list[str], paint: Painter) -> list[str]:
    return ["", paint("heading", title), *lines] if lines else []


def _at(path: str, line: int, paint: Painter) -> str:
    return paint("place", harmless(f"{path}:{line}" if line else path) + ":")


def _audit_fetches(audit: Audit, paint: Painter, limit: int | None) -> list[str]:
    ordered = sorted(audit.fetches, key=lambda fetch: (fetch.place.path, fetch.place.offset))
    by_path = {path: list(group) for path, group in groupby(ordered, key=lambda fetch: fetch.place.path)}
    if limit is not None and len(ordered) > limit:
        most = sorted(by_path.items(), key=lambda item: (-len(item[1]), item[0]))
        lines = [f"  {len(group):5} in {paint('place', harmless(path))}" for path, group in most]
        return shorten(lines, limit, "        ")
    lines = []
    for path, fetches in by_path.items():
        lines.append(f"  {paint('place', harmless(path))} ({len(fetches)})")
        width = max(len(f"{fetch.place.line}:{fetch.place.column}") for fetch in fetches)
        for fetch in fetches:
            place = f"{fetch.place.line}:{fetch.place.column}".rjust(width)
            lines.append(f"    {place}  {fetch.accessor} in {paint('name', fetch.function or 'no function')}")
    return lines


def _sandwiches(audit: Audit, paint: Painter) -> list[str]:
    return [f"  {rank}. {_sandwich(item, paint)}" for rank, item in enumerate(audit.sandwiches, 1)]


def _sandwich(item: AuditSandwich, paint: Painter) -> str:
    held = f"{item.callers_holding} of {count(item.callers, 'caller')}"
    return (
        f"{_at(item.path, item.line, paint)} {paint('name', item.function)}: "
        f"{held} with the state in hand, {count(item.fetches, 'fetch', 'fetches')}"
    )


def _twins(audit: Audit, paint: Painter) -> list[str]:
    if audit.twins is None:
        return []
    found = [
        f"{_at(item.path, item.line, paint)} {paint('name', item.wrapper)} ({item.kind}): "
        f"{paint('name', item.twin)} in {harmless(item.twin_path)}:{item.twin_line}, "
        f"argument {item.position + 1}"
        for item in audit.twins
    ]
    return found or ["none found"]


def _problems(audit: Audit, paint: Painter, limit: int | None) -> list[str]:
    """Return the problems by their code, those that are rarest (and most telling) first."""
    by_code: dict[str, list[str]] = {}
    for problem in audit.problems:
        place = _at(problem.path, problem.line, paint)
        by_code.setdefault(problem.code, []).append(f"    {place} {harmless(problem.message)}")
    lines = []
    for code, found in sorted(by_code.items(), key=lambda item: (len(item[1]), item[0])):
        lines += [f"  {harmless(code)} ({len(found)})", *shorten(found, limit, "    ")]
    return lines


def _audit_pins(audit: Audit, paint: Painter, limit: int | None) -> list[str]:
    lines = []
    ordered = sorted(audit.pins, key=attrgetter("code", "path", "line"))
    for code, group in groupby(ordered, key=attrgetter("code")):
        pins = list(group)
        lines.append(_code_heading(code, len(pins)))
        shown = [
            f"    {_at(pin.path, pin.line, paint)} {paint('name', pin.function)}: {harmless(pin.why)}"
            for pin in pins
        ]
        lines += shorten(shown, limit, "    ")
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
        chain = " -> ".join(function.reason[1:])
        need = f"fetches through {chain}" if chain else "fetches"
        pinned = f" {paint('error', '[pinned by hand]')}" if function.decision == "pin" else ""
        lines.append(
            f"  {_at(function.path, function.line, paint)} {paint('name', function.name)}: {need}; "
            f"{count(function.callers, 'call')} to change{pinned}"
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


def _refusals(refusals: Iterable[Refusal], sources: Sources, paint: Painter, limit: int | None) -> list[str]:
    lines = []
    ordered = sorted(refusals, key=lambda item: (item.code, item.place.path, item.place.offset))
    for code, group in groupby(ordered, key=attrgetter("code")):
        items = list(group)
        # Each takes three lines or more.
        most = len(items) if limit is None else -(-limit // 3)
        lines.append(_code_heading(code, len(items)))
        for item in items[:most]:
            lines.append(f"    {_at(item.place.path, item.place.line, paint)} {_refusal(item, paint)}")
            lines += _source_line(item.place, sources, paint)
            lines += [
                f"      {_at(place.path, place.line, paint)} {harmless(words)}" for place, words in item.chain
            ]
        if len(items) > most:
            lines.append(f"    ... and {len(items) - most} more")
        lines += [f"    {paint('heading', 'next')}: {entry.proceed}" for entry in entries_of([code])]
    return lines


def _refusal(item: Refusal, paint: Painter) -> str:
    """Return subject and reason; many reasons start with their subject."""
    name = paint("name", harmless(item.subject))
    why = harmless(item.why).removeprefix(f"{harmless(item.subject)} ")
    return f"{name}: {why}" if why == harmless(item.why) else f"{name} {why}"


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
