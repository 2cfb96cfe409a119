"""Scores as a table, in detail for one case, and as JSON."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

import score as judge
from replay_score import Scored
from replay_totals import Figures, group_totals, pool

_HEAD = (
    f"{'case':24} {'human':>6} {'clew':>6} {'match':>6} {'recall':>7} {'prec.':>7} {'of most':>7} "
    f"{'same fn':>8} {'of most':>7} {'s':>6}"
)
_EVERYTHING = 10_000


def table(scored: Sequence[Scored]) -> Iterator[str]:
    """Yield a line per case, then the totals."""
    yield _HEAD
    for one in scored:
        yield f"{_line(one.case.name, pool([one]))} {one.seconds:6.1f}{_note(one)}"
    yield ""
    for name, count, figures in group_totals(scored):
        yield _line(f"{name} ({count})", figures)
    checked = [one.checked for one in scored if one.checked is not None]
    if checked:
        yield f"\nread again: {sum(one.is_clean for one in checked)} of {len(checked)} clean"
    for one in scored if checked else ():
        yield from (f"  {one.case.name}: {line}" for line in (one.checked.lines() if one.checked else ()))


def _line(name: str, figures: Figures) -> str:
    return (
        f"{name:24} {figures.human:6} {figures.tool:6} {figures.matched:6} {_share(figures.recall)} "
        f"{_share(figures.precision)} {_share(figures.ceiling_edits)} "
        f"{figures.identical:4}/{figures.functions:<3} {_share(figures.ceiling_functions)}"
    )


def _share(value: float | None) -> str:
    return f"{value:7.3f}" if value is not None else f"{'-':>7}"


def _note(one: Scored) -> str:
    if one.crash:
        return "  crashed: " + one.crash.strip().splitlines()[-1]
    notes = list(one.errors)
    if one.checked is not None:
        notes.append("clean" if one.checked.is_clean else one.checked.summary())
    return "  " + "; ".join(notes) if notes else ""


def detail(one: Scored) -> Iterator[str]:
    """Yield what there is to know about one case: edits missed and extra, refusals, faults."""
    yield f"== {one.case.name}: {one.case.data['subject']}"
    yield judge.report(one.result, _EVERYTHING)
    yield from (f"refused: {refusal}" for refusal in one.refusals)
    yield from (f"error: {error}" for error in one.errors)
    if one.crash:
        yield one.crash


def reasons(scored: Sequence[Scored]) -> Iterator[str]:
    """Yield the classes of missed and extra edits over all cases, the largest first."""
    for what in ("missed", "extra"):
        classes: Counter[str] = sum((getattr(one, what) for one in scored), Counter())
        cases = Counter(name for one in scored for name in getattr(one, what))
        yield f"{what}: {classes.total()}"
        yield from (f"{n:6} in {cases[name]:3} cases  {name}" for name, n in classes.most_common())


def as_data(scored: Sequence[Scored], mode: str) -> dict[str, Any]:
    """Return everything for JSON."""
    return {
        "mode": mode,
        "cases": [_case_data(one) for one in scored],
        "totals": [{"group": n, "cases": c, **f.as_data()} for n, c, f in group_totals(scored)],
    }


def _case_data(one: Scored) -> dict[str, Any]:
    return {
        "id": one.case.name,
        "repo": one.case.repo,
        "class": one.case.sort,
        "gold": one.case.gold,
        "seconds": round(one.seconds, 2),
        **pool([one]).as_data(),
        "missed_by_class": dict(one.missed),
        "extra_by_class": dict(one.extra),
        "errors": list(one.errors),
        "crash": one.crash,
        "refusals": list(one.refusals),
        "checked": None if one.checked is None else asdict(one.checked),
        "score": one.result,
    }
