"""Which policy a case followed: that with which clew's edits come nearest, in number, to those of the commit.

Only numbers are compared, by kind and by what calls pass, with those in the case's facts.  Starting from a
guess, one habit after the other is changed, and the change stays if it brings the numbers nearer.
"""

from collections import Counter
from dataclasses import fields
from pathlib import Path

import score as judge
from replay_before import read_before
from replay_case import Case
from replay_clew import Reader, run_clew
from replay_policy import Policy, alternatives, guess_policy
from replay_settings import make_settings

_KINDS = ("sig", "proto", "call", "acc", "decl+", "decl-")
_SOURCES = ("accessor", "param", "local", "field")
_SORTS = frozenset((*_KINDS, "redirected", *(f"from {source}" for source in _SOURCES)))
_ROUNDS = 2


def choose_policy(case: Case, root: Path, before: judge.GitTree, reader: Reader) -> Policy:
    """Return the policy with which clew comes nearest to the numbers of *case*; the tree at *root*, which is
    that of *before*, is left as it was."""
    trials = _Trials(case, root, before, reader)
    best = guess_policy(case, read_before(case, root))
    for _ in range(_ROUNDS):
        start = best
        for habit in fields(Policy):
            if not trials.distance(best):
                return best
            tried = alternatives(case, best, habit.name)
            best = min((best, *tried), key=trials.distance)  # the first of equals
        if best == start:
            break
    return best


def count_wanted(case: Case) -> Counter[str]:
    """Return how many edits of each sort the person made, as the facts say."""
    wanted = Counter({kind: case.data["counts"].get(kind, 0) for kind in _KINDS})
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


class _Trials:
    """Runs clew with one policy after the other, and remembers how far each was from the facts."""

    def __init__(self, case: Case, root: Path, before: judge.GitTree, reader: Reader) -> None:
        self._case, self._root, self._before, self._reader = case, root, before, reader
        self._spec = judge.Spec(case.data["state"])
        self._wanted = count_wanted(case)
        self._known: dict[Policy, int] = {}
        self._parsed: dict[tuple[str, int], object] = {}

    def distance(self, policy: Policy) -> int:
        """Return by how many edits the numbers differ under *policy*."""
        if policy not in self._known:
            found = self._count(policy)
            sorts = found.keys() | self._wanted.keys()
            self._known[policy] = sum(abs(found[sort] - self._wanted[sort]) for sort in sorts)
        return self._known[policy]

    def _count(self, policy: Policy) -> Counter[str]:
        settings = make_settings(self._case, self._root, policy)
        ran = run_clew(self._case, "functions", self._root, settings, policy, self._reader)
        paths = sorted({path for written in ran.written for path in written})
        after = judge.DictTree({path: (self._root / path).read_text("utf-8", "replace") for path in paths})
        versions = [judge.Version(tree, paths, self._spec, self._parsed) for tree in (self._before, after)]
        self._restore(paths)
        return count_edits(*versions, self._spec)

    def _restore(self, paths: list[str]) -> None:
        for path in paths:
            content = self._reader.original(path)
            if content is None:
                (self._root / path).unlink()
            else:
                (self._root / path).write_bytes(content)
