"""Which fetches a plan leaves, and why: the exceptions that the poisoned copy allows and names."""

from collections.abc import Callable

from clew.config.settings import State
from clew.detect.accessors import FetchSite
from clew.plan.model import Plan
from clew.verify.pair import Pair
from clew.verify.threaded import state_parameter

WhyLeft = Callable[[FetchSite], str]


def explain_remaining(pair: Pair, state: State) -> WhyLeft:
    """Return what tells, of a fetch in the program after, why the plan leaves it; "" where it does not, so
    that the fetch should not be there.  Without a plan nothing is left on purpose."""
    if pair.plan is None:
        return lambda _site: ""
    known, program = _reasons(pair.plan), pair.after
    threaded = {(macro.path, macro.name) for macro in pair.plan.macros}

    def why_left(site: FetchSite) -> str:
        if site.macro >= 0:
            name = program.macros[site.macro].name
            has_state = (site.path, name) in threaded
        elif site.definition >= 0:
            name = program.definitions[site.definition].name
            has_state = bool(state_parameter(program, program.definitions[site.definition], state))
        else:
            return ""
        reason = known.get((site.path, name), "")
        if reason or has_state:
            return reason
        if site.spelled.path != "{}":
            return f"{site.spelled.accessor.spelling} is another state, and {name} is not handed {state.name}"
        return "a macro that not every user hands the state" if site.macro >= 0 else ""

    return why_left


def list_unwatched(pair: Pair) -> list[str]:
    """Return a line for each fetch that no hook can watch, since clew reads no function around it."""
    fetches = pair.plan.fetches if pair.plan is not None else ()
    outside = [fetch for fetch in fetches if not fetch.function]
    return [f"{one.place.path}:{one.place.line} is not watched: {one.why}" for one in outside]


def _reasons(plan: Plan) -> dict[tuple[str, str], str]:
    """Return why functions and macros, by path and name, still fetch."""
    found = {
        (fetch.place.path, fetch.function): f"{fetch.outcome}: {fetch.why}"
        for fetch in plan.fetches
        if fetch.outcome != "rewritten"
    }
    pinned = {(one.path, one.name): f"pinned ({one.pin}): {one.why}" for one in plan.boundaries}
    return found | pinned
