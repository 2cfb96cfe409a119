"""Static twins that calls in other files make public.

Such a function is no longer static, and a header declares it.  One that only returns what it reads from its
parameters moves into the header instead, as an inline function: it costs no call, and exports nothing.
"""

import re
from collections.abc import Iterator

from clew.detect.parameters import read_parameters
from clew.link.program import Definition
from clew.plan.decisions import Decisions, Expose, Include, Redirect
from clew.plan.problem import Problem
from clew.plan.visibility import Hidden
from clew.text.span import Span

_STATIC = re.compile(r"\bstatic\s+")
_TOKEN = re.compile(r"[A-Za-z_]\w*|\d\w*|->|\+\+|--|[=!<>]=|\S")
_WRITES = frozenset(("=", "++", "--", ";", "{", "}", "#"))
_KNOWN = frozenset(("NULL", "sizeof"))  # ISO C has them, whatever is included


def find_exposed(problem: Problem, decisions: Decisions) -> Iterator[Expose]:
    """Yield the static twins that calls in other files make public, each once."""
    new = {twin.twin for twin in decisions.twins}
    calls: dict[str, list[Redirect]] = {}
    for redirect in decisions.redirects:
        if redirect.home and redirect.twin not in new:
            calls.setdefault(redirect.twin, []).append(redirect)
    for name, found in sorted(calls.items()):
        definition, home = problem.program.definitions_by_name[name][0], found[0].home
        facts = problem.program.facts[definition.path]
        prototypes = [p.span for p in facts.prototypes if p.name == name]
        starts = [definition.function.header.start, *(span.start for span in prototypes)]
        words = (_STATIC.search(facts.masked, start, start + 200) for start in starts)
        spans = tuple(Span(*match.span()) for match in words if match is not None)
        inline = len(spans) == len(starts) and _can_move(problem, definition, found)
        yield Expose(
            definition,
            spans,
            home,
            behind_prototypes(problem, home),
            problem.twin_calls.export_mark(found[-1].call.name),
            tuple(prototypes) if inline else (),
            inline,
        )


def behind_prototypes(problem: Problem, path: str) -> int:
    """Return where in the header *path* a declaration goes: behind the last prototype."""
    source, prototypes = problem.program.sources[path], problem.program.facts[path].prototypes
    if source.is_new:
        return source.opens_at
    return prototypes[-1].span.end if prototypes else len(source.text)


def _can_move(problem: Problem, definition: Definition, calls: list[Redirect]) -> bool:
    """Tell whether *definition* can be an inline function of the header that *calls* are to include: wherever
    that is included, the members that it reads are seen."""
    function, home = definition.function, calls[0].home
    if len(function.headers) != 1 or function.old_style is not None or function.attributes.strip():
        return False
    read = _read_members(problem, definition)
    if read is None:
        return False
    own = problem.visibility.of_function(definition.path, function.header.start, definition.name, home)
    places = [own]
    places += [
        problem.visibility.of_function(one.path, one.call.name_span.start, definition.name, home)
        for one in calls
    ]
    if any(isinstance(place, Hidden) for place in places):
        return False
    lines = [(place.path, place.at) for place in places if isinstance(place, Include)]
    includers = sorted(problem.program.includes.includers.get(home, ()))
    for user in includers:
        above = problem.program.includes.places[user]
        lines += [(user, at) for at, targets in above if home in targets]
    inside = (home, behind_prototypes(problem, home))
    sees = problem.members.sees
    return all(sees(*inside, *member) or all(sees(*line, *member) for line in lines) for member in read)


def _read_members(problem: Problem, definition: Definition) -> set[tuple[str, str]] | None:
    """Return the members, each with the type it is one of, that *definition* reads when all it does is to
    return an expression over them and its parameters; None otherwise."""
    masked, path = problem.program.facts[definition.path].masked, definition.path
    parameters = read_parameters(problem.program, path, definition.function.header)
    types = {parameter.name: parameter.type for parameter in parameters}
    tokens = _TOKEN.findall(masked, definition.function.body.start + 1, definition.function.body.end - 1)
    if tokens[:1] != ["return"] or tokens[-1:] != [";"] or "#" in definition.function.body.of(masked):
        return None
    if any(
        directive.span.start in definition.function.span
        for directive in problem.program.facts[path].directives
    ):
        return None
    return _members_in(tokens[1:-1], types)


def _members_in(tokens: list[str], types: dict[str, str]) -> set[tuple[str, str]] | None:
    """Return what *tokens*, an expression, reads through the parameters *types*; None when it does more."""
    found: set[tuple[str, str]] = set()
    for number, token in enumerate(tokens):
        before = tokens[number - 1] if number else ""
        if token in _WRITES or (token == "(" and before.isidentifier()):
            return None
        if before == "->":
            holder = tokens[number - 2]
            if holder not in types or (number > 2 and tokens[number - 3] in ("->", ".")):
                return None
            found.add((types[holder], token))
        elif token.isidentifier() and (before == "." or token not in types.keys() | _KNOWN):
            return None
    return found
