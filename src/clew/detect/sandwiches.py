"""Functions that fetch although their callers have the state in hand: the first candidates for threading.

A caller holds the state when it fetches itself or has a parameter of the state's type.  That is a look
at the text, quick enough for a whole tree; planning decides with the control flow.
"""

from collections import Counter
from collections.abc import Iterable

from clew.config.settings import State
from clew.detect.accessors import FetchSite
from clew.link.graph import CallGraph
from clew.link.program import WORD, Definition
from clew.text.record import record


@record()
class Sandwich:
    """A function with its number of *fetches*, and how many of its *callers* hold the state."""

    definition: Definition
    fetches: int
    callers_holding: int
    callers: int


def find_sandwiches(graph: CallGraph, state: State, sites: Iterable[FetchSite]) -> list[Sandwich]:
    """Return the sandwiches, those with most callers that hold the state first."""
    fetches = Counter(site.definition for site in sites if site.definition >= 0)
    definitions = graph.program.definitions
    found = []
    for index, count in fetches.items():
        callers = {i for kind, i in graph.callers(("f", index)) if kind == "f" and i != index}
        holding = sum(i in fetches or _takes_state(graph, definitions[i], state) for i in callers)
        if holding:
            found.append(Sandwich(definitions[index], count, holding, len(callers)))
    found.sort(key=lambda s: (-s.callers_holding, -s.fetches, s.definition.path, s.definition.name))
    return found


def _takes_state(graph: CallGraph, definition: Definition, state: State) -> bool:
    program, wanted = graph.program, "".join(state.type.split())
    # the facts of a file may have to be made first: most files do not name the type at all
    if not all(program.has_word(definition.path, word) for word in WORD.findall(state.type)):
        return False
    if wanted not in "".join(program.header_text(definition).split()):
        return False
    params = definition.function.header.params.of(program.facts[definition.path].masked)
    return wanted in "".join(params.split())
