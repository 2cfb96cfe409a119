"""The edits that clew makes of minicore, and what stands around each of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from minicore import Threaded

from clew.detect.accessors import FetchSite, find_fetch_sites, spelled_accessors
from clew.link.program import Definition
from clew.scan.facts import FileFacts
from clew.scan.lists import split_list
from clew.text.edit import Edit, apply_edits
from clew.text.span import Span

Edits = dict[str, list[Edit]]

_STATE = re.compile(r"\bMCState \*(\w+)\b(?!\s*\()")
# What switches states takes any of them, as do those that the settings list.
_ANY_STATE = ("mc_current_set", "mc_state_swap")
_GUARD = re.compile(r"#\s*ifndef\s+\w+_H\b")


@dataclass(frozen=True)
class Change:
    """clew's edits of the C files; *threaded* is where they come from."""

    threaded: Threaded

    @cached_property
    def edits(self) -> Edits:
        """The edits by file."""
        found = self.threaded.change.edits
        return {path: list(edits) for path, edits in found.items() if path.endswith((".c", ".h"))}

    def facts(self, path: str) -> FileFacts:
        """What the scanner found in *path*."""
        return self.threaded.tree.pipeline_tree.program.facts[path]

    def text(self, path: str) -> str:
        """The text of *path* before."""
        return self.threaded.tree.sources[path].text

    def around(self, path: str, at: int) -> Definition | None:
        """Return the function around *at*."""
        return self.threaded.tree.pipeline_tree.program.enclosing(path, at)

    def files(self, edits: Edits) -> dict[str, bytes]:
        """Return the new content of the C files."""
        return {path: apply_edits(self.text(path), found).encode("latin-1") for path, found in edits.items()}

    def added(self, path: str, *new: Edit) -> Edits:
        """Return all edits and *new*."""
        return self.edits | {path: [*self.edits.get(path, ()), *new]}

    def kept_fetches(self) -> Iterator[tuple[str, FetchSite]]:
        """Yield the fetches in functions that stay as they are."""
        state = self.threaded.tree.settings.states[0]
        program = self.threaded.tree.pipeline_tree.program
        for site in find_fetch_sites(program, spelled_accessors(state, derived=True)):
            edits = self.edits.get(site.path, ())
            touched = any(edit.span.overlaps(site.span) for edit in edits)
            if site.definition >= 0 and not touched:
                yield site.path, site

    def replaced(self, path: str, old: Edit, *new: Edit) -> Edits:
        """Return all edits with *new* in the place of *old*."""
        found = [edit for edit in self.edits[path] if edit is not old]
        return self.edits | {path: [*found, *new]}

    def is_prototype(self, path: str, edit: Edit) -> bool:
        """Tell whether *edit* lies in a prototype."""
        return any(p.params.start <= edit.span.start <= p.params.end for p in self.facts(path).prototypes)

    def is_conditional(self, path: str, edit: Edit) -> bool:
        """Tell whether *edit* lies in a branch of ``#if``; the guard of a header does not count."""
        depth = []
        for directive in self.facts(path).directives:
            if directive.span.start > edit.span.start:
                break
            if directive.keyword in ("if", "ifdef", "ifndef"):
                depth.append(not _GUARD.match(directive.span.of(self.text(path))))
            elif directive.keyword == "endif":
                depth.pop()
        return any(depth)

    def sees_states(self, path: str) -> bool:
        """Tell whether *path* knows what a state consists of."""
        program = self.threaded.tree.pipeline_tree.program
        return "core/state.h" in program.includes.included_by(path)

    @property
    def sources(self) -> list[str]:
        """The C files that know what a state consists of."""
        return [path for path in self.threaded.tree.sources if path.endswith(".c") and self.sees_states(path)]

    def state_parameters(self, path: str) -> list[tuple[int, str]]:
        """Return, for each function that takes the current state after the change, the offset behind its
        ``{`` and the name of the parameter."""
        found = []
        others = {*self.threaded.tree.settings.states[0].others, *_ANY_STATE}
        for function in self.facts(path).functions if self.sees_states(path) else ():
            header = self._after(path, Span(function.span.start, function.body.start))
            names = [name for name in _STATE.findall(header) if name in ("ts", "tstate")]
            if names and function.name not in others:
                found.append((function.body.start + 1, names[0]))
        return found

    def _after(self, path: str, span: Span) -> str:
        """Return the text of *span* after the change."""
        inside = [
            e for e in self.edits.get(path, ()) if span.start <= e.span.start and e.span.end <= span.end
        ]
        moved = [Edit(Span(e.span.start - span.start, e.span.end - span.start), e.text) for e in inside]
        return apply_edits(span.of(self.text(path)), moved)

    def states_in(self, path: str, at: int) -> list[str]:
        """Return the variables of the function around *at*, after the change, that hold states."""
        around = self.around(path, at)
        if around is None:
            return []
        return list(dict.fromkeys(_STATE.findall(self._after(path, around.function.span))))

    def first_argument(self, path: str, edit: Edit) -> Span | None:
        """Return the argument that follows the state, which *edit* passes."""
        masked, open_at = self.facts(path).masked, edit.span.start - 1
        if masked[open_at : open_at + 1] != "(":
            return None
        close = _closing(masked, open_at)
        spans = split_list(masked, Span(open_at, close + 1)).spans if close else ()
        return spans[0] if spans else None

    def inner_block(self, path: str, at: int) -> int | None:
        """Return the offset behind the ``{`` of the block around *at*, unless that is the function's own."""
        around = self.around(path, at)
        if around is None:
            return None
        masked, depth = self.facts(path).masked, 0
        for offset in range(at - 1, around.function.body.start, -1):
            depth += (masked[offset] == "}") - (masked[offset] == "{")
            if depth < 0:
                return offset + 1
        return None


def _closing(masked: str, open_at: int) -> int:
    depth = 0
    for offset in range(open_at, len(masked)):
        depth += (masked[offset] == "(") - (masked[offset] == ")")
        if depth == 0:
            return offset
    return 0


def name_in(edit: Edit) -> str:
    """Return the expression that *edit* passes, or the variable that it writes."""
    return edit.text.strip().rstrip(",")
