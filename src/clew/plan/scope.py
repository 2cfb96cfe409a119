"""Which files and functions may change."""

from fnmatch import fnmatchcase

from clew.config.settings import Scope, Settings, State
from clew.errors import PlanFileError
from clew.link.program import Definition
from clew.plan.model import Plan
from clew.text.globs import PathFilter, compile_globs


def file_filter(settings: Settings, scope: Scope) -> PathFilter:
    """Return a predicate on paths: may clew edit this file?"""
    is_generated = compile_globs(settings.generated)
    is_inside = compile_globs(scope.paths or (".",))
    known: dict[str, bool] = {}

    def is_editable(path: str) -> bool:
        if path not in known:
            known[path] = is_inside(path) and not is_generated(path)
        return known[path]

    return is_editable


def is_threadable(definition: Definition, scope: Scope) -> bool:
    """Tell whether the scope allows the function to get a parameter (pins aside)."""
    if definition.name in scope.functions:
        return True
    if scope.is_named and not scope.depth:
        return False
    if scope.linkage == "static":
        return definition.static
    return True


def is_holder(definition: Definition, scope: Scope) -> bool:
    """Tell whether the scope lets other edits than calls happen in a function that it does not thread."""
    return any(fnmatchcase(definition.name, glob) for glob in scope.holders)


def is_split(state: State, name: str) -> bool:
    """Tell whether the settings let the function lend its body to a twin: others do not notice that, so that
    any linkage will do."""
    return any(old == name for old, _ in state.twins) or any(fnmatchcase(name, glob) for glob in state.split)


def layers(scope: Scope) -> int | None:
    """Return how many layers of callers may be threaded above the first; None means any number.  Functions
    that were asked for by name are the first layer, and the only one unless the scope has a depth."""
    return (scope.depth or 0) if scope.is_named else scope.depth


def scope_data(scope: Scope) -> dict[str, object]:
    """Return *scope* as a plan records it."""
    return {
        "paths": list(scope.paths),
        "functions": list(scope.functions),
        "linkage": scope.linkage,
        "depth": scope.depth,
        "holders": list(scope.holders),
    }


def scope_of(plan: Plan) -> Scope:
    """Return the scope that *plan* was made in; raise `PlanFileError` when a person's edit made it none."""
    data = {**scope_data(Scope()), **plan.scope}
    linkage, depth = data["linkage"], data["depth"]
    if linkage not in ("static", "internal", "any"):
        raise _wrong("linkage", '"static", "internal" or "any"')
    if depth is not None and (not isinstance(depth, int) or isinstance(depth, bool) or depth < 0):
        raise _wrong("depth", "a number from 0, or null")
    holders = _names(data, "holders")
    return Scope(_names(data, "paths"), _names(data, "functions"), linkage, depth, holders)


def _names(data: dict[str, object], key: str) -> tuple[str, ...]:
    value = data[key]
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _wrong(key, "a list of strings")
    return tuple(value)


def _wrong(key: str, expected: str) -> PlanFileError:
    what = f"scope.{key} of the plan must be {expected}"
    return PlanFileError(what, next_step="make the plan again with `clew plan`")
