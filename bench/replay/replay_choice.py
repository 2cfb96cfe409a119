"""Which policy a case followed: that with which clew's edits come nearest, in number, to those of the commit.

Only numbers are compared, by kind and by what calls pass, with those in the case's facts.  Starting from a
guess, one habit after the other is changed, and the change stays if it brings the numbers nearer.
"""

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import score as judge
from replay_before import read_before
from replay_case import Case
from replay_clew import CONFIG, Ran, Reader, run_clew
from replay_policy import Policy, alternatives, guess_policy
from replay_settings import make_settings

_KINDS = ("sig", "proto", "call", "acc", "decl+", "decl-")
_SOURCES = ("accessor", "param", "local", "field")
_SHOWN_BY = {  # by what a habit shows
    "redirect": ("redirected", "decl+"),
    "outside": tuple(f"from {source}" for source in _SOURCES),
    "provided": tuple(f"from {source}" for source in _SOURCES),
}
_SORTS = frozenset((*_KINDS, "redirected", *(f"from {source}" for source in _SOURCES)))


def run_nearest(case: Case, root: Path, gitdir: Path) -> Ran:
    """Let clew thread the states of *case*, a commit in *gitdir*, through the tree at *root*, with the policy
    that comes nearest and the functions given."""
    before = judge.GitTree(str(gitdir), case.parent)
    trials = _Trials(case, root, before)
    try:
        return trials.make(choose_policy(case, root, trials))
    finally:
        before.close()


def choose_policy(case: Case, root: Path, trials: "_Trials") -> Policy:
    """Return the policy with which clew comes nearest to the numbers of *case*, whose tree is at *root*."""
    best = guess_policy(case, read_before(case, root))
    for habit, shown in _SHOWN_BY.items():
        tried = alternatives(case, best, habit) if case.counts else []
        if tried and any(trials.differences(best)[sort] for sort in shown):
            best = min((best, *tried), key=lambda one: _distance(trials.differences(one), habit))
    return best  # of equals the first


def _distance(differences: Counter[str], habit: str) -> tuple[int, int]:
    """Return what is to be small: how many functions get a local tells best where people redirected calls."""
    return differences["decl+"] if habit == "redirect" else 0, differences.total()


def count_wanted(case: Case) -> Counter[str]:
    """Return how many edits of each sort the person made, as the facts say."""
    wanted = Counter({kind: case.counts.get(kind, 0) for kind in _KINDS})
    wanted.update({f"from {source}": case.patterns.get(f"call src {source}", 0) for source in _SOURCES})
    wanted["redirected"] = case.patterns.get("call redirected", 0)
    return wanted


def count_edits(before: judge.Version, after: judge.Version, spec: judge.Spec) -> Counter[str]:
    """Return how many edits of each sort lead from *before* to *after*."""
    edits, _ = judge.extract_edits(before, after, spec)
    found = Counter(edit.kind for edit in edits if edit.kind in _KINDS)
    for edit in edits:
        if edit.kind == "call":
            found[f"from {edit.attrs.get('source')}"] += 1
            found["redirected"] += bool(edit.attrs.get("to"))
    return Counter({sort: n for sort, n in found.items() if sort in _SORTS})


@dataclass(frozen=True, slots=True)
class _Trial:
    """What one policy made: the new *contents* by path, by how many edits of each sort the facts differ."""

    ran: Ran
    contents: dict[str, bytes]
    differences: Counter[str]


class _Trials:
    """Runs clew with one policy after the other, each on the tree as it was, and keeps what came of it."""

    def __init__(self, case: Case, root: Path, before: judge.GitTree) -> None:
        self._case, self._root, self._before, self._reader = case, root, before, Reader()
        self._spec = judge.Spec(case.data["state"])
        self._wanted = count_wanted(case)
        self._known: dict[Policy, _Trial] = {}
        self._parsed: dict[tuple[str, int], object] = {}

    def differences(self, policy: Policy) -> Counter[str]:
        """Return by how many edits of each sort the numbers differ under *policy*."""
        return self._try(policy).differences

    def make(self, policy: Policy) -> Ran:
        """Leave in the tree what *policy* makes of it."""
        trial = self._try(policy)
        for path, content in trial.contents.items():
            (self._root / path).write_bytes(content)
        (self._root / CONFIG).write_text(trial.ran.settings, "utf-8")
        return trial.ran

    def _try(self, policy: Policy) -> _Trial:
        if policy not in self._known:
            settings = make_settings(self._case, self._root, policy)
            ran = run_clew(self._case, "functions", self._root, settings, policy, self._reader)
            paths = sorted({path for written in ran.written for path in written})
            contents = {path: (self._root / path).read_bytes() for path in paths}
            self._restore(paths)
            self._known[policy] = _Trial(ran, contents, self._compare(contents))
        return self._known[policy]

    def _compare(self, contents: dict[str, bytes]) -> Counter[str]:
        tree = judge.DictTree({path: text.decode("utf-8", "replace") for path, text in contents.items()})
        before = judge.Version(self._before, list(contents), self._spec, self._parsed)
        after = judge.Version(tree, list(contents), self._spec, self._parsed)
        found = count_edits(before, after, self._spec)
        return Counter({sort: abs(found[sort] - self._wanted[sort]) for sort in _SORTS})

    def _restore(self, paths: list[str]) -> None:
        for path in paths:
            content = self._reader.original(path)
            if content is None:
                (self._root / path).unlink()
            else:
                (self._root / path).write_bytes(content)
