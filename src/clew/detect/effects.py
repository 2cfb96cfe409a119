"""What calling a function or a macro does to the ambient state.

Summaries are computed bottom-up from the primitive changers of the settings and, for a global
variable, from the assignments in the sources.  Every function starts as "preserves"; one whose body may
reach a change is analysed, and when its summary gets worse its callers are looked at again: a greatest
fixed point, so recursion needs no special case.  A function that cannot be parsed and reaches a change
has the summary "unknown".
"""

from collections import deque
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from functools import cached_property

from clew.config.settings import State
from clew.detect.accessors import accessor_kind, accessor_name, accessor_tokens
from clew.detect.alternatives import find_hidden
from clew.detect.callbacks import Callbacks
from clew.detect.passed_calls import read_aliases
from clew.detect.pointers import calls_member, calls_pointer, find_escape, find_hidden_write
from clew.detect.seeds import RETURNING_TWICE, find_direct, summary_of, with_other_names
from clew.detect.summary import ENTRY, PRESERVES, UNKNOWN, Summary, join_summaries
from clew.detect.tracking import state_locals
from clew.detect.unread import UnreadTexts
from clew.detect.values import Question, summarise
from clew.link.downstream import Downstream
from clew.link.graph import CallGraph, Node
from clew.link.program import WORD, Definition, MacroDefinition, Program
from clew.parse.flow import CallOp, Flow, Op, ParsedFunction, ReadOp, WriteOp
from clew.parse.rewriting import ASM

Parse = Callable[[Definition], ParsedFunction]
Expect = Callable[[Iterable[Definition]], None]

INDIRECT: Node = ("m", -1)  # stands for every call through a pointer


