"""Which functions may free, or fill anew, a structure that carries the state.

By the text, and over-approximated: what is assigned, or handed on to who knows whom, by a name that is
declared with the structure's type.  A function that does so to an object of its own does nothing to others;
one that does it to what it is given, to that.
"""

import re
from collections.abc import Callable, Collection, Iterator
from functools import cached_property

from clew.detect.allocation import Allocation
from clew.detect.carrier_names import CarrierNames
from clew.detect.const_pointers import ConstPointers
from clew.detect.library_memory import READING
from clew.detect.parameters import Parameter, read_parameters
from clew.detect.spelled_type import type_words
from clew.link.graph import CallGraph, Node
from clew.link.program import WORD, Definition, MacroDefinition
from clew.parse.standard import STANDARD_TYPES
from clew.scan import find_calls
from clew.scan.facts import Call
from clew.scan.items import find_open
from clew.scan.lexis import TYPE_WORDS
from clew.scan.lists import split_list
from clew.text.record import record
from clew.text.span import Span

_NUMBERS = TYPE_WORDS | {word for word in STANDARD_TYPES if word.endswith("_t")}
_CALLEE = re.compile(r"(?!(?:if|while|for|switch|return|sizeof)\b)\b[A-Za-z_]\w*\s*\Z")
_FARTHEST = 200  # characters before a call in which its object ends
_NO_TYPES = r"(?:return|else|case|goto|do|sizeof)\b"
_CAST = r"\([^()]*\*\s*\)"
_SET = r"\s*(?:=(?!=)|[-+*/%&|^]=|<<=|>>=|\+\+|--)"
# what stands before a declarator: a type, which no operator or parenthesis ends
_DECLARED = re.compile(
    r"(?:\A|[;{}(])\s*(?:const\s+|static\s+)*(?:struct|union|[A-Za-z_]\w*)\s+(?:\w+\s+)?\Z"
)


@record()
class _Candidate:
    """A function that names structures of the type: those that it is *given*, and *others*; *objects* of them
    are no pointers, *code* is the masked text of its file."""

    definition: Definition
    code: str
    given: frozenset[str]
    others: frozenset[str]
    objects: frozenset[str]


