"""Lowering: from the AST of one function and its tokens to its `Flow`.

What comes in is a function as pycparser read it, and the list of tokens that it read (index + 1 is the
line of a coordinate).  What goes out is the control flow graph of `clew.parse.flow`, in the order in
which C evaluates:

- ``&&``, ``||``, ``?:`` and the comma are sequence points: what follows one has a higher number
  `Op.expr`, and lies in another node where it may be skipped.  Operands that C does not order among
  each other (of ``+``, of a call, of an initialiser list...) share one number, with all that is inside
  them.  So operations with different numbers happen in the order of the flow, and of those with the
  same number one is known to precede the other only when it is (part of) an operand of it.
- The operands of a call are the operations ``first <= i < own index``.  When one of them branches
  (``f(a, b && c)``), the call lies in the node in which the branches meet again: *first* is then 0, the
  operands of the call that lie in earlier nodes are not counted, and results made there are opaque.
- A call's origin covers it from its callee to ``)``; that of every other operation is the identifier.
- ``while (1)``, ``do ... while (0)``, ``if (0)``: a condition that is an integer literal has one outcome.
- A statement's flow point is where code written in front of it would run.  For a label that is the way
  by which one falls through to it, in a node of its own when there is none.
- Code that nothing reaches is lowered all the same, in nodes without predecessors.
- Alignments and the first operand of ``_Generic`` evaluate nothing; ``sizeof``, ``typeof`` and ``offsetof``
  evaluate sizes of arrays and subscripts, perhaps, and nothing else.

The parts: `lower_graph` (nodes and labels), `lower_places` (tokens), `lower_names` (scopes),
`lower_state` (what ties them together), `lower_expression` and `lower_statement` (one function per kind
of node, in tables).
"""

from collections.abc import Sequence

from clew.parse.flow import Flow
from clew.parse.inject import Node, deep_recursion
from clew.parse.lower_block import lower_compound
from clew.parse.lower_call import STANDARD_NORETURN
from clew.parse.lower_condition import lower_condition
from clew.parse.lower_expression import EXPRESSIONS
from clew.parse.lower_parameter import declare_parameters
from clew.parse.lower_places import Places, index
from clew.parse.lower_state import Lowering, Tables
from clew.parse.lower_statement import STATEMENTS, lower_expression_statement
from clew.parse.lower_switch import resolve_jumps
from clew.parse.tokens import Token
from clew.text.span import Span

_TABLES = Tables(EXPRESSIONS, STATEMENTS, lower_condition, lower_compound, lower_expression_statement)


def lower(
    ast: Node,
    tokens: Sequence[Token],
    path: str,
    live: tuple[Span, ...],
    noreturn: frozenset[str],
) -> Flow:
    """Return the flow of the function *ast*, read from *tokens* of the file *path*.

    *noreturn* names functions that do not return, besides those of the C library.  Raise
    `LoweringLimit` when it is nested too deeply, and `LoweringError` when its flow cannot be told.
    """
    lowering = Lowering(Places(tokens, path), _TABLES, noreturn | STANDARD_NORETURN)
    with deep_recursion():
        _lower_function(lowering, ast)
    resolve_jumps(lowering)
    return Flow(
        nodes=lowering.graph.freeze(),
        locals=lowering.names.freeze(),
        statements=lowering.freeze_statements(),
        blocks=lowering.freeze_blocks(),
        live=live,
        steps=lowering.freeze_steps(),
    )


def _lower_function(lowering: Lowering, ast: Node) -> None:
    body, places = index(ast.body), lowering.places
    lowering.names.open_scope()
    declare_parameters(lowering, ast, body)
    end = lower_compound(lowering, ast.body, body)
    lowering.names.close_scope(places.span(end - 1, end).end)
    if lowering.graph.current >= 0:
        lowering.graph.end("return")
