"""Findings in words."""

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from clew.check.candidates import Candidate
from clew.check.facts import Allow, FetchFact, FileSummary, HolderFact
from clew.check.model import ALLOWABLE, CheckFinding, Code, Evidence, Fingerprint, Verdict
from clew.check.tree import TreeIndex
from clew.text.source import SourceText, display

_MOST_CALLERS = 5


def describe_fetch(
    fetch: FetchFact, one: Candidate, summary: FileSummary, index: TreeIndex, verdict: Verdict
) -> tuple[str, tuple[Evidence, ...]]:
    """Return what there is to say about a new fetch."""
    state, path = fetch.state, one.fingerprint.path
    if not fetch.function:
        return f"fetches {state} outside any function that clew can read", ()
    if fetch.function in summary.macros:
        return f"the macro {fetch.function} fetches {state} wherever it is used", ()
    own = _holder_called(summary, fetch.function, state)
    if own is not None and not _binds(fetch, dict(own.holds)[state]):
        return f"{fetch.function} fetches {state}, which it has in hand as {dict(own.holds)[state]}", ()
    message = f"{fetch.function} fetches {state} implicitly"
    callers = list(index.holding_callers(state, path, fetch.function))
    if callers:
        some = "a caller has" if len(callers) == 1 else f"{len(callers)} callers have"
        message += f", although {some} it in hand"
    if verdict == "unknown":
        message += " (not proved: the function could not be parsed there)"
    evidence = (
        Evidence(c.path, c.holder.line, f"{c.holder.name} has it in hand as {c.variable}") for c in callers
    )
    return message, tuple(evidence)[:_MOST_CALLERS]


def _binds(fetch: FetchFact, variable: str) -> bool:
    """Tell whether *fetch* is what fills *variable*."""
    before = fetch.text.partition(fetch.accessor.removesuffix("()"))[0].rstrip()
    return before.endswith("=") and before.rstrip("= ").endswith(variable)


def _holder_called(summary: FileSummary, name: str, state: str) -> HolderFact | None:
    return next((h for h in summary.holders if h.name == name and state in dict(h.holds)), None)


def describe_sandwich(
    holder: HolderFact, fingerprint: Fingerprint, index: TreeIndex
) -> tuple[str, tuple[Evidence, ...]]:
    """Return what there is to say about a new call."""
    state, name = fingerprint.state, fingerprint.what
    message = f"{holder.name} has {state} in hand as {dict(holder.holds)[state]}, and {name} fetches it again"
    fetcher = index.fetcher(state, fingerprint.path, name)
    if fetcher is None:
        return message, ()
    return message, (Evidence(fetcher.path, fetcher.fetch.line, f"{name} fetches it"),)


def judge_allows(
    path: str, allows: tuple[Allow, ...], lines: AbstractSet[tuple[Code, int]], source: SourceText
) -> Iterator[CheckFinding]:
    """Yield what is wrong with the allowing comments of *path*; *lines* has code and line of everything that
    could be a finding there."""
    for allow in allows:
        for code, message in _faults(allow, lines):
            text = " ".join(allow.codes)
            mark = Fingerprint(code, "", path, "", text, "")
            shown = source.line_at(source.line_starts[allow.line - 1])
            yield CheckFinding(mark, allow.line, allow.column, len("clew"), message, shown)


def _faults(allow: Allow, lines: AbstractSet[tuple[Code, int]]) -> Iterator[tuple[Code, str]]:
    known = " or ".join(ALLOWABLE)
    if not allow.codes:
        yield "allow-code", f"it does not say what it allows: write clew: allow[{known}] and why"
        return
    unknown = [display(code) for code in allow.codes if code not in ALLOWABLE]
    if unknown:
        yield "allow-code", f"{', '.join(unknown)}: no such code; what can be allowed is {known}"
    if not allow.reason:
        yield "allow-reason", "it allows nothing without a reason: say why after the bracket"
    for code in allow.codes:
        if code in ALLOWABLE and not any(allow.covers(found, line) for found, line in lines if found == code):
            yield "allow-unused", f"there is no {code} here: take it out"
