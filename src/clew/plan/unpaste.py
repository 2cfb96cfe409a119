"""Functions that macros call by a name made of the accessor: they take the macro's name with the parameter.

``#define find(r, key) find_##r(key)`` goes away, ``find_the_repository`` becomes ``find``, and its calls pass
the state already.  All of that is planned on a view of the texts (`clew.link.pasted_callees`); where one of
the functions cannot be threaded there, the next view does without it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from fnmatch import fnmatchcase

from clew.config.settings import Scope, Settings, State
from clew.detect.accessors import accessor_kind
from clew.detect.pin import Pin
from clew.link.mentions import CallMention, Symbol
from clew.link.paste import PasteIndex
from clew.link.pasted_callees import PastedCallee, find_pasted_callees
from clew.link.program import Program
from clew.plan.problem import Problem
from clew.plan.scope import file_filter, is_threadable
from clew.plan.solution import Solution
from clew.plan.twinning import who_has
from clew.scan.lists import split_list
from clew.text.span import Span


def find_callees(program: Program, state: State) -> list[PastedCallee]:
    """Return what macros call by a name made of an accessor of *state*, each macro and function once."""
    plain = [a for a in state.accessors if accessor_kind(a) == "variable" and not a.checked]
    found = list(find_pasted_callees(program, [accessor.spelling for accessor in plain]))
    macros, functions = Counter(one.name for one in found), Counter(one.old for one in found)
    return [one for one in found if macros[one.name] == 1 and functions[one.old] == 1]


def may_unpaste(one: PastedCallee, program: Program, settings: Settings, scope: Scope, state: State) -> bool:
    """Tell whether the scope lets *one* take the macro's name, and the settings say nothing else of it."""
    paths = {one.path, *(path for path, _ in one.names)}
    definitions = program.definitions_by_name[one.old]
    may = all(is_threadable(definition, scope) for definition in definitions)
    return may and all(map(file_filter(settings, scope), paths)) and not _is_set(one, settings, state)


def _is_set(one: PastedCallee, settings: Settings, state: State) -> bool:
    """Tell whether the settings say something of the function, by the name that it has."""
    named = {*state.preserves, *state.noreturn, *(changer.name for changer in state.changers)}
    globs = (*settings.pinned, *state.others, *state.split)
    renamed = dict(state.renames).get(one.old, one.name) != one.name
    twinned = one.old in dict(state.twins)
    return renamed or twinned or one.old in named or any(fnmatchcase(one.old, glob) for glob in globs)


def view_scope(scope: Scope, callees: Iterable[PastedCallee]) -> Scope:
    """Return *scope* with the names that *callees* have in the view."""
    new = {one.old: one.name for one in callees}
    named = (tuple(new.get(name, name) for name in names) for names in (scope.functions, scope.holders))
    functions, holders = named
    return replace(scope, functions=functions, holders=holders)


def find_kept(callees: Iterable[PastedCallee], solution: Solution) -> dict[str, str]:
    """Return the functions of *callees* that *solution* does not thread, by the name that they have, each
    with the reason."""
    kept = {}
    for one in callees:
        if one.key not in solution.threaded:
            pins = solution.pins.get(one.key, [])
            kept[one.old] = pins[0].why if pins else "it does not need the state"
    return kept


def unpasting_pins(problem: Problem, symbol: Symbol, one: PastedCallee) -> Iterator[Pin]:
    """Yield what speaks against the macro's name for *symbol*, which stands for *one* in the view."""
    home, span = symbol.definitions[0].path, symbol.definitions[0].function.header.name_span
    for mention in symbol.calls:
        yield from _read_call(problem, one, mention)
    for path, place in _find_strays(problem.program, one, symbol):
        yield Pin("pasted-name", path, place, f"what {one.name} means there is not clear")
    for name, path in _find_others(problem.program, one):
        yield Pin("pasted-name", home, span, f"{path} names {name} as well")
    for builder in PasteIndex(problem.program).builders([(one.old, one.home)]).values():
        why = f"the macro {builder.name} may build the name {one.old} with ##"
        yield Pin("pasted-name", builder.path, builder.macro.name_span, why)


def _read_call(problem: Problem, one: PastedCallee, mention: CallMention) -> Iterator[Pin]:
    """Yield what is wrong with a call: it passes something else, or does not see what it passes."""
    program, at = problem.program, mention.call.name_span
    start, end = mention.call.open, mention.call.close + 1
    base = 0 if mention.macro is None else mention.macro.macro.body.start
    code = program.masked(mention.path) if mention.macro is None else program.body_of(mention.macro)
    given = [part.of(code).strip() for part in split_list(code, Span(start - base, end - base)).spans]
    if len(given) != one.count or given[one.position] != one.accessor:
        yield Pin("pasted-name", mention.path, at, f"a use of {one.name} does not pass {one.accessor}")
    elif problem.visibility.of_accessor(mention.path, at.start, one.accessor) is not None:
        why = f"a use of {one.name} stands where {one.accessor} is not declared"
        yield Pin("accessor-not-visible", mention.path, at, why)


def _find_strays(program: Program, one: PastedCallee, symbol: Symbol) -> Iterator[tuple[str, Span]]:
    """Yield places that see the macro, and where its name is declared, or called in a way that is not among
    the calls of *symbol*."""
    known = {(mention.path, mention.call.name_span.start) for mention in symbol.calls}
    known |= {(path, span.start) for path, span in one.names}
    for path in program.paths_with(one.name):
        if program.includes.share_unit(one.path, path):
            for start in _find_uses(program, path, one.name):
                if (path, start) not in known:
                    yield path, Span(start, start + len(one.name))


def _find_uses(program: Program, path: str, name: str) -> Iterator[int]:
    """Yield the places in *path* where *name* is declared at file scope, or a parenthesis follows it."""
    called, masked, facts = re.compile(rf"\b{name}\b(?=\s*\()"), program.masked(path), program.facts[path]
    yield from (match.start() for match in called.finditer(masked))
    for match in re.finditer(rf"\benum\b[^;{{}}()]*\{{[^{{}}]*?\b({name})\b", masked):
        yield match.start(1)
    yield from (one.name_span.start for one in facts.globals if one.name == name)
    yield from (one.name_span.start for one in facts.typedefs if one.name == name)
    for macro in program.macros_by_path.get(path, ()):
        if name not in (macro.macro.params or ()):
            start = macro.macro.body.start
            yield from (start + match.start() for match in called.finditer(program.body_of(macro)))


def _find_others(program: Program, one: PastedCallee) -> Iterator[tuple[str, str]]:
    """Yield the function's name, or the macro's, with a file that names it in a way that no view shows."""
    beside = (path for path, words in program.foreign.items() if one.old in words)
    places = (who_has(program, one.old), _tested_in(program, one.old), next(beside, ""))
    yield from ((one.old, path) for path in places if path)
    tested = _tested_in(program, one.name)
    if tested:
        yield one.name, tested


def _tested_in(program: Program, name: str) -> str:
    """Return a file in which a directive, other than a macro's definition, names *name*, or ""."""
    word = re.compile(rf"\b{name}\b")
    for path in program.paths_with(name):
        spans = (d.span for d in program.facts[path].directives if d.keyword not in ("include", "define"))
        if any(word.search(program.text_of(path, span)) for span in spans):
            return path
    return ""
