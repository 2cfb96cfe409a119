"""One Python file, parsed by libcst, with the place of every node in bytes of the file."""

import ast
import warnings
from collections.abc import Mapping
from typing import cast

import libcst as cst
from libcst.metadata import (
    ByteSpanPositionProvider,
    CodeSpan,
    ExpressionContext,
    ExpressionContextProvider,
    MetadataWrapper,
    ParentNodeProvider,
    Scope,
    ScopeProvider,
)

from clew.rewrite.bindings.model import PROCEED, BindingRefusal
from clew.text.source import SourceText
from clew.text.span import Span

_BOM = b"\xef\xbb\xbf"


class PythonFile:
    """*source* as a tree; nodes are looked up by identity."""

    def __init__(self, source: SourceText, module: cst.Module) -> None:
        self.source, self.module = source, module
        self._wrapper = MetadataWrapper(module, unsafe_skip_copy=True)
        self._parents = cast("Mapping[cst.CSTNode, cst.CSTNode]", self._wrapper.resolve(ParentNodeProvider))
        self._scopes = cast("Mapping[cst.CSTNode, Scope | None]", self._wrapper.resolve(ScopeProvider))
        self._spans = cast("Mapping[cst.CSTNode, CodeSpan]", self._wrapper.resolve(ByteSpanPositionProvider))
        self._contexts = cast(
            "Mapping[cst.CSTNode, ExpressionContext | None]",
            self._wrapper.resolve(ExpressionContextProvider),
        )
        self._code = module.code.encode()
        self._single = module.encoding.startswith("utf-8") or module.encoding == "ascii"
        self._bom = len(_BOM) if source.to_bytes().startswith(_BOM) else 0

    @property
    def path(self) -> str:
        """The path of the file."""
        return self.source.path

    @property
    def nodes(self) -> list[cst.CSTNode]:
        """All nodes, outer ones first."""
        return [self.module, *self._parents]

    def offset(self, at: int) -> int:
        """Return the offset in the file of the UTF-8 offset *at*."""
        if self._single:
            return at + self._bom
        return len(self._code[:at].decode().encode(self.module.encoding))

    def span(self, node: cst.CSTNode) -> Span:
        """Return the place of *node* without the parentheses and white space around it."""
        span = self._spans[node]
        return Span(self.offset(span.start), self.offset(span.start + span.length))

    def utf8_span(self, node: cst.CSTNode) -> Span:
        """Return the place of *node* in the UTF-8 form of the file."""
        span = self._spans[node]
        return Span(span.start, span.start + span.length)

    def parent(self, node: cst.CSTNode) -> cst.CSTNode | None:
        """Return the node around *node*."""
        return self._parents.get(node)

    def is_loaded(self, node: cst.CSTNode) -> bool:
        """Tell whether the value of the name or attribute *node* is used (not stored, not deleted)."""
        return self._contexts.get(node) is ExpressionContext.LOAD

    def scope(self, node: cst.CSTNode) -> Scope | None:
        """Return the scope that names at *node* are looked up in."""
        found: cst.CSTNode | None = node
        while found is not None:
            scope = self._scopes.get(found)
            if scope is not None:
                return scope
            found = self.parent(found)
        return None

    @property
    def newline(self) -> str:
        """The line ending that the file uses."""
        return self.module.default_newline


def parse_file(source: SourceText) -> PythonFile | BindingRefusal:
    """Parse *source*; what does not parse, or would not come back as it was, is a refusal."""
    data = source.to_bytes()
    try:
        module = cst.parse_module(data)
    except (cst.ParserSyntaxError, SyntaxError, UnicodeDecodeError, LookupError, RecursionError) as error:
        return _unparsed(source, error)
    if module.bytes != data:
        return _refusal(source, 1, 1, "it cannot be written back byte for byte")
    return PythonFile(source, module)


def _unparsed(source: SourceText, error: Exception) -> BindingRefusal:
    """Ask Python itself for the place: libcst often names the line before."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(source.to_bytes())
    except SyntaxError as own:
        return _refusal(source, own.lineno or 1, own.offset or 1, f"it is no Python: {own.msg}")
    except (ValueError, RecursionError) as own:
        return _refusal(source, 1, 1, f"it is no Python: {own}")
    if isinstance(error, cst.ParserSyntaxError):
        return _refusal(source, error.raw_line, error.raw_column + 1, f"libcst: {error.message}")
    return _refusal(source, 1, 1, f"it cannot be read: {error}")


def _refusal(source: SourceText, line: int, column: int, why: str) -> BindingRefusal:
    proceed = PROCEED["python-unparsed"]
    place = (source.path, line, max(column, 1))
    return BindingRefusal("python-unparsed", *place, source.path, why, proceed)
