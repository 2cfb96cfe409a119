"""Which files and functions may change."""

from collections.abc import Callable
from fnmatch import fnmatchcase

from clew.config.settings import Scope, Settings
from clew.link.program import Definition


def file_filter(settings: Settings, scope: Scope) -> Callable[[str], bool]:
    """Return a predicate on paths: may clew edit this file?"""
    known: dict[str, bool] = {}

    def is_editable(path: str) -> bool:
        if path not in known:
            inside = not scope.paths or any(_covers(pattern, path) for pattern in scope.paths)
            known[path] = inside and not any(_covers(pattern, path) for pattern in settings.generated)
        return known[path]

    return is_editable


def _covers(pattern: str, path: str) -> bool:
    plain = pattern.strip("/") if pattern not in (".", "./") else ""
    if plain == "" or path == plain or path.startswith(plain + "/"):
        return True
    if fnmatchcase(path, plain):
        return True
    return plain.startswith("**/") and fnmatchcase(path, plain[3:])


def is_threadable(definition: Definition, settings: Settings, scope: Scope) -> bool:
    """Tell whether the scope allows the function to get a parameter (pins aside)."""
    if scope.functions:
        return definition.name in scope.functions
    if scope.linkage == "static":
        return definition.static
    return True
