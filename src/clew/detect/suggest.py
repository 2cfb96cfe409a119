"""Candidates for the state of a tree that no settings describe: global variables and accessors that many
functions use.

Nothing is proved here: what is found is offered to a person, who knows the program.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace

from clew.detect.accessors import AccessorKind
from clew.link.program import WORD, Program
from clew.scan.facts import Function, Global
from clew.text.record import record

# Words of a declaration that say nothing about the type; EXTERN and its like are macros.
_STORAGE = re.compile(r"\b(?:extern|static|inline|_Thread_local|__thread|thread_local|register|volatile)\b")
_MACRO_WORD = re.compile(r"\A\s*(?:[A-Z][A-Z0-9_]*\s+)(?=[A-Za-z_])")
_AGGREGATE = re.compile(r"\b(?:struct|union)\b")
_MEMBERS = re.compile(r"\{.*\}", re.DOTALL)
_TYPE = re.compile(r"(?P<base>(?:(?:struct|union)\s+)?[A-Za-z_]\w*)\s*(?P<stars>\**)\Z")
_NO_PARAMETERS = re.compile(r"\(\s*(?:void)?\s*\)\Z")
_NO_ARGUMENTS = re.compile(r"\s*\(\s*\)")
_MEMBER = re.compile(r"(?:\.|->)\s*\Z")
_DECLARED = re.compile(r"(?P<word>[A-Za-z_]\w*)(?:\s|\*)+\Z")
_STANDARD = frozenset({"FILE", "DIR"})
_STATEMENT_WORDS = frozenset({"return", "else", "do", "case", "goto", "sizeof", "in"})
_SUFFIX = re.compile(r"_[tTs]\Z")
_LEAST_FUNCTIONS = 3
_MOST_STATEMENTS = 3
_NAMES = 3
_BACK = 60


@record()
class Candidate:
    """What may be a state: *spelling* fetches it, *type* is that of a parameter for it.  *functions* of
    *files* use it.  *names* are what variables of the type are called in the tree, the most common first."""

    spelling: str
    kind: AccessorKind
    type: str
    functions: int
    files: int
    path: str
    line: int
    names: tuple[str, ...] = ()
    header: str = ""


@record()
class _Found:
    name: str
    kind: AccessorKind
    base: str
    path: str
    at: int
    declared: frozenset[str] = frozenset()  # the files that declare it


def suggest_states(program: Program, limit: int) -> list[Candidate]:
    """Return at most *limit* candidates, those that most functions use first."""
    found = _one_type_each(program, [*_variables(program), *_accessors(program)])
    users = _users(program, found)
    ranked = sorted(found, key=lambda name: (-len(users[name]), name))
    chosen = [found[name] for name in ranked if len(users[name]) >= _LEAST_FUNCTIONS][:limit]
    return [_describe(program, one, users[one.name]) for one in chosen]


def _one_type_each(program: Program, found: list[_Found]) -> dict[str, _Found]:
    """Return what stands for one thing: names that have several types are left out, and a definition in a
    source file tells more than a declaration."""
    by_name: dict[str, list[_Found]] = defaultdict(list)
    for one in found:
        by_name[one.name].append(one)
    single = {name: same for name, same in by_name.items() if len({(o.kind, o.base) for o in same}) == 1}
    return {name: _first(program, same) for name, same in single.items()}


def _first(program: Program, same: list[_Found]) -> _Found:
    best = min(same, key=lambda one: (not one.path.endswith(".c"), one.path))
    declared = {one.path for one in same}
    if best.kind == "call":
        for path, facts in program.facts.items():
            declared.update(path for prototype in facts.prototypes if prototype.name == best.name)
    return replace(best, declared=frozenset(declared))


def _variables(program: Program) -> Iterator[_Found]:
    aggregates = _aggregate_types(program)
    for path, facts in program.facts.items():
        for variable in facts.globals:
            typed = _type_of(variable.specifiers, aggregates)
            if typed and len(typed[1]) <= 1 and not _is_array_or_pointer(facts.masked, variable):
                kind: AccessorKind = "variable" if typed[1] else "object"
                yield _Found(variable.name, kind, typed[0], path, variable.name_span.start)


def _accessors(program: Program) -> Iterator[_Found]:
    """Yield functions without parameters that only look up a pointer to a structure."""
    aggregates = _aggregate_types(program)
    for path, facts in program.facts.items():
        for function in facts.functions:
            typed = _type_of(function.specifiers, aggregates)
            if typed and typed[1] == "*" and _looks_up(facts.masked, function):
                yield _Found(function.name, "call", typed[0], path, function.header.name_span.start)


def _looks_up(masked: str, function: Function) -> bool:
    if not _NO_PARAMETERS.match(function.header.params.of(masked)):
        return False
    body = function.body.of(masked)
    return body.count(";") <= _MOST_STATEMENTS and "return" in body and "{" not in body[1:]


def _aggregate_types(program: Program) -> frozenset[str]:
    """The typedef names of structures and unions."""
    return frozenset(
        typedef.name
        for facts in program.facts.values()
        for typedef in facts.typedefs
        if typedef.name not in _STANDARD and _AGGREGATE.search(typedef.span.of(facts.masked))
    )


def _type_of(specifiers: str, aggregates: frozenset[str]) -> tuple[str, str] | None:
    """Return the structure and the stars of a declaration, or None where it is of something else."""
    text = _STORAGE.sub(" ", _MEMBERS.sub(" ", specifiers))
    if "const" in text.split() and "*" not in text:
        return None
    text = " ".join(_MACRO_WORD.sub("", text.replace("const", " ")).split())
    match = _TYPE.match(text)
    if match is None or not (" " in match["base"] or match["base"] in aggregates):
        return None
    return match["base"], match["stars"]


def _is_array_or_pointer(masked: str, variable: Global) -> bool:
    return masked[variable.name_span.end : variable.name_span.end + 8].lstrip()[:1] in ("[", "(", ")")


def _users(program: Program, found: dict[str, _Found]) -> dict[str, set[int]]:
    """Return the indices of the functions that use each name, by way of macros too."""
    meant = _macros_that_mean(program, found)
    users: dict[str, set[int]] = defaultdict(set)
    for path, facts in program.facts.items():
        hidden: dict[int, set[str]] = defaultdict(set)
        seen = {path, *program.includes.included_by(path)}
        for match in WORD.finditer(facts.masked):
            word = match[0]
            if word not in meant:
                continue
            definition = program.enclosing(path, match.start())
            if definition is None or word in hidden[definition.index]:
                continue
            if _is_declared(facts.masked, match.start(), match.end()):
                hidden[definition.index].add(word)  # a parameter or a local of that name
            elif _is_use(facts.masked, match, found.get(word)) and match.start() in definition.function.body:
                for name in meant[word]:
                    if not path.endswith(".c") or not found[name].declared.isdisjoint(seen):
                        users[name].add(definition.index)
    return users


def _macros_that_mean(program: Program, found: dict[str, _Found]) -> dict[str, set[str]]:
    """Return the candidates by the word that stands for them: their own name, or that of a macro."""
    meant: dict[str, set[str]] = {name: {name} for name in found}
    words = {macro.index: set(WORD.findall(program.body_of(macro))) for macro in program.macros.telling}
    grown = True
    while grown:
        grown = False
        for macro in program.macros.telling:
            reached = set().union(*(meant[word] for word in words[macro.index] if word in meant))
            if not reached <= meant.get(macro.name, set()):
                meant.setdefault(macro.name, set()).update(reached)
                grown = True
    return meant


def _is_use(masked: str, match: re.Match[str], found: _Found | None) -> bool:
    if _MEMBER.search(masked, max(0, match.start() - _BACK), match.start()):
        return False
    return found is None or found.kind != "call" or _NO_ARGUMENTS.match(masked, match.end()) is not None


def _is_declared(masked: str, start: int, end: int) -> bool:
    """Tell whether the name is what a declaration declares: a type stands before it."""
    before = _DECLARED.search(masked, max(0, start - _BACK), start)
    if before is None or before["word"] in _STATEMENT_WORDS:
        return False
    after = masked[end : end + _BACK].lstrip()[:1]
    return after in (";", ",", "=", ")", "[") and masked[end : end + 3].lstrip()[:2] != "=="


def _describe(program: Program, one: _Found, users: set[int]) -> Candidate:
    files = {program.definitions[index].path for index in users}
    line = program.sources[one.path].position(one.at).line
    spelling = f"{one.name}()" if one.kind == "call" else one.name
    header = _header_of(program, one.base)
    return Candidate(
        spelling,
        one.kind,
        f"{one.base} *",
        len(users),
        len(files),
        one.path,
        line,
        _names_of(program, one),
        header,
    )


def _names_of(program: Program, one: _Found) -> tuple[str, ...]:
    """Return what variables of the type are called, the most common names first, and last a name made of the
    type's, for functions in which those stand for something else."""
    base = one.base.rsplit(maxsplit=1)[-1]
    pattern = re.compile(rf"\b{re.escape(base)}\s*\*\s*([a-z]\w*)\s*[,=)]")
    counts: Counter[str] = Counter()
    for facts in program.facts.values():
        if base in facts.masked:
            counts.update(pattern.findall(facts.masked))
    for name in (one.name, *program.variables):
        counts.pop(name, None)
    names = [name for name, _ in counts.most_common(_NAMES)]
    own = _SUFFIX.sub("", base)
    own = own[:1].lower() + own[1:]
    taken = own in program.definitions_by_name or own in program.macros_by_name or own in program.variables
    is_type = own == base and " " not in one.base  # a typedef's name would hide the type
    return tuple(dict.fromkeys(names if taken or is_type else [*names, own]))


def _header_of(program: Program, base: str) -> str:
    """Return the header that defines the type, where a single one does."""
    tag = base.rsplit(maxsplit=1)[-1]
    body = re.compile(rf"\b(?:struct|union)\s+{re.escape(tag)}\s*\{{")
    found = {
        path
        for path, facts in program.facts.items()
        if path.endswith(".h")
        and (body.search(facts.masked) or any(one.name == tag for one in facts.typedefs))
    }
    return found.pop() if len(found) == 1 else ""
