"""Pairs of a wrapper and its twin, found in the code.

A wrapper fetches the state and passes it, with its own parameters in their order, to one function: its
twin.  Such are ``void PyErr_Clear(void) { PyThreadState *tstate = _PyThreadState_GET();
_PyErr_Clear(tstate); }`` and ``#define get_oid(str, oid) repo_get_oid(the_repository, str, oid)``.  A
function whose body is that of another, but for the fetch, is a wrapper of it as well: variadic functions
have to be written so.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence

from clew.config.settings import State
from clew.detect.accessors import FetchSite, accessor_tokens
from clew.detect.spelled_type import same_type
from clew.link.program import WORD, Definition, MacroDefinition, Program
from clew.link.resolve import Resolver
from clew.parse.flow import CallOp, DeclareOp, Flow, Node, Op, Operand, ParsedFunction, ReadOp, WriteOp
from clew.scan import find_calls
from clew.scan.lists import split_list
from clew.text.record import record
from clew.text.span import Span

_TOKEN = re.compile(r'"[^"]*"|\'[^\']*\'|[A-Za-z_]\w*|\d[\w.]*|[^\s\w]')
_STORAGE = frozenset({"static", "inline", "extern", "__inline__", "__inline", "_Noreturn", "register"})
_KEYWORDS = frozenset({"if", "while", "for", "switch", "return", "sizeof"})
CHECK = "assert"  # C11 7.2: it evaluates its argument for a check, or not at all
_NAME = re.compile(r"[A-Za-z_]\w*(?=\s*(?:\[[^\]]*\]\s*)*\Z)|(?<=\*)\s*[A-Za-z_]\w*(?=\s*\)\s*\()")


@record()
class Pair:
    """A call of the function or macro *wrapper*, defined in *path* at *at*, may become one of *twin*, which
    takes the state as argument *position*.  *macro* tells that the wrapper is a macro."""

    wrapper: str
    path: str
    at: int
    twin: str
    position: int
    macro: bool = False


class PairFinder:
    """Finds all pairs for one state; *is_fetch* tells whether an operation yields it."""

    def __init__(
        self,
        program: Program,
        resolver: Resolver,
        state: State,
        parse: Callable[[Definition], ParsedFunction],
        is_fetch: Callable[[Op], bool],
        parameters: Callable[[Definition], dict[int, str]],
    ) -> None:
        self._program, self._resolver, self._state = program, resolver, state
        self._parse, self._is_fetch, self._parameters = parse, is_fetch, parameters
        self._known_types: dict[int, list[str]] = {}
        self._known_results: dict[int, list[str]] = {}

    def find(self, sites: Sequence[FetchSite]) -> list[Pair]:
        """Return the pairs among the functions and macros in which *sites* stand, in their order."""
        inside: dict[int, list[FetchSite]] = defaultdict(list)
        macros: dict[int, FetchSite] = {}
        for site in sites:
            if site.definition >= 0:
                inside[site.definition].append(site)
            elif site.macro >= 0:
                macros[site.macro] = site
        found = [self._of_macro(self._program.macros[i], site) for i, site in macros.items()]
        for index, own in inside.items():
            definition = self._program.definitions[index]
            if len(own) == 1:
                found.append(self._of_function(definition) or self._of_copy(definition, own[0]))
        return [pair for pair in found if pair is not None]

    # a function that calls its twin

    def _of_function(self, definition: Definition) -> Pair | None:
        text = definition.function.body.of(self._program.facts[definition.path].masked)
        if text.count(";") > 6 or definition.function.old_style is not None:
            return None
        parsed = self._parse(definition)
        found = {self._called(variant.flow) for variant in parsed.variants if variant.flow is not None}
        if not parsed.parsed or len(found) != 1:
            return None
        called = found.pop()
        if called is None:
            return None
        twin, position, returns = called
        if not self._fits(definition, twin, position, returns=returns):
            return None
        name = definition.function.header.name_span
        return Pair(definition.name, definition.path, name.start, twin, position)

    def _called(self, flow: Flow) -> tuple[str, int, bool] | None:
        """Return the one function that *flow* calls, the position of the state among the arguments, and
        whether its result is returned."""
        if any(len(node.successors) > 1 for node in flow.nodes) or any(
            s.kind == "for" for s in flow.statements
        ):
            return None
        params = [local.name for local in flow.locals if local.kind == "parameter"]
        holders: set[str] = set()
        call: tuple[str, int, bool] | None = None
        for node in flow.nodes:
            for index, op in self._steps(node):
                if call is not None:
                    return None  # it does more than that
                if isinstance(op, CallOp):
                    position = self._position(node.ops, op, params, holders)
                    if position is None:
                        return None
                    call = (op.callee, position, _returns(node, index))
                elif self._fetches(node.ops, op.value):
                    holders.add(op.name)
                elif op.value is not None:
                    return None
            if node.returned is not None and not (call is not None and call[2]):
                return None
        return call

    def _steps(self, node: Node) -> Iterator[tuple[int, CallOp | DeclareOp | WriteOp]]:
        """Yield the operations of *node* that do something, apart from fetches and checks."""
        checks = _spans_of_checks(node.ops)
        for index, op in enumerate(node.ops):
            is_check = any(first <= index <= last for first, last in checks)
            if isinstance(op, CallOp | DeclareOp | WriteOp) and not is_check and not self._is_fetch(op):
                yield index, op

    def _fetches(self, ops: Sequence[Op], operand: Operand | None) -> bool:
        if operand is None:
            return False
        if operand.kind == "result":
            return self._is_fetch(ops[operand.result])
        named = [op for op in ops if isinstance(op, ReadOp) and op.name == operand.name]
        return operand.kind == "name" and any(map(self._is_fetch, named))

    def _position(self, ops: Sequence[Op], call: CallOp, params: list[str], holders: set[str]) -> int | None:
        """Return where among the arguments of *call* the state stands, when the others are *params*."""
        if len(call.args) != len(params) + 1 or not call.callee:
            return None
        states = [
            i
            for i, arg in enumerate(call.args)
            if (arg.kind == "name" and arg.name in holders) or self._fetches(ops, arg)
        ]
        rest = [arg.name for i, arg in enumerate(call.args) if arg.kind == "name" and i not in states]
        return states[0] if len(states) == 1 and rest == params else None

    def _fits(self, definition: Definition, twin: str, position: int, *, returns: bool) -> bool:
        """Tell whether every function that *twin* may be takes the same types, with the state among them."""
        found = self._resolver.functions(definition.path, twin)
        own = self._types(definition)
        return bool(found) and all(
            self._takes(other, own, position) and (not returns or self._same_result(definition, other))
            for other in found
        )

    def _takes(self, twin: Definition, own: list[str], position: int) -> bool:
        if position not in self._parameters(twin):
            return False
        types = self._types(twin)
        rest = types[:position] + types[position + 1 :]
        return len(rest) == len(own) and all(map(same_type, rest, own))

    def _types(self, definition: Definition) -> list[str]:
        """Return the types of the parameters as they are written, without names."""
        if definition.index not in self._known_types:
            self._known_types[definition.index] = self._read_types(definition)
        return self._known_types[definition.index]

    def _read_types(self, definition: Definition) -> list[str]:
        code, header = self._program.facts[definition.path].masked, definition.function.header
        texts = [span.of(code) for span in split_list(code, header.params).spans]
        return [] if texts == ["void"] else [_NAME.sub("", text, count=1) for text in texts]

    def _same_result(self, one: Definition, two: Definition) -> bool:
        return self._result(one) == self._result(two)

    def _result(self, definition: Definition) -> list[str]:
        if definition.index not in self._known_results:
            known = self._program.macros_by_name
            tokens = _TOKEN.findall(definition.function.specifiers)
            result = [t for t in tokens if t not in _STORAGE and t not in known and t not in "()"]
            self._known_results[definition.index] = result
        return self._known_results[definition.index]

    # a function that is its twin but for the fetch

    def _of_copy(self, definition: Definition, site: FetchSite) -> Pair | None:
        """Return the pair when another function of the file has the same body without the fetch."""
        alike = [
            (other, position, name)
            for other in self._program.definitions_by_path[definition.path]
            for position, name in (self._parameters(other).items() if other is not definition else ())
            if self._is_copy(definition, other, position)
        ]
        held = self._without_fetch(definition, site) if alike else None
        if held is not None:
            variable, tokens = held
            for other, position, name in alike:
                renamed = [name if token == variable else token for token in tokens]
                if renamed == self._tokens(other):
                    at = definition.function.header.name_span.start
                    return Pair(definition.name, definition.path, at, other.name, position)
        return None

    def _is_copy(self, one: Definition, two: Definition, position: int) -> bool:
        return self._takes(two, self._types(one), position) and self._same_result(one, two)

    def _without_fetch(self, definition: Definition, site: FetchSite) -> tuple[str, list[str]] | None:
        """Return the variable that the fetch is bound to, and the body's tokens without its declaration."""
        masked = self._program.facts[definition.path].masked
        words = r"\s*".join(re.escape(token) for token in accessor_tokens(self._state.type))
        pattern = re.compile(rf"\b{words}\s*([A-Za-z_]\w*)\s*=\s*\Z")
        before = pattern.search(masked, max(0, site.span.start - 200), site.span.start)
        end = masked.find(";", site.span.end)
        if before is None or masked[site.span.end : end].strip():
            return None
        return before.group(1), self._tokens(definition, Span(before.start(), end + 1))

    def _tokens(self, definition: Definition, without: Span | None = None) -> list[str]:
        masked, text = (
            self._program.facts[definition.path].masked,
            self._program.sources[definition.path].text,
        )
        found: list[str] = []
        for match in _TOKEN.finditer(masked, definition.function.body.start, definition.function.body.end):
            if without is not None and match.start() in without:
                continue
            token = match.group()
            if token[0] in "\"'":
                token = text[match.start() : match.end()]
            elif token == "#":
                token = text[match.start() : text.find("\n", match.start())].rstrip()
            found.append(token)
        return found

    # a function that calls another wrapper, beside one that calls the twin

    def of_caller(self, definition: Definition, pair: Pair) -> Pair | None:
        """Return the pair when *definition* does nothing but call the wrapper of *pair*, and another function
        of the file does the same with the twin and its own state."""
        tokens = self._tokens(definition)
        calls = [i for i, token in enumerate(tokens[:-1]) if _is_word(token) and tokens[i + 1] == "("]
        if [tokens[i] for i in calls] != [pair.wrapper] or pair.position != 0 or pair.macro:
            return None
        opened = calls[0] + 2
        rest = tokens[opened:] if tokens[opened] == ")" else [",", *tokens[opened:]]
        for other in self._program.definitions_by_path[definition.path]:
            for position, name in self._parameters(other).items() if other is not definition else ():
                wanted = [*tokens[: calls[0]], pair.twin, "(", name, *rest]
                if self._is_copy(definition, other, position) and wanted == self._tokens(other):
                    at = definition.function.header.name_span.start
                    return Pair(definition.name, definition.path, at, other.name, position)
        return None

    # a macro

    def _of_macro(self, macro: MacroDefinition, site: FetchSite) -> Pair | None:
        params = macro.macro.params
        if params is None or macro.macro.variadic or macro.macro.pastes:
            return None
        body = self._program.body_of(macro)
        start, end = _unwrapped(body)
        call = next(iter(find_calls(body, Span(0, len(body)))), None)
        if call is None or call.name_span.start != start or call.close != end - 1:
            return None
        fetched = Span(site.span.start - macro.macro.body.start, site.span.end - macro.macro.body.start)
        arguments = split_list(body, Span(call.open, call.close + 1)).spans
        states = [i for i, span in enumerate(arguments) if _is_fetch_argument(body, span, fetched)]
        rest = [_bare(span.of(body)) for i, span in enumerate(arguments) if i not in states]
        if len(states) != 1 or rest != list(params):
            return None
        found = self._resolver.functions(macro.path, call.name)
        if not found or any(states[0] not in self._parameters(one) for one in found):
            return None
        return Pair(macro.name, macro.path, macro.macro.name_span.start, call.name, states[0], macro=True)


