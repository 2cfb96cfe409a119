"""What clew writes into a file must be declared there; if it is not, can a line at the file's head help?

The answer for a place is None (it is visible), the line to add, or `Hidden`: why there is none.
"""

import re
from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import replace
from fnmatch import fnmatchcase
from functools import cached_property
from itertools import pairwise
from posixpath import basename, dirname, normpath, relpath
from typing import TypeVar

from clew.config.settings import Settings, State
from clew.detect.accessors import FetchSite, accessor_name
from clew.detect.parameters import read_parameters
from clew.detect.spelled_type import type_words
from clew.detect.visible import Sight, see_name, see_type
from clew.link.program import Program
from clew.plan.decisions import DeclareTag, Define, Include
from clew.plan.preamble import Preamble
from clew.text.record import record

_TAGGED = re.compile(r"\s*(?:const\s+)?(struct|union)\s+(\w+)\s*\*")
_FEW = 3  # includers that show what a header needs above it
_DEMAND = re.compile(r"#\s*(?:ifndef|if\s+!\s*defined)\s*\(?\s*(\w+)")


@record()
class Hidden:
    """Something that a place does not see, and that no added line would show: *why*, with what to do."""

    why: str


Remedy = DeclareTag | Include | Hidden | None


def twin_header(program: Program, state: State, path: str) -> str:
    """Return the header that, by the settings, declares the twins of functions in *path*, one that exists
    before one to be made; "" for none."""
    named = (header for glob, header in state.twin_headers if fnmatchcase(path, glob))
    found = [header for header in named if header in program.sources]
    return min(found, key=lambda header: program.sources[header].is_new, default="")


def is_public(state: State, twin: str) -> bool:
    """Tell whether functions of other files may call *twin*, by its name."""
    return any(fnmatchcase(twin, glob) for glob in state.public_twins)


