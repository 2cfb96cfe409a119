"""A recipe: what to do and to whom, without the files that it was made from, so that the same change can be
made again when they have moved on."""

import json
from pathlib import Path
from typing import Any

from clew.errors import ErrorPlace, PlanFileError, UsageError
from clew.plan.model import Plan, ThreadedFunction

_VERSION = 1


def recipe_text(plan: Plan) -> str:
    """Return the recipe of *plan*, one function a line."""
    chosen = [f for f in plan.functions if f.decision == "thread"]
    lines = [json.dumps({"name": f.name, "path": f.path, "parameter": f.parameter}) for f in chosen]
    functions = ",\n".join(f"    {line}" for line in lines)
    head = {"recipe": _VERSION, "state": plan.state, "scope": plan.scope}
    parts = [f'  "{key}": {json.dumps(value)}' for key, value in head.items()]
    return "{\n" + ",\n".join([*parts, f'  "functions": [\n{functions}\n  ]']) + "\n}\n"


def read_recipe(path: Path) -> Plan:
    """Return the recipe in the file *path*, as a plan for no particular files; raise `PlanFileError` when it
    is none."""
    place = ErrorPlace(str(path))
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", place, "check --recipe") from error
    except ValueError as error:
        raise _wrong(f"not valid JSON: {error}", place) from error
    if not isinstance(data, dict) or data.get("recipe") != _VERSION:
        raise _wrong("not a recipe that this version of clew reads", place)
    state, scope, functions = data.get("state"), data.get("scope"), data.get("functions")
    if not isinstance(state, str) or not isinstance(scope, dict) or not isinstance(functions, list):
        raise _wrong("a recipe has a state, a scope and functions", place)
    threaded = tuple(_function(one, number, place) for number, one in enumerate(functions, 1))
    return Plan(state, scope, {}, threaded, (), (), (), (), ())


def _function(data: Any, number: int, place: ErrorPlace) -> ThreadedFunction:
    wanted = ("name", "path", "parameter")
    if not isinstance(data, dict) or not all(isinstance(data.get(key), str) for key in wanted):
        raise _wrong(f"function {number} must have the strings {', '.join(wanted)}", place)
    return ThreadedFunction(data["name"], data["path"], 0, data["parameter"], 0, 0, (data["name"],))


def _wrong(what: str, place: ErrorPlace) -> PlanFileError:
    return PlanFileError(what, place, "write it again with --recipe and a name that is free")
