"""What may happen through pointers, as far as the text tells: the state's variable changed behind its name,
and functions called without theirs.

These are over-approximations: a hit makes clew careful, a miss would make it wrong.
"""

import re
from collections.abc import Container, Iterable

from clew.detect.callbacks import CALLING_BACK, Callbacks
from clew.detect.lvalues import addressing_macros, find_passed
from clew.link.program import WORD, MacroDefinition, Program
from clew.text.span import Span

# `&name` that is no `&&name`, is not followed at once (`*&name`), and not the address of a part
# (`&name->part`, `&name[2]`)
_ADDRESS = r"(?<![&*])&\s*(?:\(\s*)*{0}\b(?!\s*(?:->|\.|\[))"
_CALLED = re.compile(r"(?:([)\]])|(?:->|\.)\s*\w+|\b(\w+))\s*\(")
_ASSIGNING = r"(?:=(?!=)|[-+*/%&|^]=|<<=|>>=|\+\+|--)"
_OPERATOR = re.compile(_ASSIGNING)
# `*&name = x`, and an operand of asm (whose constraint is blank here)
_BEHIND = (
    r"\*\s*&\s*\(*\s*{0}\s*\)*\s*" + _ASSIGNING.replace("{", "{{").replace("}", "}}") + r"|\"\s*\(\s*{0}\s*\)"
)
_TYPE = re.compile(r"\s*[A-Za-z_][\w\s]*[\s*]*")
_TAGS = frozenset({"struct", "union", "enum"})
_PARENTHESISED = re.compile(r"\(([^()]*)\)\Z")
_MEMBER_CALLED = re.compile(r"(?:->|\.)\s*[A-Za-z_]\w*\s*\(")
_GIVEN = re.compile(r"[(,]\s*&?\s*([A-Za-z_]\w*)\s*(?=[,)])")


def find_escape(program: Program, variables: Iterable[str]) -> tuple[str, int] | None:
    """Return a place where the address of one of *variables* is taken: whoever has it may assign them."""
    macros = addressing_macros(program) if variables else {}
    for name in sorted(variables):
        pattern = re.compile(_ADDRESS.format(name))
        for path in program.paths_with(name):
            found = pattern.search(program.facts[path].masked)
            if found is not None:
                return path, found.start()
            passed = next(find_passed(program.facts[path].masked, name, macros), None)
            if passed is not None:
                return path, passed
            for macro in program.macros_by_path.get(path, ()):
                inside = pattern.search(program.body_of(macro))
                if inside is not None:
                    return path, macro.macro.body.start + inside.start()
                passed = next(find_passed(program.body_of(macro), name, macros), None)
                if passed is not None:
                    return path, macro.macro.body.start + passed
    return None


def find_hidden_write(program: Program, variables: Iterable[str]) -> tuple[str, int] | None:
    """Return a place where one of *variables* may be assigned although no assignment of its name shows it: by
    another name of it (an alias, or a macro that is just the variable), in assembler, by a macro that begins
    with an assignment operator or that is just its argument, by ``*&name``, or as an operand of ``asm``."""
    for name in sorted(variables):
        for path, span in program.aliases.get(name, ()):
            return path, span.start
        for one in program.assembly:
            if name in one.words:
                return one.path, one.at
        for macro in program.macros.telling:
            body = program.body_of(macro).strip(" \t()")
            if body == name and (place := _find_written(program, macro.name)):
                return place
            through = _by_macro(macro, name, body)
            if through is not None and (place := _find(program, macro.name, through)):
                return place
        if place := _find(program, name, re.compile(_BEHIND.format(name))):
            return place
    return None


def _by_macro(macro: MacroDefinition, name: str, body: str) -> re.Pattern[str] | None:
    """Return what an assignment of *name* by way of *macro* looks like, if there can be one."""
    if _OPERATOR.match(body):
        return re.compile(rf"\b{name}\s*\)*\s*{macro.name}\b")
    if macro.macro.params is not None and body in macro.macro.params:
        return re.compile(rf"\b{macro.name}\s*\([^;{{}}]*\b{name}\b[^;{{}}]*\)\s*{_ASSIGNING}")
    return None


def _find_written(program: Program, macro: str) -> tuple[str, int] | None:
    return _find(
        program, macro, re.compile(rf"\b{macro}\s*\)*\s*{_ASSIGNING}|(?:\+\+|--|&)\s*\(*\s*{macro}\b")
    )


def _find(program: Program, word: str, pattern: re.Pattern[str]) -> tuple[str, int] | None:
    for path in program.paths_with(word):
        found = pattern.search(program.facts[path].masked)
        if found is not None:
            return path, found.start()
    return None


def calls_pointer(program: Program, macro: MacroDefinition, callbacks: Callbacks) -> bool:
    """Tell whether the body of *macro* may call through a pointer: a parameter, a member, a value in
    parentheses, or by way of a function outside the tree that it passes one of the tree."""
    body, params = program.body_of(macro), set(macro.macro.params or ())
    for match in _CALLED.finditer(body):
        bracket, word = match.group(1, 2)
        if word is not None and word not in params and word not in CALLING_BACK:
            continue
        if bracket == ")" and _is_cast(body[: match.start() + 1], params, callbacks.types):
            continue
        return True
    given = [name for name in _GIVEN.findall(body) if name not in params]
    return callbacks.is_any_function(macro.path, given)


def calls_member(masked: str, body: Span) -> bool:
    """Tell whether *body* in *masked* calls a member of something (``p->f(x)``)."""
    return _MEMBER_CALLED.search(masked, body.start, body.end) is not None


def _is_cast(before: str, params: set[str], types: Container[str]) -> bool:
    """Tell whether *before* ends with a type in parentheses, for all that can be seen."""
    found = _PARENTHESISED.search(before)
    if found is None or re.search(r"\w\s*\Z", before[: found.start()]):
        return False
    words = WORD.findall(found.group(1))
    if not params.isdisjoint(words) or not words or not _TYPE.fullmatch(found.group(1)):
        return False
    return found.group(1).rstrip().endswith("*") or words[0] in _TAGS or all(word in types for word in words)
