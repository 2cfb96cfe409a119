"""The work on one file: what is at hand for every rule, and what they hand in."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import libcst as cst

from clew.config.settings import Bindings
from clew.rewrite.bindings.model import PROCEED, BindingRefusal, Export, Refused
from clew.rewrite.bindings.resolve import Resolver
from clew.text.edit import Edit


class Job:
    """Edits and refusals of one file."""

    def __init__(
        self,
        resolver: Resolver,
        exports: Mapping[str, Export],
        settings: Bindings,
        columns: int,
    ) -> None:
        self.resolver, self.file = resolver, resolver.file
        self.exports, self.settings, self.columns = exports, settings, columns
        self.declared: frozenset[str] = frozenset()  # words of all cdef texts: the types that they may use
        self.typed: frozenset[str] = frozenset()  # functions whose argtypes some file sets
        self.imports: dict[cst.ImportFrom, list[str]] = {}  # names that imports shall bring as well
        self.edits: list[Edit] = []
        self.refusals: list[BindingRefusal] = []
        self.settled: set[cst.CSTNode] = set()  # strings that some rule has dealt with

    def export_of(self, node: cst.CSTNode) -> Export | None:
        """Return the changed function that the expression *node* is."""
        meaning = self.resolver.meaning(node)
        return self.exports.get(meaning.name) if meaning.kind == "function" else None

    @contextmanager
    def deciding(self, node: cst.CSTNode, subject: str) -> Iterator[None]:
        """Turn `Refused`, raised in the body, into a refusal at *node*."""
        try:
            yield
        except Refused as refused:
            self.refuse(node, subject, refused)

    def refuse(self, node: cst.CSTNode, subject: str, refused: Refused) -> None:
        """Note that *node* stays as it is."""
        self.refuse_at(self.file.span(node).start, subject, refused)

    def refuse_at(self, offset: int, subject: str, refused: Refused) -> None:
        """Note that the text at *offset* stays as it is."""
        line, column = self.file.source.position(offset)
        code = refused.code
        self.refusals.append(
            BindingRefusal(code, self.file.path, line, column, subject, refused.why, PROCEED[code])
        )
