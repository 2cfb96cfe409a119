"""Which local an identifier means."""

from clew.parse.flow import Flow
from clew.text.span import Span


class ScopeIndex:
    """Resolves identifiers of a flow to its locals."""

    def __init__(self, flow: Flow) -> None:
        self._by_name: dict[str, list[int]] = {}
        self._scopes: list[Span] = []
        for index, local in enumerate(flow.locals):
            self._by_name.setdefault(local.name, []).append(index)
            # what one macro invocation makes stands at one place: the declaration and its first uses
            start = local.name_span.start if local.in_macro else local.scope.start
            self._scopes.append(Span(min(start, local.scope.start), local.scope.end))

    def resolve(self, name: str, offset: int) -> int | None:
        """Return the local that *name* means at *offset* (innermost scope), or None."""
        found = self._by_name.get(name)
        if found is None:
            return None  # most names
        best: int | None = None
        for index in found:
            scope = self._scopes[index]
            if offset in scope and (best is None or scope.start >= self._scopes[best].start):
                best = index
        return best
