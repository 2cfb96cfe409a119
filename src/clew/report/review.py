"""A rewrite as a reviewer reads it: what every report of ``clew report`` renders."""

import re
from collections.abc import Iterable, Mapping

from clew.config.settings import State
from clew.plan.model import Plan
from clew.plan.survey import Survey
from clew.report.audit import AuditPin
from clew.report.changes import Change
from clew.report.verdicts import Verdict
from clew.text.diff import unified_diff
from clew.text.edit import Edit
from clew.text.record import record
from clew.text.source import SourceText

Edits = Mapping[str, list[Edit]]
Sources = Mapping[str, SourceText]
_TOKEN = re.compile(r"\w+|\S")


@record()
class Review:
    """A plan, what it changes, and what is known about it.  *added_fetches* is by how many the change makes
    the spellings of the accessors more (negative: fewer); *pins* holds the functions around the change whose
    signature must not change; *command* makes the change, *sources* are the texts before it."""

    state: State
    plan: Plan
    survey: Survey
    changes: tuple[Change, ...]
    pins: tuple[AuditPin, ...]
    added_fetches: int
    edits: Edits
    sources: Sources
    command: str = ""
    verdicts: tuple[Verdict, ...] = ()

    @property
    def fetches_before(self) -> int:
        """Fetches in the text of everything in scope, before."""
        return self.plan.totals["total"]

    @property
    def fetches_after(self) -> int:
        """Fetches in the same text after the change, boundaries included."""
        return self.fetches_before + self.added_fetches

    @property
    def threaded(self) -> int:
        """Number of functions that get the parameter."""
        return sum(function.decision == "thread" for function in self.plan.functions)


def count_added(state: State, edits: Edits, sources: Sources) -> int:
    """Return how many spellings of the accessors of *state* the edits add, less those that they remove."""
    patterns = [_pattern(accessor.spelling) for accessor in state.accessors]
    return sum(
        len(pattern.findall(edit.text)) - len(pattern.findall(edit.span.of(sources[path].text)))
        for path, made in edits.items()
        for edit in made
        for pattern in patterns
    )


def count_lines(edits: Iterable[Edit], source: SourceText) -> tuple[int, int]:
    """Return how many lines of *source* the edits touch, and by how many lines it grows."""
    touched: set[int] = set()
    grown = 0
    for edit in edits:
        old = edit.span.of(source.text)
        first = source.position(edit.span.start).line
        touched.update(range(first, first + old.count("\n") + (not old.endswith("\n"))))
        grown += edit.text.count("\n") - old.count("\n")
    return len(touched), grown


def _pattern(spelling: str) -> re.Pattern[str]:
    """Match the tokens of *spelling* with any blanks between them; names match as whole words."""
    tokens = (
        rf"\b{token}\b" if token.isidentifier() else re.escape(token) for token in _TOKEN.findall(spelling)
    )
    return re.compile(r"\s*".join(tokens))


def render_diff(review: Review) -> bytes:
    """Return the change as a unified diff, in the bytes of its files, as ``git apply`` takes it."""
    found = (
        unified_diff(path, review.sources[path].text, edits, is_new=review.sources[path].is_new)
        for path, edits in sorted(review.edits.items())
    )
    return "".join(found).encode("latin-1")
