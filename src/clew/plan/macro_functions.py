"""Macros that define functions: ``#define SLOT(NAME) static int NAME(int x) { ... }``.

Where such a macro calls threaded functions it fetches once at the entry of the function, as a boundary does.
The function is read with the macro's parameters as plain names; so the arguments have to be such, and none of
them may be what the body calls.
"""

import re

from clew.detect.body import Body, SiteKey, Use
from clew.link.program import Definition, MacroDefinition
from clew.parse.front import FunctionParser
from clew.plan.decisions import InsertLocal
from clew.plan.place import place_fetches
from clew.plan.problem import Problem
from clew.scan import find_calls, scan_source
from clew.scan.lists import split_list
from clew.text.source import SourceText
from clew.text.span import Span

_SPLICE = re.compile(r"\\(?=\r?\n)")
_PLAIN = re.compile(r'\s*(?:[A-Za-z_]\w*|"[^"]*"|\d+)?\s*')


def place_in_macro(problem: Problem, macro: MacroDefinition, keys: list[SiteKey]) -> InsertLocal | None:
    """Return the local that serves the calls at *keys* in the function that *macro* defines; None where it
    defines none, or one local cannot serve them all."""
    state = problem.state
    if state.boundary != "local" or macro.macro.pastes or not _takes_plain_names(problem, macro):
        return None
    body = _read_body(problem, macro)
    taken = macro.macro.params or ()
    free = (n for n in state.names if n not in taken and problem.names.is_free_in_macro(n, macro.name))
    name = next(free, "")
    if body is None or not name or not body.parsed.parsed:
        return None
    demands: dict[SiteKey, list[Use]] = {}
    for use in body.uses(problem.is_interesting):
        if use.key in keys:
            demands.setdefault(use.key, []).append(use)
    if demands.keys() != set(keys) or any(
        u.spoiled or u.point.scrambled for us in demands.values() for u in us
    ):
        return None
    accessor = problem.accessors.of(macro.path)
    checked = any(a.checked for a in state.accessors if a.spelling == accessor)
    placements = place_fetches(body, demands, "first-use" if checked else state.fetch, ())
    if len(placements) != 1 or placements[0].keys != demands.keys():
        return None
    return InsertLocal(macro.path, placements[0].at, name, state.type, accessor)


def _read_body(problem: Problem, macro: MacroDefinition) -> Body | None:
    """Return the one function that the body of *macro* is, read as if it stood in the file by itself."""
    text, span = problem.program.sources[macro.path].text, macro.macro.body
    start = text.rfind("#", 0, macro.macro.name_span.start)
    bare = " " * (span.start - start) + _SPLICE.sub(" ", span.of(text))
    source = SourceText(macro.path, text[:start] + bare + text[span.end :])
    facts = scan_source(source)
    found = [function for function in facts.functions if function.body.start in span]
    if len(found) != 1 or "{" not in span.of(text)[: found[0].body.start - span.start + 1]:
        return None
    program, settings = problem.program, problem.settings
    parser = FunctionParser(
        {**program.facts, macro.path: facts},
        {**program.sources, macro.path: source},
        settings.types,
        problem.state.noreturn,
    )
    number, name, static = facts.functions.index(found[0]), found[0].name, found[0].static
    definition = Definition(-1, macro.path, name, static, number, {macro.path: facts})
    parsed = parser.parse(macro.path, found[0])
    return Body(definition, parsed, problem.effects, problem.state, facts.masked)


def _takes_plain_names(problem: Problem, macro: MacroDefinition) -> bool:
    """Tell whether every use of *macro* passes names, numbers or strings alone, and its body calls none."""
    program, params = problem.program, macro.macro.params
    if params is None or len(program.macros_by_name[macro.name]) != 1:
        return False
    body = program.body_of(macro)
    opened = max(body.find("{"), 0)
    if any(call.name in params for call in find_calls(body, Span(opened, len(body)))):
        return False
    return _is_given_names(problem, macro.name, {macro.name})


def _is_given_names(problem: Problem, name: str, seen: set[str]) -> bool:
    """Tell whether uses of the macro *name*, in other macros too, and then those of these, pass nothing but
    names, numbers and strings."""
    program = problem.program
    for path in program.paths_with(name):
        if not _all_plain(program.facts[path].masked, name):
            return False
        for macro in program.macros_by_path.get(path, ()):
            body = program.body_of(macro)
            if macro.name in seen or not re.search(rf"\b{name}\b", body):
                continue
            seen.add(macro.name)
            if not _all_plain(body, name) or not _is_given_names(problem, macro.name, seen):
                return False
    return True


def _all_plain(code: str, name: str) -> bool:
    calls = (call for call in find_calls(code, Span(0, len(code))) if call.name == name)
    lists = (split_list(code, Span(call.open, call.close + 1)).spans for call in calls)
    return all(_PLAIN.fullmatch(span.of(code)) for spans in lists for span in spans)
