"""Why a function stands in the plan as it does: one sentence each."""

from collections import defaultdict
from functools import cached_property

from clew.plan.model import Boundary, FetchDecision, ThreadedFunction
from clew.plan.survey import SurveyNode
from clew.report.audit import AuditPin
from clew.report.changes import Change
from clew.report.review import Review

_STYLES = {
    "local": "it fetches once into {0}, and passes that on",
    "inline": "it fetches at each call of a threaded function",
    "held": "it has the state in {0} already, and passes that on",
}
Key = tuple[str, str]


class Reasons:
    """Looks reasons up by name and path."""

    def __init__(self, review: Review) -> None:
        plan = review.plan
        self._review = review
        self._boundaries: dict[Key, Boundary] = {(b.name, b.path): b for b in plan.boundaries}
        self._pins: dict[Key, AuditPin] = {(p.function, p.path): p for p in review.pins}
        self._macros = {(macro.name, macro.path): macro for macro in plan.macros}
        self._fetches: dict[Key, list[FetchDecision]] = defaultdict(list)
        for fetch in plan.fetches:
            self._fetches[fetch.function, fetch.place.path].append(fetch)

    @cached_property
    def _threaded(self) -> dict[Key, ThreadedFunction]:
        found = [function for function in self._review.plan.functions if function.decision == "thread"]
        return {(function.name, function.path): function for function in found}

    def of_node(self, node: SurveyNode) -> str:
        """Say why *node* has its role."""
        return self._of(node.name, node.path, node.kind)

    def of_change(self, change: Change) -> str:
        """Say why *change* is made."""
        if change.kind == "declarations":
            notes = dict.fromkeys(edit.note for edit in change.edits if edit.note and edit.rule != "layout")
            return "declarations follow their functions" if change.names else "; ".join(notes) or "layout"
        why = self._of(change.name, change.path, change.kind)
        if any(edit.rule == "split" for edit in change.edits):
            return f"{why}; its body goes to a twin that takes the state, and what stays fetches and calls it"
        return why

    def of_function(self, name: str, path: str) -> str:
        """Say why the function *name* of *path* has its part."""
        return self._of(name, path, "function")

    def role_of(self, change: Change) -> str:
        """Return the part that *change* plays: threaded, boundary, caller, macro or declarations."""
        if change.kind != "function":
            return change.kind
        key = change.name, change.path
        return "threaded" if key in self._threaded else "boundary" if key in self._boundaries else "caller"

    def pin_of(self, name: str, path: str) -> tuple[str, str]:
        """Return code and sentence of what pins a function, or two empty strings."""
        boundary = self._boundaries.get((name, path))
        if boundary is not None:
            return boundary.pin, boundary.why
        pin = self._pins.get((name, path))
        return (pin.code, pin.why) if pin is not None else ("", "")

    def _of(self, name: str, path: str, kind: str) -> str:
        key = name, path
        if kind == "macro":
            macro = self._macros.get(key)
            return (
                f"it takes the state from {macro.variable}, which every use has" if macro else self._kept(key)
            )
        if key in self._threaded:
            return self._threading(self._threaded[key])
        boundary = self._boundaries.get(key)
        if boundary is not None:
            style = _STYLES[boundary.style].format(boundary.variable)
            return f"{'' if boundary.pin == 'out-of-scope' else 'pinned: '}{boundary.why}; {style}"
        return self._kept(key)

    def _threading(self, function: ThreadedFunction) -> str:
        chain = " \u2192 ".join(function.reason[1:])
        return f"it needs the state for {chain}, which fetches" if chain else "it fetches the state"

    def _kept(self, key: Key) -> str:
        fetches = self._fetches.get(key, ())
        kept = next((fetch for fetch in fetches if fetch.outcome != "rewritten"), None)
        if kept is not None:
            return f"it keeps its fetch: {kept.why}"
        if fetches:
            return "it has the state in hand, so that its fetch becomes a variable"
        code, why = self.pin_of(*key)
        return f"pinned: {why}" if code else "it has the state in hand, or calls nothing that takes it"
