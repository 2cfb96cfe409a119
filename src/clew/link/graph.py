"""The call graph: functions and macro bodies as nodes, edges through calls written as text.

A node is ``("f", i)`` for ``Program.definitions[i]`` or ``("m", i)`` for ``Program.macros[i]``.  An edge
runs from the body that contains ``name(`` to every definition and macro that *name* may mean there;
inside macro bodies a bare name counts as well, and ``##`` that builds a name from a literal prefix or
suffix reaches every function that fits.
"""

import re
from collections.abc import Callable, Collection, Container, Iterable, Iterator, Mapping
from typing import Literal

from clew.link.call_index import CallIndex
from clew.link.program import WORD, MacroDefinition, Program
from clew.link.resolve import Resolver
from clew.text.span import Span

Node = tuple[Literal["f", "m"], int]

# an assignment, an increment or the address of {0}; a few harmless matches (``&& {0}``) cost only time
_WRITTEN = r"(?:(?:\+\+|--|&)\s*\(?\s*{0}\b|\b{0}\s*\)?\s*(?:=(?!=)|[-+*/%&|^]=|<<=|>>=|\+\+|--))"
# the first character is tested before what stands before it, so that the search can skip to it quickly
_VALUE = re.compile(r"[A-Za-z_](?<![\w.].)(?<!->.)\w*+(?!\s*\()", re.DOTALL)


