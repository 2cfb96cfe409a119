"""One function's body as the planner sees it: every use of the state with what holds there.

A *use* is an executed operation that fetches, calls a function of interest, or uses a macro of
interest.  Its key says where it stands in the sources: in the function itself, or in the body of a
macro that was expanded.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property

from clew.config.settings import State
from clew.detect.effects import Effects
from clew.detect.scopes import ScopeIndex
from clew.detect.summary import Value
from clew.detect.tracking import state_locals
from clew.detect.values import Analysis, Point, Question, analyse
from clew.link.program import Definition
from clew.parse.flow import (
    AddressOp,
    CallOp,
    Flow,
    Op,
    Operand,
    ParsedFunction,
    ReadOp,
    WriteOp,
)
from clew.text.record import record

SiteKey = tuple[str, int]  # path and offset of the accessor, the callee's name, or the macro's name


@record()
class Use:
    """One operation of one variant; *key* is where it is written, *at* the place in the function itself
    that decides which locals are in scope, *spoiled* a call whose own arguments may change the state."""

    key: SiteKey
    name: str
    variant: int
    node: int
    index: int
    op: Op
    point: Point
    at: int
    spoiled: bool


@record()
class Variant:
    """A flow with its analysis."""

    flow: Flow
    analysis: Analysis
    scopes: ScopeIndex


class Body:
    """A parsed function and the analysis of its variants.

    *holders* names the positions of parameters that are known to bring the current state.
    """

    def __init__(
        self,
        definition: Definition,
        parsed: ParsedFunction,
        effects: Effects,
        state: State,
        masked: str,
        holders: frozenset[int] = frozenset(),
    ) -> None:
        self.definition, self.parsed, self.holders = definition, parsed, holders
        self.masked = masked  # of the whole file
        self._effects, self._state = effects, state

    @cached_property
    def variants(self) -> tuple[Variant, ...]:
        """The variants that were parsed."""
        flows = [variant.flow for variant in self.parsed.variants if variant.flow is not None]
        return tuple(Variant(flow, analyse(flow, self.question(flow)), ScopeIndex(flow)) for flow in flows)

    def question(self, flow: Flow, binds: frozenset[tuple[int, int]] = frozenset()) -> Question:
        """Return the data-flow question for this body."""
        path = self.definition.path
        return Question(
            effect=lambda op: self._effects.effect(path, op),
            is_fetch=self._effects.is_fetch,
            is_state=self._effects.is_state,
            tracked=self._tracked(flow),
            is_macro=self._effects.program.macros_by_name.__contains__,
            binds=binds,
            volatile=self._effects.escape is not None,
        )

    def _tracked(self, flow: Flow) -> Mapping[int, Value | None]:
        found = state_locals(flow, self._state, self._effects.savers)
        return {i: "entry" if self._is_holder(value) else value for i, value in found.items()}

    def _is_holder(self, value: Value | None) -> bool:
        return isinstance(value, tuple) and value[1] in self.holders

    def uses(self, is_interesting: Callable[[Op], str | None]) -> Iterator[Use]:
        """Yield the uses whose operation *is_interesting* names; unreachable ones are left out."""
        for number, variant in enumerate(self.variants):
            for node, block in enumerate(variant.flow.nodes):
                for index, op in enumerate(block.ops):
                    name = is_interesting(op)
                    use = None if name is None else self._use(name, number, node, index)
                    if use is not None:
                        yield use

    def calls_of(self, callee: str) -> Iterator[Use]:
        """Yield the uses that are calls of *callee*, quicker than `uses`."""
        for place in self._calls_by_name.get(callee, ()):
            use = self._use(callee, *place)
            if use is not None:
                yield use

    @cached_property
    def _calls_by_name(self) -> dict[str, list[tuple[int, int, int]]]:
        """Variant, node and index of the calls by the name of the callee."""
        found: dict[str, list[tuple[int, int, int]]] = {}
        for number, variant in enumerate(self.variants):
            for node, block in enumerate(variant.flow.nodes):
                for index, op in enumerate(block.ops):
                    if isinstance(op, CallOp):
                        found.setdefault(op.callee, []).append((number, node, index))
        return found

    def _use(self, name: str, number: int, node: int, index: int) -> Use | None:
        """Return the use that an operation of variant *number* is; None where it is none."""
        variant = self.variants[number]
        ops = variant.flow.nodes[node].ops
        op, point = ops[index], variant.analysis.before.get((node, index))
        if point is None or self._is_local(variant, op):
            return None
        if isinstance(op, ReadOp) and self._effects.is_state(op.name) and _is_written(ops, op):
            return None  # `++` and `+=` need the variable itself
        spoiled = isinstance(op, CallOp) and self._is_spoiled(ops, index, op)
        key = site_key(self.definition.path, op)
        return Use(key, name, number, node, index, op, point, op.origin.span.start, spoiled)

    def _is_local(self, variant: Variant, op: Op) -> bool:
        name = op.name if isinstance(op, ReadOp | WriteOp | AddressOp) else ""
        found = variant.scopes.resolve(name, op.origin.span.start) if name else None
        return found is not None and not (
            variant.flow.locals[found].kind == "extern" and self._effects.is_state(name)
        )

    def _is_spoiled(self, ops: tuple[Op, ...], index: int, op: CallOp) -> bool:
        return any(self._effects.changes(self.definition.path, other) for other in ops[op.first : index])

    def operand_value(self, use: Use, operand: Operand) -> Value | None:
        """Return the symbolic value of *operand* of the call *use*; None when it is not followed."""
        variant = self.variants[use.variant]
        if operand.kind == "name":
            local = variant.scopes.resolve(operand.name, use.at)
            if local is not None:
                return use.point.environment.get(local)
            return use.point.environment["@"] if self._effects.is_state(operand.name) else None
        if operand.kind == "result":
            made = variant.flow.nodes[use.node].ops[operand.result]
            return use.point.environment["@"] if self._effects.is_fetch(made) else None
        return None

    def is_call_at(self, offset: int, callee: str) -> bool:
        """Tell whether an operation written at *offset* of the function's own text calls *callee*."""
        calls = (
            self.variants[number].flow.nodes[node].ops[index]
            for number, node, index in self._calls_by_name.get(callee, ())
        )
        return any(op.origin.span.start == offset and _is_own(op) for op in calls)

    def ops_at(self, offset: int) -> Iterator[Op]:
        """Yield the operations written at *offset* of the function's own text."""
        yield from self._ops_by_offset.get(offset, ())

    @cached_property
    def _ops_by_offset(self) -> dict[int, list[Op]]:
        found: dict[int, list[Op]] = {}
        for variant in self.variants:
            for block in variant.flow.nodes:
                for op in block.ops:
                    if _is_own(op):
                        found.setdefault(op.origin.span.start, []).append(op)
        return found

    def names_local(self, name: str, offset: int) -> bool:
        """Tell whether *name* means a local or a parameter at *offset*."""
        return any(variant.scopes.resolve(name, offset) is not None for variant in self.variants)


def _is_own(op: Op) -> bool:
    """Tell whether *op* is written in the function itself, and not in the body of a macro."""
    return not op.origin.macros or op.origin.in_argument


def _is_written(ops: tuple[Op, ...], read: ReadOp) -> bool:
    return any(
        isinstance(op, WriteOp) and not op.member and op.name == read.name and op.origin == read.origin
        for op in ops
    )


def site_key(path: str, op: Op) -> SiteKey:
    """Return where *op* is written."""
    origin = op.origin
    if origin.macros and not origin.in_argument and origin.body_span is not None:
        return (origin.body_path, origin.body_span.start)
    return (path, origin.span.start)
