"""What the rewriter has to do, decided to the last detail: it edits and decides nothing.

All spans are in original text.  These values are richer than the `Plan` that people read and edit;
both are made together.
"""

from dataclasses import dataclass, field
from typing import Literal

from clew.detect.accessors import FetchSite
from clew.link.mentions import Symbol
from clew.link.pasted_callees import PastedCallee
from clew.link.program import Definition
from clew.scan.facts import Call
from clew.text.record import record
from clew.text.span import Span


@record()
class ReplaceFetch:
    """The accessor at *site* becomes *variable*."""

    site: FetchSite
    variable: str


@record()
class PassState:
    """The call *call* in *path* gets *argument* (a variable, or the accessor itself) at *position*."""

    path: str
    call: Call
    argument: str
    position: int
    callee: str


@record()
class Redirect:
    """The call *call* in *path* of a wrapper becomes one of *twin*, with *argument* at *position*.  *home* is
    the header that is going to declare the twin, if it is new or was static."""

    path: str
    call: Call
    twin: str
    argument: str
    position: int
    home: str = ""


@record()
class RemoveLocal:
    """The declaration (or, for a local assigned later, also the assignment) goes away: the parameter of the
    same name takes its place.  *spans* are whole statements, or a declarator with its comma."""

    path: str
    spans: tuple[Span, ...]
    name: str


@record()
class InsertLocal:
    """A declaration ``type name = accessor;`` is put before the statement at *at*."""

    path: str
    at: int
    name: str
    type: str
    accessor: str


@record()
class AddParameter:
    """Every definition and prototype of *symbol* gets ``type name`` at *position*."""

    symbol: Symbol
    name: str
    type: str
    position: int


@record()
class Rename:
    """The function's name at *span* of *path*, in its definition or a prototype, becomes *new*."""

    path: str
    span: Span
    new: str


@record()
class AddTwin:
    """The body of *symbol* goes to *twin*, which gets the parameter; under the old name stays a wrapper.

    *static* tells that only its own file calls the twin.  *accessor* is what the wrapper fetches with,
    into a local unless *inline*.  *wrapper* tells where it stands ("after" the twin or "before" it), that it
    is a "macro", or that the function stays as it is and the twin is a "copy" of it, above.  *declared* are
    the files that get a prototype of the twin, each with the place where it is put: behind the prototype of
    *symbol* that stands there, or else before a function.
    """

    symbol: Symbol
    twin: str
    parameter: AddParameter
    static: bool
    accessor: str
    inline: bool
    wrapper: Literal["after", "before", "macro", "copy"]
    declared: tuple[tuple[str, int], ...]
    specifiers: str  # those of an exported prototype, or "": as the definition has them
    copied: "Decisions | None" = None  # what happens in the twin, where that is a copy
    marks: tuple[str, ...] = ()  # macros that export a function, which do not go with `static`

    @property
    def touched(self) -> frozenset[str]:
        """The files that change."""
        home = {definition.path for definition in self.symbol.definitions}
        prototypes = {mention.path for mention in self.symbol.prototypes if self.wrapper == "macro"}
        return frozenset(home | prototypes | {path for path, _ in self.declared})


@record()
class Renumber:
    """The number at *span* of *path*, which says which parameter *attribute* means, becomes *value*."""

    path: str
    span: Span
    value: int
    attribute: str


@record()
class DropMark:
    """The mark at *span* of *path* goes away: the parameter *name* is used now."""

    path: str
    span: Span
    name: str


@record()
class Define:
    """``#define name`` is put at *at*, the start of the line of the first include of *path*."""

    path: str
    at: int
    name: str


@record()
class DeclareTag:
    """The line *text* (``struct repository;``) is put at *at*, the start of a line in the head of *path*."""

    path: str
    at: int
    text: str


@record()
class Include:
    """``#include "header"`` is put at *at*, the start of a line in the head of *path*; *shows* is what it is
    for, as a remark beside it names it: ``name()``, or a type."""

    path: str
    at: int
    header: str
    shows: str = ""


@record()
class Expose:
    """The static function *definition* is no longer static, nor are its prototypes *static_at* (the places
    of the word); the header *home* declares it at *at*, with *specifiers* ("": those of the definition).

    Where it is *inline*, it moves there as an inline function, and its *prototypes* go away."""

    definition: Definition
    static_at: tuple[Span, ...]
    home: str
    at: int
    specifiers: str
    prototypes: tuple[Span, ...] = ()
    inline: bool = False


@dataclass(slots=True)
class Decisions:
    """Everything to be done for one state."""

    parameters: list[AddParameter] = field(default_factory=list)
    renames: list[Rename] = field(default_factory=list)
    unpasted: list[PastedCallee] = field(
        default_factory=list
    )  # they take the name of their macro, which goes
    twins: list[AddTwin] = field(default_factory=list)
    exposed: list[Expose] = field(default_factory=list)
    fetches: list[ReplaceFetch] = field(default_factory=list)
    calls: list[PassState] = field(default_factory=list)
    redirects: list[Redirect] = field(default_factory=list)
    removed: list[RemoveLocal] = field(default_factory=list)
    inserted: list[InsertLocal] = field(default_factory=list)
    renumbered: list[Renumber] = field(default_factory=list)
    unmarked: list[DropMark] = field(default_factory=list)
    heads: list[DeclareTag | Include | Define] = field(default_factory=list)
