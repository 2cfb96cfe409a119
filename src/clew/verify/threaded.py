"""Which functions are handed the state after the change.

*Threaded* are those that have a parameter of its type and had none before.  *Trusted* are those that had one
before, which the settings say is the current state by its name, and that were edited on that ground.
"""

import re
from collections import Counter
from collections.abc import Iterator
from fnmatch import fnmatchcase

from clew.config.settings import State
from clew.detect.accessors import find_fetch_sites, spelled_accessors
from clew.detect.spelled_type import same_type
from clew.link.program import Definition, Program
from clew.plan.fixed import bound_name
from clew.scan.lists import split_list
from clew.text.record import record
from clew.verify.change import Change

_LAST_NAME = re.compile(r"([A-Za-z_]\w*)\s*\Z")


@record()
class Threaded:
    """A function of the program after the change, and the name of its parameter; *trusted* where it had the
    parameter before."""

    definition: Definition
    parameter: str
    trusted: bool = False


def find_threaded(before: Program, after: Program, change: Change, state: State) -> Iterator[Threaded]:
    """Yield the threaded functions, file by file.  Several definitions of one name (in ``#if`` branches) are
    told apart by their order."""
    for path in change.files:
        old = dict(_by_order(before, path))
        for key, definition in _by_order(after, path):
            parameter = state_parameter(after, definition, state)
            if parameter and not (key in old and state_parameter(before, old[key], state)):
                yield Threaded(definition, parameter)


def find_trusted(before: Program, after: Program, change: Change, state: State) -> Iterator[Threaded]:
    """Yield the edited functions whose parameter counts as the current state by its name."""
    if state.holders != "named":
        return
    sites = find_fetch_sites(after, spelled_accessors(state, derived=False))
    beside = {site.definition for site in sites if bound_name(after.facts[site.path].masked, site)}
    for path, file in change.files.items():
        old = dict(_by_order(before, path))
        for key, definition in _by_order(after, path):
            parameter = state_parameter(after, definition, state)
            if key not in old or parameter not in state.names or definition.index in beside:
                continue
            if state_parameter(before, old[key], state) and not _is_other(definition.name, state):
                if any(edit.span.overlaps(old[key].function.body) for edit in file.edits):
                    yield Threaded(definition, parameter, trusted=True)


def _is_other(name: str, state: State) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in state.others)


def _by_order(program: Program, path: str) -> Iterator[tuple[tuple[str, int], Definition]]:
    """Yield the definitions of a file with their name, and how many of that name came before."""
    seen: Counter[str] = Counter()
    for definition in program.definitions_by_path.get(path, ()):
        yield (definition.name, seen[definition.name]), definition
        seen[definition.name] += 1


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
