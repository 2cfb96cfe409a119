"""Put hooks into the text of a program.

Each hook is an edit whose rule tells what it is: ``check`` or ``enter`` (at the start of a threaded
function), ``fetch`` (around an accessor), ``use`` (around a variable that does what a fetch did), ``guard``
(where poison begins).  A compiler that does not take one
is answered by leaving it out, and saying so (`clew.verify.hooked_copy`).
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence

from clew.config.settings import State
from clew.detect.accessors import FetchSite, accessor_name, find_fetch_sites, spelled_accessors
from clew.link.pasted_callees import PastedArguments, find_gluing
from clew.link.program import Definition, Program
from clew.text.edit import Edit
from clew.text.span import Span
from clew.verify.change import ChangedFile
from clew.verify.hooks import FunctionHook, Instrumented, Refused, SiteHook, UseHook
from clew.verify.threaded import Threaded
from clew.verify.uses import Use
from clew.verify.visible import NameVisibility

_ADDRESS = re.compile(r"(?:\A|[^&\w)\]\s])\s*&\s*\Z")
_ASSIGNED = re.compile(r"\s*=(?!=)")
_UNIT = ".c"
_BYTE_ORDER_MARK = "\xef\xbb\xbf"
HEADER = "clew_runtime.h"
# For a header that a file includes which clew did not instrument.
_NO_HOOKS = """\
#ifndef CLEW_RUNTIME_H
# ifndef CLEW_FETCH
#  define CLEW_FETCH(site, accessor) (accessor)
#  define CLEW_FETCH_FROM(site, accessor) (accessor)
#  define CLEW_LEFT(site, accessor) (accessor)
#  define CLEW_LEFT_FROM(site, accessor) (accessor)
#  define CLEW_CHECK(number, passed, fetched)
#  define CLEW_ENTER(number)
#  define CLEW_USE(number, used, fetched) (used)
#  define CLEW_HERE(number, used, fetched)
#  define CLEW_SEEN(number, used, fetched) ((void)0)
#  define CLEW_GUARD(number)
# endif
#endif
"""


class Instrumenter:
    """Makes the hooks for one program and state."""

    def __init__(self, program: Program, state: State, header: str) -> None:
        self._program, self._state, self._header = program, state, header
        self._visible = NameVisibility(program)
        self._edits: dict[str, list[Edit]] = defaultdict(list)
        self._made = Instrumented()
        self._names: set[str] = set()

    def instrument(
        self,
        threaded: Sequence[Threaded],
        refused: Refused,
        guards: Collection[Definition] = (),
        why_left: Callable[[FetchSite], str] = lambda _site: "",
        uses: Sequence[Use] = (),
    ) -> Instrumented:
        """Put in a check for each of *threaded* and *uses*, and a counter around each fetch; with *guards*,
        functions below which no fetch is allowed but those for which *why_left* gives a reason, guards in
        place of the checks."""
        for number, one in enumerate(threaded):
            self._add_function(number, one, refused, guarded=one.definition in guards, poison=bool(guards))
        spelled = spelled_accessors(self._state, derived=bool(guards))
        self._names = {accessor_name(one.accessor.spelling) for one in spelled}
        pasted = PastedArguments(self._program, find_gluing(self._program))
        sites = find_fetch_sites(self._program, spelled)
        fetching = (site for site in sites if not pasted.around(site.path, site.span.start))
        for number, site in enumerate(fetching):
            self._add_site(number, site, refused, why_left(site))
        for number, use in enumerate(uses):
            self._add_use(number, use, refused)
        self._include()
        for path, edits in sorted(self._edits.items()):
            source = self._program.sources[path]
            self._made.files[path] = ChangedFile(source, tuple(sorted(edits)))
        return self._made

    def _line(self, path: str, offset: int) -> int:
        return self._program.sources[path].position(offset).line

    def _add_function(
        self, number: int, one: Threaded, refused: Refused, *, guarded: bool, poison: bool
    ) -> None:
        definition = one.definition
        path, at = definition.path, definition.function.body.start + 1
        expression, reason = ("", "poisoned copy") if poison else self._expression(path, at)
        if number in refused.checks:
            expression, reason = "", refused.why
        hook = FunctionHook(
            number,
            definition.name,
            path,
            self._line(path, definition.function.header.name_span.start),
            one.parameter,
            expression,
            reason,
            one.trusted,
        )
        self._made.functions.append(hook)
        if guarded:
            text, rule = f" CLEW_GUARD({number}) ", "guard"
        elif expression:
            text, rule = f" CLEW_CHECK({number}, {one.parameter}, {expression}) ", "check"
        else:
            text, rule = f" CLEW_ENTER({number}) ", "enter"
        self._edits[path].append(Edit(Span(at, at), text, rule, str(number)))

    def _expression(self, path: str, at: int) -> tuple[str, str]:
        """Return what fetches the state at *at* without aborting, or "" and why there is nothing."""
        candidates = [self._state.check] if self._state.check else []
        candidates += [
            f"&{accessor.spelling}" if accessor.object else accessor.spelling
            for accessor in self._state.accessors
            if not accessor.checked
        ]
        if not candidates:
            return "", "every accessor may abort: the settings should name another one as `check`"
        hidden = [self._visible.first_hidden(candidate, path, at) for candidate in candidates]
        for candidate, name in zip(candidates, hidden, strict=True):
            if not name:
                return candidate, ""
        return "", f"{hidden[0]} is not declared above the function"

    def _add_use(self, number: int, use: Use, refused: Refused) -> None:
        """Compare the variable of *use*; what the settings say about accessors that may abort does not matter
        where one was evaluated before the change."""
        path, at = use.path, use.span.start
        around = self._program.enclosing(path, at)
        macro = self._program.enclosing_macro(path, at)
        expression, reason = use.fetched, use.reason
        if not expression:
            end = len(self._program.sources[path].text)
            expression, reason = self._expression(path, at if macro is None else end)
        if number in refused.uses:
            reason = refused.why
        reason = reason or self._why_no_use(use)
        name = around.name if around is not None else macro.name if macro is not None else ""
        expression = "" if reason else expression
        line = self._line(path, at)
        self._made.uses.append(UseHook(number, use.kind, path, line, name, use.variable, expression, reason))
        if expression:
            arguments = f"({number}, {use.variable}, {expression})"
            self._edits[path].append(Edit(use.span, self._use_text(use, arguments), "use", str(number)))

    def _why_no_use(self, use: Use) -> str:
        if use.kind != "local":
            return ""
        at = use.span.start
        if any(one.span.start <= at <= one.span.end for one in self._program.facts[use.path].directives):
            return "the local stood in a macro"
        if any(edit.span == use.span for edit in self._edits[use.path]):
            return "the check at the entry is at the same place"
        return ""

    def _use_text(self, use: Use, arguments: str) -> str:
        """Return what stands for the variable, or where the local stood."""
        if use.kind != "local":
            return f"CLEW_USE{arguments}"
        text, at = self._program.sources[use.path].text, use.span.start
        if use.declared:
            hook = f"CLEW_HERE{arguments}"
        else:
            hook = f"CLEW_SEEN{arguments}" + ("" if text[at : at + 1] == ";" else ";")
        return f"{hook}\n" if text[at - 1 : at] == "\n" else f" {hook} "

    def _add_site(self, number: int, site: FetchSite, refused: Refused, left: str) -> None:
        function = self._name_around(site)
        hook = SiteHook(number, site.path, self._line(site.path, site.span.start), function, left)
        self._made.sites.append(hook)
        if site.definition < 0 and site.macro < 0:
            return  # a declaration
        why = "" if number not in refused.sites else refused.why
        # What others fetch with is counted where they do.
        if why or function in self._names or not self._is_fetch(site):
            if why:
                self._made.skipped.append(f"{site.path}:{hook.line}: {why}")
            return
        text = site.span.of(self._program.sources[site.path].text)
        name = "CLEW_LEFT" if left else "CLEW_FETCH"
        if site.spelled.kind != "call":
            name += "_FROM"
        self._edits[site.path].append(Edit(site.span, f"{name}({number}, {text})", "fetch", str(number)))

    def _name_around(self, site: FetchSite) -> str:
        if site.definition >= 0:
            return self._program.definitions[site.definition].name
        return self._program.macros[site.macro].name if site.macro >= 0 else ""

    def _is_fetch(self, site: FetchSite) -> bool:
        """Tell a use of the value from an assignment to the variable, its address, and ``##``."""
        text = self._program.sources[site.path].text
        before, after = text[max(0, site.span.start - 40) : site.span.start], text[site.span.end :][:40]
        if before.rstrip().endswith("##") or after.lstrip().startswith("##"):
            return False
        if site.spelled.kind != "variable":
            return True
        return not _ASSIGNED.match(after) and not _ADDRESS.search(before)

    def _include(self) -> None:
        """Let every unit with a hook include the runtime's header, and every other file do without."""
        includes = self._program.includes
        units = {other for path in self._edits for other in includes.including(path) if other.endswith(_UNIT)}
        for path in list(self._edits):
            if not path.endswith(_UNIT):
                self._put_first(path, _NO_HOOKS)
        for path in units:
            self._put_first(path, f'#include "{self._header}"\n')

    def _put_first(self, path: str, text: str) -> None:
        at = len(_BYTE_ORDER_MARK) if self._program.sources[path].text.startswith(_BYTE_ORDER_MARK) else 0
        self._edits[path].append(Edit(Span(at, at), text, "include"))


def hooks_at(file: ChangedFile, line: int) -> Iterator[Edit]:
    """Yield the hooks on *line* of an instrumented file."""
    yield from (edit for edit in file.edits_at(line) if edit.rule in ("check", "fetch", "use"))