class Effects:
    """Summaries of all functions and macros for one state; ask with `of_call`."""

    def __init__(self, graph: CallGraph, state: State, parse: Parse, expect: Expect) -> None:
        self.graph, self.state, self.parse, self._expect = graph, state, parse, expect
        self.program: Program = graph.program
        self._changers = {changer.name: summary_of(changer) for changer in state.changers}
        self.savers = frozenset(name for name, summary in self._changers.items() if summary.returns == ENTRY)
        self._preserving = frozenset(state.preserves)
        calls = (a.spelling for a in state.accessors if accessor_kind(a) == "call")
        self.fetch_calls = {accessor_name(s): len(accessor_tokens(s)) > 3 for s in calls}
        self.variables = frozenset(a.spelling for a in state.accessors if accessor_kind(a) == "variable")
        self.objects = frozenset(a.spelling for a in state.accessors if accessor_kind(a) == "object")
        self.accessor_names = self.fetch_calls.keys() | self.variables | self.objects
        self.summaries: dict[Node, Summary] = {}
        self._changed: dict[Node, int] = {}  # when a summary first got worse
        self.address_taken: frozenset[str] = frozenset()
        self._followed: dict[int, tuple[CallOp, bool]] = {}  # by identity: asked often, costly to hash
        self._known_targets: dict[tuple[str, str], tuple[Node, ...]] = {}
        self._direct: frozenset[Node] = frozenset()  # in whose text a changer is called or the state assigned
        self._seeds: frozenset[Node] = frozenset()  # these, and the macros that expand to them
        self._pointer_macros: dict[int, bool] = {}
        self._changing_names: set[str] = set()  # of macros
        self.callbacks = Callbacks(self.program)

    @cached_property
    def aliases(self) -> Mapping[str, set[str]]:
        """The functions that have other names, by these."""
        return read_aliases(self.program)

    @cached_property
    def _assignable(self) -> tuple[str, ...]:
        """All names by which the state's variable may be assigned."""
        return tuple(with_other_names(self.program, sorted(self.variables)))

    @cached_property
    def _unread(self) -> UnreadTexts:
        return UnreadTexts(self.graph, self._preserving, self._assignable)

    def may_be_made(self, name: str) -> bool:
        """Tell whether text that nobody reads as a function may define the function *name*."""
        return name in self._unread.names

    def is_fetch(self, op: Op) -> bool:
        """Tell whether executing *op* yields the current state."""
        if isinstance(op, CallOp):
            return op.callee in self.fetch_calls
        return isinstance(op, ReadOp) and op.name in self.variables

    def is_state(self, name: str) -> bool:
        """Tell whether *name* is the ambient variable itself."""
        return name in self.variables

    def effect(self, path: str, op: Op) -> Summary:
        """Return what executing *op* in *path* does, unless it assigns the state itself."""
        if isinstance(op, CallOp):
            return self.of_call(path, op)
        if isinstance(op, ReadOp) and op.name in self._changing_names:
            found = [node for node in self.graph.named(path, op.name) if node[0] == "m"]
            return join_summaries(self._of(node) for node in found) if found else PRESERVES
        return PRESERVES

    def of_call(self, path: str, op: CallOp) -> Summary:
        """Return what the call *op* in *path* does."""
        if not op.callee:
            return self._of_value(path, op.target)
        if op.callee in self._changers:
            return self._changers[op.callee]
        if op.callee in self._preserving or op.callee in self.fetch_calls:
            return PRESERVES
        nodes = self._targets(path, op.callee)
        if self._is_obscure(path, op, nodes):
            return UNKNOWN
        if self.state.indirect != "preserves" and not any(node[0] == "f" for node in nodes):
            nodes = (*nodes, INDIRECT) if self._may_call_back(path, op) else nodes
        if self.summaries.keys().isdisjoint(nodes):
            return PRESERVES  # of most calls
        return join_summaries(self._of(node) for node in nodes)

    def _of_value(self, path: str, target: str) -> Summary:
        """Return what a call of the value *target* does: it is one of the functions named in it."""
        named = [name for name in WORD.findall(target) if name in self._changers]
        nodes = [node for name in WORD.findall(target) for node in self.graph.named(path, name)]
        found = [self._changers[name] for name in named] + [self._of(node) for node in nodes]
        if self.state.indirect != "preserves":
            found.append(self._of(INDIRECT))
        return join_summaries(found) if found else PRESERVES

    def _is_obscure(self, path: str, op: CallOp, nodes: tuple[Node, ...]) -> bool:
        """Tell whether the call *op* of *nodes* does what nobody knows."""
        if op.callee in RETURNING_TWICE and (self._changers or self.variables):
            return True
        if op.callee in self._unread.made and not any(kind == "f" for kind, _ in nodes):
            return True
        if not nodes and self.state.external == "unknown":
            return True
        if op.callee in self.aliases and not self.aliases[op.callee].isdisjoint(self._changers):
            return True
        return op.callee == ASM and self._unread.is_around(path, op.origin)

    def _may_call_back(self, path: str, op: CallOp) -> bool:
        """Tell whether code outside the tree that *op* calls may call a function of the tree."""
        if self._of(INDIRECT).preserves:
            return False
        known = self._followed.get(id(op))
        if known is None:
            known = self._followed[id(op)] = (op, self.callbacks.may_follow(path, op))
        return known[1]

    def _targets(self, path: str, callee: str) -> tuple[Node, ...]:
        """Return what a call by the name *callee* in *path* may reach: through a variable, any pointer's
        target."""
        key = (path, callee)
        if key not in self._known_targets:
            self._known_targets[key] = self._find_targets(path, callee)
        return self._known_targets[key]

    def _find_targets(self, path: str, callee: str) -> tuple[Node, ...]:
        names = (callee, *sorted(self.aliases.get(callee, ())))
        nodes = tuple(dict.fromkeys(node for name in names for node in self.graph.named(path, name)))
        declared = self.program.variable_paths.get(callee, set())
        is_seen = bool(declared) and not declared.isdisjoint(self.program.includes.seen_with(path))
        if not nodes and self.state.indirect != "preserves":
            is_seen = is_seen or self.callbacks.is_made_by_macro(callee)
        return (*nodes, INDIRECT) if is_seen else nodes

    @cached_property
    def escape(self) -> tuple[str, int] | None:
        """Where the address of the state's variable is taken, so that it may change at any time."""
        for name in sorted(self.variables):
            for index in self.graph.passing(name)[:1]:  # a macro builds its name
                definition = self.program.definitions[index]
                return definition.path, definition.function.body.start
        return find_escape(self.program, self.variables) or find_hidden_write(self.program, self.variables)

    def _of(self, node: Node) -> Summary:
        return self.summaries.get(node, PRESERVES)

    def question(self, definition: Definition, flow: Flow) -> Question:
        """Return the question whose answer is *definition*'s summary."""
        return Question(
            effect=lambda op: self.effect(definition.path, op),
            is_fetch=self.is_fetch,
            is_state=self.is_state,
            tracked=state_locals(flow, self.state, self.savers),
            is_macro=self.program.macros_by_name.__contains__,
            volatile=self.escape is not None,
        )

    def compute(self, relevant: Collection[Node]) -> None:
        """Compute the summaries of everything reachable from *relevant*."""
        changing = [name for name, summary in self._changers.items() if not summary.preserves]
        jumping = sorted(RETURNING_TWICE)
        direct = find_direct(self.graph, [*changing, *jumping], self._assignable, self._unread)
        self._direct = frozenset(direct)
        self._seeds = self._direct.union(self.graph.reaching_macros(n for n in self._direct if n[0] == "m"))
        if self.state.indirect == "preserves":
            within: Container[Node] = Downstream(self.graph, relevant, self._users_beside)
        else:
            within = self._all_below(relevant)
        macros = (self._name_of(node) for node in self._seeds if node[0] == "m")
        for name in {*changing, *jumping, *self._assignable, *macros}:
            self._seeds |= self._unread.spread(name)
        todo = deque(node for node in sorted(self._seeds, key=self._by_length) if node in within)
        plain = deque[Node]()
        if self._are_taken(self._unread.made.union(changing)):
            todo.appendleft(INDIRECT)
        self._expect(self.program.definitions[index] for kind, index in todo if kind == "f")
        queued = set(todo)
        while todo or plain:
            node = (plain or todo).popleft()  # those that need no parsing first
            queued.discard(node)
            if not self._update(node):
                continue
            for caller in (*self._callers(node), *self._beyond(self._name_of(node))):
                if caller in queued or self._of(caller) == UNKNOWN:
                    continue
                if caller in within or caller == INDIRECT:
                    queued.add(caller)
                    (plain if self._is_plainly_unknown(caller) else todo).append(caller)

    def _by_length(self, node: Node) -> tuple[int, Node]:
        """Order functions by their length: the longest may be parsed elsewhere in the meantime."""
        if node[0] == "m":
            return 0, node
        body = self.program.definitions[node[1]].function.body
        return body.end - body.start, node

    def _users_beside(self, node: Node) -> Iterator[Node]:
        return self._unread.users(self._name_of(node))

    def _all_below(self, relevant: Collection[Node]) -> Container[Node]:
        """Return what *relevant* and all functions whose address is taken reach, by texts that nobody reads
        as well."""
        below = self._unread.nodes_below(self.graph.reached_from(relevant))
        self._find_readers()
        self.address_taken = self.graph.address_taken()
        return self.graph.reached_from([*relevant, *below, *self._taken_nodes()])

    def _name_of(self, node: Node) -> str:
        if node == INDIRECT:
            return ""
        return (self.program.definitions if node[0] == "f" else self.program.macros)[node[1]].name

    def _beyond(self, name: str) -> set[Node]:
        """Return what *name*, which may change the state, lets do so by texts that nobody reads."""
        before = set(self._unread.made)
        found = self._unread.spread(name)
        return found | {INDIRECT} if self._are_taken(self._unread.made - before) else found

    def _are_taken(self, names: Iterable[str]) -> bool:
        """Tell whether one of the functions *names* stands anywhere without being called, where pointers may
        lead to it."""
        return self.state.indirect != "preserves" and self.graph.mentions_as_value(set(names))

    def _is_plainly_unknown(self, node: Node) -> bool:
        """Tell whether the function *node* may change the state for all that can be seen without parsing it:
        it calls what may, and nothing in it could make the former state current again.  Asked only where
        calls through pointers are not trusted: then most of a program is like that."""
        if node[0] != "f" or node in self._seeds or self.state.indirect == "preserves":
            return False
        callees = [t for t in self.graph.callees(node) if not self._of(t).preserves]
        if any(self._of(target).after != "?" for target in callees):
            return False
        return any(self._may_return_from(target) for target in callees) or self._calls_member(node)

    def _may_return_from(self, target: Node) -> bool:
        kind, index = target
        return kind == "f" and self.program.definitions[index].name not in self.state.noreturn

    def _calls_member(self, node: Node) -> bool:
        """Tell whether calls through pointers change the state and the function *node* makes one by the name
        of a member."""
        if self._of(INDIRECT).preserves:
            return False
        definition = self.program.definitions[node[1]]
        return calls_member(self.program.facts[definition.path].masked, definition.function.body)

    def _find_readers(self) -> None:
        """Let the graph know who uses macros without arguments that may change the state: all at once, where
        calls are followed from caller to callee."""
        callers = (
            m.index for m in self.program.macros.telling if next(self.graph.callees(("m", m.index)), None)
        )
        pointers = (m.index for m in self.program.macros.telling if self._calls_pointer(m))
        direct = (index for kind, index in self._direct if kind == "m")
        found = (self.program.macros[index] for group in (callers, pointers, direct) for index in group)
        self.graph.add_readers({macro.name for macro in found if macro.macro.params is None})

    def _calls_pointer(self, macro: MacroDefinition) -> bool:
        if macro.index not in self._pointer_macros:
            self._pointer_macros[macro.index] = calls_pointer(self.program, macro, self.callbacks)
        return self._pointer_macros[macro.index]

    def _taken_nodes(self) -> list[Node]:
        by_name = self.program.definitions_by_name
        return [("f", d.index) for name in sorted(self.address_taken) for d in by_name.get(name, ())]

    def _callers(self, node: Node) -> list[Node]:
        """Return whose summary may depend on that of *node*; through pasting macros too."""
        if node == INDIRECT:
            return self._pointer_callers()
        found: list[Node] = []
        seen, todo = {node}, [node]
        while todo:
            for caller in self.graph.callers(todo.pop()):
                if caller in seen:
                    continue
                seen.add(caller)
                found.append(caller)
                if caller[0] == "m" and self.program.macros[caller[1]].macro.pastes:
                    todo.append(caller)
        if node[0] == "f" and self.program.definitions[node[1]].name in self.address_taken:
            found.append(INDIRECT)
        return found

    def _pointer_callers(self) -> list[Node]:
        # which functions call through a pointer is known only after parsing, so all are candidates
        macros = (macro for macro in self.program.macros.telling if self._calls_pointer(macro))
        found: list[Node] = [("m", macro.index) for macro in macros]
        return found + [("f", definition.index) for definition in self.program.definitions]

    def _update(self, node: Node) -> bool:
        """Recompute one summary; tell whether it changed."""
        known = self._of(node)
        if known == UNKNOWN:
            return False
        new = UNKNOWN if self._is_plainly_unknown(node) else self._summarise(node)
        if new == known:
            return False
        self.summaries[node] = new if known == PRESERVES else UNKNOWN
        self._changed.setdefault(node, len(self._changed))
        if node[0] == "m" and node != INDIRECT:
            self._changing_names.add(self.program.macros[node[1]].name)
        return True

    def _summarise(self, node: Node) -> Summary:
        if node == INDIRECT:
            return UNKNOWN
        kind, index = node
        if kind == "m":
            return self._of_macro(node)
        definition = self.program.definitions[index]
        parsed = self.parse(definition)
        if not parsed.parsed or self.hidden_macro(definition):
            return UNKNOWN
        flows = [variant.flow for variant in parsed.variants if variant.flow is not None]
        return join_summaries(summarise(flow, self.question(definition, flow)) for flow in flows)

    def hidden_macro(self, definition: Definition) -> str:
        """Return a macro in *definition* that may change the state in another ``#if`` branch, or ""."""
        trusted = self._preserving.union(self._changers)
        names = self._changing_names
        return find_hidden(self.graph, definition, lambda node: not self._of(node).preserves, names, trusted)

    def _of_macro(self, node: Node) -> Summary:
        """Summarise a macro that is left unexpanded; one that pastes is always expanded, so that the
        functions that use it see its calls themselves."""
        macro = self.program.macros[node[1]]
        if macro.name in self._changers or macro.name in self._preserving or macro.macro.pastes:
            return PRESERVES
        if (
            node in self._direct
            or node in self._unread.beyond
            or self._unread.is_called_by(macro)
            or (not self._of(INDIRECT).preserves and self._calls_pointer(macro))
        ):
            return UNKNOWN
        return UNKNOWN if any(map(self._returns_changed, self.graph.expanded_callees(node))) else PRESERVES

    def _returns_changed(self, node: Node) -> bool:
        """Tell whether what calls *node* may go on with another state."""
        kind, index = node
        if kind == "m":
            macro = self.program.macros[index]
            name, is_changed = macro.name, macro.macro.pastes and node in self._direct
        else:
            name, is_changed = self.program.definitions[index].name, False
        if name in self._changers:
            return not self._changers[name].preserves
        trusted = name in self._preserving or (kind == "f" and name in self.state.noreturn)
        return not trusted and (is_changed or not self._of(node).preserves)

    def changes(self, path: str, op: Op) -> bool:
        """Tell whether *op* may leave another state current than it found."""
        if isinstance(op, WriteOp):
            return op.name in self.variables and not op.member
        return not self.effect(path, op).preserves

    def through(self, path: str, op: Op) -> Node | None:
        """Return what *op* calls that may change the state, unless that is a primitive."""
        name = op.callee if isinstance(op, CallOp) else op.name if isinstance(op, ReadOp) else ""
        if name in self._changers or not isinstance(op, CallOp | ReadOp):
            return None
        if not name:
            return INDIRECT
        changing = [node for node in self._targets(path, name) if not self._of(node).preserves]
        return min(changing, key=self.age, default=None)

    def age(self, node: Node | None) -> int:
        """Return a number that is smaller for what changed earlier: causes come before effects."""
        return -1 if node is None else self._changed.get(node, -1)
