"""What could be a finding: every fetch, and every call by a holder of what fetches."""

from collections.abc import Iterator

from clew.check.facts import FetchFact, FileSummary, HolderFact
from clew.check.model import Fingerprint
from clew.check.tree import TreeIndex
from clew.text.record import record


@record()
class Candidate:
    """A *fetch*, or a call from the function *holder*; the other one is None."""

    fingerprint: Fingerprint
    line: int
    column: int
    width: int
    fetch: FetchFact | None = None
    holder: HolderFact | None = None


def find_candidates(path: str, summary: FileSummary, index: TreeIndex | None) -> Iterator[Candidate]:
    """Yield the candidates of the file *path*; without *index*, any function that is called may fetch."""
    for fetch in summary.fetches:
        made = Fingerprint("fetch", fetch.state, path, fetch.function, fetch.accessor, fetch.text)
        yield Candidate(made, fetch.line, fetch.column, fetch.width, fetch=fetch)
    for holder in summary.holders:
        for state, _ in holder.holds:
            for name, line, column in holder.calls:
                if name != holder.name and _fetches(index, state, path, name):
                    called = Fingerprint("sandwich", state, path, holder.name, name, "")
                    yield Candidate(called, line, column, len(name), holder=holder)


def _fetches(index: TreeIndex | None, state: str, path: str, name: str) -> bool:
    return index is None or index.fetcher(state, path, name) is not None


def known_of(path: str, summary: FileSummary) -> Iterator[Fingerprint]:
    """Yield the fingerprints of what stood in a file of the base, now called *path*.  Every call by a holder
    is known: when it is the function called that fetches anew, the finding is there."""
    for candidate in find_candidates(path, summary, None):
        if not is_allowed(candidate, summary):
            yield candidate.fingerprint


def is_allowed(candidate: Candidate, summary: FileSummary) -> bool:
    """Tell whether a comment with a reason covers *candidate*."""
    code = candidate.fingerprint.code
    return any(allow.reason and allow.covers(code, candidate.line) for allow in summary.allows)
