"""From a scanned function to ASTs: one for each variant of it.

Every variant is tried in up to three ways: with the macros that read as expressions left alone, with
all macros expanded, and with none.  A variant that fails all three carries the reason and the place.
"""

from collections.abc import Callable, Collection, Iterator

from clew.parse.conditions import Branch, Conditionals
from clew.parse.earlier import Earlier
from clew.parse.expand import BASE_BUDGET, BUDGET_PER_TOKEN, Expander, ExpansionLimitError
from clew.parse.flow import Method
from clew.parse.inject import Node, TokenParser, UnparsedError, type_scope
from clew.parse.macros import Definition, MacroTable
from clew.parse.nesting import find_bracket_problem
from clew.parse.normalise import Note, normalise
from clew.parse.policy import ExpressionPolicy
from clew.parse.repair import find_guesses, repairs
from clew.parse.standard import STANDARD_TYPES
from clew.parse.tokens import Token, tokenise
from clew.parse.typenames import infer_names
from clew.parse.variants import BranchChooser, Choice
from clew.scan.facts import FileFacts, Function
from clew.text.record import record
from clew.text.span import Span

# Problems that begin so: an expansion was cut off, and nothing is known of what it makes.
MACRO_LIMIT = "macro-limit"
# Branches forced one by one after the first two choices.
MAX_FORCED = 32
_UNTYPED = frozenset(("static", "extern", "const", "volatile", "register"))


@record()
class VariantAst:
    """One variant: *ast* is pycparser's ``FuncDef`` (None when *method* is "failed"), whose nodes lead
    to *tokens* by their line (see `clew.parse.tokens`); *notes* is what the tokens do not show;
    *taken* the ``#if`` branches that are live.  *problem_at* is an offset in the function's file."""

    method: Method
    ast: Node | None
    tokens: tuple[Token, ...] | list[Token]
    live: tuple[Span, ...]
    problem: str = ""
    problem_at: int = -1
    notes: tuple[Note, ...] = ()
    taken: frozenset[Branch] = frozenset()


@record()
class FunctionAsts:
    """All variants of a function; *complete* when those that were parsed cover every ``#if`` branch."""

    variants: tuple[VariantAst, ...]
    complete: bool


class Parser:
    """Parses functions of one tree; keeps what it learns about macros from one call to the next."""

    def __init__(self, macros: MacroTable, typedefs: Collection[str]) -> None:
        self._macros = macros
        self.types = type_scope(STANDARD_TYPES) | type_scope(typedefs)
        self._parser = TokenParser()
        self._policy = ExpressionPolicy(macros, self.types, self._parser)
        self._file_values: tuple[FileFacts | None, dict[str, bool]] = (None, {})
        self._conditionals: tuple[FileFacts, Conditionals] | None = None

    def parse(self, function: Function, facts: FileFacts, text: str) -> list[VariantAst]:
        """Return the variants of *function*, which stands in the file *facts* with the text *text*."""
        return list(self.parse_all(function, facts, text).variants)

    def parse_all(
        self,
        function: Function,
        facts: FileFacts,
        text: str,
        use: Callable[[VariantAst], None] | None = None,
    ) -> FunctionAsts:
        """Parse as many variants of *function* as it takes to cover its ``#if`` branches.

        A variant that fails is left out when others cover all its branches: it was then a combination
        of conditions that does not occur.  With *use*, which is called with a variant as soon as it is
        parsed where there are several, these share what is the same: an AST holds until the next is made.
        """
        chooser = BranchChooser(self._conditionals_of(facts, text), function.span)
        attempt = _Attempt(self, function, facts, use if chooser.branches else None)
        done: list[VariantAst] = [attempt.parse(choice) for choice in chooser.choose_first()]
        if chooser.branches:
            done += _cover(chooser, attempt, done)
        complete = chooser.branches <= _covered(done)
        parsed = tuple(variant for variant in done if variant.ast is not None)
        return FunctionAsts(parsed if complete and parsed else tuple(done), complete and bool(parsed))

    def _conditionals_of(self, facts: FileFacts, text: str) -> Conditionals:
        # Functions come file by file: remembering the last file is enough.
        if self._conditionals is None or self._conditionals[0] is not facts:
            self._conditionals = (facts, Conditionals(facts, text))
        return self._conditionals[1]

    def file_values(self, facts: FileFacts) -> dict[str, bool]:
        """Return a scope of the names that are types in some file, but functions or variables in *facts*."""
        if self._file_values[0] is not facts:
            names = {function.name for function in facts.functions}
            names |= {prototype.name for prototype in facts.prototypes}
            # A declaration without a type has one where its name was expected: ``static T *((*f)(int));``
            names |= {one.name for one in facts.globals if not _UNTYPED.issuperset(one.specifiers.split())}
            names -= {typedef.name for typedef in facts.typedefs}
            self._file_values = (facts, dict.fromkeys(names & self.types.keys(), False))
        return self._file_values[1]

    def parse_tokens(
        self, tokens: list[Token], facts: FileFacts, name: str, earlier: Earlier | None = None
    ) -> Node:
        """Return the ``FuncDef`` that *tokens* make in the file *facts*; raise `UnparsedError`."""
        inferred = infer_names(tokens, self.types, name, facts.masked)
        scopes = (self.types, self.file_values(facts), inferred)
        return self._parser.parse_function(tokens, scopes, name, earlier)

    def resolve(self, name: str, path: str, offset: int, method: Method) -> Definition | None:
        """Return what *name* is to be replaced by at *offset* of *path*, or None to leave it."""
        definition = self._macros.lookup(name, path, offset) if name in self._macros else None
        if definition is None or method == "all":
            return definition
        return None if self._policy.is_expression(definition, path, offset) else definition


