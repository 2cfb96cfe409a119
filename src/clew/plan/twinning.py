"""Which functions are split or renamed, and where a twin is declared.

A function that must keep its name and signature (it is exported, a callback, called from files out of
scope) can still lend its body to a *twin* that takes the state; what is left is a wrapper that fetches and
calls the twin.  The settings say which functions (``split``, ``[state.twins]``) and how twins are called.
``[state.renames]`` gives a function another name along with the parameter: no wrapper stays, and every call
changes.
"""

import re
from fnmatch import fnmatchcase
from typing import Literal

from clew.config.settings import State
from clew.detect.attributes import read_indices
from clew.detect.pin import Pin
from clew.link.mentions import CallMention, PrototypeMention, Symbol
from clew.link.program import WORD, Definition, Program
from clew.plan.companions import is_variadic
from clew.plan.problem import Problem
from clew.plan.visibility import Hidden, is_public, twin_header
from clew.scan.facts import Call
from clew.text.record import record
from clew.text.span import Span

_OWN_NAME = re.compile(r"\b__(?:func|FUNCTION|PRETTY_FUNCTION)__\b")

Form = Literal["split", "copy", "macro", "rename"]

# what a wrapper cures: others go on using the old name and signature
_CURED = frozenset(
    {
        "listed",
        "exported",
        "address-taken",
        "called-out-of-scope",
        "named-elsewhere",
        "directive",
        "outside-function",
        "unprototyped",
        "pasted-name",
        "macro-namesake",
    }
)
# what a macro in place of a wrapper does not serve: the name stands there without the arguments of a call
_BEYOND_CALLS = frozenset(
    {"address-taken", "named-elsewhere", "directive", "outside-function", "pasted-name", "macro-namesake"}
)


@record()
class Twinning:
    """The body of a function goes to *twin*; *form* tells what stays under the old name: a function
    ("split"), the whole function, of which the twin is a copy ("copy"), a macro ("macro"), or nothing
    ("rename").  *home* is the file that declares the twin, ""
    where only the file of the definition knows it."""

    twin: str
    form: Form
    home: str = ""


def choose_twinning(
    program: Program, state: State, symbol: Symbol, pins: list[Pin], *, closed: bool, copied: bool
) -> tuple[Twinning | None, list[Pin]]:
    """Return how *symbol* is split or renamed, with the pins that are left; None where the settings do not
    ask for it.  *closed* tells that the scope leaves its signature alone, *copied* that the twin has to be a
    copy of the function."""
    renames, twins = dict(state.renames), dict(state.twins)
    if symbol.name in renames:
        twinning = Twinning(renames[symbol.name], "rename", _home(program, state, symbol, ""))
        return twinning, [*pins, *_obstacles(program, symbol, twinning)]
    asked = symbol.name in twins
    by_rule = any(fnmatchcase(symbol.name, glob) for glob in state.split)
    if not asked and not copied and not (by_rule and (pins or closed)):
        return None, pins
    name = twins.get(symbol.name) or state.twin.format(name=symbol.name)
    form: Form = "copy" if copied else "macro" if state.wrapper == "macro" else "split"
    twinning = Twinning(name, form, _home(program, state, symbol, name))
    left = [pin for pin in pins if not _is_cured(pin, form)]
    return twinning, [*left, *_obstacles(program, symbol, twinning)]


def _is_cured(pin: Pin, form: Form) -> bool:
    return pin.code in _CURED and not (form == "macro" and pin.code in _BEYOND_CALLS)