class CallGraph:
    """Who calls whom, over-approximated by name; edges are found when somebody follows them."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.resolver = Resolver(program)
        self._index = CallIndex(program)
        self._callers: dict[Node, tuple[Node, ...]] = {}
        self._callers_in_macros: dict[Node, tuple[Node, ...]] = {}
        self._callees: dict[Node, tuple[Node, ...]] = {}
        # dictionaries, which keep the order of what was added first
        self._readers: dict[Node, dict[Node, None]] = {}
        self._passed: Mapping[str, list[int]] = {}  # functions that call a name in other ways
        self._passing: dict[int, list[str]] = {}  # the same, by function
        self._read_by: dict[Node, dict[Node, None]] = {}
        self._read: set[str] = set()  # macros whose readers are known

    def _find_callers(self, node: Node) -> Iterator[Node]:
        """Yield the functions, then the macros, whose bodies call the name of *node* and may mean it."""
        kind, index = node
        if index < 0:  # no body of the tree
            return
        name = (self.program.definitions if kind == "f" else self.program.macros)[index].name
        path_of = self.program.definitions.path_of
        called, passed = self._index.calls.get(name, ()), self._passed.get(name, ())
        for caller in dict.fromkeys((*called, *passed)) if passed else called:
            if caller in passed or self._means(path_of(caller), name, node):
                yield ("f", caller)
        yield from self._macro_callers(node)

    def _macro_callers(self, node: Node) -> tuple[Node, ...]:
        """Return the macros whose bodies use the name of *node* and may mean it."""
        known = self._callers_in_macros.get(node)
        if known is None:
            kind, index = node
            name = (self.program.definitions if kind == "f" else self.program.macros)[index].name
            path_of = self.program.macros.path_of
            found = (one for one in self._macros_using(name) if self._means(path_of(one), name, node))
            known = self._callers_in_macros[node] = tuple(("m", caller) for caller in found)
        return known

    def _macros_using(self, name: str) -> list[int]:
        macros, index = self.program.macros, self._index
        found = [caller for caller in index.words.get(name, ()) if index.uses(macros[caller], name)]
        pasters = index.pasters(name) if name in self.program.definitions_by_name else []
        return sorted({*found, *pasters}) if pasters else found

    def _means(self, path: str, name: str, node: Node) -> bool:
        kind, index = node
        if kind == "f":
            return any(one.index == index for one in self.resolver.functions(path, name))
        return any(one.index == index for one in self.resolver.macros(path, name))

    def _find_callees(self, node: Node) -> Iterator[Node]:
        kind, index = node
        if index < 0:
            return
        if kind == "f":
            path = self.program.definitions[index].path
            for name in (*self._index.names_called(index), *self._passing.get(index, ())):
                yield from self.named(path, name)
            return
        macro = self.program.macros[index]
        for name in self._index.names_used(macro):
            yield from self.named(macro.path, name)
        for name in self._index.pasted_names(macro) if macro.macro.pastes else ():
            yield from self.named(macro.path, name)

    def macros_used(self, index: int, names: Container[str]) -> Iterator[Node]:
        """Yield those of the callees of function *index* that are macros with one of *names*."""
        path = self.program.definitions.path_of(index)
        for name in (*self._index.names_called(index), *self._passing.get(index, ())):
            if name in names:
                yield from (("m", macro.index) for macro in self.resolver.macros(path, name))
        for node in self._read_by.get(("f", index), ()):
            if self.program.macros[node[1]].name in names:
                yield node

    def named(self, path: str, name: str) -> Iterator[Node]:
        """Yield the nodes that *name* may mean in *path*."""
        for definition in self.resolver.functions(path, name):
            yield ("f", definition.index)
        for macro in self.resolver.macros(path, name):
            yield ("m", macro.index)

    def add_calls(self, found: Mapping[str, Collection[int]]) -> None:
        """Let functions call names that do not stand before the parentheses (by the name called)."""
        self._passed = {name: sorted(callers) for name, callers in found.items()}
        self._passing = {}
        for name, callers in found.items():
            for index in callers:
                self._passing.setdefault(index, []).append(name)
        self._callers.clear()
        self._callees.clear()

    def passing(self, name: str) -> list[int]:
        """Return the functions that give *name*, or pieces of it, to a macro that calls or builds it."""
        return self._passed.get(name, [])

    def is_called_otherwise(self, name: str) -> bool:
        """Tell whether *name* may be called, or named, in a way that its own mentions do not show."""
        return name in self._passed or name in self.program.aliases

    def add_readers(self, names: Iterable[str]) -> None:
        """Add edges from functions to the object-like macros *names* that they mention; quicker for many
        names at once than `callers`, which does so for one."""
        by_name = self.program.macros_by_name
        names = frozenset(names) - self._read
        if not names:
            return
        self._read |= names
        self.program.interest.words |= names
        objects = {n: [m for m in by_name.telling(n) if m.macro.params is None] for n in names}
        for path, present in self._index.readers({name for name, macros in objects.items() if macros}):
            for name in present:
                self._add_readers_in(path, name, objects[name])

    def _add_readers_in(self, path: str, name: str, macros: list[MacroDefinition]) -> None:
        for reader in self.program.functions_naming(path, name):
            for macro in macros:
                self._readers.setdefault(("m", macro.index), {})["f", reader.index] = None
                self._read_by.setdefault(("f", reader.index), {})["m", macro.index] = None

    def calling(self, name: str, near: str | None = None) -> Iterator[Node]:
        """Yield the functions that call *name*, which need not be defined in the tree, and the macros in
        whose bodies it stands; *near* is the file in which those matter that take no state (None: all)."""
        for index in self.functions_calling(name, near):
            yield ("f", index)
        yield from self._macros_with(name, re.compile(rf"\b{name}\b"))

    def functions_calling(self, name: str, near: str | None = None) -> Iterable[int]:
        """Return the functions among what `calling` yields."""
        interest = self.program.interest
        (interest.calls if near is None else interest.near[near]).add(name)
        return dict.fromkeys((*self._index.calls.get(name, ()), *self._passed.get(name, ())))

    def likely_callers(self, name: str) -> Iterable[int]:
        """Return most of the functions that call *name*: for what has to be right there is
        `functions_calling`, of which it is noted that it was asked."""
        return self._index.calls.get(name, ())

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
        for index in self._index.words.get(name, ()):
            if pattern.search(self.program.body_of(self.program.macros[index])):
                yield ("m", index)

    def address_taken(self) -> frozenset[str]:
        """Return the names of functions that are mentioned anywhere without being called, by the text: the
        possible targets of calls through pointers."""
        known = self.program.definitions_by_name.keys()
        found: set[str] = set()
        for path, facts in self.program.facts.items():
            found |= known & set(_VALUE.findall(facts.masked))
            for raw in self.program.macros.bodies_in(path):
                found |= known & set(WORD.findall(raw))
        return frozenset(found)

    def mentions_as_value(self, names: Collection[str]) -> bool:
        """Tell whether one of *names* is mentioned anywhere without being called, by the text."""
        for name in names:
            pattern = re.compile(rf"(?<![\w.])(?<!->){name}\b(?!\s*\()")
            for path in self.program.paths_with(name):
                if pattern.search(self.program.facts[path].masked):
                    return True
            if next(self._macros_with(name, pattern), None) is not None:
                return True
        return False

    def reaching_macros(self, macros: Iterable[Node]) -> set[Node]:
        """Return the macros that expand to one of *macros*, and the functions that use any of these."""
        chain = self.macro_closure(macros)
        self.add_readers_of(chain)
        return chain | {caller for node in chain for caller in self.callers(node) if caller[0] == "f"}

    def callers(self, node: Node) -> Iterator[Node]:
        """Yield the direct callers of *node*; of a macro without arguments, the functions that mention it."""
        if node[0] == "m" and node[1] >= 0 and self.program.macros[node[1]].macro.params is None:
            self.add_readers({self.program.macros[node[1]].name})
        known = self._callers_by_name(node)
        readers = self._readers.get(node)
        return iter(dict.fromkeys((*known, *readers)) if readers else known)

    def _callers_by_name(self, node: Node) -> tuple[Node, ...]:
        """Return the callers of *node* but functions that mention it without a parenthesis."""
        self.program.interest.users_of.add(node)
        known = self._callers.get(node)
        if known is None:
            known = self._callers[node] = tuple(self._find_callers(node))
        return known

    def add_readers_of(self, nodes: Iterable[Node]) -> None:
        """Find the functions that mention the macros without arguments among *nodes*, all at once."""
        macros = (self.program.macros[index] for kind, index in nodes if kind == "m" and index >= 0)
        self.add_readers({macro.name for macro in macros if macro.macro.params is None})

    def callees(self, node: Node) -> Iterator[Node]:
        """Yield what *node* calls directly."""
        known = self._callees.get(node)
        if known is None:
            known = self._callees[node] = tuple(dict.fromkeys(self._find_callees(node)))
        read = self._read_by.get(node)
        return iter(dict.fromkeys((*known, *read)) if read else known)

    def expanded_callees(self, node: Node) -> Iterator[Node]:
        """Yield what the macro *node* calls, and what macros that paste call in their place."""
        seen, todo = {node}, [node]
        while todo:
            for callee in self.callees(todo.pop()):
                if callee not in seen:
                    seen.add(callee)
                    yield callee
                    if callee[0] == "m" and self.program.macros[callee[1]].macro.pastes:
                        todo.append(callee)

    def macros_in(self, macro: MacroDefinition) -> list[MacroDefinition]:
        """Return the macros that the body of *macro* may expand."""
        return [self.program.macros[i] for kind, i in self.callees(("m", macro.index)) if kind == "m"]

    def macro_closure(self, nodes: Iterable[Node]) -> set[Node]:
        """Return the macros among *nodes*, with those that expand to them."""
        seen = {node for node in nodes if node[0] == "m"}
        todo = list(seen)
        while todo:
            node = todo.pop()
            self.program.interest.users_of.add(node)
            fresh = (
                [caller for caller in self._macro_callers(node) if caller not in seen] if node[1] >= 0 else []
            )
            seen.update(fresh)
            todo += fresh
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


def body_span(program: Program, node: Node) -> tuple[str, Span]:
    """Return path and span of the body of *node*."""
    kind, index = node
    if kind == "f":
        definition = program.definitions[index]
        return definition.path, definition.function.body
    macro = program.macros[index]
    return macro.path, macro.macro.body
