"""What clew made of a case is read again: can it be parsed, and does a second run leave it alone?"""

import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from difflib import unified_diff
from pathlib import Path

from parse_rate import measure
from replay_before import find_functions
from replay_case import Case
from replay_clew import Ran, run_clew
from replay_tree import extract_tree

from clew.scan import scan_source
from clew.text.source import SourceText

_PLACE = re.compile(r":\d+ ")  # of a failure to parse: lines move


@dataclass(frozen=True, slots=True)
class Checked:
    """Functions *unparsed* that were parsed before, *findings* of the scanner that were not there, and the
    lines, by *again*, that a second run with the same settings changes."""

    unparsed: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    again: tuple[str, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Nothing was found."""
        return not (self.unparsed or self.findings or self.again)

    def summary(self) -> str:
        """Return the counts in words."""
        counts = (
            (len(self.unparsed), "unparsed"),
            (len(self.findings), "new findings"),
            (len(self.again), "unstable"),
        )
        return ", ".join(f"{count} {what}" for count, what in counts)

    def lines(self) -> Iterator[str]:
        """Yield a line for everything found."""
        yield from (f"not parsed any more: {one}" for one in self.unparsed)
        yield from (f"not understood any more: {one}" for one in self.findings)
        yield from (f"changed by a second run: {one}" for one in self.again)


def check_output(case: Case, gitdir: Path, root: Path, ran: Ran) -> Checked:
    """Check the tree at *root*, which *ran* made of the parent of *case*, a commit in *gitdir*."""
    paths = list(read_changes(ran, root))
    if not paths:
        return Checked()
    unparsed, findings = measure(root, paths).failures, _count_findings(root, paths)
    with tempfile.TemporaryDirectory(prefix="replay-") as folder:
        before, again = Path(folder, "before"), Path(folder, "again")
        if unparsed or findings:  # perhaps as before
            before.mkdir()
            extract_tree(gitdir, case.parent, before)
            known = {_PLACE.sub(" ", one) for one in measure(before, paths).failures}
            unparsed = [one for one in unparsed if _PLACE.sub(" ", one) not in known]
            findings -= _count_findings(before, paths)
        shutil.copytree(root, again, symlinks=True)
        return Checked(
            tuple(unparsed),
            tuple(f"{path}: {count} more of {code}" for (path, code), count in sorted(findings.items())),
            tuple(_run_again(case, root, again, ran)),
        )


def read_changes(ran: Ran, root: Path) -> dict[str, bytes]:
    """Return the files that *ran* wrote below *root*."""
    paths = sorted({path for written in ran.written for path in written})
    return {path: (root / path).read_bytes() for path in paths}


def _count_findings(root: Path, paths: list[str]) -> Counter[tuple[str, str]]:
    """Count what the scanner does not understand in *paths* below *root*, by file and code."""
    texts = [(path, (root / path).read_bytes()) for path in paths if (root / path).is_file()]
    scanned = [scan_source(SourceText.from_bytes(path, text)) for path, text in texts]
    return Counter((facts.path, finding.code) for facts in scanned for finding in facts.findings)


def _run_again(case: Case, first: Path, second: Path, ran: Ran) -> Iterator[str]:
    """Yield the lines of *first* that another run changes, in its copy *second*, and what that run said."""
    gone = {old: new for old, new, mode in case.twins if mode != "split"}
    gained = tuple(replace(one, name=gone.get(one.name, one.name)) for one in case.gained)
    # by name alone, a namesake of a renamed function would be asked for as well
    found = Counter(one.name for _, one in find_functions(replace(case, gained=gained), first))
    renamed = set(gone.values())
    gained = tuple(one for one in gained if one.name not in renamed or found[one.name] == 1)
    again = run_clew(replace(case, gained=gained), "functions", second, ran.settings, ran.policy)
    for path in sorted({path for written in again.written for path in written}):
        was = (first / path).read_bytes() if (first / path).is_file() else b""
        yield from (f"{path}: {line}" for line in _differing_lines(was, (second / path).read_bytes()))
    yield from again.errors


def _differing_lines(was: bytes, now: bytes) -> Iterator[str]:
    old, new = (text.decode("utf-8", "replace").splitlines() for text in (was, now))
    for line in unified_diff(old, new, n=0, lineterm=""):
        if line[0] in "+-" and not line.startswith(("+++ ", "--- ")):
            yield " ".join(line.split())
