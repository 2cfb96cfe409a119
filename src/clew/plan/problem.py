"""Everything that planning one state in one scope looks at, gathered once."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import field
from functools import cached_property

from clew.config.settings import Scope, Settings, State
from clew.detect.accessors import FetchSite, find_fetch_sites, find_named_accessors, spelled_accessors
from clew.detect.body import Body, SiteKey, Use
from clew.detect.carriers import Carriers
from clew.detect.effects import Effects, Expect, Parse
from clew.detect.members import Members
from clew.detect.parameters import is_unused
from clew.detect.passed_calls import find_passed_calls
from clew.detect.pin import Pin
from clew.detect.stringify import Stringifying
from clew.detect.twins import PairFinder
from clew.detect.witness import Witnesses
from clew.link.graph import CallGraph, Node
from clew.link.mentions import CallMention, MentionIndex, Symbol, symbol_key
from clew.link.pasted_callees import PastedArguments, PastedCallee
from clew.link.program import Definition, Program
from clew.parse.flow import AddressOp, CallOp, Op, ReadOp, WriteOp, not_parsed
from clew.plan.accessor_choice import AccessorChoice
from clew.plan.bringers import Bringers
from clew.plan.chances import Chances, functions_with_chances
from clew.plan.companions import find_companions
from clew.plan.expected import expected_near_fetches, expected_of, first_expected
from clew.plan.fixed import fixed_reason
from clew.plan.names import NameTable
from clew.plan.providers import Provider, read_providers
from clew.plan.scope import file_filter, is_holder, is_split, is_threadable
from clew.plan.twin_calls import TwinCalls
from clew.plan.visibility import Visibility
from clew.text.globs import PathFilter, compile_globs
from clew.text.record import record

SymbolKey = tuple[str, str]


@record()
class Pasted:
    """Functions that macros call by a name made of the accessor: those *shown* under the macro's name, those
    *kept* under their own, with the reason, and the *arguments* of all such macros."""

    shown: Mapping[SymbolKey, PastedCallee] = field(default_factory=dict)
    kept: Mapping[str, str] = field(default_factory=dict)
    arguments: PastedArguments | None = None


class Problem:
    """The program, the state and the scope, with candidates, their symbols and the bodies that matter."""

    def __init__(
        self,
        program: Program,
        graph: CallGraph,
        settings: Settings,
        scope: Scope,
        state: State,
        parse: Parse,
        expect: Expect,
    ) -> None:
        """*parse* is given functions one by one; *expect*, before that, many that are likely to be."""
        self.program, self.graph, self.settings = program, graph, settings
        self.scope, self.state, self.parse, self._expect = scope, state, parse, expect
        self.in_scope = file_filter(settings, scope)
        self.names = NameTable(program)
        self.stringifying = Stringifying(program)
        self.effects = Effects(graph, state, parse, expect)
        self.spelled = spelled_accessors(state, derived=False)
        self.bringers = Bringers(self)
        finder = PairFinder(
            program, graph.resolver, state, parse, self.effects.is_fetch, self.bringers.state_parameters
        )
        self.chances = Chances(program, graph, state, finder)
        self._bodies: dict[int, Body] = {}
        self._uses: dict[int, dict[SiteKey, list[Use]]] = {}
        self._trusting: dict[tuple[int, frozenset[int]], Body] = {}
        self._fixed: dict[SiteKey, tuple[str, str] | None] = {}
        self._has_effects = False
        self.pins: dict[SymbolKey, tuple[Pin, ...]] = {}  # what the text alone says, found once
        self.pasted = Pasted()

    @cached_property
    def fetch_sites(self) -> tuple[FetchSite, ...]:
        """Every accessor in the tree's functions and macros."""
        return tuple(find_fetch_sites(self.program, self.spelled))

    @cached_property
    def named_accessors(self) -> tuple[FetchSite, ...]:
        """Every place that names an accessor without calling it."""
        return tuple(find_named_accessors(self.program, self.spelled))

    @cached_property
    def fetch_by_key(self) -> dict[SiteKey, FetchSite]:
        """Fetch sites by place."""
        return {(site.path, site.span.start): site for site in self.fetch_sites}

    @cached_property
    def witnesses(self) -> Witnesses:
        """Why functions may change the state, once effects are computed."""
        return Witnesses(self.effects)

    @cached_property
    def visibility(self) -> Visibility:
        """Who sees the state's type and its accessors."""
        read = [site for site in self.fetch_sites if not self._is_pasted(site)]
        return Visibility(self.program, self.settings, self.state, read)

    def _is_pasted(self, site: FetchSite) -> bool:
        """Tell whether a macro is given the accessor at *site* as a piece of a name: it need not be declared
        there."""
        return self.pasted.arguments is not None and self.pasted.arguments.around(site.path, site.span.start)

    @property
    def unpasted(self) -> Mapping[SymbolKey, PastedCallee]:
        """The functions that the texts show under the name of the macro that pastes theirs."""
        return self.pasted.shown

    @cached_property
    def asked(self) -> frozenset[int]:
        """The functions that the scope names: they are threaded whether they need the state or not, and
        fetches elsewhere stay."""
        named = (self.program.definitions_by_name.get(name, ()) for name in self.scope.functions)
        meant = (d for found in named for d in found if self.in_scope(d.path) and self._is_meant(d))
        found = frozenset(d.index for d in meant)
        return found | self.companions if found else found

    def _is_meant(self, definition: Definition) -> bool:
        """Tell whether a name of the scope means *definition*, and not a namesake of a function that is shown
        under its macro's name."""
        shown = any(name == definition.name for name, _ in self.unpasted)
        return not shown or symbol_key(definition) in self.unpasted

    @cached_property
    def companions(self) -> frozenset[int]:
        """Variadic functions that get a twin beside that of the function which they call."""
        return find_companions(self)

    def edits_fetches(self, definition: Definition, *, is_threaded: bool) -> bool:
        """Tell whether the fetches in *definition* are in scope, and not only the calls."""
        is_open = not self.scope.is_named or self.redirects_all(definition.path)
        return is_open or self._is_asked(definition, is_threaded)

    def names_accessor(self, definition: Definition, *, is_threaded: bool) -> bool:
        """Tell whether *definition*, neither threaded nor asked for, names the accessor whatever it holds:
        the settings say so, or its header says that its state is unused, and this run leaves that so."""
        if self.state.outside == "any" or self._is_asked(definition, is_threaded):
            return False
        if self.state.outside == "accessor":
            return True
        return self.scope.is_named and is_unused(self.program, definition, self.state.names)

    def _is_asked(self, definition: Definition, is_threaded: bool) -> bool:
        return is_threaded or definition.index in self.asked or is_holder(definition, self.scope)

    @cached_property
    def reached(self) -> frozenset[Node]:
        """Functions and macros that fetch, or call (through functions in scope) what fetches."""
        start: list[Node] = []
        for site in self.fetch_sites:
            if site.definition >= 0:
                start.append(("f", site.definition))
            elif site.macro >= 0:
                start.append(("m", site.macro))
        self.graph.add_readers_of(self.graph.macro_closure(start))
        start += (("f", index) for index in sorted(self.asked))
        seen, todo = set(start), list(dict.fromkeys(start))
        while todo:
            self.graph.add_readers_of(self.graph.macro_closure(todo))
            layer, todo = todo, []
            for node in layer:
                if node[0] == "m" or self.may_thread(self.program.definitions[node[1]]):
                    fresh = [caller for caller in self.graph.callers(node) if caller not in seen]
                    seen.update(fresh)
                    todo += fresh
        return frozenset(seen)

    def may_thread(self, definition: Definition) -> bool:
        """Tell whether *definition* is in scope and may get the parameter, pins not yet considered."""
        wanted = (
            is_threadable(definition, self.scope)
            or is_split(self.state, definition.name)
            or definition.index in self.companions
        )
        if not self.in_scope(definition.path) or not wanted:
            return False
        return self.state.holders != "named" or not self.bringers.holder_parameters(definition)

    @cached_property
    def candidates(self) -> tuple[Definition, ...]:
        """Functions in scope that may get the parameter, pins not yet considered."""
        found = (self.program.definitions[i] for kind, i in sorted(self.reached) if kind == "f")
        return tuple(d for d in found if self.may_thread(d))

    @cached_property
    def symbols(self) -> dict[SymbolKey, Symbol]:
        """The candidates' symbols with all their mentions."""
        index = MentionIndex(self.program, self.graph.resolver)
        return index.collect(list(self.candidates))

    @cached_property
    def calls_by_key(self) -> dict[SiteKey, list[tuple[Symbol, CallMention]]]:
        """Calls of candidates by the place of the name."""
        found: dict[SiteKey, list[tuple[Symbol, CallMention]]] = defaultdict(list)
        for symbol in self.symbols.values():
            for mention in symbol.calls:
                found[mention.path, mention.call.name_span.start].append((symbol, mention))
        return found

    @cached_property
    def calls_in(self) -> dict[int, list[SiteKey]]:
        """The places of calls of candidates by the function around them."""
        found: dict[int, list[SiteKey]] = defaultdict(list)
        for key, mentions in self.calls_by_key.items():
            for _, mention in mentions[:1]:
                if mention.definition is not None:
                    found[mention.definition.index].append(key)
        return found

    @cached_property
    def macro_sites(self) -> dict[int, tuple[SiteKey, ...]]:
        """For every macro definition the sites (fetches and candidate calls) in its own body."""
        found: dict[int, list[SiteKey]] = defaultdict(list)
        for site in self.fetch_sites:
            if site.macro >= 0 and not self.scope.is_named:
                found[site.macro].append((site.path, site.span.start))
        for key, mentions in self.calls_by_key.items():
            for _, mention in mentions:
                if mention.macro is not None:
                    found[mention.macro.index].append(key)
        return {index: tuple(dict.fromkeys(keys)) for index, keys in found.items()}

    @cached_property
    def in_macros(self) -> frozenset[SiteKey]:
        """The fetches and calls of candidates in bodies of macros, which may stand inside functions."""
        fetches = ((site.path, site.span.start) for site in self.fetch_sites if site.macro >= 0)
        found = (k for k, mentions in self.calls_by_key.items() for _, m in mentions if m.macro is not None)
        return frozenset((*fetches, *found))

    @cached_property
    def sites_through(self) -> dict[str, frozenset[SiteKey]]:
        """For every macro name the sites that expanding it reaches, through other macros too."""
        reach: dict[str, set[SiteKey]] = defaultdict(set)
        todo: list[int] = []
        for index, sites in self.macro_sites.items():
            reach[self.program.macros[index].name] |= set(sites)
            todo.append(index)
        while todo:
            index = todo.pop()
            keys = reach[self.program.macros[index].name]
            for kind, caller in self.graph.callers(("m", index)):
                if kind == "m" and not keys <= reach[self.program.macros[caller].name]:
                    reach[self.program.macros[caller].name] |= keys
                    todo.append(caller)
        return {name: frozenset(keys) for name, keys in reach.items()}

    def is_interesting(self, op: Op) -> str | None:
        """Name the operations that planning looks at (see `Body.uses`)."""
        if isinstance(op, CallOp) and self._is_call_of_interest(op.callee):
            return op.callee
        if isinstance(op, ReadOp) and op.name in self._read_names:
            return op.name
        if isinstance(op, WriteOp) and not op.member and op.name in self.sites_through:
            return op.name  # a macro that is an lvalue
        chance = self.chances.name_of(op)
        if chance is not None:
            return chance
        if isinstance(op, AddressOp) or (isinstance(op, WriteOp) and op.member):
            return op.name if op.name in self.effects.objects else None
        return None

    def _is_call_of_interest(self, callee: str) -> bool:
        return (
            callee in self.effects.fetch_calls or callee in self._symbol_names or callee in self.sites_through
        )

    @cached_property
    def _symbol_names(self) -> frozenset[str]:
        return frozenset(symbol.name for symbol in self.symbols.values())

    @cached_property
    def _read_names(self) -> frozenset[str]:
        return self.effects.variables | self.effects.objects | frozenset(self.sites_through)

    def body(self, definition: Definition) -> Body:
        """Return the analysed body of *definition*."""
        if definition.index not in self._bodies:
            self._bodies[definition.index] = self.body_trusting(
                definition, self.bringers.holder_parameters(definition)
            )
        return self._bodies[definition.index]

    @cached_property
    def accessors(self) -> AccessorChoice:
        """Which accessor a file is given."""
        return AccessorChoice(
            self.program, self.state, self.fetch_sites, self.program.variable_paths, self.visibility
        )

    @cached_property
    def twin_calls(self) -> TwinCalls:
        """From where twins can be called."""
        return TwinCalls(self.program, self.settings, self.state, self.visibility, self.in_scope)

    @cached_property
    def members(self) -> Members:
        """The members of the tree's structures."""
        return Members(self.program)

    @cached_property
    def carriers(self) -> Carriers:
        """What calls may do to the structures that carry the state."""
        return Carriers(self.effects)

    @cached_property
    def providers(self) -> tuple[Provider, ...]:
        """What carries the state."""
        return tuple(read_providers(self.settings, self.state))

    def fixed_reason(self, key: SiteKey) -> tuple[str, str] | None:
        """Return why the fetch at *key* has to stay, as code and words; None when it need not."""
        if key not in self._fixed:
            site = self.fetch_by_key[key]
            inside = site.definition >= 0
            body = self.body(self.program.definitions[site.definition]) if inside else None
            self._fixed[key] = (
                None
                if body is None
                else fixed_reason(
                    site, body, self.stringifying, self.bringers.other_parameters(body.definition)
                )
            )
        return self._fixed[key]

    def compute_effects(self) -> None:
        """Find out, once, what every function does to the state; bodies must not be looked at before."""
        if self._has_effects:
            return
        self._has_effects = True
        self._expect(first_expected(self))
        self._expect(expected_near_fetches(self))
        self.graph.add_calls(find_passed_calls(self.program, self.graph, self.effects.aliases))
        self.chances.find_pairs(self.fetch_sites)
        relevant: set[Node] = {*self.reached, *(("f", index) for index in self.with_chances)}
        self._expect(expected_of(self, relevant))
        if self.state.holders == "proved":
            relevant |= self.near_fetches()
        self.effects.compute(relevant)

    @cached_property
    def with_chances(self) -> frozenset[int]:
        """Functions in scope that have a parameter of the state's type and may use it for more."""
        return frozenset(functions_with_chances(self))

    def redirects_all(self, path: str) -> bool:
        """Tell whether every function of *path* that calls a wrapper is to have the state."""
        return self.state.redirect == "all" or self._redirect_files(path)

    def redirects_more(self, path: str) -> bool:
        """Tell whether calls in *path* are redirected beyond the functions that the scope names."""
        return self.state.redirect == "callers" or self.redirects_all(path)

    @cached_property
    def _redirect_files(self) -> PathFilter:
        return compile_globs(self.state.redirect_files)

    def near_fetches(self) -> frozenset[Node]:
        """Return functions that fetch or reach a fetch, whatever their signature."""
        start: list[Node] = [("f", site.definition) for site in self.fetch_sites if site.definition >= 0]
        return frozenset(self.graph.reaching(start))

    def body_trusting(self, definition: Definition, holders: frozenset[int]) -> Body:
        """Return the analysed body of *definition*, of which the parameters *holders* bring the state."""
        key = (definition.index, holders)
        if key not in self._trusting:
            masked = self.program.facts[definition.path].masked
            parsed = self.parse(definition)
            if self._has_effects and (macro := self.effects.hidden_macro(definition)):
                problem = f"the macro {macro} may change the state in other #if branches"
                parsed = not_parsed(problem, definition.function.body.start)
            self._trusting[key] = Body(definition, parsed, self.effects, self.state, masked, holders)
        return self._trusting[key]

    def uses(self, definition: Definition) -> dict[SiteKey, list[Use]]:
        """Return the uses in *definition* by site."""
        if definition.index not in self._uses:
            found: dict[SiteKey, list[Use]] = defaultdict(list)
            for use in self.body(definition).uses(self.is_interesting):
                found[use.key].append(use)
            self._uses[definition.index] = dict(found)
        return self._uses[definition.index]

    def symbol_of(self, definition: Definition) -> Symbol | None:
        """Return the candidate symbol of *definition*, if it is one."""
        return self.symbols.get(symbol_key(definition))
