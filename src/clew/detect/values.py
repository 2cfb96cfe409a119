"""Which variables hold the current state at each point of a function.

A forward data-flow analysis over partitions (value numbering: Alpern, Wegman and Zadeck, POPL 1988,
in its simplest form).  The environment maps the ambient state ("@") and every local of the state's
type to a symbolic value; two keys with one value are known to be equal on every path.  A state change
gives "@" another value, so ``save = detach(); ... attach(save);`` makes the old holders valid again
without any special case.

Symbolic values are those of `clew.detect.summary`, ``("arg", i)`` being what parameter *i* brought, and
positive numbers, which mean nothing but "equal to the others with this number".
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from clew.detect.scopes import ScopeIndex
from clew.detect.sequencing import find_unsequenced
from clew.detect.summary import ENTRY, NULL, PRESERVES, Summary, Value, join_summaries
from clew.parse.flow import AddressOp, CallOp, DeclareOp, Flow, Node, Op, Operand, ReadOp, WriteOp
from clew.text.record import record

Key = str | int  # "@", "+" (a hypothetical local), or the index of a local
Environment = dict[Key, Value]


@record()
class Point:
    """What is known just before an operation executes: *environment*, and whether an unsequenced
    neighbour in the same expression may change the state (*scrambled*)."""

    environment: Mapping[Key, Value]
    scrambled: bool = False

    @property
    def at_entry_value(self) -> bool:
        """The current state is the one with which the function was entered."""
        return not self.scrambled and self.environment["@"] == ENTRY

    def holds(self, key: Key) -> bool:
        """Tell whether variable *key* holds the current state here."""
        return (
            not self.scrambled and key in self.environment and self.environment[key] == self.environment["@"]
        )


@record()
class Question:
    """What the analysis needs to know of the program around one function.

    *effect* tells what a call does, or a macro that is written without arguments; *is_fetch* whether a call
    or an identifier yields the current state; *is_state* whether an identifier is the ambient variable itself
    (assignments to it change the state); *tracked* the locals to follow with their value on entry (None:
    unknown); *binds* the flow points at which the hypothetical local "+" takes the current state.
    *is_macro* tells a call of a macro that was left unexpanded, which may evaluate its arguments in any
    order, or not at all.
    """

    effect: Callable[[Op], Summary]
    is_fetch: Callable[[Op], bool]
    is_state: Callable[[str], bool]
    tracked: Mapping[int, Value | None]
    is_macro: Callable[[str], bool] = lambda _name: False
    binds: frozenset[tuple[int, int]] = frozenset()
    volatile: bool = False


@dataclass(slots=True)
class Analysis:
    """The result for one flow: *before* by node and index of operation (points that cannot be reached
    are missing), *exits* with the environment and the returned value at every return."""

    before: dict[tuple[int, int], Point] = field(default_factory=dict)
    exits: list[tuple[Environment, Value]] = field(default_factory=list)

    @property
    def summary(self) -> Summary:
        """What a call of the analysed function does."""
        if not self.exits:
            return PRESERVES  # it never returns, so nothing after it executes
        return join_summaries(Summary(_exported(env["@"]), _exported(value)) for env, value in self.exits)


def _exported(value: Value) -> Value:
    return "?" if isinstance(value, int) else value


def analyse(flow: Flow, question: Question) -> Analysis:
    """Run the analysis to its fixed point; linear in the flow's size times the number of locals tracked."""
    return _Run(flow, question).run(points=True)


def summarise(flow: Flow, question: Question) -> Summary:
    """Return what a call of the function does; quicker than `analyse`, which also looks at every point."""
    return _Run(flow, question).run(points=False).summary


