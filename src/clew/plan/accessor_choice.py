"""Which accessor is written into a file."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet

from clew.config.settings import State
from clew.detect.accessors import FetchSite, accessor_kind, accessor_name
from clew.link.program import Program
from clew.plan.visibility import Visibility


class AccessorChoice:
    """Chooses for one state; *variables* are the files that declare a variable, by its name."""

    def __init__(
        self,
        program: Program,
        state: State,
        sites: Iterable[FetchSite],
        variables: Mapping[str, set[str]],
        visibility: Visibility,
    ) -> None:
        self._visibility = visibility
        self._program, self._state, self._variables = program, state, variables
        self._used: dict[str, set[str]] = defaultdict(set)
        for site in sites:
            self._used[site.path].add(site.spelled.accessor.spelling)
        self._chosen: dict[str, str] = {}
        self._declaring: dict[str, set[str]] = {}

    def of(self, path: str) -> str:
        """Return the accessor to write in *path*: the first that the file's includes show, else the first
        that it uses, else the first that it sees through those that include it, else the first of all."""
        if path not in self._chosen:
            self._chosen[path] = self._choose(path)
        return self._chosen[path]

    def _choose(self, path: str) -> str:
        used = self._used.get(path, set())
        ordered = [a.spelling for a in self._state.accessors if accessor_kind(a) != "object"]
        if not ordered:
            return "&" + self._state.accessors[0].spelling
        below = self._program.includes.included_by(path)
        first_used = next((s for s in ordered if s in used), None)
        declared = next((s for s in ordered if self._is_declared(s, below)), None)
        return declared or first_used or self._first_seen(path, ordered) or ordered[0]

    def _first_seen(self, path: str, ordered: list[str]) -> str:
        end = len(self._program.sources[path].text)
        return next((s for s in ordered if self._visibility.of_accessor(path, end, s) is None), "")

    def _is_declared(self, spelling: str, paths: AbstractSet[str]) -> bool:
        name = accessor_name(spelling)
        if name not in self._declaring:
            found = {one.path for one in self._program.definitions_by_name.get(name, ())}
            found |= {one.path for one in self._program.macros_by_name.get(name, ())}
            found |= {path for path, _ in self._program.prototypes_by_name.get(name, ())}
            self._declaring[name] = found | self._variables.get(name, set())
        return not paths.isdisjoint(self._declaring[name])
