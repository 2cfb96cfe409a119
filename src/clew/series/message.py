"""What a commit message says: what changes, why, and how to make the patch again."""

import textwrap

from clew import __version__
from clew.config.settings import State
from clew.plan.model import ThreadedFunction
from clew.series.steps import Step

_WIDTH = 72
_SUBJECT = 60
_MOST_LISTED = 30


def subject_of(step: Step, state: State) -> str:
    """Return the first line."""
    if not step.functions:
        return f"use the {state.name} that is at hand"
    first = step.functions[0]
    paths = {function.path for function in step.functions}
    home = f"{first.path}: " if len(paths) == 1 and len(first.path) < _SUBJECT // 2 else ""
    others = len(step.functions) - 1
    more = f" and {others} other{'s' if others > 1 else ''}" if others else ""
    return f"{home}pass {first.parameter} to {first.name}(){more}"


def body_of(step: Step, state: State, command: str, base: str, place: tuple[int, int]) -> str:
    """Return the rest.  *command* makes the series on the commit *base*; *place* is the number of the patch,
    and of all."""
    accessor = state.accessors[0].spelling
    paragraphs = [_what(step, accessor), *_listed(step.functions)]
    paragraphs.append(_fill(_why(accessor)))
    number, total = place
    made = f"Patch {number} of {total}, made by clew {__version__} on {base[:12]} with"
    paragraphs.append(f"{_fill(made)}\n\n    {command}")
    return "\n\n".join(paragraphs) + "\n"


def _what(step: Step, accessor: str) -> str:
    if not step.functions:
        return _fill(f"Functions which have the state in a variable do not fetch it again with {accessor}.")
    names = sorted({function.parameter for function in step.functions})
    takes = f"take the state as parameter {' or '.join(names)}"
    return _fill(
        f"These functions {takes}, instead of fetching it with {accessor} or leaving that to what they call. "
        "Callers that have it pass it on; the others fetch it where they call."
    )


def _listed(functions: tuple[ThreadedFunction, ...]) -> list[str]:
    if not functions:
        return []
    lines = [_describe(function) for function in functions[:_MOST_LISTED]]
    left = len(functions) - _MOST_LISTED
    if left > 0:
        lines.append(f"  and {left} more")
    return ["\n".join(lines)]


def _describe(function: ThreadedFunction) -> str:
    through = function.reason[1:]
    why = f"calls {through[0]}()" if through else "fetches"
    return f"  {function.name}() in {function.path}: {why}"


def _why(accessor: str) -> str:
    return (
        f"What a function needs should stand in its signature. {accessor} stays where a signature must not "
        "change. clew has proved, for each fetch that goes away, that the variable in its place holds the "
        "current state on every path. Every patch of the series compiles on its own."
    )


def _fill(text: str) -> str:
    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
