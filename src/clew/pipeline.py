"""The stages in their order: the only module that knows them all.

Stages that not every command needs are imported when they run: a plan is made more often than verified.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from clew.config.settings import State
from clew.detect.accessors import FetchSite, is_assigned, name_around
from clew.detect.pin import PinContext
from clew.detect.pins import first_pin
from clew.detect.sandwiches import find_sandwiches
from clew.errors import ErrorPlace, UsageError
from clew.link.mentions import MentionIndex, Symbol
from clew.link.pasted_callees import PastedArguments, PastedCallee, view_texts
from clew.link.program import Definition, Program
from clew.plan.build import Planned, make_plan
from clew.plan.constraints import Constraints
from clew.plan.decisions import Decisions
from clew.plan.model import Plan
from clew.plan.outcomes import place_of
from clew.plan.problem import Pasted, Problem
from clew.plan.scope import scope_data
from clew.plan.solver import Solver
from clew.plan.unpaste import find_callees, may_unpaste, view_scope
from clew.plan.wrappers import list_pairs
from clew.report.audit import Audit, AuditFetch, AuditPin, AuditProblem, AuditSandwich, AuditTwin
from clew.rewrite.edits import Rewriter
from clew.scan import scan_source
from clew.text.edit import Edit, apply_edits, order_edits
from clew.text.lines import line_edits, touched_lines
from clew.text.reader import read_tree
from clew.text.source import SourceText
from clew.tree import Progress, Tree, read, silent

__all__ = ["Progress", "Tree", "read", "silent"]

if TYPE_CHECKING:
    from clew.config.draft import StateDraft
    from clew.report.review import Review
    from clew.rewrite.bindings.model import BindingChanges
    from clew.series.build import Series
    from clew.verify.change import Change
    from clew.verify.checks import Asked
    from clew.verify.verdict import Verdict


def plan(tree: Tree, state: State, constraints: Constraints, progress: Progress = silent) -> Planned:
    """Plan the change."""
    tree.progress = progress
    return _solve(tree, state, constraints)[1]


def _solve(tree: Tree, state: State, constraints: Constraints) -> tuple[Problem, Planned]:
    """Plan the change, on a view of the texts where macros paste the names of functions that are threaded;
    return what was solved as well."""
    found = find_callees(tree.program, state)
    shown = [one for one in found if may_unpaste(one, tree.program, tree.settings, tree.scope, state)]
    shown = [one for one in shown if constraints.names_function(one.name)]
    kept: dict[str, str] = {}
    while True:
        view = _view(tree, shown)
        problem = _show(view, state, found, shown, kept)
        with _ended(view):
            planned = make_plan(problem, constraints)
        if not planned.kept:
            break
        kept |= planned.kept
        shown = [one for one in shown if one.old not in kept]
    if shown or kept:
        texts = {path: tree.sources[path].to_bytes() for path in planned.plan.files}
        files = {path: hashlib.sha256(text).hexdigest() for path, text in texts.items()}
        plan = replace(planned.plan, files=files, scope=scope_data(tree.scope))
        planned = replace(planned, plan=plan, program=problem.program)
    return problem, planned


@contextmanager
def _ended(tree: Tree) -> Iterator[None]:
    """End, after the body, what *tree* began in other processes."""
    try:
        yield
    finally:
        tree.stop()


def _view(tree: Tree, shown: Sequence[PastedCallee]) -> Tree:
    """Return *tree* with *shown* under the names of their macros."""
    if not shown:
        return tree
    return tree.viewed(view_texts(tree.program, shown), view_scope(tree.scope, shown))


def _show(
    view: Tree,
    state: State,
    found: Sequence[PastedCallee],
    shown: Sequence[PastedCallee],
    kept: Mapping[str, str],
) -> Problem:
    """Return the problem of *view*, which shows *shown*, some of *found*, under the names of their macros."""
    problem = view.problem(state)
    positions = {one.name: one.position for one in found}
    arguments = PastedArguments(view.program, positions) if found else None
    problem.pasted = Pasted({one.key: one for one in shown}, dict(kept), arguments)
    return problem


def rewrite(tree: Tree, planned: Planned) -> dict[str, list[Edit]]:
    """Turn a plan into edits by file."""
    rewriter = Rewriter(planned.program or tree.program, tree.settings)
    return _format(tree, rewriter.rewrite(planned.decisions))


def _format(tree: Tree, edits: dict[str, list[Edit]]) -> dict[str, list[Edit]]:
    """Let the formatter of the settings lay out the lines that *edits* write."""
    if tree.settings.format != "clang-format":
        return edits
    from clew.verify.formatter import format_lines, has_style

    formatted = dict(edits)
    for path, made in edits.items():
        text = tree.sources[path].text
        if made and has_style(tree.root, path):
            new = apply_edits(text, made)
            laid_out = format_lines(tree.root, path, new, touched_lines(text, made))
            if laid_out != new:
                formatted[path] = line_edits(text, laid_out, order_edits(made))
    return formatted


def make_series(tree: Tree, state: State, constraints: Constraints, progress: Progress = silent) -> "Series":
    """Plan the change as a series of patches."""
    from clew.series.build import build_series

    tree.progress = progress
    with _ended(tree):
        return build_series(
            tree.problem(state), constraints, lambda planned: rewrite(tree, planned), progress
        )


def read_bindings(tree: Tree, globs: Sequence[str]) -> dict[str, SourceText]:
    """Read the Python files that *globs* name; raise `UsageError` where one cannot be rewritten."""
    found: dict[str, SourceText] = {}
    for pattern in globs:
        text = read_tree(tree.root, [pattern])
        if not text.sources and not text.problems:
            raise UsageError(
                "no file matches --bindings", ErrorPlace(pattern), "globs are relative to the root"
            )
        for problem in text.problems:
            raise UsageError(problem.message, ErrorPlace(problem.path), "leave it out of --bindings")
        found |= {source.path: source for source in text.sources}
    for path in found:
        if path in tree.sources:
            raise UsageError("--bindings names a C source", ErrorPlace(path), "name Python files")
    return found


def bind(tree: Tree, planned: Planned, sources: dict[str, SourceText]) -> "BindingChanges":
    """Let the Python files *sources* follow the functions that *planned* changes."""
    # libcst takes longer to import than the whole of clew
    from clew.rewrite.bindings.files import rewrite_bindings
    from clew.rewrite.bindings.model import Export

    state = tree.settings.state(planned.plan.state)
    exports = [
        Export(parameter.symbol.name, parameter.name, parameter.type, parameter.position)
        for parameter in planned.decisions.parameters
        if not parameter.symbol.path
    ]
    return rewrite_bindings(sources, exports, state.bindings, tree.settings.columns)


def reuse(tree: Tree, state: State, sites: Collection[tuple[str, int]]) -> dict[str, list[Edit]]:
    """Return edits, by file, that replace fetches at *sites* (path and offset) by variables which are at
    hand there, or (fetches of states that hang off this one) by the path from them; no signature changes,
    and no other function is touched."""
    # Inline: a boundary that asks for a local of its own would move fetches that nobody asked about.
    problem = tree.problem(replace(state, boundary="inline"))
    with _ended(tree):
        solution = Solver(problem, Constraints(frozenset())).solve()
    decided = [fetch for one in solution.decisions.values() for fetch in (*one.fetches, *one.derived)]
    wanted = [fetch for fetch in decided if (fetch.site.path, fetch.site.span.start) in sites]
    return _format(tree, Rewriter(tree.program, tree.settings).rewrite(Decisions(fetches=wanted)))


def graph(tree: Tree, state: State, form: str) -> str:
    """Draw the part of the call graph that the plan is about."""
    from clew.plan.survey import survey
    from clew.report.graph import render_graph

    problem, planned = _solve(tree, state, Constraints())
    return render_graph(survey(problem, planned.plan), form)


def verify(
    tree: Tree,
    state: State,
    change: "Change",
    asked: "Asked",
    scratch: Path,
    progress: Progress,
    plan: "Plan | None" = None,
) -> "list[Verdict]":
    """Run the checks *asked* for over *change*, which carries out *plan*."""
    from clew.verify.checks import run_checks
    from clew.verify.pair import Pair

    files = change.files.values()
    if change.done:
        before, after = _replace(tree.program, [file.before for file in files]), tree.program
    else:
        before, after = tree.program, _replace(tree.program, [file.after for file in files])
    pair = Pair(change, before, after, plan)
    return run_checks(tree.root.resolve(), scratch, pair, state, asked, progress)


def _replace(program: Program, texts: list[SourceText]) -> Program:
    """Return *program* with other texts for some files."""
    sources = {**program.sources, **{source.path: source for source in texts}}
    facts = {**program.facts, **{source.path: scan_source(source) for source in texts}}
    return Program(sources, facts, program.foreign)


def review(
    tree: Tree, state: State, made: Plan, edits: dict[str, list[Edit]], sources: Mapping[str, SourceText]
) -> "Review":
    """Put together what a reviewer of *edits* of *sources*, which carry out the plan *made*, wants to see."""
    from clew.plan.survey import survey
    from clew.report.changes import find_changes
    from clew.report.review import Review, count_added

    threaded = {function.name for function in made.functions}
    found = find_callees(tree.program, state)
    shown = [one for one in found if one.name in threaded]
    problem = _show(_view(tree, shown), state, found, shown, {})
    return Review(
        state=state,
        plan=made,
        survey=survey(problem, made),
        changes=find_changes(tree.program, edits, sources),
        pins=tuple(_pins_of(problem, problem.symbols.values())),
        added_fetches=count_added(state, edits, sources),
        edits=edits,
        sources=dict(sources),
    )


def suggest(tree: Tree, limit: int) -> "list[StateDraft]":
    """Return drafts of the states that *tree* may have, at most *limit* of them."""
    from clew.config.draft import StateDraft
    from clew.detect.suggest import suggest_states
    from clew.report.terminal import count

    drafts = []
    for one in suggest_states(tree.program, limit):
        used = f"used in {count(one.functions, 'function')} of {count(one.files, 'file')}"
        evidence = f"{one.path}:{one.line}: {used}"
        drafts.append(StateDraft(one.spelling, one.kind, one.type, one.names, evidence, one.header))
    return drafts


def audit(tree: Tree, state: State, progress: Progress = silent, *, twins: bool = False) -> Audit:
    """Find what fetches *state*, who is pinned, the sandwiches, and if asked wrappers with their *twins*."""
    tree.progress = progress
    problem = tree.problem(state)
    in_scope = (site for site in problem.fetch_sites if problem.in_scope(site.path))
    sites = [site for site in in_scope if not is_assigned(tree.program.masked(site.path), site)]
    outlines = [one for path, one in tree.program.outlines.items() if problem.in_scope(path)]
    return Audit(
        state=state.name,
        fetches=tuple(
            AuditFetch(
                place_of(problem, site.path, site.span.start),
                name_around(tree.program, site),
                site.spelled.accessor.spelling,
            )
            for site in (*sites, *(one for one in problem.named_accessors if problem.in_scope(one.path)))
            if site.definition >= 0 or site.macro >= 0 or site.spelled.kind == "call"
        ),
        pins=tuple(_fetching_pins(problem, sites)),
        sandwiches=tuple(
            AuditSandwich(
                s.definition.name,
                s.definition.path,
                _line(tree.program, s.definition),
                s.fetches,
                s.callers_holding,
                s.callers,
            )
            for s in find_sandwiches(tree.graph, state, sites)
        ),
        functions=sum(len(one.functions) for one in outlines),
        files=sum(not tree.is_new(one.path) for one in outlines),
        problems=tuple(_problems(tree, problem)),
        defining=tuple(one.path for one in outlines if one.functions),
        twins=tuple(_twins(tree, problem)) if twins else None,
    )


def _twins(tree: Tree, problem: Problem) -> Iterator[AuditTwin]:
    for pair in list_pairs(problem):
        line = tree.program.sources[pair.path].position(pair.at).line
        kind = "macro" if pair.macro else "function"
        meant = tree.graph.resolver.functions(pair.path, pair.twin)
        for twin in sorted(meant, key=lambda one: one.index)[:1]:
            place = (twin.name, twin.path, _line(tree.program, twin))
            yield AuditTwin(pair.wrapper, pair.path, line, kind, *place, pair.position)


def _line(program: Program, definition: Definition) -> int:
    return program.sources[definition.path].position(definition.function.header.name_span.start).line


def _fetching_pins(problem: Problem, sites: Iterable[FetchSite]) -> Iterator[AuditPin]:
    """Yield the pins of the functions in scope that fetch at *sites*."""
    definitions = problem.program.definitions
    functions = sorted({site.definition for site in sites if site.definition >= 0} | problem.asked)
    wanted = [definitions[index] for index in functions if problem.may_thread(definitions[index])]
    index = MentionIndex(problem.program, problem.graph.resolver)
    yield from _pins_of(problem, index.collect(wanted).values())


def _pins_of(problem: Problem, symbols: Iterable[Symbol]) -> Iterator[AuditPin]:
    context = PinContext(
        problem.program,
        problem.settings,
        problem.in_scope,
        problem.scope.linkage == "any",
        problem.state.type,
        problem.visibility.type_hidden,
    )
    for symbol in symbols:
        pin = first_pin(symbol, context)
        if pin is not None:
            first = symbol.definitions[0]
            line = _line(problem.program, first)
            yield AuditPin(symbol.name, first.path, line, pin.code, pin.why)


def _problems(tree: Tree, scope: Problem) -> Iterator[AuditProblem]:
    for problem in tree.problems:
        yield AuditProblem(problem.path, 0, problem.code, problem.message)
    for path, outline in tree.program.outlines.items():
        for finding in outline.findings if scope.in_scope(path) else ():
            if finding.code == "parameter-size":
                continue  # it was understood
            line = tree.program.sources[path].position(finding.span.start).line
            yield AuditProblem(path, line, finding.code, finding.message)
