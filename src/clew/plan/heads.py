"""The lines that files need at their head for what the plan writes, and calls that no line helps."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from clew.detect.accessors import accessor_name
from clew.detect.pin import Pin
from clew.link.mentions import Symbol
from clew.link.program import Definition, MacroDefinition
from clew.plan.decide import FunctionDecision
from clew.plan.decisions import Decisions, DeclareTag, Define, Include, InsertLocal, PassState, Redirect
from clew.plan.problem import Problem, SymbolKey
from clew.plan.twinning import Twinning, takes_state
from clew.plan.visibility import Hidden, Remedy

_SHADOWED = "a local has the name of the accessor there"


def needed_heads(problem: Problem, decisions: Decisions) -> list[DeclareTag | Include | Define]:
    """Return the lines for the parameters, new locals and calls of *decisions*, each once per file."""
    places = [place for parameter in decisions.parameters for place in _declared(parameter.symbol)]
    for twin in decisions.twins:
        definitions = ((d.path, d.function.header.name_span.start) for d in twin.symbol.definitions)
        places += (*definitions, *twin.declared)
    remedies = [problem.visibility.of_type(*place) for place in places]
    for local in decisions.inserted:
        remedies += _of_local(problem, local)
    calls: list[PassState | Redirect] = [*decisions.calls, *decisions.redirects]
    remedies += [_of_call(problem, call) for call in calls if _is_accessor(problem, call)]
    static = {twin.twin for twin in decisions.twins if twin.static}
    for call in decisions.redirects:
        if call.twin not in static:
            at = call.call.name_span.start
            remedies.append(problem.visibility.of_function(call.path, at, call.twin, call.home))
    for moved in decisions.exposed:
        if moved.inline:
            function = moved.definition.function
            starts = [function.header.start, *(span.start for span in moved.prototypes)]
            at = min(starts)
            remedies.append(
                problem.visibility.of_function(moved.definition.path, at, moved.definition.name, moved.home)
            )
    guards = {line.path: line for line in _guards(problem, decisions)}
    found: dict[tuple[str, str], DeclareTag | Include] = {}
    for remedy in remedies:
        if isinstance(remedy, DeclareTag | Include):
            key = (remedy.path, remedy.header if isinstance(remedy, Include) else remedy.text)
            found[key] = _both(found[key], remedy) if key in found else remedy
    return [*guards.values(), *_without_implied(problem, found)]


def _both(one: DeclareTag | Include, other: DeclareTag | Include) -> DeclareTag | Include:
    """Return the upper one of two equal lines; an include is for a function rather than for a type."""
    upper = min(one, other, key=lambda line: line.at)
    if isinstance(one, Include) and isinstance(upper, Include) and isinstance(other, Include):
        named = (line.shows for line in (one, other) if line.shows.endswith(")"))
        return replace(upper, shows=next(named, one.shows))
    return upper


def _guards(problem: Problem, decisions: Decisions) -> Iterator[Define]:
    """Yield the definitions of the guard without which a file does not see an accessor that it gets."""
    places = [(local.path, local.at, local.accessor) for local in decisions.inserted]
    calls: list[PassState | Redirect] = [*decisions.calls, *decisions.redirects]
    places += [
        (call.path, call.call.name_span.start, call.argument)
        for call in calls
        if _is_accessor(problem, call) and not problem.program.enclosing_macro(call.path, call.call.open)
    ]
    for place in places:
        line = problem.visibility.of_guard(*place)
        if line is not None:
            yield line


def _without_implied(
    problem: Problem, found: Mapping[tuple[str, str], DeclareTag | Include]
) -> list[DeclareTag | Include]:
    """Leave out what another line brings: that of a file included above, or an include beside a tag."""
    kept = []
    for (path, text), line in sorted(found.items()):
        above = problem.program.reach.above(path, line.at, sure=True)
        has_include = isinstance(line, DeclareTag) and problem.visibility.shows_type(path)
        beside = has_include and any(
            isinstance(other, Include) for (p, _), other in found.items() if p == path
        )
        if not beside and not any((other, text) in found for other in above):
            kept.append(line)
    return kept


def hidden_calls(
    problem: Problem, decision: FunctionDecision, threaded: Mapping[SymbolKey, int]
) -> Iterator[tuple[Symbol, Pin]]:
    """Yield the threaded symbols that *decision* can call only with an accessor which is not visible there,
    each with the reason not to thread it."""
    path = decision.definition.path
    hidden: dict[str, tuple[str, str]] = {}  # code and words by what is passed
    for local in decision.inserted:
        for code, remedy in zip(
            ("accessor-not-visible", "type-not-visible"), _of_local(problem, local), strict=True
        ):
            if isinstance(remedy, Hidden):
                hidden[local.name] = (code, remedy.why)
        if _is_shadowed(problem, decision.definition, local.accessor, local.at):
            hidden[local.name] = ("accessor-not-visible", _SHADOWED)
    calls: list[PassState | Redirect] = [*decision.calls, *decision.redirects]
    for call in calls:
        remedy = _of_call(problem, call) if _is_accessor(problem, call) else None
        code, why = hidden.get(call.argument, ("", ""))
        if isinstance(remedy, Hidden):
            code, why = "accessor-not-visible", remedy.why
        at = call.call.name_span.start
        if _is_accessor(problem, call) and _is_shadowed(problem, decision.definition, call.argument, at):
            code, why = "accessor-not-visible", _SHADOWED
        for symbol, _ in problem.calls_by_key.get((path, call.call.name_span.start), ()) if code else ():
            if symbol.key in threaded:
                yield (
                    symbol,
                    Pin(
                        code,
                        path,
                        call.call.name_span,
                        f"its caller {decision.definition.name} would fetch, and {why}",
                    ),
                )


def _is_shadowed(problem: Problem, definition: Definition, accessor: str, at: int) -> bool:
    """Tell whether a local of *definition* has the name of *accessor* at the offset *at*."""
    return problem.body(definition).names_local(accessor_name(accessor), at)


def hidden_macro_calls(
    problem: Problem,
    captured: Mapping[int, str],
    threaded: Mapping[SymbolKey, int],
    twinning: Mapping[SymbolKey, Twinning],
) -> Iterator[tuple[Symbol, Pin]]:
    """As `hidden_calls`, for macros that do not take a variable and call threaded symbols."""
    for index, keys in problem.macro_sites.items():
        macro = problem.program.macros[index]
        for key in keys if index not in captured else ():
            for symbol, mention in problem.calls_by_key.get(key, ()):
                split = twinning.get(symbol.key)
                if symbol.key in threaded and takes_state(problem, symbol, split, mention):
                    remedy = _of_macro(problem, macro)
                    if isinstance(remedy, Hidden):
                        why = f"the macro {macro.name} calls it and would fetch, and {remedy.why}"
                        yield symbol, Pin("accessor-not-visible", macro.path, mention.call.name_span, why)


def _declared(symbol: Symbol) -> list[tuple[str, int]]:
    """Return the places of the name in every definition and prototype of *symbol*."""
    headers = [(d.path, header) for d in symbol.definitions for header in d.function.headers]
    places = [(path, header.name_span.start) for path, header in headers]
    return places + [(m.path, m.prototype.name_span.start) for m in symbol.prototypes]


def _of_local(problem: Problem, local: InsertLocal) -> tuple[Remedy, Remedy]:
    """Return what a new local needs for its accessor and for its type."""
    visibility = problem.visibility
    shown = visibility.of_accessor(local.path, local.at, local.accessor)
    return shown, visibility.of_type(local.path, local.at)


def _is_accessor(problem: Problem, call: PassState | Redirect) -> bool:
    return call.argument == problem.accessors.of(call.path)


def _of_call(problem: Problem, call: PassState | Redirect) -> Remedy:
    at = call.call.name_span.start
    macro = problem.program.enclosing_macro(call.path, at)
    if macro is not None:
        return _of_macro(problem, macro)
    return problem.visibility.of_accessor(call.path, at, call.argument)


def _of_macro(problem: Problem, macro: MacroDefinition) -> Remedy:
    """Return what the file of *macro* needs, unless all files with functions that use it need nothing."""
    spelling = problem.accessors.of(macro.path)
    users = problem.graph.reaching_macros([("m", macro.index)])
    starts = [problem.program.definitions[i] for kind, i in users if kind == "f"]
    needs = [problem.visibility.of_accessor(d.path, d.function.body.start, spelling) for d in starts]
    if needs and not any(needs):
        return None
    return problem.visibility.of_accessor(macro.path, macro.macro.name_span.start, spelling)
