"""Whether a place in a file sees a declaration: of a type, or of a name.

A place sees what stands above it in its own file, what the ``#include`` directives above it bring, and, in
a file that relies on those that include it, what all of them see above their ``#include``; as far as files
choose what is under ``#ifdef`` (see `clew.link.reach`).
"""

import re
from collections.abc import Callable

from clew.detect.spelled_type import type_words
from clew.link.program import Program
from clew.link.reach import Place

_GUARD = re.compile(r"#\s*(?:ifndef|pragma\s+once)\b")


class Sight:
    """Answers for one declaration; *first* returns the offset at which a file has it (None: nowhere)."""

    def __init__(
        self,
        program: Program,
        first: Callable[[str], int | None],
        declared: Callable[[str], list[int]],
        defines: frozenset[str] = frozenset(),
        *,
        alone: bool = False,
    ) -> None:
        """*declared* lists the offsets at which a file declares it for those that include it; *defines* are
        macros that the build defines; *alone* asks that guarded headers see it without their includers, and
        all files in every build."""
        self._program, self._defines, self._alone = program, defines, alone
        self._find_first, self._find_declared = first, declared
        self._firsts: dict[str, int | None] = {}
        self._declared: dict[str, list[Place]] = {}
        self._fragments: dict[str, bool] = {}

    def sees(self, path: str, before: int) -> bool:
        """Tell whether the offset *before* in *path* sees the declaration."""
        if path not in self._firsts:
            self._firsts[path] = self._find_first(path)
        first = self._firsts[path]
        if first is not None and first <= before:
            return True
        brings = self._program.reach.brings
        found = brings(path, before, lambda other: self.brings(other, path), self._defines, sure=self._alone)
        return found or self._is_fragment(path)

    def brings(self, header: str, viewer: str) -> bool:
        """Tell whether the text of *header* itself declares it for *viewer*, which includes it."""
        if header not in self._declared:
            place = self._program.reach.place
            self._declared[header] = [place(header, at) for at in self._find_declared(header)]
        is_met = self._program.reach.is_met
        return any(is_met(place, viewer, self._defines, sure=self._alone) for place in self._declared[header])

    def _is_fragment(self, path: str) -> bool:
        """Tell whether *path* relies on its includers: every file that includes it sees the declaration."""
        if path not in self._fragments:
            self._fragments[path] = False  # ends recursion
            above = self._program.includes.includers.get(path, frozenset())
            needs_none = self._alone and _GUARD.match(self._first_directive(path)) is not None
            self._fragments[path] = (
                bool(above)
                and not needs_none
                and all(
                    self.sees(other, at)
                    for other in above
                    for at, targets in self._program.includes.places[other]
                    if path in targets
                )
            )
        return self._fragments[path]

    def _first_directive(self, path: str) -> str:
        directives = self._program.facts[path].directives
        return directives[0].span.of(self._program.sources[path].text) if directives else ""


def see_type(program: Program, type_text: str) -> Sight:
    """Return who sees the type *type_text*: a ``struct`` by its tag, another by its name.

    A header that guards itself against double inclusion is expected to compile on its own as far as
    tags go, since a tag that is first named in a parameter list has no meaning outside it.
    """
    tagged = re.search(r"\b(struct|union|enum)\s+(\w+)", type_text)
    words = type_words(type_text)
    name = words[-1] if words else ""
    program.interest.words.add(name)
    spelling = rf"{tagged.group(1)}\s+{tagged.group(2)}" if tagged else name
    pattern = re.compile(rf"\b{spelling}\b" if tagged else rf"(?<!struct )(?<!union )(?<!enum )\b{name}\b")

    def first(path: str) -> int | None:
        if not program.has_word(path, name):
            return None
        masked = program.facts[path].masked
        found = (
            m for m in pattern.finditer(masked) if not tagged or _is_at_file_scope(program, path, m.start())
        )
        return next((match.end() for match in found), None)

    def declared(path: str) -> list[int]:
        if not program.has_word(path, name):
            return []
        facts = program.facts[path]
        if tagged:
            named = (match.start() for match in pattern.finditer(facts.masked))
            return [at for at in named if _is_at_file_scope(program, path, at)]
        found = [typedef.name_span.start for typedef in facts.typedefs if typedef.name == name]
        return found + [macro.name_span.start for macro in facts.macros if macro.name == name]

    return Sight(program, first, declared, alone=tagged is not None)


def _is_at_file_scope(program: Program, path: str, at: int) -> bool:
    """Tell whether a tag that is first named at *at* means the same below: neither a list of parameters nor
    a body ends its scope."""
    around = program.enclosing(path, at)
    if around is not None and at in around.function.body:
        return False
    masked, low = program.facts[path].masked, max(0, at - 400)
    start = max(masked.rfind(end, low, at) for end in ";{}#")
    item = masked[max(start, low) : at]
    return item.count("(") <= item.count(")")


def see_name(program: Program, name: str, defines: frozenset[str] = frozenset()) -> Sight:
    """Return who sees the function, macro or variable *name*; a static one only in files below it."""
    program.interest.words.add(name)

    def declared(path: str) -> list[int]:
        if not program.has_word(path, name):
            return []
        facts = program.facts[path]
        spans = [f.header.name_span for f in facts.functions if f.name == name]
        spans += [p.name_span for p in facts.prototypes if p.name == name]
        spans += [g.name_span for g in facts.globals if g.name == name]
        spans += [m.name_span for m in facts.macros if m.name == name]
        return sorted(span.start for span in spans)

    def first(path: str) -> int | None:
        return next(iter(declared(path)), None)

    return Sight(program, first, declared, defines)