class Refills:
    """Answers for one member of one structure, which *names* is about."""

    def __init__(
        self,
        graph: CallGraph,
        names: CarrierNames,
        member: str,
        trusted: Collection[str],
        is_made: Callable[[str], bool],
    ) -> None:
        self._trusted, self._is_made, self._member = trusted, is_made, member
        self._graph, self._program, self._names = graph, graph.program, names
        self._allocation = Allocation(graph.program)
        self._constant = ConstPointers(graph.program, names.words)
        last, reached = r"((?:->|\.)\s*)?\b(\w+)(?:\s*\[[^\]]*\])?", rf"\s*(?:->|\.)\s*{member}\b"
        self._set = (
            re.compile(rf"(?:{last}|\)){reached}{_SET}"),
            re.compile(rf"(?:(?<!&)&|\+\+|--)[\s(]*(?:[\w.\[\]]|->)*?{last}{reached}(?!\s*(?:->|\.|\[))"),
        )
        self._releasing: dict[
            tuple[str | int, int], bool
        ] = {}  # macros, and functions that do not know the type
        self._refilling: set[tuple[int, int]] = set()  # functions that may do so, and to which parameter
        self._program.interest.words |= names.words | {name.strip(".") for name in names.outside} | {member}

    @cached_property
    def nodes(self) -> frozenset[Node]:
        """The functions and macros that may do so, by themselves or by what they call, to more than what they
        are given."""
        own = [node for node in (*self.own, *self._macros()) if not self._is_last(node)]
        return frozenset(self._reaching(own))

    @cached_property
    def own(self) -> frozenset[Node]:
        """The functions that may do so themselves, to more than what they are given."""
        functions = list(self._functions())
        found: set[Node] = {*self._through_returned(), *self._setting_returned()}
        known = -1
        while known != len(self._refilling):  # what hands its parameter on, through whatever, is found later
            known = len(self._refilling)
            for one in functions:
                node: Node = ("f", one.definition.index)
                body, path = one.definition.function.body, one.definition.path
                if node not in found and self._refills(path, one.code, body, one.others, one.objects):
                    found.add(node)
                filled = [number for number in self._given(one) if self._fills(one, number)]
                if filled:
                    self._refilling.update((one.definition.index, number) for number in filled)
                    self._releasing.clear()
        return frozenset(found)

    def _through_returned(self) -> Iterator[Node]:
        """Yield the functions that set the member of what a call returns."""
        for path in self._program.paths_with(self._member):
            masked = self._program.facts[path].masked
            for match in self._set[0].finditer(masked):
                opening = find_open(masked, match.start()) if match[2] is None else 0
                if _CALLEE.search(masked, max(0, opening - _FARTHEST), opening):
                    yield from self._around(path, match.start())

    def _setting_returned(self) -> Iterator[Node]:
        """Yield the functions that set what a call returns, as a whole."""
        for definition in self._program.definitions:
            specifiers = definition.function.specifiers
            if "*" not in specifiers or self._names.words.isdisjoint(WORD.findall(specifiers)):
                continue
            self._program.interest.words.add(definition.name)
            call = rf"{re.escape(definition.name)}\s*\([^;{{}}]*\)"
            whole = re.compile(rf"[;{{}}(),:]\s*\*[\s(]*{call}\s*=(?!=)")
            for path in self._program.paths_with(definition.name):
                for match in whole.finditer(self._program.facts[path].masked):
                    yield from self._around(path, match.end())

    def _around(self, path: str, at: int) -> Iterator[Node]:
        around = self._program.body_around(path, at)
        if around is not None:
            yield ("f", around.index)

    def _given(self, one: _Candidate) -> Iterator[int]:
        """Yield the numbers of parameters that are structures, and not known to be filled anew yet."""
        for number, parameter in enumerate(self._parameters(one.definition)):
            if parameter.name in one.given and (one.definition.index, number) not in self._refilling:
                yield number

    def _fills(self, one: _Candidate, number: int) -> bool:
        name, definition = self._parameters(one.definition)[number].name, one.definition
        return self._refills(definition.path, one.code, definition.function.body, {name}, one.objects)

    def _reaching(self, todo: list[Node]) -> set[Node]:
        """Return *todo* and what calls them, but for functions that do not return, or are trusted."""
        seen = set(todo)
        while todo:
            for caller in self._graph.callers(todo.pop()):
                if caller not in seen and not self._is_last(caller):
                    seen.add(caller)
                    todo.append(caller)
        return seen

    def _is_last(self, node: Node) -> bool:
        return node[0] == "f" and self._program.definitions[node[1]].name in self._trusted

    @cached_property
    def macros(self) -> frozenset[str]:
        """The names of the macros among them."""
        return frozenset(self._program.macros[index].name for kind, index in self.nodes if kind == "m")

    def is_in(self, code: str, span: Span) -> bool:
        """Tell whether the text *span* of *code* itself sets the member of whatever structure, takes its
        address, or uses one of the macros."""
        is_set = any(pattern.search(code, span.start, span.end) for pattern in self._set)
        return is_set or not self.macros.isdisjoint(WORD.findall(code, span.start, span.end))

    def _macros(self) -> Iterator[Node]:
        for macro in self._program.macros.telling:
            body, params = self._program.body_of(macro), set(macro.macro.params or ())
            span = Span(0, len(body))
            outside = self._present(body, span, self._names.outside - params)
            others = (
                self._is_set(match, outside) or match[2] not in params for match in self._find_set(body, span)
            )
            if any(others) or self._refills(macro.path, body, span, outside, self._names.objects):
                yield ("m", macro.index)

    def _functions(self) -> Iterator[_Candidate]:
        for path in self._program.sources:
            words = self._program.words_in(path)
            outside = self._names.outside_in(path, words)
            if not outside and path not in self._names.paths:
                continue
            masked = self._program.facts[path].masked
            for definition in self._program.definitions_by_path.get(path, ()):
                body, index = definition.function.body, definition.index
                local = self._names.local.get(index, set())
                params = set(WORD.findall(masked, definition.function.header.start, body.start))
                names = self._present(masked, body, local | (outside - params))
                names -= self._names.own.get(index, frozenset())
                names = {name for name in names if not self._allocation.is_new(body.of(masked), name)}
                constant = self._names.constant.get(index, set())
                names -= {n for n in constant & names if self._constant.stays(masked, body, n)}
                objects = self._names.objects_in.get(index, set()) | (self._names.objects - local)
                given = names & {one.name for one in self._parameters(definition)}
                led = {name for name in given if _is_led_elsewhere(body.of(masked), name)}
                if names:
                    yield _Candidate(
                        definition,
                        masked,
                        frozenset(given),
                        frozenset((names - given) | led),
                        frozenset(names & objects),
                    )

    def _present(self, code: str, span: Span, names: Collection[str]) -> set[str]:
        """Return those of *names* that *span* mentions, members of structures that have such ones."""
        words = set(WORD.findall(code, span.start, span.end)) if names else ()
        found = {name for name in names if name.strip(".") in words}
        return {name for name in found if name[0] != "." or self._is_reached(code, span, name)}

    def _is_reached(self, code: str, span: Span, member: str) -> bool:
        bases = re.compile(rf"(\w+|[\])])\s*(?:->|\.)\s*{member[1:]}\b").finditer(code, span.start, span.end)
        return any(b[1] in (")", "]") or self._names.is_member_of(member, b[1]) for b in bases)

    def _parameters(self, definition: Definition) -> list[Parameter]:
        return read_parameters(self._program, definition.path, definition.function.header)

    def _find_set(self, code: str, span: Span) -> Iterator[re.Match[str]]:
        for pattern in self._set:
            yield from pattern.finditer(code, span.start, span.end)

    def _is_set(self, match: re.Match[str], names: Collection[str]) -> bool:
        return match[2] is None or (f".{match[2]}" if match[1] else match[2]) in names

    def _refills(
        self,
        path: str,
        code: str,
        span: Span,
        names: Collection[str],
        objects: Collection[str],
        *,
        is_raw: bool = False,
    ) -> bool:
        """Tell whether the text *span* of *code* assigns the member, or the whole, of one of *names*, or
        hands one on where it may be freed; *objects* are no pointers, *is_raw* tells that their type is not
        the structure's, so that a part of it may be assigned through any subscript."""
        if not names:
            return False
        names = {*names, *_copies(span.of(code), names)}
        if any(self._is_set(match, names) for match in self._find_set(code, span)):
            return True
        either, whole_ones = _any_of(names), _any_of(names.intersection(objects))
        moved = rf"{either}(?:\s*[+-]\s*\w+)?\s*\)*"
        whole = rf"[;{{}}(),:]\s*\*[\s(]*(?:{_CAST}[\s(]*)?(?:[\w.\[\]]|->)*?{moved}{_SET}"
        if is_raw:
            whole += rf"|{either}\s*\)*\s*\[[^\]]*\]{_SET}"
        if whole_ones:
            whole += rf"|{whole_ones}\s*(?:\[[^\]]*\])?\s*=(?!=)"
        if any(
            not _is_declared(code, match) for match in re.compile(whole).finditer(code, span.start, span.end)
        ):
            return True
        cast = rf"\(\s*(?:struct\s+|const\s+)*(?:{self._names.tags})[\s*]*\)"
        handed = re.compile(rf"(?:{either}(?:\s*\[[^\]]*\])?(?!\s*(?:->|\.|\(|\w))|{cast})")
        calls = (call for call in find_calls(code, span) if call.close > 0 and call.name not in READING)
        return any(self._hands_on(path, code, call, handed) for call in calls)

    def _hands_on(self, path: str, code: str, call: Call, handed: re.Pattern[str]) -> bool:
        if not handed.search(code, call.open, call.close):
            return False
        if self._is_pointer(path, code, call):
            return False  # callbacks are trusted: which they are, nobody knows
        return any(
            self._is_handed(code, span, handed) and self.releases(path, call.name, number)
            for number, span in enumerate(split_list(code, Span(call.open, call.close + 1)).spans)
        )

    def _is_pointer(self, path: str, code: str, call: Call) -> bool:
        """Tell whether *call* goes through a member, or through a variable that its function declares."""
        at = call.name_span.start
        if code[max(0, at - _FARTHEST) : at].rstrip().endswith(("->", ".")):
            return True
        around = self._program.enclosing(path, at) if code is self._program.facts[path].masked else None
        start = around.function.span.start if around is not None else 0
        declared = re.compile(
            rf"\*\s*{call.name}\s*\)\s*\(|\b(?!{_NO_TYPES})[A-Za-z_]\w*[\s*]+{call.name}\s*[,;=)](?!=)"
        )
        return declared.search(code, start, at) is not None

    def _is_handed(self, code: str, argument: Span, handed: re.Pattern[str]) -> bool:
        """Tell whether *argument* is a structure: one that is given to a function which returns something
        else is not."""
        found = [match.start() for match in handed.finditer(code, argument.start, argument.end)]
        inner = (
            [call for call in find_calls(code, argument) if self._returns_other(call.name)] if found else []
        )
        return any(not any(call.open < at < call.close for call in inner) for at in found)

    def _returns_other(self, callee: str) -> bool:
        """Tell whether *callee* is known to return no pointer to such a structure, unless as ``void *``."""
        if callee in self._program.macros_by_name:
            return False
        declared = [one.function.specifiers for one in self._program.definitions_by_name.get(callee, ())]
        declared += [one.specifiers for _, one in self._program.prototypes_by_name.get(callee, ())]
        if any("void" in text and "*" in text for text in declared):
            return False
        words = [set(WORD.findall(text)) for text in declared]
        return bool(words) and all(map(self._names.words.isdisjoint, words))

    def releases(self, path: str, callee: str, number: int) -> bool:
        """Tell whether what *path* calls *callee* may free or fill what argument *number* points to, as far
        as that does not show in functions that know its type."""
        if callee in READING or callee in self._trusted:
            return False
        if callee in self._program.macros_by_name:
            return self._is_releasing(callee, number)
        found = self._graph.resolver.functions(path, callee)
        if any((definition.index, number) in self._refilling for definition in found):
            return True
        if any(self._releases_parameter(definition, number) for definition in found):
            return True
        return not found and not self._is_made(callee)

    def _releases_parameter(self, definition: Definition, number: int) -> bool:
        """Tell whether the function *definition* does so to parameter *number*, not knowing its type."""
        key: tuple[str | int, int] = (definition.index, number)
        parameters = self._parameters(definition)
        if number >= len(parameters):
            return len(parameters) > 0 and "..." in parameters[-1].type
        given = parameters[number]
        if "*" not in given.type and _NUMBERS.issuperset(type_words(given.type)):
            return False
        if given.name and key not in self._releasing and self._names.words.isdisjoint(type_words(given.type)):
            self._releasing[key] = False  # ends recursion
            self._program.interest.words.add(definition.name)  # its body tells
            code, body = self._program.facts[definition.path].masked, definition.function.body
            self._releasing[key] = self._refills(definition.path, code, body, {given.name}, (), is_raw=True)
        return self._releasing.get(key, False)

    def _is_releasing(self, name: str, number: int) -> bool:
        """Tell whether the macro *name* may do so to argument *number*."""
        key: tuple[str | int, int] = (name, number)
        if key not in self._releasing:
            self._releasing[key] = False  # ends recursion
            macros = self._program.macros_by_name.telling(name)
            self._releasing[key] = any(self._releases_argument(macro, number) for macro in macros)
        return self._releasing[key]

    def _releases_argument(self, macro: MacroDefinition, number: int) -> bool:
        params = macro.macro.params or ()
        body = self._program.body_of(macro)
        given = set(params[min(number, len(params) - 1) :][:1])
        return bool(given) and (
            macro.macro.pastes or self._refills(macro.path, body, Span(0, len(body)), given, ())
        )


