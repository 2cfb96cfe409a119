"""Who fetches and who holds, across the files of a view, by name.

A name means the static function of the same file where there is one, else an external function, or a static
one of a header.  That is a look at names: `clew plan` knows which file includes which, and proves.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from clew.check.facts import FetchFact, FileSummary, HolderFact
from clew.text.record import record


@record()
class Fetcher:
    """A function of *path* that fetches a state, with its first fetch."""

    path: str
    fetch: FetchFact


@record()
class HoldingCaller:
    """A function of *path* that holds a state in *variable* and calls a given function."""

    path: str
    holder: HolderFact
    variable: str


class TreeIndex:
    """The look-up tables over all summaries."""

    def __init__(self, summaries: Mapping[str, FileSummary]) -> None:
        self._summaries = summaries
        self._fetchers: dict[tuple[str, str], dict[str, Fetcher]] = defaultdict(dict)
        self._static: dict[str, frozenset[str]] = {}
        self._callers: dict[str, list[tuple[str, HolderFact]]] = defaultdict(list)
        for path, summary in summaries.items():
            self._static[path] = frozenset(summary.static)
            macros = frozenset(summary.macros)
            for fetch in summary.fetches:
                allowed = any(allow.covers("fetch", fetch.line) for allow in summary.allows)
                if fetch.function and fetch.function not in macros and not allowed:
                    self._fetchers[fetch.state, fetch.function].setdefault(path, Fetcher(path, fetch))
            for holder in summary.holders:
                for name, _, _ in holder.calls:
                    self._callers[name].append((path, holder))

    def fetcher(self, state: str, path: str, name: str) -> Fetcher | None:
        """Return the function that *name* means in *path* if it fetches *state*."""
        found = self._fetchers.get((state, name), {})
        if name in self._static.get(path, ()):
            return found.get(path)
        return next((found[other] for other in sorted(found) if self._is_visible(other, name)), None)

    def holding_callers(self, state: str, path: str, name: str) -> Iterator[HoldingCaller]:
        """Yield the functions that call *name* of *path* and hold *state*, in the order of their places."""
        for other, holder in sorted(self._callers.get(name, ()), key=lambda one: (one[0], one[1].line)):
            variable = dict(holder.holds).get(state)
            if variable is None or (holder.name == name and other == path):
                continue
            if other == path or (name not in self._static.get(other, ()) and self._is_visible(path, name)):
                yield HoldingCaller(other, holder, variable)

    def _is_visible(self, path: str, name: str) -> bool:
        """Tell whether other files can call *name* of *path*."""
        return name not in self._static.get(path, ()) or not path.endswith(".c")
