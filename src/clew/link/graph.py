"""The call graph: functions and macro bodies as nodes, edges through calls written as text.

A node is ``("f", i)`` for ``Program.definitions[i]`` or ``("m", i)`` for ``Program.macros[i]``.  An edge
runs from the body that contains ``name(`` to every definition and macro that *name* may mean there;
inside macro bodies a bare name counts as well, and ``##`` that builds a name from a literal prefix or
suffix reaches every function that fits.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Literal

from clew.link.program import WORD, MacroDefinition, Program
from clew.link.resolve import Resolver
from clew.scan import called_names, find_calls
from clew.text.span import Span

Node = tuple[Literal["f", "m"], int]

# an assignment, an increment or the address of {0}; a few harmless matches (``&& {0}``) cost only time
_WRITTEN = r"(?:(?:\+\+|--|&)\s*\(?\s*{0}\b|\b{0}\s*\)?\s*(?:=(?!=)|[-+*/%&|^]=|<<=|>>=|\+\+|--))"
# the first character is tested before what stands before it, so that the search can skip to it quickly
_VALUE = re.compile(r"[A-Za-z_](?<![\w.].)(?<!->.)\w*+(?!\s*\()", re.DOTALL)
_LEAST_LITERAL = 3
_MANY = 20  # names, for which it is quicker to list the words of a file
_PASTE = re.compile(r"(\w+)\s*##\s*(\w+)(?:\s*##\s*(\w+))?")


class CallGraph:
    """Who calls whom, over-approximated by name; which of the functions and macros of a name a call means is
    found out when somebody asks."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.resolver = Resolver(program)
        self._names = "\n".join(["", *program.definitions_by_name, ""])  # quicker to search than many
        # by the index of the function, and the other way round
        self._called_names: list[set[str]] = []
        self._callers_by_name: defaultdict[str, list[int]] = defaultdict(list)
        self._known_callees: dict[int, tuple[Node, ...]] = {}
        self._known_callers: dict[Node, tuple[Node, ...]] = {}
        # what else was found, in dictionaries, which keep the order of what was added first
        self._more_callees: dict[Node, dict[Node, None]] = {}
        self._more_callers: dict[Node, dict[Node, None]] = {}
        self._read: set[str] = set()  # macros whose readers are known
        self._read_functions()
        self._add_edges(self._macro_edges())

    def _add_edges(self, edges: Iterable[tuple[Node, Node]]) -> None:
        for caller, callee in edges:
            self._more_callees.setdefault(caller, {})[callee] = None
            self._more_callers.setdefault(callee, {})[caller] = None

    def _read_functions(self) -> None:
        by_name = self._callers_by_name
        for definition in self.program.definitions:
            names = called_names(self.program.facts[definition.path].masked, definition.function.body)
            self._called_names.append(names)
            for name in names:
                by_name[name].append(definition.index)

    def _calls_from(self, index: int) -> tuple[Node, ...]:
        """Return what the text of function *index* calls."""
        if index not in self._known_callees:
            path, known = self.program.definitions[index].path, dict[Node, None]()
            for name in self._called_names[index]:
                known |= dict.fromkeys(self.named(path, name))
            self._known_callees[index] = tuple(known)
        return self._known_callees[index]

    def _calls_to(self, node: Node) -> tuple[Node, ...]:
        """Return the functions whose text calls *node*."""
        if node not in self._known_callers:
            kind, index = node
            name = self.program.definitions[index].name if kind == "f" else self.program.macros[index].name
            meant = self.resolver.functions if kind == "f" else self.resolver.macros
            definitions = self.program.definitions
            self._known_callers[node] = tuple(
                ("f", caller)
                for caller in self._callers_by_name.get(name, ())
                if any(one.index == index for one in meant(definitions[caller].path, name))
            )
        return self._known_callers[node]

    def _macro_edges(self) -> Iterator[tuple[Node, Node]]:
        for macro in self.program.macros:
            raw = macro.macro.body.of(self.program.sources[macro.path].text)
            if not raw or raw.isdigit():
                continue
            source: Node = ("m", macro.index)
            for name in self._called_by(macro, raw):
                for target in self.named(macro.path, name):
                    yield source, target
            if macro.macro.pastes:
                for name in self.pasted_names(macro):
                    for target in self.named(macro.path, name):
                        yield source, target

    def _called_by(self, macro: MacroDefinition, raw: str) -> Iterator[str]:
        """Yield the names that *macro*'s body calls, the object-like macros that it mentions, and the name
        that it ends with (``#define size length``: the call's parentheses come from outside)."""
        functions, macros = self.program.definitions_by_name, self.program.macros_by_name
        words = set(WORD.findall(raw)) - set(macro.macro.params or ()) - {macro.name}
        words = {word for word in words if word in functions or word in macros}
        if not words:
            return
        body = self.program.body_of(macro)
        called = {call.name for call in find_calls(body, Span(0, len(body)))}
        last = WORD.findall(body)[-1:] if body.rstrip()[-1:].isidentifier() else []
        for word in words:
            objects = any(one.macro.params is None for one in macros.get(word, ()))
            if word in called or word in last or objects:
                yield word

    def named(self, path: str, name: str) -> Iterator[Node]:
        """Yield the nodes that *name* may mean in *path*."""
        for definition in self.resolver.functions(path, name):
            yield ("f", definition.index)
        for macro in self.resolver.macros(path, name):
            yield ("m", macro.index)

    def pasted_names(self, macro: MacroDefinition) -> set[str]:
        """Return the function names that ``##`` in *macro*'s body may build."""
        params = set(macro.macro.params or ())
        found: set[str] = set()
        for match in _PASTE.finditer(self.program.body_of(macro)):
            parts = [part for part in match.groups() if part]
            literal = "".join(part for part in parts if part not in params)
            if len(literal.strip("_")) < _LEAST_LITERAL:
                continue  # too little to go by: the name is whatever the arguments say
            longest = max((part for part in parts if part not in params), key=len)
            pattern = "".join(r"\w+" if part in params else re.escape(part) for part in parts)
            found.update(filter(re.compile(pattern).fullmatch, self._names_with(longest)))
        return found

    def _names_with(self, literal: str) -> Iterator[str]:
        """Yield the names of functions that contain *literal*."""
        at = self._names.find(literal)
        while at >= 0:
            end = self._names.index("\n", at)
            yield self._names[self._names.rindex("\n", 0, at) + 1 : end]
            at = self._names.find(literal, end)

    def add_readers(self, names: Iterable[str]) -> None:
        """Add edges from functions to the object-like macros *names* that they mention; quicker for many
        names at once than `callers`, which does so for one."""
        by_name = self.program.macros_by_name
        names = frozenset(names) - self._read
        self._read |= names
        self.program.interest.words |= names
        objects = {n: [m for m in by_name.get(n, ()) if m.macro.params is None] for n in names}
        wanted = {name for name, macros in objects.items() if macros}
        for path, source in self.program.sources.items() if wanted else ():
            present = [] if len(wanted) > _MANY else [name for name in wanted if name in source.text]
            if len(wanted) > _MANY:
                present = list(wanted & self.program.words_in(path))
            for name in present:
                self._add_readers_in(path, name, objects[name])

    def _add_readers_in(self, path: str, name: str, macros: list[MacroDefinition]) -> None:
        masked = self.program.facts[path].masked
        for match in re.finditer(rf"{name}(?<!\w{name})\b", masked):
            reader = self.program.enclosing(path, match.start())
            if reader is not None:
                self._add_edges((("f", reader.index), ("m", m.index)) for m in macros)

    def calling(self, name: str, near: str | None = None) -> Iterator[Node]:
        """Yield the functions that call *name*, which need not be defined in the tree, and the macros in
        whose bodies it stands; *near* is the file in which those matter that take no state (None: all)."""
        interest = self.program.interest
        (interest.words if near is None else interest.near[near]).add(name)
        for index in self._callers_by_name.get(name, ()):
            yield ("f", index)
        yield from self._macros_with(name, re.compile(rf"\b{name}\b"))

    def writing(self, name: str) -> Iterator[Node]:
        """Yield the functions and macros in whose bodies the text around *name* may assign it or take its
        address."""
        pattern = re.compile(_WRITTEN.format(name))
        for path in self.program.paths_with(name):
            for match in pattern.finditer(self.program.facts[path].masked):
                found = self.program.enclosing(path, match.start())
                if found is not None and match.start() in found.function.body:
                    yield ("f", found.index)
        yield from self._macros_with(name, pattern)

    def _macros_with(self, name: str, pattern: re.Pattern[str]) -> Iterator[Node]:
        for macro, raw in self._macro_bodies:
            if name in raw and pattern.search(self.program.body_of(macro)):
                yield ("m", macro.index)

    @cached_property
    def _macro_bodies(self) -> list[tuple[MacroDefinition, str]]:
        """All macros with the original text of their bodies."""
        sources = self.program.sources
        return [(macro, macro.macro.body.of(sources[macro.path].text)) for macro in self.program.macros]

    def address_taken(self) -> frozenset[str]:
        """Return the names of functions that are mentioned anywhere without being called, by the text: the
        possible targets of calls through pointers."""
        known = self.program.definitions_by_name.keys()
        found: set[str] = set()
        for path, facts in self.program.facts.items():
            found |= known & set(_VALUE.findall(facts.masked))
            for macro in self.program.macros_by_path.get(path, ()):
                found |= known & set(WORD.findall(macro.macro.body.of(self.program.sources[path].text)))
        return frozenset(found)

    def reaching_macros(self, macros: Iterable[Node]) -> set[Node]:
        """Return the macros that expand to one of *macros*, and the functions that use any of these."""
        chain = self._spread(macros, lambda node: (c for c in self.callers(node) if c[0] == "m"))
        self.add_readers({self.program.macros[index].name for _, index in chain})
        return chain | {caller for node in chain for caller in self.callers(node) if caller[0] == "f"}

    def callers(self, node: Node) -> Iterator[Node]:
        """Yield the direct callers of *node*; of a macro without arguments, the functions that mention it."""
        self.program.interest.users_of.add(node)
        if node[0] == "m" and node[1] >= 0 and self.program.macros[node[1]].macro.params is None:
            self.add_readers({self.program.macros[node[1]].name})
        found = self._calls_to(node) if node[1] >= 0 else ()
        more = self._more_callers.get(node)
        return iter(dict.fromkeys((*found, *more)) if more else found)

    def callees(self, node: Node) -> Iterator[Node]:
        """Yield what *node* calls directly."""
        found = self._calls_from(node[1]) if node[0] == "f" else ()
        more = self._more_callees.get(node)
        return iter(dict.fromkeys((*found, *more)) if more else found)

    def macros_in(self, macro: MacroDefinition) -> list[MacroDefinition]:
        """Return the macros that the body of *macro* may expand."""
        return [self.program.macros[i] for kind, i in self.callees(("m", macro.index)) if kind == "m"]

    def macro_closure(self, nodes: Iterable[Node]) -> set[Node]:
        """Return the macros among *nodes*, with those that expand to them."""
        seen = {node for node in nodes if node[0] == "m"}
        todo = list(seen)
        while todo:
            for caller in self.callers(todo.pop()):
                if caller[0] == "m" and caller not in seen:
                    seen.add(caller)
                    todo.append(caller)
        return seen

    def reaching(self, nodes: Iterable[Node]) -> set[Node]:
        """Return *nodes* and everything that reaches one of them."""
        return self._spread(nodes, self.callers)

    def reached_from(self, nodes: Iterable[Node]) -> set[Node]:
        """Return *nodes* and everything that they reach."""
        return self._spread(nodes, self.callees)

    @staticmethod
    def _spread(nodes: Iterable[Node], step: Callable[[Node], Iterable[Node]]) -> set[Node]:
        seen = set(nodes)
        todo = list(seen)
        while todo:
            for other in step(todo.pop()):
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
        return seen

    def edges(self) -> Iterator[tuple[Node, Node]]:
        """Yield every edge."""
        nodes: list[Node] = [("f", definition.index) for definition in self.program.definitions]
        nodes += [("m", macro.index) for macro in self.program.macros]
        return ((node, callee) for node in nodes for callee in self.callees(node))


def body_span(program: Program, node: Node) -> tuple[str, Span]:
    """Return path and span of the body of *node*."""
    kind, index = node
    if kind == "f":
        definition = program.definitions[index]
        return definition.path, definition.function.body
    macro = program.macros[index]
    return macro.path, macro.macro.body
