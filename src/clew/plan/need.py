"""Who needs the state, given who is threaded so far."""

from clew.detect.body import SiteKey, Use
from clew.link.mentions import CallMention, Symbol
from clew.link.program import Definition, MacroDefinition
from clew.plan.problem import Problem
from clew.plan.providers import find_provided
from clew.plan.solution import Solution
from clew.plan.twinning import takes_state


class Needs:
    """Answers for the present state of *solution*."""

    def __init__(self, problem: Problem, solution: Solution) -> None:
        self.problem, self.solution = problem, solution

    def needs_state(self, definition: Definition) -> bool:
        """Tell whether *definition* uses the state that it was entered with, and has it from nowhere."""
        return any(
            any(self._is_need(key, use) for use in uses if use.point.at_entry_value)
            and not self._is_provided(definition, uses)
            for key, uses in self.problem.uses(definition).items()
        )

    def _is_provided(self, definition: Definition, uses: list[Use]) -> bool:
        """Tell whether a parameter carries the state at *uses*, and the settings prefer that."""
        if self.problem.state.prefer != "provided":
            return False
        problem = self.problem
        return bool(
            find_provided(
                problem.providers, problem.carriers, problem.members, problem.body(definition), uses
            )
        )

    def _is_need(self, key: SiteKey, use: Use) -> bool:
        if key in self.problem.fetch_by_key or key in self.problem.calls_by_key:
            return self._is_active(key)
        if use.name in self.problem.chances.pairs:
            return self.problem.redirects_all(key[0])
        return any(self._is_active(site) for site in self.problem.sites_through.get(use.name, ()))

    def _is_active(self, key: SiteKey) -> bool:
        """Tell whether the site needs a variable: a fetch, or a call of a threaded function, and if in a
        macro's body one that takes a variable."""
        site = self.problem.fetch_by_key.get(key)
        if site is not None and self.problem.fixed_reason(key) is not None:
            return False
        if site is not None:
            return site.macro < 0 or site.macro in self.solution.captured
        for symbol, mention in self.problem.calls_by_key.get(key, ()):
            if symbol.key in self.solution.threaded and self._takes_state(symbol, mention):
                if mention.macro is None or mention.macro.index in self.solution.captured:
                    return True
        return False

    def _takes_state(self, symbol: Symbol, mention: CallMention) -> bool:
        return takes_state(self.problem, symbol, self.solution.twinning.get(symbol.key), mention)

    def _is_sure(self, path: str, key: SiteKey, use: Use) -> bool:
        """Tell whether the use needs the state whichever definition of its macro holds."""
        site, calls = self.problem.fetch_by_key.get(key), self.problem.calls_by_key.get(key)
        if site is not None:
            index = site.macro
        elif calls:
            index = calls[0][1].macro.index if calls[0][1].macro else -1
        else:
            return self._always_needs(path, use.name, frozenset())
        return index < 0 or self._always_needs(path, self.problem.program.macros[index].name, frozenset())

    def _always_needs(self, path: str, name: str, seen: frozenset[str]) -> bool:
        macros = self.problem.graph.resolver.macros(path, name)
        return bool(macros) and all(self._macro_needs(macro, seen | {name}) for macro in macros)

    def _macro_needs(self, macro: MacroDefinition, seen: frozenset[str]) -> bool:
        if any(self._is_active(key) for key in self.problem.macro_sites.get(macro.index, ())):
            return True
        inner = {m.name for m in self.problem.graph.macros_in(macro)} - seen
        return any(self._always_needs(macro.path, name, seen) for name in inner)

    def uses_state_everywhere(self, definition: Definition) -> bool:
        """Tell whether *definition* needs the state in each of its ``#if`` variants."""
        using = {
            use.variant
            for key, uses in self.problem.uses(definition).items()
            for use in uses
            if use.point.at_entry_value
            and self._is_need(key, use)
            and self._is_sure(definition.path, key, use)
        }
        return len(using) == len(self.problem.body(definition).variants)