def _covered(variants: list[VariantAst]) -> frozenset[Branch]:
    return frozenset[Branch]().union(*(variant.taken for variant in variants if variant.ast is not None))


def _cover(chooser: BranchChooser, attempt: "_Attempt", done: list[VariantAst]) -> list[VariantAst]:
    """Return more variants, until every branch is covered or too many have been tried."""
    more: list[VariantAst] = []
    covered = _covered(done)
    hopeless: set[Branch] = set()
    while (missing := sorted(chooser.branches - covered - hopeless)) and len(more) < MAX_FORCED:
        variant = attempt.parse(chooser.force_most(missing))
        if variant.ast is None or missing[0] not in variant.taken:
            variant = _first_parsed(attempt.parse(choice) for choice in chooser.force(missing[0]))
        if variant.ast is None:
            hopeless.add(missing[0])
        more.append(variant)
        covered |= _covered([variant])
    return more


def _first_parsed(variants: Iterator[VariantAst]) -> VariantAst:
    """Return the first variant that was parsed, or the first one if none was."""
    first = next(variants)
    return first if first.ast is not None else next((v for v in variants if v.ast is not None), first)


class _Attempt:
    """Parses the variants of one function; with *use* they share what is the same in them."""

    def __init__(
        self,
        parser: Parser,
        function: Function,
        facts: FileFacts,
        use: Callable[[VariantAst], None] | None,
    ) -> None:
        self._parser, self._function, self._facts, self._use = parser, function, facts, use
        within = function.span
        self._header = facts.masked[within.start : function.body.start]
        self._changing = {macro.name for macro in facts.macros if macro.name_span.start in within}
        self._earlier = None if use is None else Earlier()
        self._pieces: dict[Span, list[Token]] = {}
        self._expanders: dict[Method, Expander] = {}

    def parse(self, choice: Choice) -> VariantAst:
        """Parse one variant in the first of the three ways that succeeds."""
        source = [token for span in choice.live for token in self._tokens(span)]
        failures: list[VariantAst] = []
        for method in _METHODS:
            variant = self._try(method, source, choice)
            if variant.ast is not None:
                if self._use is not None:
                    self._use(variant)
                return variant
            failures.append(variant)
            if variant.problem.startswith(MACRO_LIMIT):
                break
        return failures[0]

    def _tokens(self, span: Span) -> list[Token]:
        if span not in self._pieces:
            self._pieces[span] = tokenise(self._facts.masked, span.start, span.end)
        return self._pieces[span]

    def _try(self, method: Method, source: list[Token], choice: Choice) -> VariantAst:
        tokens: list[Token] = source
        try:
            tokens = source if method == "none" else self._expand(source, method)
            tokens, notes = self._normalise(tokens)
            repaired, ast = self._parse_or_repair(tokens)
            if repaired is not tokens:
                notes = (*notes, *find_guesses(repaired, tokens))
            tokens = repaired
        except ExpansionLimitError as error:
            problem = f"{MACRO_LIMIT}: {error.token.text} expands without end"
            return VariantAst("failed", None, source, choice.live, problem, error.token.start)
        except UnparsedError as error:
            at = tokens[error.at].start if tokens else self._function.header.start
            return VariantAst("failed", None, tokens, choice.live, error.problem, at)
        return VariantAst(method, ast, tokens, choice.live, notes=notes, taken=choice.taken)

    def _parse_or_repair(self, tokens: list[Token]) -> tuple[list[Token], Node]:
        """Return the AST of *tokens*, or of what a guess at unknown macros makes of them."""
        try:
            return tokens, self._parse_tokens(tokens)
        except UnparsedError:
            for repaired in repairs(tokens, self._parser.types, self._facts.masked):
                try:
                    return repaired, self._parse_tokens(repaired)
                except UnparsedError:
                    continue
            raise

    def _parse_tokens(self, tokens: list[Token]) -> Node:
        return self._parser.parse_tokens(tokens, self._facts, self._function.name, self._earlier)

    def _expand(self, source: list[Token], method: Method) -> list[Token]:
        # What the sizes of parameters evaluate has to be seen.
        header = self._function.body.start if "[" in self._header else 0
        budget = BASE_BUDGET + BUDGET_PER_TOKEN * len(source)
        if self._use is None or header:  # what is found for a name depends on where it comes first
            return self._expander(method, header, budget).expand(source)
        if method not in self._expanders:
            self._expanders[method] = self._expander(method, header, budget)
        return self._expanders[method].expand_variant(source, budget)

    def _expander(self, method: Method, header: int, budget: int) -> Expander:
        path, resolve = self._facts.path, self._parser.resolve
        # A function may have the name of a macro that other files use in its place; unless that does
        # not parse, when the name itself is made by a macro.
        own = self._function.name if method == "leave" else ""

        def find(name: str, offset: int) -> Definition | None:
            return None if name == own else resolve(name, path, offset, "all" if offset < header else method)

        def find_fully(name: str, offset: int) -> Definition | None:
            return resolve(name, path, offset, "all")

        idle = method == "leave"
        return Expander(find, budget, self._changing, keep_idle=idle, resolve_fully=find_fully)

    def _normalise(self, tokens: list[Token]) -> tuple[list[Token], tuple[Note, ...]]:
        problem = find_bracket_problem(tokens)
        if problem is not None:
            raise UnparsedError(*problem)
        return normalise(tokens)


_METHODS: tuple[Method, ...] = ("leave", "all", "none")
