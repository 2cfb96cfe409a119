"""Edits that let other files call a function that was static: a declaration in a header, or the function."""

import re
from collections.abc import Iterator

from clew.link.program import Program
from clew.plan.decisions import Expose
from clew.rewrite.statements import above_comments, line_ending, remove_statement
from clew.rewrite.twins import DECLARES, STORAGE, set_apart
from clew.text.edit import Edit
from clew.text.span import Span

_STATIC = re.compile(r"\bstatic\b")
_BLANK_LINES = re.compile(r"[ \t]*(?:\r?\n[ \t]*(?=\r?\n))*(?:\r?\n)?")


def expose(program: Program, code: str, decision: Expose) -> Iterator[tuple[str, Edit]]:
    """Yield the edits of *decision*, each with its file; *code* is the text of the function's file without
    comments."""
    if decision.inline:
        yield from _move(program, code, decision)
        return
    definition = decision.definition
    for span in decision.static_at:
        yield definition.path, Edit(span, "", "expose", f"other files call {definition.name} now")
    header = definition.function.header
    masked = program.facts[definition.path].masked
    head = "extern " + STORAGE.sub("", masked[header.start : header.name_span.start])
    head = decision.specifiers + " " if decision.specifiers else head
    text = " ".join(f"{head}{masked[header.name_span.start : header.params.end]};".split())
    yield _insert(program, decision, text)


def _insert(program: Program, decision: Expose, text: str) -> tuple[str, Edit]:
    at = Span(decision.at, decision.at)
    apart = set_apart(program, decision.home, at, text)
    return decision.home, Edit(at, apart, "expose", f"{DECLARES}{decision.definition.name}")


def _move(program: Program, code: str, decision: Expose) -> Iterator[tuple[str, Edit]]:
    """Yield the edits that make the function, with the comment above it, an inline one of the header."""
    definition = decision.definition
    path, function = definition.path, definition.function
    source = program.sources[path]
    note = f"{definition.name} is an inline function of {decision.home} now"
    for span in decision.prototypes:
        edit = remove_statement(source, code, span, note)
        yield path, Edit(edit.span, "", "expose", note)
    line = source.text.rfind("\n", 0, function.header.start) + 1
    directives = frozenset(directive.span.start for directive in program.facts[path].directives)
    start = above_comments(source.text, code, line, directives)
    below = _BLANK_LINES.match(source.text, function.body.end)
    end = below.end() if below is not None else function.body.end
    yield path, Edit(Span(start, end), "", "expose", note)
    words = "static" if function.inline else "static inline"
    made = source.text[start : function.header.start] + _STATIC.sub(
        words, source.text[function.header.start : function.body.end], count=1
    )
    ending = line_ending(program.sources[decision.home].text, decision.at)
    made = ending.join(made.splitlines())
    yield _insert(program, decision, made if program.sources[decision.home].is_new else ending + made)
