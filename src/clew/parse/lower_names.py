"""The names that a function declares, and where each is visible."""

from dataclasses import dataclass
from typing import Literal

from clew.parse.flow import Local
from clew.parse.lower_places import Places
from clew.text.span import Span

LocalKind = Literal["parameter", "auto", "static", "extern", "typedef", "enumerator", "function"]

_NOT_OBJECTS = frozenset({"function", "typedef", "enumerator"})


@dataclass(slots=True)
class LocalDraft:
    """A local whose scope is not closed yet."""

    name: str
    type: str
    kind: LocalKind
    name_span: Span
    statement: Span
    sole: bool
    initialiser: Span | None
    in_macro: bool
    scope_start: int
    scope_end: int = -1


class Names:
    """Locals in the order of their declarations, and the scopes open at this moment."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self.locals: list[LocalDraft] = []
        self._scopes: list[dict[str, LocalDraft]] = []

    def open_scope(self) -> None:
        """Enter a block, or the parentheses of a ``for``."""
        self._scopes.append({})

    def close_scope(self, end: int) -> None:
        """Leave it; *end* is the offset where its names cease to be visible."""
        for local in self._scopes.pop().values():
            local.scope_end = end

    def declare(self, local: LocalDraft) -> int:
        """Add a local to the innermost scope and return its index."""
        # A second declaration in one scope (`extern int x; extern int x;`) ends the first one's scope.
        earlier = self._scopes[-1].get(local.name)
        if earlier is not None:
            earlier.scope_end = local.scope_start
        self._scopes[-1][local.name] = local
        self.locals.append(local)
        return len(self.locals) - 1

    def is_variable(self, name: str) -> bool:
        """Tell whether *name* means a local object or parameter here (not a function, say)."""
        for scope in reversed(self._scopes):
            if name in scope:
                return scope[name].kind not in _NOT_OBJECTS
        return False

    def freeze(self) -> tuple[Local, ...]:
        """Return the finished locals."""
        return tuple(
            Local(
                d.name,
                d.type,
                d.kind,
                d.name_span,
                d.statement,
                d.sole,
                d.initialiser,
                Span(d.scope_start, d.scope_end),
                d.in_macro,
            )
            for d in self.locals
        )
