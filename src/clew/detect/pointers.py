"""What may happen through pointers, as far as the text tells: the state's variable changed behind its name,
and functions called without theirs.

These are over-approximations: a hit makes clew careful, a miss would make it wrong.
"""

import re
from collections.abc import Iterable

from clew.link.program import WORD, MacroDefinition, Program
from clew.text.span import Span

# `&name` that is no `&&name`, is not followed at once (`*&name`), and not the address of a part
# (`&name->part`, `&name[2]`)
_ADDRESS = r"(?<![&*])&\s*(?:\(\s*)*{0}\b(?!\s*(?:->|\.|\[))"
_CALLED = re.compile(r"(?:([)\]])|(?:->|\.)\s*\w+|\b(\w+))\s*\(")
_PARENTHESISED = re.compile(r"\(([^()]*)\)\Z")
_MEMBER_CALLED = re.compile(r"(?:->|\.)\s*[A-Za-z_]\w*\s*\(")
_POINTER_NAME = re.compile(r"\(\s*\*\s*(?:const\s+)?(\w+)(?:\s*\[[^\]]*\])*\s*\)\s*\(")


def find_escape(program: Program, variables: Iterable[str]) -> tuple[str, int] | None:
    """Return a place where the address of one of *variables* is taken: whoever has it may assign them."""
    for name in sorted(variables):
        pattern = re.compile(_ADDRESS.format(name))
        for path in program.paths_with(name):
            found = pattern.search(program.facts[path].masked)
            if found is not None:
                return path, found.start()
            for macro in program.macros_by_path.get(path, ()):
                inside = pattern.search(program.body_of(macro))
                if inside is not None:
                    return path, macro.macro.body.start + inside.start()
    return None


def calls_pointer(program: Program, macro: MacroDefinition) -> bool:
    """Tell whether the body of *macro* calls something but functions by their names: a parameter, a member,
    or a value in parentheses."""
    body, params = program.body_of(macro), set(macro.macro.params or ())
    for match in _CALLED.finditer(body):
        bracket, word = match.group(1, 2)
        if word is not None and word not in params:
            continue
        if bracket == ")" and _is_cast(body[: match.start() + 1], params):
            continue
        return True
    return False


def calls_member(masked: str, body: Span) -> bool:
    """Tell whether *body* in *masked* calls a member of something (``p->f(x)``)."""
    return _MEMBER_CALLED.search(masked, body.start, body.end) is not None


def _is_cast(before: str, params: set[str]) -> bool:
    """Tell whether *before* ends with a type in parentheses, for all that can be seen."""
    found = _PARENTHESISED.search(before)
    if found is None:
        return False
    inside = found.group(1).strip()
    return not inside.startswith("*") and params.isdisjoint(WORD.findall(inside)) and "->" not in inside


def pointer_names(masked: str) -> frozenset[str]:
    """Return the names that *masked* declares as pointers to functions: ``int (*order)(...)``."""
    return frozenset(_POINTER_NAME.findall(masked))
