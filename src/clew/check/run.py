"""Check files of a view: what is there, less what was there before, less what a comment allows."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from clew.check.candidates import Candidate, find_candidates, is_allowed, known_of
from clew.check.describe import describe_fetch, describe_sandwich, judge_allows
from clew.check.facts import FileSummary
from clew.check.match import find_new
from clew.check.memory import Summaries
from clew.check.model import CheckFinding, CheckResult, Fingerprint, Verdict
from clew.check.tree import TreeIndex
from clew.check.verdicts import Verdicts
from clew.check.view import View
from clew.text.record import record
from clew.text.source import SourceText


@record()
class Base:
    """What the files are compared with; *renames* has the old paths of files that have new ones."""

    view: View
    renames: Mapping[str, str]

    def has(self, path: str, content: str) -> bool:
        """Tell whether the file *path* had this *content* in the base."""
        return self.view.ids.get(self.renames.get(path, path)) == content


class Checker:
    """Checks *paths* of *view* against *bases* (what is in one of them is not new) and *baseline*."""

    def __init__(
        self,
        view: View,
        paths: Sequence[str],
        bases: Sequence[Base],
        baseline: Sequence[Fingerprint],
        summaries: Summaries,
        verdicts: Verdicts,
    ) -> None:
        self._view, self._bases, self._baseline = view, bases, baseline
        self._summaries, self._verdicts = summaries, verdicts
        self._count = len(paths)
        self._paths = [p for p in paths if not any(base.has(p, view.ids[p]) for base in bases)]
        self._texts: dict[str, SourceText] = {}

    def check(self) -> CheckResult:
        """Return what is new."""
        everything = list(self._candidates())
        counted = [one for one in everything if not is_allowed(one, self._current[one.fingerprint.path])]
        new = [one for one in self._new(counted) if self._verdict(one) != "no-fetch"]
        findings = [self._describe(one) for one in self._without_echo(new, counted)]
        findings += self._judge_allows(everything)
        findings.sort(key=lambda one: (one.path, one.line, one.column, one.code))
        known = len(counted) - len(new)
        self._verdicts.keep()
        return CheckResult(tuple(findings), known, len(everything) - len(counted), self._count)

    def fingerprints(self) -> list[Fingerprint]:
        """Return everything that is there and not allowed: a baseline."""
        found = (
            one for one in self._candidates() if not is_allowed(one, self._current[one.fingerprint.path])
        )
        marks = [one.fingerprint for one in found if self._verdict(one) != "no-fetch"]
        self._verdicts.keep()
        return marks

    @cached_property
    def _current(self) -> dict[str, FileSummary]:
        return self._summaries.of(self._view, self._paths)

    @cached_property
    def _index(self) -> TreeIndex:
        return TreeIndex(self._summaries.of(self._view, self._view.ids))

    def _candidates(self) -> Iterator[Candidate]:
        for path, summary in self._current.items():
            yield from find_candidates(path, summary, self._index)

    def _new(self, counted: list[Candidate]) -> list[Candidate]:
        current = [one.fingerprint for one in counted]
        names = {path: summary.names for path, summary in self._current.items()}
        new = set(find_new(current, self._baseline, names))
        for base in self._bases:
            known, gone = self._known_in(base)
            new &= set(find_new(current, known, names | dict.fromkeys(gone, frozenset())))
        return [counted[index] for index in sorted(new)]

    def _known_in(self, base: Base) -> tuple[list[Fingerprint], list[str]]:
        """Return what the base has in the files that are checked, and in those that are gone, and these."""
        ids, moved = base.view.ids, set(base.renames.values())
        old = {path: base.renames.get(path, path) for path in self._paths}
        gone = [path for path in ids if path not in self._view.ids and path not in moved]
        found = self._summaries.of(base.view, {*gone, *(path for path in old.values() if path in ids)})
        known: list[Fingerprint] = []
        for path, before in [*old.items(), *zip(gone, gone, strict=True)]:
            if before in found:
                known += known_of(path, found[before])
        return known, gone

    def _verdict(self, one: Candidate) -> Verdict:
        return "fetch" if one.fetch is None else self._verdicts.of(one.fingerprint.path, one.fetch)

    def _without_echo(self, new: list[Candidate], counted: list[Candidate]) -> Iterator[Candidate]:
        """Leave out calls of what fetches anew itself: that is said once, where it fetches."""
        fresh = {_fetched(one.fingerprint) for one in new if one.fetch is not None}
        new_ones = set(new)
        old = {_fetched(one.fingerprint) for one in counted if one.fetch is not None and one not in new_ones}
        for one in new:
            mark = one.fingerprint
            fetcher = self._index.fetcher(mark.state, mark.path, mark.what) if one.holder else None
            target = (mark.state, fetcher.path, mark.what) if fetcher else None
            if target is None or target not in fresh or target in old:
                yield one

    def _describe(self, one: Candidate) -> CheckFinding:
        mark = one.fingerprint
        if one.fetch is not None:
            summary = self._current[mark.path]
            message, evidence = describe_fetch(one.fetch, one, summary, self._index, self._verdict(one))
        elif one.holder is not None:
            message, evidence = describe_sandwich(one.holder, mark, self._index)
        else:
            raise AssertionError("neither a fetch nor a call")
        text = self._text(mark.path)
        shown = text.line_at(text.line_starts[one.line - 1])
        return CheckFinding(mark, one.line, one.column, one.width, message, shown, evidence)

    def _judge_allows(self, everything: list[Candidate]) -> Iterator[CheckFinding]:
        for path, summary in self._current.items():
            if summary.allows:
                lines = {(c.fingerprint.code, c.line) for c in everything if c.fingerprint.path == path}
                yield from judge_allows(path, summary.allows, lines, self._text(path))

    def _text(self, path: str) -> SourceText:
        if path not in self._texts:
            self._texts |= self._view.read([path])
        return self._texts[path]


def _fetched(mark: Fingerprint) -> tuple[str, str, str]:
    return mark.state, mark.path, mark.function
