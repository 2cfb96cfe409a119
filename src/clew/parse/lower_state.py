"""What the lowering of one function knows and collects on its way through the AST.

`Lowering` ties the parts together: the graph, the places of tokens, the names in scope, the statements
and blocks.  It also dispatches: the functions that lower one kind of node live in the other
``lower_...`` modules, call ``lowering.value(...)`` or ``lowering.statement(...)`` for what is inside,
and so need not know each other.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from clew.parse.flow import Block, CallOp, Op, Operand, Statement
from clew.parse.inject import Node, c_ast
from clew.parse.lower_error import LoweringLimit
from clew.parse.lower_graph import Graph, Label
from clew.parse.lower_names import Names
from clew.parse.lower_places import Places, index
from clew.text.record import record

MAX_DEPTH = 2_000
"""Nested statements and expressions; one level takes up to five Python frames."""

OPAQUE = Operand("opaque")

LowerValue = Callable[["Lowering", Node], Operand]
LowerStatement = Callable[["Lowering", Node, int, int], int]


@record()
class Tables:
    """Which function lowers which kind of node.

    An expression of a kind that is not in *values* is refused; *expression_statement* lowers a statement
    of a kind that is not in *statements*.  *condition* lowers an expression that is only asked for true
    or false, *compound* what stands between two braces.
    """

    values: Mapping[type, LowerValue]
    statements: Mapping[type, LowerStatement]
    condition: Callable[["Lowering", Node, Label, Label], None]
    compound: Callable[["Lowering", Node, int], int]
    expression_statement: LowerStatement


@dataclass(slots=True)
class SwitchFrame:
    """A ``switch`` being lowered: its *dispatch* node, and whether a ``default`` was seen."""

    dispatch: int
    has_default: bool = False


@dataclass(slots=True)
class Jumps:
    """Where jumps lead.  Labels are resolved at the end: a ``goto`` may precede its label, and a block
    may redeclare one (``__label__``), so that a name stands for a list of nodes."""

    breaks: list[Label] = field(default_factory=list)
    continues: list[Label] = field(default_factory=list)
    switches: list[SwitchFrame] = field(default_factory=list)
    labels: dict[str, list[int]] = field(default_factory=dict)
    gotos: list[tuple[int, str, int]] = field(default_factory=list)  # node, label, token
    computed: list[tuple[int, int]] = field(default_factory=list)  # node, token
    addressed: dict[str, int] = field(default_factory=dict)  # label -> token of its first &&label


@dataclass(slots=True)
class StatementDraft:
    """A statement whose end is not known yet (*end* is the index after its last token)."""

    kind: str
    start: int
    node: int
    index: int
    block: int
    end: int = -1


@dataclass(slots=True)
class BlockDraft:
    """A compound statement being lowered; *start* and *end* index its braces."""

    start: int
    end: int
    parent: int
    in_loop: bool
    statements: list[int] = field(default_factory=list)


class Lowering:
    """The state of one function's lowering."""

    def __init__(self, places: Places, tables: Tables, noreturn: frozenset[str]) -> None:
        self.places, self.tables, self.noreturn = places, tables, noreturn
        self.graph = Graph()
        self.names = Names(places)
        self.jumps = Jumps()
        self.statements: list[StatementDraft] = []
        self.blocks: list[BlockDraft] = []
        self.block = -1  # the innermost compound statement around, whether braced directly or not
        self.loops = 0
        self.expr = 0
        self.sizes_vary = False  # whether an array declared so far has a size that is no literal
        self._depth = 0
        self._operands = 0
        self._path: list[int] = []  # of the operands around, and how many sequence points each has passed
        self._paths: list[tuple[int, tuple[int, int], tuple[int, ...]]] = []
        self._divided: set[int] = set()  # expressions with sequence points in operands

    # ---- dispatch ----------------------------------------------------------------------------------

    def value(self, node: Node) -> Operand:
        """Lower an expression for its value.  An operand "result" is one of the current node."""
        lower = self.tables.values.get(type(node))
        if lower is None:
            raise self.places.error(f"cannot lower {type(node).__name__} as an expression", index(node))
        # As `descend` and `ascend`: this is called for every node of every expression.
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._limit(node)
        operand = lower(self, node)
        self._depth -= 1
        return operand

    def condition(self, node: Node, when_true: Label, when_false: Label) -> None:
        """Lower an expression that only decides between two labels."""
        self.descend(node)
        self.tables.condition(self, node, when_true, when_false)
        self.ascend()

    def statement(self, node: Node, at: int, block: int) -> int:
        """Lower the statement whose first token is *at*; return the index after its last token.

        *block* is the compound statement that it stands directly in, or -1.
        """
        self.descend(node)
        lower = self.tables.statements.get(type(node), self.tables.expression_statement)
        after = lower(self, node, at, block)
        self.ascend()
        return after

    def descend(self, node: Node) -> None:
        """Go one level deeper, into *node*; raise `LoweringLimit` when that is too deep."""
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise self._limit(node)

    def ascend(self) -> None:
        """Come back from `descend`."""
        self._depth -= 1

    def _limit(self, node: Node) -> LoweringLimit:
        offset = self.places.offset(max(index(node), 0))
        return LoweringLimit(f"nested more than {MAX_DEPTH} levels deep", self.places.path, offset)

    # ---- operations --------------------------------------------------------------------------------

    def add(self, op: Op) -> int:
        """Add an operation and return its index in the current node."""
        added = self.graph.add(op)
        if self._path or isinstance(op, CallOp):
            self._paths.append((self.expr, (self.graph.current, added), tuple(self._path)))
        return added

    def freeze_steps(self) -> tuple[tuple[tuple[int, int], tuple[int, ...]], ...]:
        """Return the paths of operations in expressions in which they tell more than the numbers."""
        return tuple((at, path) for expr, at, path in self._paths if expr in self._divided)

    def sequence_point(self) -> None:
        """What follows happens after what came before: it gets a new expression number.

        Not so inside operands that C does not order: in ``f(x, a && b)`` the ``b`` comes after the
        ``a``, but either may be evaluated before ``x``; so they all keep one number, and their paths tell.
        """
        if not self._path:
            self.expr += 1
        else:
            self._path[-1] += 1
            self._divided.add(self.expr)

    def values(self, nodes: Sequence[Node], more: int = 0) -> list[Operand]:
        """Lower operands that C does not order among each other (nor with *more* others).

        The operands belong to the node that is current afterwards: one that is the result of a call
        made in another node has become opaque.
        """
        if len(nodes) + more < 2:
            return [self.value(node) for node in nodes]
        unordered = more + sum(map(has_effects, nodes)) > 1
        made = []
        for node in nodes:
            if unordered:
                self._operands += 1
                self._path += [self._operands, 0]
            made.append((self.value(node), self.graph.current))
            if unordered:
                del self._path[-2:]
        here = self.graph.current
        return [OPAQUE if op.kind == "result" and node != here else op for op, node in made]

    # ---- statements and blocks ---------------------------------------------------------------------

    def begin(self, kind: str, at: int, block: int) -> StatementDraft:
        """Note that a statement begins at token *at*, before whatever it executes."""
        node, op_index = self.graph.point()
        draft = StatementDraft(kind, at, node, op_index, block)
        if block >= 0:
            self.blocks[block].statements.append(len(self.statements))
        self.statements.append(draft)
        return draft

    def freeze_statements(self) -> tuple[Statement, ...]:
        """Return the finished statements, in the order of their beginnings."""
        places = self.places
        return tuple(
            Statement(
                d.kind,
                places.span(d.start, d.end),
                d.node,
                d.index,
                d.block,
                places.in_macro(d.start, d.end),
            )
            for d in self.statements
        )

    def freeze_blocks(self) -> tuple[Block, ...]:
        """Return the finished blocks, in the order of their opening braces."""
        places = self.places
        return tuple(
            Block(
                places.span(d.start, d.end + 1),
                d.parent,
                tuple(d.statements),
                d.in_loop,
                places.in_macro(d.start, d.end + 1),
            )
            for d in self.blocks
        )


def has_effects(node: Node) -> bool:
    """Tell whether lowering *node* adds operations: order matters to no constant and no ``sizeof``, unless
    something in that may be evaluated."""
    if isinstance(node, c_ast.UnaryOp):
        return not is_unevaluated(node) or any(isinstance(one, _SIZED) for one in nodes_in(node.expr))
    return not isinstance(node, (c_ast.Constant, c_ast.Typename, c_ast.EmptyStatement))


def is_unevaluated(node: c_ast.UnaryOp) -> bool:
    """Tell whether *node* is ``sizeof`` or an alignment, whose operand is not evaluated, as a rule."""
    return node.op in {"sizeof", "_Alignof", "alignof", "__alignof__", "__alignof", "_Countof"}


_SIZED = (c_ast.ArrayDecl, c_ast.FuncCall, c_ast.Assignment)


def nodes_in(node: Node) -> Iterator[Node]:
    """Yield *node* and all nodes in it."""
    todo = [node]
    while todo:
        one = todo.pop()
        yield one
        todo += [child for _, child in one.children()]
