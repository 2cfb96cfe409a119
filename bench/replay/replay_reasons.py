"""Why an edit is missing or too many: each falls into one class, so that classes can be counted."""

from collections import Counter, defaultdict
from typing import Any

from replay_case import Case

from clew.plan.model import Plan

Row = dict[str, Any]


class Reasons:
    """Sorts the missed and extra edits of one case; *plans* are clew's own, by kind of state."""

    def __init__(self, case: Case, plans: dict[str, Plan], result: dict[str, Any]) -> None:
        self._gained = set(case.functions)
        self._split = {old for old, _, mode in case.twins if "split" in mode}
        self._accessors = {accessor for kind in case.kinds for accessor in kind.accessors}
        self._threaded = {f.name for plan in plans.values() for f in plan.functions if f.decision == "thread"}
        self._codes: dict[str, Counter[str]] = defaultdict(Counter)
        for plan in plans.values():
            for refusal in plan.refusals:
                self._codes[refusal.subject][refusal.code] += 1
        self._result = result
        self._disagree = {tuple(key) for key in result["disagree"]}

    def count(self) -> tuple[Counter[str], Counter[str]]:
        """Return how many missed and how many extra edits there are of each class."""
        missed = Counter(self.explain_missed(row) for row in self._result["missed"])
        extra = Counter(self.explain_extra(row) for row in self._result["extra"])
        return missed, extra

    def explain_missed(self, row: Row) -> str:
        """Return the class of an edit that the person made and clew did not."""
        kind = row["kind"]
        if _full_key(row) in self._disagree:
            return f"{kind}: made, but {self._difference(row)}"
        return f"{kind}: {self._why_missed(kind, row['key'], row['attrs'])}"

    def _why_missed(self, kind: str, key: list[Any], attrs: Row) -> str:
        if kind in ("proto", "fnptr"):
            return self._why_unthreaded(key[0])
        function = _plain(key[1])
        if kind == "sig":
            return self._why_unthreaded(function)
        if kind == "call":
            return self._why_not_passed(function, key[2], attrs)
        if kind == "acc" and key[2] not in self._accessors:
            return f"derived accessor in {self._role(function)}"
        if function in self._gained and function not in self._threaded:
            return self._why_unthreaded(function)
        code = self._code(function)
        return f"{f'refused {code}' if code else 'not planned'} in {self._role(function)}"

    def _why_not_passed(self, function: str, callee: str, attrs: Row) -> str:
        if callee not in self._gained:
            return "the callee had the parameter or a twin already (redirect)"
        if callee not in self._threaded:
            return f"callee: {self._why_unthreaded(callee)}"
        return f"callee threaded, source {attrs.get('source')}, call in {self._role(function)}"

    def explain_extra(self, row: Row) -> str:
        """Return the class of an edit that clew made and the person did not."""
        kind, key = row["kind"], row["key"]
        if _full_key(row) in self._disagree:
            return f"{kind}: made, but otherwise"
        if kind in ("proto", "fnptr"):
            return f"{kind}: of {self._role(key[0])}"
        callee = f", callee {self._role(key[2])}" if kind == "call" else ""
        return f"{kind}: in {self._role(_plain(key[1]))}{callee}"

    def _difference(self, row: Row) -> str:
        mine = next((r for r in self._result["extra"] if _full_key(r) == _full_key(row)), None)
        his, ours = row["attrs"], mine["attrs"] if mine else {}
        if row["kind"] == "call" and his["pos"] == ours.get("pos"):
            return f"passes {ours.get('source')} where the person passes {his['source']}"
        if row["kind"] == "sig" and "split" in (his["mode"] or ""):
            return "in place, where the person split"
        return "at another position"

    def _why_unthreaded(self, name: str) -> str:
        if name in self._threaded:
            return "of a threaded function"
        form = "split" if name in self._split else "function"
        code = self._code(name)
        if code:
            return f"{form} pinned {code}"
        return f"{form} without a use of the state" if name in self._gained else "not in the scope"

    def _code(self, name: str) -> str:
        found = self._codes.get(name)
        return found.most_common(1)[0][0] if found else ""

    def _role(self, name: str) -> str:
        if name in self._threaded:
            return "a threaded function"
        return "a function that should be threaded" if name in self._gained else "another function"


def _plain(function: str) -> str:
    return function.partition("#")[0]


def _full_key(row: Row) -> tuple[str, ...]:
    return (row["kind"], *map(str, row["key"]))