def _obstacles(program: Program, symbol: Symbol, twinning: Twinning) -> list[Pin]:
    """Return what stands against a twin: its name is taken, or the wrapper cannot pass its parameters on."""
    first = symbol.definitions[0]
    place = (first.path, first.function.header.name_span)
    found: list[Pin] = []
    taken = who_has(program, twinning.twin)
    if taken:
        found.append(Pin("twin-name-taken", *place, f"the name {twinning.twin} is taken, in {taken}"))
    code = program.facts[first.path].masked
    if (named := _OWN_NAME.search(code, first.function.body.start, first.function.body.end)) is not None:
        why = f"{named[0]} in it would be another name"
        found.append(Pin("stringified", first.path, Span(*named.span()), why))
    if twinning.form == "rename":
        return found
    if _is_expanded(program, symbol):
        found.append(Pin("macro-namesake", *place, "a macro makes the name in its header"))
    for index in read_indices(program, symbol)[0][:1]:
        why = f"the attribute `{index.attribute}` counts its parameters"
        found.append(Pin("attributed", index.path, index.span, why))
    if len(symbol.definitions) > 1 or len(first.function.headers) > 1 or first.function.old_style is not None:
        why = "more than one definition or header, or an old-style one, stands over its body"
        found.append(Pin("split-header", *place, why))
    if twinning.form == "copy":
        if re.search(r"\bstatic\b", first.function.body.of(code)):
            why = "it has a static variable, of which a copy would have another"
            found.append(Pin("variadic", *place, why))
    elif is_variadic(program, first):
        why = "it takes a variable number of arguments, which a wrapper cannot pass on"
        found.append(Pin("variadic", *place, why))
    return found


def _is_expanded(program: Program, symbol: Symbol) -> bool:
    """Tell whether a macro of its name is in force where *symbol* is defined."""
    names = ((one.path, one.function.header.name_span.start) for one in symbol.definitions)
    return any(program.macro_table.definitions(symbol.name, path, at) for path, at in names)


def who_has(program: Program, name: str) -> str:
    """Return a file that knows *name* already, or ""."""
    for path in program.paths_with(name):
        facts = program.facts[path]
        bodies = (program.body_of(macro) for macro in program.macros_by_path.get(path, ()))
        known = {macro.name for macro in facts.macros}
        if name in known or name in program.words_in(path) or any(name in WORD.findall(b) for b in bodies):
            return path
    return ""


def _home(program: Program, state: State, symbol: Symbol, twin: str) -> str:
    """Return the file in which *twin* (or, where it is "", the function itself) is to be declared."""
    if twin and not is_public(state, twin):
        return ""
    path = symbol.definitions[0].path
    named = twin_header(program, state, path)
    if named:
        return named
    beside = next((mention.path for mention in symbol.prototypes if mention.path != path), "")
    return beside if beside.endswith(".h") else ""


def takes_state(problem: Problem, symbol: Symbol, twinning: Twinning | None, mention: CallMention) -> bool:
    """Tell whether the call *mention* of a threaded function has to pass the state: always, unless a wrapper
    is left to call, and the settings let it; or it passes the state already, since a macro let it."""
    if symbol.key in problem.unpasted:
        return False
    if twinning is None or twinning.form == "rename":
        return True
    at_home = bool(problem.state.redirect_files) and mention.path == symbol.definitions[0].path
    if mention.definition is None or not (at_home or problem.redirects_more(mention.path)):
        return False
    if _only_hands_on(problem, mention.definition, mention.call) and mention.definition.index not in (
        problem.asked
    ):
        return False
    seen = problem.in_scope(mention.path) and problem.body(mention.definition).parsed.parsed
    return seen and is_twin_visible(problem, symbol, twinning, mention.path, mention.call.open)


def _only_hands_on(problem: Problem, definition: Definition, call: Call) -> bool:
    """Tell whether *definition* does nothing with the state but to end in the call: with a fetch of its own
    it would fetch as often as through the wrapper."""
    code, body = problem.program.facts[definition.path].masked, definition.function.body
    before = code[body.start + 1 : call.name_span.start].rstrip()
    if code[call.close + 1 : body.end - 1].strip() != ";" or (before and not before.endswith("return")):
        return False
    return len(problem.calls_in[definition.index]) == 1


def is_twin_visible(problem: Problem, symbol: Symbol, twinning: Twinning, path: str, at: int) -> bool:
    """Tell whether *at* in *path* can call the twin: in its own file, or in one that includes its header or
    can do so."""
    home = symbol.definitions[0].path
    if path == home:
        return True
    if home in problem.program.includes.included_by(path):
        return home.endswith(".h")
    if not twinning.home:
        return False
    return not isinstance(problem.visibility.of_function(path, at, twinning.twin, twinning.home), Hidden)


def prototype_beside(symbol: Symbol, path: str) -> PrototypeMention | None:
    """Return the prototype of *symbol* in *path*, if it has one there."""
    return next((mention for mention in symbol.prototypes if mention.path == path), None)
