"""Scores pooled over groups of cases."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from replay_case import Case
from replay_score import Scored


@dataclass(frozen=True, slots=True)
class Figures:
    """Edits of the person, of clew, and matched; functions that the person touched and that are identical;
    and how many of both a perfect tool can reach."""

    human: int
    tool: int
    matched: int
    functions: int
    identical: int
    ceiling_edits: float
    ceiling_functions: float

    @property
    def recall(self) -> float | None:
        """The share of the person's edits that clew made."""
        return self.matched / self.human if self.human else None

    @property
    def precision(self) -> float | None:
        """The share of clew's edits that the person made."""
        return self.matched / self.tool if self.tool else None

    @property
    def identity(self) -> float | None:
        """The share of the functions touched by the person that are the same token by token."""
        return self.identical / self.functions if self.functions else None

    def as_data(self) -> dict[str, Any]:
        """Return the figures for JSON, with the shares."""
        shares = {"recall": self.recall, "precision": self.precision, "identity": self.identity}
        return asdict(self) | {name: None if x is None else round(x, 4) for name, x in shares.items()}


def pool(scored: Sequence[Scored]) -> Figures:
    """Return the figures over all of *scored* together."""
    overall = [one.result["overall"] for one in scored]
    functions = [one.result["functions"] for one in scored]
    ceilings = [one.case.ceiling for one in scored]
    reachable = sum(c.mechanical + c.policy for c in ceilings)
    return Figures(
        human=sum(x["human"] for x in overall),
        tool=sum(x["tool"] for x in overall),
        matched=sum(x["matched"] for x in overall),
        functions=sum(x["touched_by_human"] for x in functions),
        identical=sum(x["identical"] for x in functions),
        ceiling_edits=round(reachable / max(sum(c.edits for c in ceilings), 1), 4),
        ceiling_functions=round(
            sum(c.pure for c in ceilings) / max(sum(c.functions for c in ceilings), 1), 4
        ),
    )


_SORTS: tuple[tuple[str, Callable[[Case], bool]], ...] = (
    ("all", lambda _: True),
    ("gold", lambda case: case.gold),
    ("thread", lambda case: case.sort == "thread"),
    ("thread gold", lambda case: case.sort == "thread" and case.gold),
)


def group_totals(scored: Sequence[Scored]) -> Iterator[tuple[str, int, Figures]]:
    """Yield name, number of cases and figures of every group that has cases: over all repositories, and
    for each when there are several."""
    repos = list(dict.fromkeys(one.case.repo for one in scored))
    for repo in ["", *(repos if len(repos) > 1 else [])]:
        for sort, belongs in _SORTS:
            group = [one for one in scored if belongs(one.case) and repo in ("", one.case.repo)]
            if group:
                yield f"{repo} {sort}".strip(), len(group), pool(group)
