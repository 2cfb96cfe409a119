"""What happens inside one function: every use of the state gets its decision.

In order of preference a use takes the parameter, a variable that holds the state already, a new local of
a boundary, or (a call that needs the state) the accessor itself; a fetch that nothing serves stays.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Literal

from clew.detect.accessors import FetchSite
from clew.detect.body import Body, SiteKey, Use
from clew.detect.twins import Pair
from clew.link.mentions import CallMention, Symbol
from clew.link.program import Definition
from clew.plan.decisions import InsertLocal, PassState, Redirect, RemoveLocal, ReplaceFetch
from clew.plan.fixed import is_compared
from clew.plan.holders import Binding, find_bindings, holders_at
from clew.plan.improve import find_derivable, find_pairs, redirect, take_chances
from clew.plan.place import Placement, is_served, place_fetches
from clew.plan.problem import Problem
from clew.plan.providers import find_provided
from clew.plan.twinning import Twinning, takes_state
from clew.text.span import Span


@dataclass(slots=True)
class FunctionDecision:
    """The decisions for one function; *parameter* is "" when it gets none. *kept* are the fetches that stay,
    *compared* those that stay because they check the variable at hand, *moved* those that stay as the
    initialiser of an inserted local (the first that it serves), *failed_macros* macros that need a
    variable which is not at hand here, *inline* the sites at which the accessor is passed, *conflict*
    says that no name is free.
    """

    definition: Definition
    parameter: str = ""
    fetches: list[ReplaceFetch] = field(default_factory=list)
    calls: list[PassState] = field(default_factory=list)
    redirects: list[Redirect] = field(default_factory=list)
    derived: list[ReplaceFetch] = field(default_factory=list)
    removed: list[RemoveLocal] = field(default_factory=list)
    inserted: list[InsertLocal] = field(default_factory=list)
    kept: list[SiteKey] = field(default_factory=list)
    moved: set[SiteKey] = field(default_factory=set)
    compared: list[SiteKey] = field(default_factory=list)
    inline: list[SiteKey] = field(default_factory=list)
    failed_macros: set[int] = field(default_factory=set)
    conflict: bool = False

    def pass_state(
        self,
        symbol: Symbol,
        mention: CallMention,
        twinning: Twinning | None,
        variable: str,
        threaded: dict[tuple[str, str], int],
    ) -> None:
        """Let the call *mention* pass *variable*: to the function itself, or to its twin."""
        position = threaded[symbol.key]
        if twinning is None:
            self.calls.append(PassState(mention.path, mention.call, variable, position, symbol.name))
        else:
            home = twinning.home if twinning.form in ("split", "copy") else ""
            self.redirects.append(
                Redirect(mention.path, mention.call, twinning.twin, variable, position, home)
            )


class FunctionDecider:
    """Decides for one function, given who is threaded and which macros take a variable."""

    def __init__(
        self,
        problem: Problem,
        definition: Definition,
        threaded: dict[tuple[str, str], int],
        captured: dict[int, str],
        twinning: dict[tuple[str, str], Twinning],
        wanted_name: str = "",
        *,
        is_later: bool = False,
    ) -> None:
        self.problem, self.definition, self.wanted_name = problem, definition, wanted_name
        self.places_locals = problem.state.boundary == "local" and not is_later
        self.threaded, self.captured, self.twinning = threaded, captured, twinning
        self.body: Body = problem.body(definition)
        self.result = FunctionDecision(definition)
        symbol = problem.symbol_of(definition)
        self.is_threaded = symbol is not None and symbol.key in threaded
        self.edits_fetches = problem.edits_fetches(definition, is_threaded=self.is_threaded)
        self.pairs: dict[SiteKey, Pair] = {}
        self.derivable: dict[SiteKey, FetchSite] = {}
        if problem.redirects_all(definition.path):
            self.pairs = dict(find_pairs(self))
            self.derivable = dict(find_derivable(self)) if problem.state.derive == "all" else {}
        self.uses = {
            key: uses for key, uses in problem.uses(definition).items() if self._matters(key, uses[0])
        }
        self.bindings = find_bindings(self.body, problem.fetch_by_key, problem.state)
        self.gone: list[Binding] = []
        self.placed: list[tuple[str, Placement]] = []

    def decide(self) -> FunctionDecision:
        """Return all decisions."""
        if self.is_threaded:
            self._name_parameter()
            if self.result.conflict:
                return self.result
        demands: dict[SiteKey, list[Use]] = {}
        macros: list[tuple[SiteKey, list[Use], str]] = []
        for key, uses in self.uses.items():
            if self._is_removed(key):
                continue
            variable = "" if self._names_accessor(key) else self.variable(uses)
            if (
                key[0] != self.definition.path
                or not self.is_own(key)
                or not (self._is_site(key) or key in self.pairs or key in self.derivable)
            ):
                macros.append((key, uses, variable))
            elif variable and self._checks(key, variable):
                self.result.compared.append(key)
            elif variable:
                self._serve(key, variable)
            else:
                demands[key] = uses
        self._meet(demands)
        for key, uses, variable in macros:
            self._check_macro(key, uses, variable)
        self._serve_dead_calls()
        is_caller = bool(self.result.calls or self.result.redirects)
        derives = self.edits_fetches or (is_caller and not self.problem.state.redirect_files)
        if derives or self.problem.redirects_all(self.definition.path):
            take_chances(self, derives=derives)
        return self.result

    @property
    def takes_chances(self) -> bool:
        """Whether more may change than calls of threaded functions: a function that is not in scope and
        names the accessor where it calls them stays as it is."""
        open_ = self.edits_fetches or self.problem.state.boundary == "local"
        return open_ and not self.problem.names_accessor(self.definition, is_threaded=self.is_threaded)

    def _names_accessor(self, key: SiteKey) -> bool:
        """Tell whether the accessor is what stays or goes to *key*, whatever is at hand there."""
        problem = self.problem
        if not problem.names_accessor(self.definition, is_threaded=self.is_threaded) or not self.is_own(key):
            return False
        if key not in problem.calls_by_key:
            return key in problem.fetch_by_key
        spelling = problem.accessors.of(key[0])
        needed = problem.visibility.of_accessor(*key, spelling) or problem.visibility.of_guard(*key, spelling)
        return needed is None

    def _is_site(self, key: SiteKey) -> bool:
        return key in self.problem.fetch_by_key or key in self.problem.calls_by_key

    def _serve_dead_calls(self) -> None:
        """Calls that cannot be reached are compiled all the same."""
        for key in self.problem.calls_in.get(self.definition.index, ()):
            if key not in self.uses and self.threaded_symbols(key):
                name = self.result.parameter
                free = name and not self.body.names_local(name, key[1])
                self._serve(key, name if free else self.problem.accessors.of(self.definition.path))

    def _checks(self, key: SiteKey, variable: str) -> bool:
        site = self.problem.fetch_by_key.get(key)
        return site is not None and is_compared(self.body.masked, site, variable)

    # which uses matter

    def _matters(self, key: SiteKey, use: Use) -> bool:
        if key in self.problem.fetch_by_key:
            return self.edits_fetches and self.problem.fixed_reason(key) is None
        if key in self.problem.calls_by_key:
            return bool(self.threaded_symbols(key))
        if key in self.pairs or key in self.derivable:
            return True
        return bool(self._captured_sites(use.name))

    def threaded_symbols(self, key: SiteKey) -> list[Symbol]:
        """Return the functions that the call at *key* has to pass the state to."""
        return [
            symbol
            for symbol, mention in self.problem.calls_by_key.get(key, ())
            if symbol.key in self.threaded
            and takes_state(self.problem, symbol, self.twinning.get(symbol.key), mention)
        ]

    def _captured_sites(self, macro_name: str) -> dict[int, str]:
        """Return the captured macros that expanding *macro_name* reaches with something to do."""
        found: dict[int, str] = {}
        through = self.problem.sites_through.get(macro_name, frozenset())
        for index, variable in self.captured.items():
            for key in self.problem.macro_sites.get(index, ()):
                if key in through and (key in self.problem.fetch_by_key or self.threaded_symbols(key)):
                    found[index] = variable
        return found

    def is_own(self, key: SiteKey) -> bool:
        """Tell whether *key* stands in the text of the function itself, and not in a macro defined there."""
        is_inside = key[0] == self.definition.path and key[1] in self.definition.function.span
        return is_inside and key not in self.problem.in_macros

    # variables

    def _name_parameter(self) -> None:
        names = self.problem.state.names
        if self.wanted_name:
            names = (self.wanted_name, *names)
        removable = [b for b in self.bindings if self._can_replace(b)]
        removable.sort(key=lambda b: names.index(b.holder.name) if b.holder.name in names else len(names))
        for binding in removable:
            same = [b for b in removable if b.holder.name == binding.holder.name]
            if self._only_named_by(binding.holder.name, same) and self._is_free_outside(binding.holder.name):
                self.result.parameter, self.gone = binding.holder.name, same
                for each in same:
                    self.result.removed.append(
                        RemoveLocal(self.definition.path, each.statements, each.holder.name)
                    )
                return
        for name in names:
            if self.problem.names.is_free(name, self.definition) and self._is_free_outside(name):
                self.result.parameter = name
                return
        self.result.conflict = True

    def _is_free_outside(self, name: str) -> bool:
        """Tell whether no prototype calls another parameter *name*."""
        symbol = self.problem.symbol_of(self.definition)
        found = () if symbol is None else symbol.prototypes
        return all(self.problem.names.is_free_in(name, one.path, one.prototype.params) for one in found)

    def _can_replace(self, binding: Binding) -> bool:
        uses = self.uses.get(binding.key, ())
        if not uses or not all(use.point.at_entry_value for use in uses):
            return False
        return not binding.reassigned

    def _only_named_by(self, name: str, bindings: Collection[Binding]) -> bool:
        """Tell whether every local called *name* is one of *bindings* (so no other is captured)."""
        starts = {binding.holder.declared_at for binding in bindings}
        for variant in self.body.variants:
            for local in variant.flow.locals:
                if local.name == name and local.name_span.start not in starts:
                    return False
        return name not in self.problem.names.free_words(self.definition, [b.scope for b in bindings], name)

    def _is_removed(self, key: SiteKey) -> bool:
        return any(binding.key == key for binding in self.gone)

    def variable(self, uses: list[Use]) -> str:
        """Return the variable that serves *uses*, or ""."""
        held = holders_at(self.body, uses)
        if self.result.parameter and self._parameter_serves(uses):
            return self.result.parameter
        for holder in held:
            if not any(b.holder == holder and b.key == uses[0].key for b in self.bindings):
                return holder.name
        return find_provided(
            self.problem.providers, self.problem.carriers, self.problem.members, self.body, uses
        )

    def _parameter_serves(self, uses: list[Use]) -> bool:
        name = self.result.parameter
        for use in uses:
            variant = self.body.variants[use.variant]
            meant = variant.scopes.resolve(name, use.at)
            gone = {b.holder.declared_at for b in self.gone}
            if meant is not None and variant.flow.locals[meant].name_span.start not in gone:
                return False
            if not use.point.at_entry_value:
                return False
        return True

    # decisions

    def _serve(self, key: SiteKey, variable: str) -> None:
        site = self.problem.fetch_by_key.get(key)
        if site is not None:
            self.result.fetches.append(ReplaceFetch(site, variable))
        if key in self.derivable:
            self.result.derived.append(ReplaceFetch(self.derivable[key], variable))
        if key in self.pairs:
            redirect(self, self.pairs[key], self.uses[key][0], variable)
        wanted = self.threaded_symbols(key)
        for symbol, mention in self.problem.calls_by_key.get(key, ()):
            if symbol in wanted:
                self.result.pass_state(
                    symbol, mention, self.twinning.get(symbol.key), variable, self.threaded
                )

    def _check_macro(self, key: SiteKey, uses: list[Use], variable: str) -> None:
        wanted = self._captured_sites(uses[0].name)
        if key in self.problem.fetch_by_key or key in self.problem.calls_by_key:
            wanted = {i: v for i, v in self.captured.items() if key in self.problem.macro_sites.get(i, ())}
        for index, name in wanted.items():
            placed = (p for n, p in self.placed if n == name)
            if name != variable and not any(is_served(self.body, p, uses) for p in placed):
                self.result.failed_macros.add(index)

    def _meet(self, demands: dict[SiteKey, list[Use]]) -> None:
        calls = {key for key in demands if key in self.problem.calls_by_key}
        pairs = {key for key in demands if key in self.pairs or key in self.derivable}
        if self.places_locals and demands:
            self._place(
                {k: u for k, u in demands.items() if not any(use.point.scrambled for use in u)}, demands
            )
        accessor = self.problem.accessors.of(self.definition.path)
        for key in [key for key in demands if key in calls]:
            self._serve(key, accessor)
            self.result.inline.append(key)
        self.result.kept.extend(key for key in demands if key not in calls | pairs)

    def _place(self, group: dict[SiteKey, list[Use]], demands: dict[SiteKey, list[Use]]) -> None:
        found = (self.problem.calls_by_key, self.pairs, self.derivable)
        calls = {key for key in group if any(key in sites for sites in found)}
        bound = {binding.key: binding for binding in self.bindings}
        is_asked = self.is_threaded or not self.problem.scope.is_named
        if not calls and (len(group) < 2 or not (is_asked or self.definition.index in self.problem.asked)):
            return
        taken: list[tuple[str, Span]] = []
        for placement in place_fetches(self.body, group, self._style(), bound.keys()):
            if len(placement.keys) == 1 and not placement.keys & calls:
                continue
            self._insert(placement, bound, demands, taken)

    def _style(self) -> Literal["first-use", "entry"]:
        wanted = self.problem.accessors.of(self.definition.path)
        checked = any(a.checked for a in self.problem.state.accessors if a.spelling == wanted)
        return "first-use" if checked else self.problem.state.fetch

    def _insert(
        self,
        placement: Placement,
        bound: dict[SiteKey, Binding],
        demands: dict[SiteKey, list[Use]],
        taken: list[tuple[str, Span]],
    ) -> None:
        served = [bound[key] for key in placement.keys if key in bound]
        used = {name for name, span in taken if self._meets(placement.at, span)}
        name, gone = self._local_name(placement, served, used)
        if not name:
            return
        taken.append((name, placement.scope))
        self.placed.append((name, placement))
        state, path = self.problem.state, self.definition.path
        accessor = self.problem.accessors.of(path)
        self.result.inserted.append(InsertLocal(path, placement.at, name, state.type, accessor))
        for binding in gone:
            self.gone.append(binding)
            self.result.removed.append(RemoveLocal(path, binding.statements, binding.holder.name))
        fetches = [key for key in placement.keys if key in self.problem.fetch_by_key]
        self.result.moved.update(sorted(fetches)[:1])
        for key in placement.keys:
            if not any(binding.key == key for binding in gone):
                self._serve(key, name)
            del demands[key]

    def _meets(self, at: int, scope: Span) -> bool:
        """Tell whether some variant compiles both *at* and the declaration that opens *scope* around it."""
        variants = (variant.flow.live for variant in self.body.variants)
        return at in scope and any(
            any(at in span for span in live) and any(scope.start in span for span in live)
            for live in variants
        )

    def _local_name(
        self, placement: Placement, served: list[Binding], used: set[str]
    ) -> tuple[str, list[Binding]]:
        """Choose a name: that of a local which the new one can replace, else the first free one."""
        for binding in (b for b in served if b.holder.name not in used):
            same = [b for b in served if b.holder.name == binding.holder.name]
            inside = all(placement.scope.encloses(b.scope) and not b.reassigned for b in same)
            if inside and self._only_named_by(binding.holder.name, same):
                return binding.holder.name, same
        for name in self.problem.state.names:
            if name in used or name == self.result.parameter:
                continue
            if self.problem.names.is_free(name, self.definition):
                return name, []
        return "", []
