"""``clew report --format markdown``: for a pull request, short, in folds, and never too long for one."""

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import attrgetter

from clew.plan.catalogue import entries_of
from clew.report.reasons import Reasons
from clew.report.review import Review
from clew.report.shown import show, show_path
from clew.report.summary import Summary, summarise
from clew.text.record import record

# GitHub takes 65,536 characters in a comment or description; this many bytes leave room to write more.
LIMIT = 60_000
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!|~-])")
_LEFT_OUT = (
    "\n_{} more left out: this text would be longer than 60 KB. `clew report --format html` shows all._\n"
)


@record()
class _Fold:
    title: str
    head: str
    lines: tuple[str, ...]


def render_markdown(review: Review) -> str:
    """Return the text, of at most `LIMIT` bytes in UTF-8."""
    summary = summarise(review)
    top = "\n".join(_top(review, summary)) + "\n"
    folds = [fold for fold in _folds(review, summary) if fold.lines]
    room = LIMIT - _size(top)
    pieces: dict[str, str] = {}
    # Short folds first: what they leave of their share is for the others.
    for number, fold in enumerate(sorted(folds, key=lambda fold: sum(map(len, fold.lines)))):
        pieces[fold.title] = _fit(fold, room // (len(folds) - number))
        room -= _size(pieces[fold.title])
    return top + "".join(pieces[fold.title] for fold in folds)


def _size(text: str) -> int:
    return len(text.encode("utf-8"))


def _fit(fold: _Fold, room: int) -> str:
    """Return *fold* with as many of its lines as *room* bytes hold, and a sentence that counts the others."""
    start = f"\n<details><summary>{fold.title}</summary>\n\n{fold.head}"
    end = "\n</details>\n"
    room -= _size(start) + _size(end) + _size(_LEFT_OUT.format(len(fold.lines)))
    kept: list[str] = []
    for line in fold.lines:
        room -= _size(line) + 1
        if room < 0:
            break
        kept.append(line + "\n")
    left = len(fold.lines) - len(kept)
    return start + "".join(kept) + (_LEFT_OUT.format(left) if left else "") + end


def code(text: str) -> str:
    """Return *text* as a code span that nothing in it can end, and that is safe in a table."""
    text = text.replace("\n", " ").replace("|", "\\|")
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{pad}{text}{pad}{fence}"


def words(text: str) -> str:
    """Return *text* so that Markdown and HTML take every character for itself, and nobody is mentioned."""
    text = _SPECIAL.sub(r"\\\1", text).replace("\n", " ")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("@", "&#64;")


def _top(review: Review, summary: Summary) -> Iterator[str]:
    taken = f"{review.threaded:,} function{'s' if review.threaded != 1 else ''}"
    verb = "take" if review.threaded != 1 else "takes"
    yield f"## {taken} {verb} {code(show(review.state.type))} from the caller"
    yield ""
    yield (
        f"{len(review.plan.files):,} files and {summary.lines:,} lines change; "
        f"{len(review.plan.boundaries):,} functions keep their signature and hand the state on."
    )
    yield from ("", "| fetches in scope | |", "|---:|---|")
    for outcome, meaning, number in summary.outcomes:
        yield f"| {number:,} | {outcome}: {meaning} |"
    yield f"| **{review.fetches_before:,}** | **in all**, {review.fetches_after:,} in the text afterwards |"
    yield ""
    yield from _verdict_lines(review)
    if review.command:
        yield from ("", f"Made by {code(show(review.command))}")


def _verdict_lines(review: Review) -> Iterator[str]:
    if not review.verdicts:
        yield "Nothing was verified: no verdicts were given."
        return
    yield from ("| check | | evidence |", "|---|---|---|")
    for verdict in review.verdicts:
        evidence = show(verdict.evidence)
        # What is long belongs into the page for a browser.
        shown = words(evidence[:400]) + (" \u2026" if len(evidence) > 400 else "")
        yield f"| {words(show(verdict.check))} | **{verdict.status}** | {shown} |"


def _folds(review: Review, summary: Summary) -> Iterator[_Fold]:
    refusals, boundaries = review.plan.refusals, review.plan.boundaries
    yield _Fold(
        f"Files ({len(summary.files):,})",
        "| file | threaded | boundaries | other | lines touched |\n|---|---:|---:|---:|---:|\n",
        tuple(
            f"| {code(show_path(f.path))} | {f.threaded} | {f.boundaries} | {f.others} | {f.lines} |"
            for f in summary.files
        ),
    )
    yield _Fold(f"Refusals ({len(refusals):,})", "", tuple(_refusal_lines(review)))
    yield _Fold(f"Functions that take the state ({review.threaded:,})", "", tuple(_threaded_lines(review)))
    yield _Fold(f"Boundaries ({len(boundaries):,})", "", tuple(_boundary_lines(review)))


def _refusal_lines(review: Review) -> Iterator[str]:
    ordered = sorted(review.plan.refusals, key=attrgetter("code", "place.path", "place.offset"))
    for name, group in groupby(ordered, key=attrgetter("code")):
        for entry in entries_of([name]):
            # The catalogue is Markdown of our own.
            yield f"\n**{entry.title}** ({code(name)}). {entry.why} {entry.proceed}\n"
        for item in group:
            place = _place(item.place.path, item.place.line)
            yield f"- {place} {code(show(item.subject))}: {words(show(item.why))}"


def _threaded_lines(review: Review) -> Iterator[str]:
    for function in review.plan.functions:
        if function.decision == "thread":
            chain = " \u2192 ".join(code(show(name)) for name in function.reason[1:])
            need = f"for {chain}, which fetches" if chain else "fetches"
            yield f"- {code(show(function.name))} ({_place(function.path, function.line)}) {need}"


def _boundary_lines(review: Review) -> Iterable[str]:
    reasons = Reasons(review)
    for item in review.plan.boundaries:
        why = words(show(reasons.of_function(item.name, item.path)))
        yield f"- {code(show(item.name))} ({_place(item.path, item.line)}) {why}"


def _place(path: str, line: int) -> str:
    return code(f"{show_path(path)}:{line}")
