"""What parsing one function yields: its control flow in a few plain operations.

A `Flow` describes one *variant* of a function (one choice among its ``#if`` branches).  Every
operation knows where in the original text it comes from; operations made by a macro's expansion
carry the chain of macros.  Operations of one full expression share ``expr``; within it they stand in
post-order, so that a call's arguments precede it: the operations of its arguments (and of its
callee) are those with index ``first <= i < own index`` in the same node.
"""

from collections.abc import Container, Iterable
from typing import Literal

from clew.text.record import record
from clew.text.span import Span


@record()
class Origin:
    """Where an operation comes from.

    *span* lies in the function's own file: the tokens themselves, or the outermost macro invocation
    when *macros* is not empty.  *macros* names the expansions from the outermost to the innermost;
    *body_span* then is the place in the file *body_path* (the innermost macro's body, or again the
    function's own file for a token that came in through a macro argument, in which case *span* is
    that token and *in_argument* is true).
    """

    span: Span
    macros: tuple[str, ...] = ()
    in_argument: bool = False
    body_path: str = ""
    body_span: Span | None = None


@record()
class Operand:
    """A value: a plain identifier (casts and parentheses dropped), the result of the operation with
    index *result* in the same node, the address of an identifier, or opaque."""

    kind: Literal["name", "result", "address", "opaque"]
    name: str = ""
    result: int = -1


@record()
class Op:
    """Common to all operations; *expr* numbers the full expression within the flow."""

    origin: Origin
    expr: int


@record()
class CallOp(Op):
    """A call; *callee* is "" when it goes through an expression (pointer, member); then *target* tells
    the text of the callee.  A macro that was left unexpanded is a call (or a `ReadOp`) as well.
    *open* and *close* are the offsets of its parentheses in the own file (or -1 when macro-made);
    *argument_spans* are the arguments' spans in the own file."""

    callee: str
    target: str
    args: tuple[Operand, ...]
    first: int
    open: int
    close: int
    argument_spans: tuple[Span, ...]


@record()
class ReadOp(Op):
    """An identifier is read; *member* is the name in ``x.member`` and *arrow* that in ``x->member``
    when the identifier is the direct operand of such an access."""

    name: str
    member: str = ""
    arrow: str = ""


@record()
class WriteOp(Op):
    """An identifier is assigned: ``name = value`` (*value*), or ``+=``, ``++`` (opaque value).
    *member* is set when only a part is written: ``name.member = ...`` or ``name[i] = ...``
    (*member* is then "[]")."""

    name: str
    value: Operand
    member: str = ""


@record()
class AddressOp(Op):
    """``&name`` (also of an array or a member of it)."""

    name: str
    member: str = ""


@record()
class DeclareOp(Op):
    """A local is declared; executed where it stands.  *value* is its initialiser (None: none; aggregate
    initialisers are opaque).  *type* is the masked text of its type (``PyThreadState *``)."""

    name: str
    type: str
    value: Operand | None
    local: int  # index into Flow.locals


@record()
class Local:
    """A block-scope declaration (or a parameter): *scope* is where the name is visible (from the end
    of its declarator to the end of its block); *statement* is the whole declaration with its ``;``
    (for a parameter: the parameter declaration); *sole* tells that it is the only declarator in it;
    *initialiser* the span after ``=``."""

    name: str
    type: str
    kind: Literal["parameter", "auto", "static", "extern", "typedef", "enumerator", "function"]
    name_span: Span
    statement: Span
    sole: bool
    initialiser: Span | None
    scope: Span
    in_macro: bool


@record()
class Statement:
    """A statement that stands directly in a compound statement, or is the body of ``if``/``for``/...

    *span* covers it whole.  *node*, *index*: the flow point just before it executes (node number and
    operation index in it).  *block* is the index into `Flow.blocks` of the compound statement it
    stands directly in, or -1 when it is an unbraced body.  *kind* is "declaration", "expression",
    "return", "if", "while", "do", "for", "switch", "case" (a ``case``/``default`` label with its
    statement), "label", "goto", "break", "continue", "compound", "empty".
    """

    kind: str
    span: Span
    node: int
    index: int
    block: int
    in_macro: bool


@record()
class Block:
    """A compound statement: *span* from ``{`` to ``}``; *parent* is the index of the enclosing block or
    -1; *statements* index `Flow.statements` in order; *in_loop* when some enclosing statement within
    the function repeats it."""

    span: Span
    parent: int
    statements: tuple[int, ...]
    in_loop: bool
    in_macro: bool


@record()
class Node:
    """A basic block: operations in order, then one of *successors* (empty: the function ends).
    *ends* tells how an ending node ends: by ``return`` (or falling off the end), or by a call that
    does not return."""

    ops: tuple[Op, ...]
    successors: tuple[int, ...]
    ends: Literal["", "return", "noreturn"]
    returned: Operand | None = None


@record()
class Flow:
    """One variant of one function.  Node 0 is the entry.  *live* are the spans of the function's text
    that this variant compiles.

    *steps* are operations (node, index), in the order of lowering, of expressions in which an operand that C
    does not order among others has sequence points of its own.  Each has its *path*: for every such operand
    around, outermost first, its number and how many of its sequence points came before.  Of two operations
    that differ first in such a count, the smaller comes first; and a call comes after what was lowered before
    it with a longer path, since that belongs to its operands.
    """

    nodes: tuple[Node, ...]
    locals: tuple[Local, ...]
    statements: tuple[Statement, ...]
    blocks: tuple[Block, ...]
    live: tuple[Span, ...]
    steps: tuple[tuple[tuple[int, int], tuple[int, ...]], ...] = ()

    def reached(self, start: Iterable[int], closed: Container[int] = ()) -> set[int]:
        """Return the nodes that are reached from *start*, these included, without passing *closed*."""
        seen, todo = set[int](), [node for node in start if node not in closed]
        while todo:
            node = todo.pop()
            if node not in seen:
                seen.add(node)
                todo += [n for n in self.nodes[node].successors if n not in closed]
        return seen


Method = Literal["leave", "all", "none", "failed"]


@record()
class ParsedVariant:
    """One variant and how it was obtained: macros that are expressions left alone ("leave"), all
    expanded ("all"), none expanded ("none"), or not at all ("failed": *flow* is None and *problem*
    says why, with the offset)."""

    method: Method
    flow: Flow | None
    problem: str = ""
    problem_at: int = -1


@record()
class ParsedFunction:
    """All variants of a function; together they cover every ``#if`` branch (*complete*), or not."""

    variants: tuple[ParsedVariant, ...]
    complete: bool

    @property
    def parsed(self) -> bool:
        """Every variant was parsed and every branch is covered."""
        return self.complete and all(v.flow is not None for v in self.variants)


def not_parsed(problem: str, at: int) -> ParsedFunction:
    """Return what stands for a function that cannot be followed, with the reason and its offset."""
    return ParsedFunction((ParsedVariant("failed", None, problem, at),), complete=False)