def _is_word(token: str) -> bool:
    return token.isidentifier() and token not in _KEYWORDS


def _returns(node: Node, index: int) -> bool:
    """Tell whether *node* returns the result of its operation *index*."""
    return node.returned is not None and node.returned.kind == "result" and node.returned.result == index


def _spans_of_checks(ops: Sequence[Op]) -> list[tuple[int, int]]:
    return [(op.first, i) for i, op in enumerate(ops) if isinstance(op, CallOp) and op.callee == CHECK]


def _is_fetch_argument(body: str, argument: Span, fetch: Span) -> bool:
    """Tell whether *argument* is the accessor, or the address of the object that it names."""
    text = argument.of(body)
    return text.lstrip("& (").rstrip(") ") == fetch.of(body).rstrip(") ") and argument.encloses(fetch)


def _unwrapped(body: str) -> tuple[int, int]:
    """Return the part of *body* that is not blank, without parentheses around all of it."""
    start, end = len(body) - len(body.lstrip()), len(body.rstrip())
    while body[start : start + 1] == "(" and body[end - 1 : end] == ")":
        start, end = start + 1, end - 1
        start += len(body[start:end]) - len(body[start:end].lstrip())
        end -= len(body[start:end]) - len(body[start:end].rstrip())
    return start, end


def _bare(text: str) -> str:
    """Return *text* without blanks and parentheses around it."""
    match = WORD.fullmatch(text.strip("() \t"))
    return match.group() if match else text
