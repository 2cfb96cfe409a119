"""Which definitions a name may mean at a place.

A static definition wins where it is visible: in its own file, in files that include it and, for
fragments such as templates, in files that it is included into.  Otherwise the name means the external
definitions.  Where nothing fits, every definition of that name is returned: too many callees make an
analysis careful, a missing one makes it wrong.
"""

from clew.link.program import Definition, MacroDefinition, Program


class Resolver:
    """Resolves function names; caches by file and name."""

    def __init__(self, program: Program) -> None:
        self._program = program
        self._macros: dict[tuple[str, str], tuple[MacroDefinition, ...]] = {}
        self._cache: dict[tuple[str, str], tuple[Definition, ...]] = {}

    def functions(self, path: str, name: str) -> tuple[Definition, ...]:
        """Return the definitions that *name* may mean in *path* (none: not in the tree)."""
        key = (path, name)
        if key not in self._cache:
            self._cache[key] = self._resolve(path, name)
        return self._cache[key]

    def _resolve(self, path: str, name: str) -> tuple[Definition, ...]:
        candidates = self._program.definitions_by_name.get(name, ())
        if not candidates:
            return ()
        own = tuple(d for d in candidates if d.static and d.path == path)
        if own:
            return own
        below = self._program.includes.included_by(path)
        above = self._program.includes.including(path)
        near = tuple(d for d in candidates if d.static and (d.path in below or d.path in above))
        if near:
            return near
        return tuple(d for d in candidates if not d.static) or candidates

    def macros(self, path: str, name: str) -> tuple[MacroDefinition, ...]:
        """Return the macro definitions that *name* may mean in *path*: those of the files that share a
        translation unit with it; when there are none and no function has the name, those of all headers
        (an include may go unresolved)."""
        key = (path, name)
        if key not in self._macros:
            self._macros[key] = self._resolve_macros(path, name)
        return self._macros[key]

    def _resolve_macros(self, path: str, name: str) -> tuple[MacroDefinition, ...]:
        macros = self._program.macros_by_name
        if name not in macros:
            return ()
        below = self._program.includes.included_by(path)
        near = macros.near(name, below.__contains__)
        if near:
            return near
        near = macros.near(name, self._program.includes.including(path).__contains__)
        if near or self.functions(path, name):
            return near
        return macros.near(name, lambda other: not other.endswith(".c"))
