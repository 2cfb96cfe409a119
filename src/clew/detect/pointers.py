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
