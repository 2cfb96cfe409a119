"""The numbers on the first page of a review, for HTML and Markdown alike."""

from collections import Counter
from collections.abc import Iterator

from clew.plan.catalogue import CATALOGUE
from clew.plan.model import FetchBalance
from clew.report.reasons import Reasons
from clew.report.review import Review, count_lines
from clew.text.record import record

# What becomes of a fetch, and what a reader calls it.
OUTCOMES = {
    "rewritten": "became the variable",
    "boundary": "stay: the function is pinned or out of scope",
    "refused": "stay: refused, see the reasons",
    "out-of-scope": "out of scope",
}


@record()
class CodeCount:
    """How often a code is the reason of a refusal."""

    code: str
    title: str
    count: int


@record()
class FileCount:
    """What changes in one file: functions that take the state, boundaries, other changes; old lines that an
    edit touches, and by how many lines the file grows."""

    path: str
    threaded: int
    boundaries: int
    others: int
    lines: int
    grown: int


@record()
class Summary:
    """The first page.  *outcomes* adds up to the fetches before; *busier* are functions whose text fetches
    more often than before."""

    outcomes: tuple[tuple[str, str, int], ...]
    codes: tuple[CodeCount, ...]
    files: tuple[FileCount, ...]
    busier: tuple[FetchBalance, ...]
    macros: int
    refused_fetches: int
    kept_signatures: int

    @property
    def lines(self) -> int:
        """Old lines that an edit touches."""
        return sum(file.lines for file in self.files)


def summarise(review: Review) -> Summary:
    """Count what *review* holds."""
    plan = review.plan
    totals = plan.totals
    total = totals.pop("total")
    if sum(totals.values()) != total:
        raise AssertionError("the outcomes do not add up to the fetches")
    codes = Counter(refusal.code for refusal in plan.refusals)
    refused = sum(fetch.outcome == "refused" for fetch in plan.fetches)
    return Summary(
        outcomes=tuple((outcome, OUTCOMES[outcome], number) for outcome, number in totals.items()),
        codes=tuple(CodeCount(code, _title(code), number) for code, number in codes.most_common()),
        files=tuple(sorted(_files(review), key=lambda file: (-file.lines, file.path))),
        busier=tuple(item for item in plan.balance if item.added > item.removed),
        macros=sum(change.kind == "macro" for change in review.changes),
        refused_fetches=refused,
        kept_signatures=len(plan.refusals) - refused,
    )


def _title(code: str) -> str:
    return CATALOGUE[code].title if code in CATALOGUE else code


def _files(review: Review) -> Iterator[FileCount]:
    reasons = Reasons(review)
    roles: dict[str, Counter[str]] = {path: Counter() for path in review.edits}
    for change in review.changes:
        roles[change.path][reasons.role_of(change)] += 1
    for path, counted in roles.items():
        lines, grown = count_lines(review.edits[path], review.sources[path])
        others = counted.total() - counted["threaded"] - counted["boundary"]
        yield FileCount(path, counted["threaded"], counted["boundary"], others, lines, grown)