def _any_of(names: Collection[str]) -> str:
    """Return a pattern for one of *names*, variables and (with a dot) members, or ""."""
    plain = "|".join(sorted(name for name in names if not name.startswith(".")))
    members = "|".join(sorted(name[1:] for name in names if name.startswith(".")))
    found = [rf"(?<![\w.])(?<!->)(?:{plain})\b"] if plain else []
    found += [rf"(?:->|\.)\s*(?:{members})\b"] if members else []
    return f"(?:{'|'.join(found)})" if found else ""


def _is_declared(code: str, match: re.Match[str]) -> bool:
    """Tell whether *match*, of an assignment, is a declaration with an initialiser."""
    return _DECLARED.search(code, max(0, match.start() - 80), match.start()) is not None


def _is_led_elsewhere(text: str, name: str) -> bool:
    """Tell whether *text* sets the pointer *name*."""
    changed = rf"(?<![\w.>*]){name}\s*(?:=(?!=)|\+\+|--|[-+]=)|(?:\+\+|--)\s*{name}\b"
    return re.search(changed, text) is not None


def _copies(text: str, names: Collection[str]) -> set[str]:
    """Return the variables that *text* sets to one of *names*."""
    return set(
        re.findall(
            rf"\b(\w+)\s*=\s*(?:\([\w\s*]*\)\s*)?&?[\s(]*(?:\w+(?:->|\.))*?{_any_of(names)}\s*[;,]", text
        )
    )