class _Run:
    def __init__(self, flow: Flow, question: Question) -> None:
        self.flow, self.question = flow, question
        self.scopes = ScopeIndex(flow)
        self.keys: list[Key] = ["@", *sorted(question.tracked)]
        if question.binds:
            self.keys.append("+")
        self.fresh = 0
        self.names = frozenset(flow.locals[index].name for index in question.tracked)
        self._known: dict[int, tuple[list[tuple[int, Op | None]], frozenset[int]]] = {}
        self._stepped = False
        self._mattering = self._list_mattering()
        self._busy = self._mattering.keys() | {number for number, _ in question.binds}
        self.scrambled: frozenset[tuple[int, int]] = frozenset()
        if any(self._changes(op) for found in self._mattering.values() for _, op in found):
            self.scrambled = find_unsequenced(flow, self._changes, question.is_macro)
        self.escaped = {
            self.scopes.resolve(op.name, op.origin.span.start)
            for node in flow.nodes
            for op in node.ops
            if isinstance(op, AddressOp) and not op.member
        }

    def run(self, *, points: bool) -> Analysis:
        into: dict[int, Environment] = {0: self._entry()}
        todo, queued = [0], {0}
        while todo:
            number = todo.pop(0)
            queued.discard(number)
            out = into[number]
            if number in self._busy:
                out = self._canonical(self._execute(number, dict(out), {}))
            for successor in self.flow.nodes[number].successors:
                known = into.get(successor)
                if known == out:
                    continue
                merged = out if known is None else self._join(known, out)
                if merged != known:
                    into[successor] = merged
                    if successor not in queued:
                        queued.add(successor)
                        todo.append(successor)
        result = Analysis()
        for number, environment in sorted(into.items()):
            if points or self.flow.nodes[number].ends == "return":
                self._record(number, dict(environment), result, points=points)
        return result

    def _entry(self) -> Environment:
        environment: Environment = {}
        for key in self.keys:
            known = ENTRY if key == "@" else self.question.tracked.get(key) if isinstance(key, int) else None
            environment[key] = self._new() if known is None or key in self.escaped else known
        return self._canonical(environment)

    def _new(self) -> int:
        self.fresh += 1
        return self.fresh + 1_000_000

    def _canonical(self, environment: Environment) -> Environment:
        numbers: dict[Value, int] = {}
        return {
            key: numbers.setdefault(value, len(numbers) + 1) if isinstance(value, int) else value
            for key, value in ((key, environment[key]) for key in self.keys)
        }

    def _join(self, one: Environment, two: Environment) -> Environment:
        pairs: dict[tuple[Value, Value], int] = {}
        joined: Environment = {}
        for key in self.keys:
            a, b = one[key], two[key]
            same = a == b and not isinstance(a, int)
            joined[key] = a if same else pairs.setdefault((a, b), len(pairs) + 1)
        return joined

    def _execute(self, number: int, environment: Environment, results: dict[int, Value]) -> Environment:
        """Take *environment* through the operations of a node that matter."""
        active, doubtful = self._active(number)
        for index, op in active:
            if self.question.volatile:
                environment["@"] = self._new()
            if (number, index) in self.question.binds:
                environment["+"] = environment["@"]
            if op is not None:
                self._step(index, op, environment, results, is_doubtful=index in doubtful)
        return environment

    def _record(self, number: int, environment: Environment, result: Analysis, *, points: bool) -> None:
        """Take *environment* through a node and note what holds before every operation, and at a return."""
        node = self.flow.nodes[number]
        active, doubtful = self._active(number)
        waiting = list(reversed(active))
        results: dict[int, Value] = {}
        if points and number not in self._busy:
            self._record_idle(number, environment, result)
        for index in range(len(node.ops) + 1) if number in self._busy else ():
            matters = bool(waiting) and waiting[-1][0] == index
            if self.question.volatile and index < len(node.ops):
                environment["@"] = self._new()
            if (number, index) in self.question.binds:
                environment["+"] = environment["@"]
            if points:
                known = result.before.get((number, index - 1))
                changed = index == 0 or self._stepped or self.question.volatile
                changed = changed or (number, index) in self.question.binds
                snapshot = dict(environment) if changed or known is None else known.environment
                result.before[number, index] = Point(snapshot, (number, index) in self.scrambled)
            self._stepped = matters
            if matters:
                _, op = waiting.pop()
                if op is not None:
                    self._step(index, op, environment, results, is_doubtful=index in doubtful)
        if node.ends == "return":
            result.exits.append((environment, self._returned(node, environment, results)))

    def _record_idle(self, number: int, environment: Environment, result: Analysis) -> None:
        """Note what holds before every operation of a node in which none matters: the same."""
        plain, scrambled = Point(environment), Point(environment, scrambled=True)
        for index in range(len(self.flow.nodes[number].ops) + 1):
            at = (number, index)
            result.before[at] = scrambled if at in self.scrambled else plain

    def _active(self, number: int) -> tuple[list[tuple[int, Op | None]], frozenset[int]]:
        """Return the operations of a node that can matter (None: only a hypothetical local is bound there),
        and which are arguments of macros, or have no definite order relative to a state change."""
        if number not in self._busy:
            return [], frozenset()
        if number not in self._known:
            found = self._mattering.get(number, [])
            bound = {i for n, i in self.question.binds if n == number} - {i for i, _ in found}
            active = sorted([*found, *((i, None) for i in bound)], key=lambda one: one[0])
            doubtful = {i for n, i in self.scrambled if n == number}
            self._known[number] = (active, self._macro_arguments(self.flow.nodes[number]) | doubtful)
        return self._known[number]

    def _list_mattering(self) -> dict[int, list[tuple[int, Op]]]:
        """Return the operations that can matter, with their index, by node."""
        found: dict[int, list[tuple[int, Op]]] = {}
        idle: set[str] = set()  # names that may be read without consequence: most operations read one
        for number, node in enumerate(self.flow.nodes):
            for index, op in enumerate(node.ops):
                if isinstance(op, ReadOp) and op.name in idle:
                    continue
                if self._matters(op):
                    found.setdefault(number, []).append((index, op))
                elif isinstance(op, ReadOp) and self.question.effect(op).preserves:
                    idle.add(op.name)
        return found

    def _matters(self, op: Op) -> bool:
        if self.question.volatile:
            return True
        if isinstance(op, ReadOp):
            return op.name in self.names or self.question.is_fetch(op) or self._changes(op)
        if isinstance(op, CallOp):
            if self.question.is_fetch(op):
                return True
            summary = self.question.effect(op)
            return not summary.preserves or summary.returns != "?"
        if isinstance(op, DeclareOp):
            return op.local in self.question.tracked
        if isinstance(op, WriteOp):
            known = op.name in self.names or self.question.is_state(op.name)
            return known or self.question.is_macro(op.name)
        return False

    def _returned(self, node: Node, environment: Environment, results: dict[int, Value]) -> Value:
        return "?" if node.returned is None else self._value(node.returned, -1, environment, results)

    def _macro_arguments(self, node: Node) -> frozenset[int]:
        """Return the operations that are arguments of an unexpanded macro."""
        calls = ((i, op) for i, op in enumerate(node.ops) if isinstance(op, CallOp))
        return frozenset(
            j
            for i, op in calls
            if op.first < i and self.question.is_macro(op.callee)
            for j in range(op.first, i)
        )

    def _changes(self, op: Op) -> bool:
        if isinstance(op, WriteOp):
            return self.question.is_state(op.name) and self._local(op.name, op) is None
        if self.question.effect(op).preserves:
            return False
        return not isinstance(op, ReadOp) or self._local(op.name, op) is None

    def _local(self, name: str, op: Op) -> int | None:
        return self._resolve(name, op.origin.span.start)

    def _resolve(self, name: str, at: int) -> int | None:
        """Return the local that *name* means at *at*: a declaration ``extern`` in a block means the state."""
        found = self.scopes.resolve(name, at)
        is_other = found is not None and self.flow.locals[found].kind == "extern"
        return None if is_other and self.question.is_state(name) else found

    def _step(
        self, index: int, op: Op, environment: Environment, results: dict[int, Value], *, is_doubtful: bool
    ) -> None:
        if is_doubtful:
            self._doubt(op, environment)
        elif self.question.is_fetch(op):
            results[index] = environment["@"]
        elif isinstance(op, CallOp):
            self._call(index, op, environment, results)
        elif isinstance(op, ReadOp):
            self._read(index, op, environment, results)
        elif isinstance(op, DeclareOp):
            value = self._new() if op.value is None else self._operand(op.value, op, environment, results)
            self._assign(op.local, value, environment)
        elif isinstance(op, WriteOp) and not op.member:
            value = self._operand(op.value, op, environment, results)
            local = self._local(op.name, op)
            if local is not None:
                self._assign(local, value, environment)
            elif self.question.is_state(op.name):
                environment["@"] = value
            elif self.question.is_macro(op.name):
                self._write_any(environment)
            results[index] = value

    def _write_any(self, environment: Environment) -> None:
        """A macro stands where something is assigned: it may be any local."""
        for key in [key for key in environment if isinstance(key, int)]:
            environment[key] = self._new()

    def _read(self, index: int, op: ReadOp, environment: Environment, results: dict[int, Value]) -> None:
        local = self._local(op.name, op)
        if local is None and self._changes(op):
            environment["@"] = self._new()
        elif local is not None and local in environment and not op.member and not op.arrow:
            results[index] = environment[local]

    def _doubt(self, op: Op, environment: Environment) -> None:
        """Take *environment* through an operation of which it is not known when, or whether, it executes."""
        if self._changes(op):
            environment["@"] = self._new()
        if isinstance(op, WriteOp | DeclareOp) and (local := self._local(op.name, op)) is not None:
            self._assign(local, self._new(), environment)

    def _assign(self, local: int, value: Value, environment: Environment) -> None:
        if local in environment:
            environment[local] = self._new() if local in self.escaped else value

    def _call(
        self,
        index: int,
        op: CallOp,
        environment: Environment,
        results: dict[int, Value],
    ) -> None:
        summary = self.question.effect(op)
        before = environment["@"]

        def value_of(result: Value) -> Value:
            if result == ENTRY:
                return before
            if result == NULL:
                return NULL
            if isinstance(result, tuple) and result[1] < len(op.args):
                return self._operand(op.args[result[1]], op, environment, results)
            return self._new()

        environment["@"], results[index] = value_of(summary.after), value_of(summary.returns)

    def _operand(self, operand: Operand, op: Op, env: Environment, results: dict[int, Value]) -> Value:
        return self._value(operand, op.origin.span.start, env, results)

    def _value(self, operand: Operand, at: int, env: Environment, results: dict[int, Value]) -> Value:
        if operand.kind == "result":
            return results.get(operand.result, self._new())
        if operand.kind == "name":
            local = self._resolve(operand.name, at) if at >= 0 else self._last(operand.name)
            if local is not None:
                return env[local] if local in env and local not in self.escaped else self._new()
            if self.question.is_state(operand.name):
                return env["@"]
        return self._new()

    def _last(self, name: str) -> int | None:
        found = [i for i, local in enumerate(self.flow.locals) if local.name == name]
        return found[0] if len(found) == 1 else None
