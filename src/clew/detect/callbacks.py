"""What code outside the tree may call back: functions of the tree that it is given, or was given before.

Types are not known here, so that names decide: a function, a variable or member that some declaration makes
a pointer to one, a function that returns one.  That errs on the side of too many.
"""

import re
from collections.abc import Iterable

from clew.link.program import WORD, Program
from clew.parse.flow import CallOp
from clew.parse.standard import STANDARD_FUNCTIONS, STANDARD_TYPES
from clew.text.span import Span

# ISO C and POSIX: these call functions that were passed to them or registered earlier (signal handlers, too)
_CALLING_BACK = """bsearch bsearch_s qsort qsort_r qsort_s lfind lsearch tsearch tfind tdelete twalk twalk_r
tdestroy ftw ftw64 nftw nftw64 scandir scandirat glob fts_open pthread_once call_once dl_iterate_phdr
raise kill killpg pthread_kill sigqueue pause sigsuspend"""
CALLING_BACK = frozenset(_CALLING_BACK.split())

_POINTER_NAME = re.compile(r"\(\s*\*\s*(?:const\s+)?(\w+)(?:\s*\[[^\]]*\])*\s*\)\s*\(")
_MENTION = re.compile(r"[A-Za-z_]\w*\b(?!\s*\()")
_ACCESS = re.compile(r"[A-Za-z_]\w*(?:\s*\[[^\[\]]*\])*\s*(?:->|\.)")  # what stands before a member
_INVOCATION = re.compile(r"\b([A-Za-z_]\w*)\s*\(([^(){};]*)\)")
_KEYWORDS = frozenset(
    WORD.findall("void char short int long float double signed unsigned _Bool bool const volatile")
)


class Callbacks:
    """Answers for one program; keeps what it found."""

    def __init__(self, program: Program, types: Iterable[str] = ()) -> None:
        self._program = program
        typedefs = set(program.typedefs)
        self.types = typedefs | STANDARD_TYPES | _KEYWORDS | set(types)
        self._own: dict[str, frozenset[str]] = {}
        self._visible: dict[str, frozenset[str]] = {}
        self._typedefs: frozenset[str] | None = None
        self._made: frozenset[str] | None = None

    def may_follow(self, path: str, op: CallOp) -> bool:
        """Tell whether the call *op* in *path* of something outside the tree may call a function of it."""
        if op.callee in CALLING_BACK:
            return True
        if op.callee in STANDARD_FUNCTIONS or op.callee.startswith("__builtin_"):
            return False
        names = [arg.name for arg in op.args if arg.kind in ("name", "address")]
        masked = self._program.facts[path].masked
        return self.is_any_function(path, names) or any(
            self._passes_function(path, masked, span) for span in op.argument_spans
        )

    def _passes_function(self, path: str, masked: str, span: Span) -> bool:
        text = _ACCESS.sub("", span.of(masked))
        words, plain = set(WORD.findall(text)), set(_MENTION.findall(text))
        if self.is_any_function(path, plain) or not words.isdisjoint(self._pointers_in(path)):
            return True
        return any(self._expands_to_function(word) for word in words & self._program.macros_by_name.keys())

    def _expands_to_function(self, name: str) -> bool:
        found = (macro for macro in self._program.macros_by_name[name])
        known = self._program.definitions_by_name.keys()
        return any(not known.isdisjoint(_MENTION.findall(self._program.body_of(macro))) for macro in found)

    def is_any_function(self, path: str, names: Iterable[str]) -> bool:
        """Tell whether one of *names*, used as a value in *path*, may be a function or a pointer to one."""
        known = self._program.definitions_by_name
        return any(name in known or name in self._pointers_in(path) for name in names)

    def is_made_by_macro(self, name: str) -> bool:
        """Tell whether a macro at file scope is given *name*, so that it may declare a variable of it."""
        if self._made is None:
            self._made = frozenset(word for path in self._program.facts for word in self._given_in(path))
        return name in self._made

    def _given_in(self, path: str) -> Iterable[str]:
        masked, at = self._program.facts[path].masked, 0
        ends = [definition.function.span for definition in self._program.definitions_by_path.get(path, ())]
        for span in [*ends, Span(len(masked), len(masked))]:
            for match in _INVOCATION.finditer(masked, at, max(at, span.start)):
                if match.group(1) in self._program.macros_by_name:
                    yield from WORD.findall(match.group(2))
            at = span.end

    def _pointers_in(self, path: str) -> frozenset[str]:
        """Return the names that *path* and what it includes declare as pointers to functions."""
        if path not in self._visible:
            files = self._program.includes.included_by(path)
            self._visible[path] = frozenset().union(*(self._declared_in(file) for file in files))
        return self._visible[path]

    def _declared_in(self, path: str) -> frozenset[str]:
        if path not in self._own:
            masked = self._program.facts[path].masked
            found = set(_POINTER_NAME.findall(masked))
            used = self._function_types() & set(WORD.findall(masked))
            if used:
                names = "|".join(sorted(used))
                found |= set(re.findall(rf"\b(?:{names})\b[\s*]*(?:const\s+)?([A-Za-z_]\w*)", masked))
            self._own[path] = frozenset(found)
        return self._own[path]

    def _function_types(self) -> frozenset[str]:
        """Return the names of types that are functions or pointers to them, and other names of these."""
        if self._typedefs is None:
            texts = {
                typedef.name: typedef.span.of(facts.masked)
                for facts in self._program.facts.values()
                for typedef in facts.typedefs
                if "{" not in typedef.span.of(facts.masked)
            }
            found = {name for name, text in texts.items() if re.search(rf"\b{name}\s*\)?\s*\(", text)}
            grown = True
            while grown:
                more = {name for name, text in texts.items() if not found.isdisjoint(WORD.findall(text))}
                grown = not more <= found
                found |= more
            self._typedefs = frozenset(found)
        return self._typedefs