class Visibility:
    """Answers for the type and the accessors of one state; *sites* are the places that fetch."""

    def __init__(
        self, program: Program, settings: Settings, state: State, sites: Iterable[FetchSite]
    ) -> None:
        self._program, self._state = program, state
        self._defines = frozenset(name for name, _ in settings.defines)
        self._sites: dict[tuple[str, str], list[FetchSite]] = {}
        for site in sites:
            self._sites.setdefault((site.path, accessor_name(site.spelled.accessor.spelling)), []).append(
                site
            )
        self._type = see_type(program, state.type)
        self._sights: dict[tuple[str, str], Sight] = {}
        self._functions: dict[tuple[str, int, str, str], Remedy] = {}
        self._leaders: dict[str, frozenset[str]] = {}  # by file
        self._demanded: dict[str, list[str]] = {}  # by file

    def of_type(self, path: str, before: int) -> Remedy:
        """Return what the offset *before* of *path* needs to name the state's type."""
        if self._type.sees(path, before):
            return None
        tagged = _TAGGED.match(self._state.type)
        if tagged is None:
            what, shows = "the type of the parameter is not declared here", self._state.type.rstrip(" *")
            return self.include(path, before, self._type, what, shows)
        at = Preamble(self._program, path, before).place_tag(tagged.group(2))
        if at is None:
            return Hidden("the type of the parameter is declared here only under `#if`, if at all")
        return DeclareTag(path, at, f"{tagged.group(1)} {tagged.group(2)};")

    def type_hidden(self, path: str, before: int) -> str:
        """Return why the offset *before* of *path* cannot name the state's type, or "" where it can."""
        remedy = self.of_type(path, before)
        return remedy.why if isinstance(remedy, Hidden) else ""

    def shows_type(self, path: str) -> bool:
        """Tell whether the state's header shows its type to *path*."""
        found = self._find_header(path, self._state.header)[:1] if self._state.header else []
        return any(self._type.brings(o, path) for t in found for o in self._program.reach.below(t, path))

    def of_accessor(self, path: str, before: int, spelling: str) -> Remedy:
        """Return what the offset *before* of *path* needs to fetch the state with *spelling*."""
        name = accessor_name(spelling.lstrip("&"))
        if self._is_shadowed(path, before, name):
            return Hidden(f"`{name}` is a macro there, which hides the variable")
        around = self._program.enclosing(path, before)
        for site in self._sites.get((path, name), ()):
            if site.macro < 0 and (site.span.start < before or (around and site.definition == around.index)):
                return None
        remedy = self._show(path, before, name, self._sight(name))
        if isinstance(remedy, Hidden) and self._guard_place(path, before) is not None:
            return self._show(path, before, name, self._sight(name, self._state.guard))
        return remedy

    def _is_shadowed(self, path: str, before: int, name: str) -> bool:
        """Tell whether a macro of the same name stands between a variable and its use."""
        macros = self._program.macros_by_name.get(name, ())
        if not macros or name not in self._program.variables:
            return False
        above = self._program.reach.above(path, before, self._defines)
        own = any(m.path == path and m.macro.name_span.start < before for m in macros)
        return own or any(m.path in above for m in macros)

    def of_guard(self, path: str, before: int, spelling: str) -> Define | None:
        """Return the line that defines the accessors' guard, where that is what *before* of *path* lacks."""
        name, at = accessor_name(spelling.lstrip("&")), self._guard_place(path, before)
        if at is None or any(site.span.start < before for site in self._sites.get((path, name), ())):
            return None
        if not isinstance(self._show(path, before, name, self._sight(name)), Hidden):
            return None
        if isinstance(self._show(path, before, name, self._sight(name, self._state.guard)), Hidden):
            return None
        return Define(path, at, self._state.guard)

    def _guard_place(self, path: str, before: int) -> int | None:
        """Return the start of the first include's line, above which a source file may define the guard."""
        facts = self._program.facts[path]
        if not self._state.guard or path in self._program.includes.includers or not facts.includes:
            return None
        if any(macro.name == self._state.guard for macro in facts.macros):
            return None
        first = facts.includes[0].span.start
        return self._program.sources[path].text.rfind("\n", 0, first) + 1 if first < before else None

    def _sight(self, name: str, guard: str = "") -> Sight:
        key = (name, guard)
        if key not in self._sights:
            self._sights[key] = see_name(self._program, name, self._defines | {guard} - {""})
        return self._sights[key]

    def _show(self, path: str, before: int, name: str, sight: Sight) -> Remedy:
        if sight.sees(path, before):
            return None
        shows = name if name in self._program.variables else f"{name}()"
        return self.include(path, before, sight, f"`{name}` is not declared there", shows)

    def of_function(self, path: str, before: int, name: str, home: str = "") -> Remedy:
        """Return what the offset *before* of *path* needs to call the function *name*; the header *home* is
        going to declare it ("": the tree declares it already)."""
        key = (path, self._program.includes.directives_above(path, before), name, home)
        if key not in self._functions or self._functions[key] is not None:
            self._functions[key] = _for(f"{name}()", self._of_function(path, before, name, home))
        return self._functions[key]

    def _of_function(self, path: str, before: int, name: str, home: str) -> Remedy:
        what = f"`{name}` is not declared there"
        if home:
            if home == path or home in self._program.reach.above(path, before, self._defines):
                return None
            found = self._include(path, before, home, self._usual_spelling(home), None, what)
            is_new = self._program.sources[home].is_new
            return self._below_types(found, before, name) if is_new and isinstance(found, Include) else found
        if self._sight(name).sees(path, before):
            return None
        remedy: Remedy = Hidden(f"{what}, nor in any header")
        for target in self._declaring(name):
            remedy = self._include(
                path, before, target, self._usual_spelling(target), self._sight(name), what
            )
            if isinstance(remedy, Include):
                break
        return remedy

    def _below_types(self, line: Include, before: int, name: str) -> Include | Hidden:
        """Return *line*, which includes a new header that declares *name*, where the types are seen that the
        header names: at its place, or below all includes."""
        types = [self._type, *(see_type(self._program, one) for one in self._parameter_types(name))]
        below = Preamble(self._program, line.path, before).below_includes()
        for at in (line.at, below):
            if at is not None and all(sight.sees(line.path, at) for sight in types):
                return replace(line, at=at)
        return Hidden(f"a type that `{line.header}` would name is not declared where it can be included")

    def _parameter_types(self, name: str) -> list[str]:
        """Return the types of the parameters of the function *name* that files of the tree declare."""
        found = self._program.definitions_by_name.get(name, ())[:1]
        types = (p.type for d in found for p in read_parameters(self._program, d.path, d.function.header))
        declared = self._program.typedefs
        return [one for one in types if not declared.isdisjoint(type_words(one))]

    def _declaring(self, name: str) -> list[str]:
        """Return the headers that declare the function *name* for others."""
        prototypes = self._program.prototypes_by_name.get(name, ())
        found = {path for path, prototype in prototypes if not prototype.static}
        found |= {one.path for one in self._program.definitions_by_name.get(name, ())}
        return sorted(path for path in found if path.endswith(".h"))

    def _usual_spelling(self, target: str) -> str:
        """Return how most files spell *target* in their ``#include``; a new header as its neighbours."""
        if self._program.sources[target].is_new:
            near = self._neighbours(target)
            usual = self._usual_spelling(near[0]) if near else basename(target)
            return usual.removesuffix(basename(usual)) + basename(target)
        spelled = self._spellings.get(target)
        return spelled.most_common(1)[0][0] if spelled else basename(target)

    @cached_property
    def _spellings(self) -> dict[str, Counter[str]]:
        """How often ``#include "..."`` spells a file in which way."""
        found: dict[str, Counter[str]] = {}
        for other, places in self._program.includes.places.items():
            for include, (_, paths) in (
                zip(self._program.facts[other].includes, places, strict=True) if places else ()
            ):
                for target in paths if not include.system else ():
                    found.setdefault(target, Counter())[include.target] += 1
        return found

    def _neighbours(self, target: str) -> list[str]:
        """Return the headers of the folder of *target*, those that most files include first."""
        includers = self._program.includes.includers
        beside = [p for p in includers if dirname(p) == dirname(target) and p.endswith(".h")]
        return sorted(beside, key=lambda p: (-len(includers[p]), p))

    def include(self, path: str, before: int, wanted: Sight, what: str, shows: str = "") -> Include | Hidden:
        """Return the ``#include`` of the state's header that shows *wanted*, of which *shows* is the name, at
        *before* in *path*; *what* begins the sentence that says why there is none."""
        header = self._state.header
        if not header:
            return Hidden(f"{what}; set `header` of the state to the header that declares it")
        targets = self._find_header(path, header)
        if not targets:
            return Hidden(f"{what}, and `{header}`, the state's `header`, is not in the tree")
        return _for(shows, self._include(path, before, targets[0], header, wanted, what))

    def _include(
        self, path: str, before: int, target: str, header: str, wanted: Sight | None, what: str
    ) -> Include | Hidden:
        if path in self._program.includes.included_by(target):
            return Hidden(f"{what}, and `{header}` includes this file itself")
        below = self._program.reach.below(target, path, self._defines)
        if wanted is not None and not any(wanted.brings(other, path) for other in below):
            return Hidden(f"{what}, nor by `{header}`")
        demand = self._unmet_demand(path, before, target)
        if demand:
            return Hidden(f"{what}, and `{header}` wants `{demand}` to be defined")
        leader = self._missing_leader(path, before, target)
        if leader:
            return Hidden(f"{what}, and files include `{header}` only below `{leader}`")
        spelled = self._spell(path, target, header)
        if self._is_repeated(path, target):
            return Hidden(f"{what}, and `{header}` is included further down and has no guard")
        at = Preamble(self._program, path, before).place_include(spelled)
        if at is None:
            return Hidden(f"{what}, and there is no place above for an `#include` outside `#if`")
        return Include(path, at, spelled)

    def _missing_leader(self, path: str, before: int, target: str) -> str:
        """Return a file that every source file includes above *target*, and *path* does not: *target* may
        need it; "" where there is none, or too few include *target* to tell."""
        above = self._program.reach.above
        if target not in self._leaders:
            self._leaders[target] = self._find_leaders(target)
        shared = self._leaders[target]
        if not shared:
            return ""
        units = self._program.includes.including(path) - self._program.includes.includers.keys() - {path}
        seen = [above(unit, len(self._program.sources[unit].text)) for unit in sorted(units)]
        missing = [shared - files for files in seen or [above(path, before)]]
        return min(frozenset().union(*missing), key=lambda one: (one.count("/"), one), default="")

    def _find_leaders(self, target: str) -> frozenset[str]:
        """Return the files that every source file includes above *target*; none where too few include it."""
        above: list[frozenset[str]] = [
            self._program.reach.above(user, at)
            for user in self._program.includes.includers.get(target, ())
            if user not in self._program.includes.includers
            for at, targets in self._program.includes.places[user]
            if target in targets
        ]
        return frozenset.intersection(*above) if len(above) >= _FEW else frozenset()

    def _is_repeated(self, path: str, target: str) -> bool:
        """Tell whether a second include of *target* in *path* would define things twice."""
        if Preamble(self._program, target, len(self._program.sources[target].text)).is_guarded:
            return False
        includes = self._program.includes
        return any(target in includes.included_by(unit) for unit in includes.including(path))

    def _find_header(self, path: str, header: str) -> list[str]:
        """Return the files that *header* may mean in *path*, one beside it first."""
        tail = "/" + normpath(header)
        found = [p for p in self._program.facts if ("/" + p).endswith(tail)]
        return sorted(found, key=lambda p: (dirname(p) != dirname(path), len(p), p))

    def _spell(self, path: str, target: str, header: str) -> str:
        """Return *header* as the settings have it where a compiler finds it so: beside the file, or by a
        search path on which other files rely already; else the way from *path* to *target*."""
        if normpath(f"{dirname(path)}/{header}".lstrip("/")) == target:
            return header
        if self._program.sources[target].is_new:
            like = next(iter(self._neighbours(target)), "")
            spelled_like = self._spell(path, like, self._usual_spelling(like)) if like else header
            return spelled_like.removesuffix(basename(spelled_like)) + basename(target)
        for other in self._program.includes.includers.get(target, ()):
            beside = normpath(f"{dirname(other)}/{header}".lstrip("/")) == target
            if not beside and any(one.target == header for one in self._program.facts[other].includes):
                return header
        return relpath(target, dirname(path) or ".")

    def _unmet_demand(self, path: str, before: int, target: str) -> str:
        """Return a macro without which *target* stops with ``#error``, and that nothing shows to be defined
        in *path*: it defines it or includes what defines it or asks for it as well; or the build does."""
        wanted = self._demands(target)
        if not wanted:
            return ""
        seen = self._program.includes.included_above(path, before) | {path}
        return next((demand for demand in wanted if not self._is_met(demand, seen)), "")

    def _is_met(self, demand: str, seen: AbstractSet[str]) -> bool:
        """Tell whether the build, or one of the files *seen*, defines or demands the macro *demand*."""
        if demand in self._defines or not seen.isdisjoint(self._program.macros_by_name.paths_of(demand)):
            return True
        return any(demand in self._demands(path) for path in seen)

    def _demands(self, path: str) -> list[str]:
        """Return the macros that *path* demands by ``#ifndef NAME`` / ``#error``."""
        if path not in self._demanded:
            self._demanded[path] = self._read_demands(path)
        return self._demanded[path]

    def _read_demands(self, path: str) -> list[str]:
        text, directives = self._program.sources[path].text, self._program.facts[path].directives
        found = []
        for directive, following in pairwise(directives):
            if following.keyword == "error" and directive.keyword in ("ifndef", "if"):
                demand = _DEMAND.match(directive.span.of(text))
                if demand is not None:
                    found.append(demand.group(1))
        return found


_R = TypeVar("_R", bound=Remedy)


def _for(shows: str, remedy: _R) -> _R | Include:
    """Return *remedy*, which says what it is for if it is an include."""
    return replace(remedy, shows=shows) if isinstance(remedy, Include) else remedy
