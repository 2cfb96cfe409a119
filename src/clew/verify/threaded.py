"""Which functions got the state: those that have a parameter of its type after the change, and had none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from clew.config.settings import State
from clew.detect.spelled_type import same_type
from clew.link.program import Definition, Program
from clew.scan.lists import split_list
from clew.verify.change import Change

_LAST_NAME = re.compile(r"([A-Za-z_]\w*)\s*\Z")


@dataclass(frozen=True, slots=True)
class Threaded:
    """A function of the program after the change, and the name of its new parameter."""

    definition: Definition
    parameter: str


def find_threaded(before: Program, after: Program, change: Change, state: State) -> Iterator[Threaded]:
    """Yield the threaded functions, file by file.  Several definitions of one name (in ``#if`` branches) are
    told apart by their order."""
    for path in change.files:
        had = [bool(state_parameter(before, one, state)) for one in _in_order(before, path)]
        names = [one.name for one in _in_order(before, path)]
        known = dict(zip(_numbered(names), had, strict=True))
        definitions = _in_order(after, path)
        for key, definition in zip(_numbered([one.name for one in definitions]), definitions, strict=True):
            parameter = state_parameter(after, definition, state)
            if parameter and not known.get(key, False):
                yield Threaded(definition, parameter)


def _in_order(program: Program, path: str) -> tuple[Definition, ...]:
    return program.definitions_by_path.get(path, ())


def _numbered(names: list[str]) -> list[tuple[str, int]]:
    """Return each name with how many of its kind came before."""
    seen: dict[str, int] = {}
    found = []
    for name in names:
        found.append((name, seen.get(name, 0)))
        seen[name] = seen.get(name, 0) + 1
    return found


def state_parameter(program: Program, definition: Definition, state: State) -> str:
    """Return the name of the parameter of *state*'s type, or ""."""
    masked = program.facts[definition.path].masked
    function = definition.function
    if function.old_style is not None:
        pieces = function.old_style.of(masked).split(";")
    else:
        spans = split_list(masked, function.header.params).spans
        pieces = [span.of(masked) for span in spans]
    for piece in pieces:
        # The marker of a directive between the parameters is not part of one.
        declaration = piece.replace("#", " ").strip()
        name = _LAST_NAME.search(declaration)
        if name and same_type(declaration[: name.start()], state.type):
            return name[1]
    return ""
