"""Which names are free in a function.

A name is taken when any identifier of the function's text spells it (members excepted), when a macro
that the function may expand mentions it freely, when any macro of that name is visible, or when the file, or
one that it includes, declares a variable or a type of that name.  That is stricter than C's scopes: a reader
should not have to think about shadowing either.
"""

import re
from collections.abc import Sequence
from functools import cached_property

from clew.link.program import WORD, Definition, Program
from clew.text.span import Span

# tags and labels have name spaces of their own; a label after another is left in, since `?:` looks like it
_ELSEWHERE = re.compile(r"\b(?:struct|union|enum|goto)\s+\w+|(?<=[;{}])\s*\w+\s*:")
_NOT_MEMBER = re.compile(r"(?<![.\w])(?<!->)[A-Za-z_]\w*")


class NameTable:
    """Answers whether a name is free in a function or in a macro body."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._functions: dict[int, frozenset[str]] = {}
        self._macros: dict[str, frozenset[str]] = {}
        self._declared: dict[tuple[str, str], bool] = {}

    def is_free(self, name: str, definition: Definition) -> bool:
        """Tell whether *name* can be declared in *definition* without meeting another use of it."""
        if name in self._macro_names or self._is_declared(name, definition.path):
            return False
        words = self._words(definition)
        return name not in words and not any(
            name in self._mentioned(word) for word in words & self._macro_names
        )

    def is_free_in(self, name: str, path: str, span: Span) -> bool:
        """Tell whether no identifier in *span* of *path* spells *name*."""
        text = span.of(self._program.facts[path].masked)
        return name not in text or name not in _NOT_MEMBER.findall(_ELSEWHERE.sub(" ", text))

    def _is_declared(self, name: str, path: str) -> bool:
        """Tell whether *path* sees a variable or a type *name* at file scope."""
        if name not in self._program.variables and name not in self._program.typedefs:
            return False
        if (path, name) not in self._declared:
            seen = (self._program.facts[one] for one in sorted(self._program.includes.included_by(path)))
            self._declared[path, name] = any(
                any(one.name == name for one in facts.globals) or any(t.name == name for t in facts.typedefs)
                for facts in seen
            )
        return self._declared[path, name]

    def is_free_in_macro(self, name: str, macro_name: str) -> bool:
        """Tell whether the bodies of *macro_name* (and of macros in them) leave *name* alone."""
        return name not in self._mentioned(macro_name)

    def free_words(self, definition: Definition, scopes: Sequence[Span], name: str) -> frozenset[str]:
        """Return {*name*} when *name* is mentioned in *definition* outside *scopes* and outside the
        declarations that open them, so that it may mean something else there."""
        masked = self._program.facts[definition.path].masked
        whole = definition.function.span
        for match in re.finditer(rf"(?<![.\w])(?<!->){name}\b", masked[whole.start : whole.end]):
            at = whole.start + match.start()
            inside = any(at in scope for scope in scopes)
            declares = any(scope.start - 200 < at < scope.start for scope in scopes)
            if not inside and not (declares and self._declares(masked, at, name, scopes)):
                return frozenset({name})
        return frozenset()

    @staticmethod
    def _declares(masked: str, at: int, name: str, scopes: Sequence[Span]) -> bool:
        return any(
            masked[at + len(name) : scope.start].strip(" \t\r\n") == "" or at + len(name) == scope.start
            for scope in scopes
        )

    @cached_property
    def _macro_names(self) -> frozenset[str]:
        return frozenset(self._program.macros_by_name)

    def _words(self, definition: Definition) -> frozenset[str]:
        if definition.index not in self._functions:
            text = definition.function.span.of(self._program.facts[definition.path].masked)
            self._functions[definition.index] = frozenset(_NOT_MEMBER.findall(_ELSEWHERE.sub(" ", text)))
        return self._functions[definition.index]

    def _mentioned(self, macro_name: str) -> frozenset[str]:
        """All words that the macros reachable from *macro_name* bring in themselves."""
        if macro_name in self._macros:
            return self._macros[macro_name]
        seen, todo, words = {macro_name}, [macro_name], set[str]()
        while todo:
            for macro in self._program.macros_by_name.get(todo.pop(), ()):
                raw = macro.macro.body.of(self._program.sources[macro.path].text)
                if not raw or raw[0].isdigit():
                    continue
                own = set(WORD.findall(self._program.body_of(macro))) - set(macro.macro.params or ())
                words |= own
                new = (own & self._macro_names) - seen
                seen |= new
                todo.extend(new)
        self._macros[macro_name] = frozenset(words)
        return self._macros[macro_name]
