"""Make summaries of files: a look at the text alone, without what it includes."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase

from clew.check.allow import find_allows
from clew.check.facts import FetchFact, FileSummary, HolderFact
from clew.config.settings import State
from clew.detect.accessors import FetchSite, accessor_tokens, find_fetch_sites, spelled_accessors
from clew.detect.spelled_type import same_type, type_words
from clew.link.program import Definition, Program
from clew.scan import find_calls, scan_source
from clew.scan.facts import Header
from clew.scan.lists import split_list
from clew.scan.mask import mask_fragment
from clew.text.source import SourceText

_WORD = re.compile(r"[A-Za-z_]\w*")
_TYPE_AND_NAME = re.compile(r"(.*?[\s*])([A-Za-z_]\w*)\s*\Z", re.DOTALL)
_BOUND = re.compile(r"\b([A-Za-z_]\w*)\s*=\s*\Z")
_FILLED = re.compile(r"\s*[;,]")
_LOOK_BACK = 100


class Summariser:
    """Makes summaries for *states*."""

    def __init__(self, states: Iterable[State]) -> None:
        self.states = tuple(states)
        self._spelled = tuple((state.name, spelled_accessors(state, derived=False)) for state in self.states)
        accessors = {a.spelling for state in self.states for a in state.accessors}
        self._accessors = frozenset(_WORD.findall(spelling)[0] for spelling in accessors)
        self._words = self._accessors | {type_words(state.type)[-1] for state in self.states}

    def may_matter(self, text: str) -> bool:
        """Tell whether *text* may hold or fetch a state at all: a summary of it is not empty otherwise."""
        return any(word in text for word in self._words)

    def summarise(self, source: SourceText) -> FileSummary:
        """Return the summary of *source*."""
        program = Program({source.path: source}, {source.path: scan_source(source)})
        sites = self._sites(program)
        definitions = program.definitions
        return FileSummary(
            functions=tuple(dict.fromkeys(d.name for d in definitions)),
            static=tuple(dict.fromkeys(d.name for d in definitions if d.static)),
            macros=tuple(dict.fromkeys(m.name for m in program.macros)),
            fetches=tuple(_fetch_fact(program, source, state, site) for state, site in sites),
            holders=tuple(self._holders(program, source, sites)),
            allows=find_allows(source),
        )

    def _sites(self, program: Program) -> list[tuple[str, FetchSite]]:
        """Return the fetches in order; where accessors of two states start, the longer one counts."""
        best: dict[int, tuple[str, FetchSite]] = {}
        for state, spelled in self._spelled:
            for site in find_fetch_sites(program, spelled):
                known = best.get(site.span.start)
                if known is None or _length(known[1]) < _length(site):
                    best[site.span.start] = (state, site)
        return [best[start] for start in sorted(best) if self._counts(program, best[start][1])]

    def _counts(self, program: Program, site: FetchSite) -> bool:
        """Leave out declarations at file scope, and what makes the accessors themselves."""
        if site.definition < 0 and site.macro < 0:
            return site.spelled.kind == "call"
        around = program.definitions[site.definition] if site.macro < 0 else program.macros[site.macro]
        return around.name not in self._accessors

    def _holders(
        self, program: Program, source: SourceText, sites: list[tuple[str, FetchSite]]
    ) -> Iterator[HolderFact]:
        bound: dict[int, dict[str, str]] = defaultdict(dict)
        masked = program.facts[source.path].masked
        for state, site in sites:
            start = site.span.start
            variable = _BOUND.search(masked, max(0, start - _LOOK_BACK), start)
            whole = variable is not None and _FILLED.match(masked, site.span.end)
            if site.definition >= 0 and variable is not None and whole and site.spelled.kind != "object":
                bound[site.definition].setdefault(state, variable.group(1))
        for definition in program.definitions:
            holds = bound[definition.index] | self._parameters(masked, definition)
            if holds:
                line = source.position(definition.function.header.name_span.start).line
                calls = tuple(_first_calls(source, masked, definition))
                yield HolderFact(definition.name, line, tuple(sorted(holds.items())), calls)

    def _parameters(self, masked: str, definition: Definition) -> dict[str, str]:
        found: dict[str, str] = {}
        for type_text, name in _declared(masked, definition.function.header):
            for state in self.states:
                if name in state.names and same_type(type_text, state.type):
                    if not any(fnmatchcase(definition.name, pattern) for pattern in state.others):
                        found.setdefault(state.name, name)
        return found


def _declared(masked: str, header: Header) -> Iterator[tuple[str, str]]:
    """Yield type and name of the parameters."""
    for span in split_list(masked, header.params).spans:
        match = _TYPE_AND_NAME.match(span.of(masked))
        if match is not None:
            yield match.group(1), match.group(2)


def _first_calls(source: SourceText, masked: str, definition: Definition) -> Iterator[tuple[str, int, int]]:
    seen: set[str] = set()
    for call in find_calls(masked, definition.function.body):
        if call.name not in seen:
            seen.add(call.name)
            yield (call.name, *source.position(call.name_span.start))


def _length(site: FetchSite) -> int:
    return len(accessor_tokens(site.spelled.accessor.spelling))


def _fetch_fact(program: Program, source: SourceText, state: str, site: FetchSite) -> FetchFact:
    around = ""
    if site.macro >= 0:
        around = program.macros[site.macro].name
    elif site.definition >= 0:
        around = program.definitions[site.definition].name
    start = site.span.start
    line, column = source.position(start)
    return FetchFact(
        state,
        site.spelled.accessor.spelling,
        site.spelled.kind,
        around,
        start,
        site.span.end - start,
        line,
        column,
        normalise(source.line_at(start)),
    )


def normalise(line: str) -> str:
    """Return *line* without comments and superfluous blanks; literals are emptied."""
    return " ".join(mask_fragment(line).split())
