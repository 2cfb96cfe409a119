"""What scanning one file yields.  All offsets count bytes of the original text."""

from typing import Literal

from clew.text.record import record
from clew.text.span import Span


@record()
class Directive:
    """A preprocessor directive: *span* from ``#`` to the end of its last line (line ending excluded)."""

    keyword: str  # "if", "define", "include", ... or "" for a null directive
    span: Span


@record()
class Include:
    """``#include``: *target* as spelled between the delimiters, or "" when it is a macro."""

    target: str
    system: bool  # <...>
    span: Span


@record()
class Macro:
    """``#define``: *params* is None for an object-like macro; a variadic one ends in ``__VA_ARGS__``
    (GNU's named variadic parameter keeps its name).  *body* may be empty."""

    name: str
    name_span: Span
    params: tuple[str, ...] | None
    variadic: bool
    body: Span
    pastes: bool  # the body contains ##


@record()
class Header:
    """One way in which a function's header is written; *params* covers ``(`` to ``)`` inclusive."""

    start: int  # first token of the declaration specifiers
    name_span: Span
    params: Span


@record()
class Function:
    """A function definition.

    *headers* has more than one entry where ``#if`` branches write different headers over one body
    (all headers have the same name; headers that differ in name make several functions with one body,
    and branches that write one body each make several functions with one header).  *body* covers ``{``
    to ``}`` inclusive.  *old_style* is the span of the K&R declarations between ``)`` and ``{``, or
    None.  *specifiers* is the masked text before the name (``static inline int *``), *attributes* the
    masked text between ``)`` and ``{`` when it is not K&R declarations.

    A name that a macro makes is its whole call, ``NAME(find)``: no identifier, so that nothing is
    mistaken for it.
    """

    name: str
    headers: tuple[Header, ...]
    body: Span
    static: bool
    inline: bool
    old_style: Span | None
    specifiers: str
    attributes: str

    @property
    def header(self) -> Header:
        """The first (usually the only) header."""
        return self.headers[0]

    @property
    def span(self) -> Span:
        """From the first declaration specifier to the closing brace."""
        return Span(self.headers[0].start, self.body.end)


@record()
class Prototype:
    """A function declaration at file scope; *span* runs up to and including ``;`` (or the ``,`` that
    separates it from the next declarator).  *params* covers ``(`` to ``)`` inclusive."""

    name: str
    name_span: Span
    params: Span
    span: Span
    static: bool
    specifiers: str


@record()
class Global:
    """A variable declared at file scope; *initialiser* covers what follows ``=``, or None."""

    name: str
    name_span: Span
    span: Span
    static: bool
    extern: bool
    specifiers: str  # masked text of the declaration before the name: "struct repository *"
    initialiser: Span | None


@record()
class Typedef:
    """A typedef name."""

    name: str
    name_span: Span
    span: Span


@record()
class ScanFinding:
    """Something in the text that the scanner could not take at face value.

    Codes: ``unterminated-comment``, ``unterminated-string``, ``unbalanced-brace``,
    ``unbalanced-conditional``, ``nul-byte``, ``spliced-token`` (a backslash-newline inside a
    token), ``disagreeing-branches`` (``#if`` branches leave different brace depths),
    ``unknown-block`` (a ``{...}`` at file scope that is no function, aggregate or initialiser:
    often a function whose header is a macro; *span* is the block with what stands before it),
    ``macro-body`` (a function header that a macro call follows instead of a body; *span* is the name
    with the parameters), ``macro-parameters`` (``int f PARAMS(a) {``: the macro's arguments stand for
    the parameters; *span* is the macro call), ``parameter-size`` (the size of a parameter names something;
    *span* runs from there to the end of the parameters), ``universal-name``
    (a letter of a name is spelled so), ``digraph`` (the first
    ``%:`` of the file: it is not read as ``#``, the digraphs for brackets are read), ``trigraph`` (the
    first of the file outside of literals and comments, or one that may hide their end).
    """

    code: str
    span: Span
    message: str


@record()
class FileFacts:
    """Everything that scanning one file yields.

    *masked* has the length of the text: comments, directives and the contents of string and
    character literals (the quotes stay) are blanked, line endings stay.  The ``#`` of conditional
    directives stays as a marker.
    """

    path: str
    masked: str
    directives: tuple[Directive, ...]
    includes: tuple[Include, ...]
    macros: tuple[Macro, ...]
    functions: tuple[Function, ...]
    prototypes: tuple[Prototype, ...]
    globals: tuple[Global, ...]
    typedefs: tuple[Typedef, ...]
    findings: tuple[ScanFinding, ...]


@record()
class Call:
    """``name ( ... )`` in a body: *open* is the offset of ``(``, *close* that of its ``)``."""

    name: str
    name_span: Span
    open: int
    close: int


MentionKind = Literal["call", "member", "value"]


@record()
class Mention:
    """One occurrence of an identifier: followed by ``(`` (call), after ``.`` or ``->`` (member), or
    anything else (value)."""

    name: str
    span: Span
    kind: MentionKind
