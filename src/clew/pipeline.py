"""The stages in their order: the only module that knows them all.

Stages that not every command needs are imported when they run: a plan is made more often than verified.
"""

import hashlib
import re
from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from posixpath import dirname
from typing import TYPE_CHECKING

from clew.cache.stamps import blob_id, identify_files
from clew.config.settings import Scope, Settings, State
from clew.detect.accessors import is_assigned
from clew.detect.pins import PinContext, find_pins
from clew.detect.sandwiches import find_sandwiches
from clew.errors import ErrorPlace, UsageError
from clew.incremental.snapshot import content_digest
from clew.link.graph import CallGraph
from clew.link.new_headers import make_header
from clew.link.outlining import LazyFacts, outline_files
from clew.link.program import Definition, Program
from clew.parse.flow import ParsedFunction
from clew.parse.front import FunctionParser
from clew.plan.build import Planned, make_plan
from clew.plan.constraints import Constraints
from clew.plan.decisions import Decisions
from clew.plan.model import Plan
from clew.plan.outcomes import place_of
from clew.plan.problem import Problem
from clew.plan.scope import file_filter
from clew.plan.solver import Solver
from clew.plan.wrappers import list_pairs
from clew.report.audit import Audit, AuditFetch, AuditPin, AuditProblem, AuditSandwich, AuditTwin
from clew.rewrite.edits import Rewriter
from clew.scan import scan_source
from clew.scan.many import scan_files
from clew.text.edit import Edit, apply_edits, order_edits
from clew.text.lazy import LazyTexts, measure_files
from clew.text.lines import line_edits, touched_lines
from clew.text.reader import ReadProblem, read_tree
from clew.text.source import SourceText

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from clew.cache.store import Store
    from clew.config.draft import StateDraft
    from clew.report.review import Review
    from clew.rewrite.bindings.model import BindingChanges
    from clew.series.build import Series
    from clew.verify.change import Change
    from clew.verify.checks import Asked
    from clew.verify.verdict import Verdict

_WORD = re.compile(r"[A-Za-z_]\w*")

# Bytes of C beyond which texts and facts are not held, but made again where they matter.
LARGE_BYTES = 200_000_000

Progress = Callable[[str, int, int], None]


def silent(stage: str, done: int, total: int) -> None:
    """Report no progress."""


@dataclass
class Tree:
    """A tree that was read: the texts of its program, and of files in other languages (*foreign*); it is
    scanned, and later stages run, on demand."""

    root: Path
    settings: Settings
    scope: Scope
    sources: Mapping[str, SourceText]
    foreign: tuple[SourceText, ...]
    problems: tuple[ReadProblem, ...]
    progress: Progress = silent
    executor: "Executor | None" = None  # where files are scanned
    sizes: Mapping[str, int] | None = None  # of the files, where their texts are not held
    store: "Store | None" = None
    jobs: int = 1  # processes that scan a large tree where there is no executor

    @cached_property
    def digest(self) -> str:
        """What every result depends on: the content of the files, what was not read, settings and scope."""
        return hashlib.sha256(repr((self.around, self.contents)).encode()).hexdigest()

    @cached_property
    def around(self) -> str:
        """The digest of everything but the C files."""
        foreign = [(source.path, content_digest(source)) for source in self.foreign]
        asked = (self.settings, self.scope, self.problems, foreign)
        return hashlib.sha256(repr(asked).encode()).hexdigest()

    @cached_property
    def contents(self) -> dict[str, str]:
        """The digest of each C file."""
        if not isinstance(self.sources, LazyTexts):
            return {path: content_digest(source) for path, source in self.sources.items()}
        texts = self.sources
        made = {path: content_digest(source) for path, source in texts.made.items()}
        paths = [path for path in texts if path not in made]
        return made | identify_files(
            self.root, paths, self.store, lambda p: blob_id(texts.read(p).to_bytes())
        )

    @cached_property
    def size(self) -> int:
        """The number of bytes in the C files."""
        if self.sizes is not None:
            return sum(self.sizes.values())
        return sum(len(source.text) for source in self.sources.values())

    def is_new(self, path: str) -> bool:
        """Tell whether the tree does not have the file *path* yet."""
        return path in self.sources.made if isinstance(self.sources, LazyTexts) else self.sources[path].is_new

    @cached_property
    def program(self) -> Program:
        """What stands in the files; raise `UsageError` when the scope names a function that is not there."""
        words = {source.path: frozenset(_WORD.findall(source.text)) for source in self.foreign}
        if isinstance(self.sources, LazyTexts):
            texts = self.sources
            with self._workers() as executor:
                outlines = outline_files(texts, self.sizes or {}, executor, self.progress)
            program = Program(texts, LazyFacts(texts), words, outlines)
        else:
            program = Program(self.sources, scan_files(self.sources, self.progress), words)
        _check_functions(self.scope, program)
        return program

    def _workers(self) -> "AbstractContextManager[Executor | None]":
        """Open what scans the files of a large tree."""
        if self.executor is not None or self.jobs < 2:
            return nullcontext(self.executor)
        from concurrent.futures import ProcessPoolExecutor

        return ProcessPoolExecutor(self.jobs)

    @cached_property
    def parser(self) -> FunctionParser:
        """The parse stage for this tree."""
        noreturn = {name for state in self.settings.states for name in state.noreturn}
        known = self.program.macro_table, self.program.typedefs
        return FunctionParser(self.program.facts, self.program.sources, self.settings.types, noreturn, known)

    @cached_property
    def graph(self) -> CallGraph:
        """The call graph of the tree."""
        return CallGraph(self.program)

    @property
    def parsed(self) -> Collection[tuple[str, int]]:
        """The functions that were parsed, by file and offset of the body."""
        return self.parser.parsed

    def parse(self, definition: Definition) -> ParsedFunction:
        """Return the control flow of *definition*."""
        self.progress("parsing functions", self.parser.count, 0)
        return self.parser.parse(definition.path, definition.function)

    def problem(self, state: State) -> Problem:
        """Return the planning problem for *state*."""
        return Problem(self.program, self.graph, self.settings, self.scope, state, self.parse)


def read(
    root: Path,
    settings: Settings,
    scope: Scope,
    progress: Progress = silent,
    store: "Store | None" = None,
    executor: "Executor | None" = None,
    jobs: int = 1,
) -> Tree:
    """Read the tree below *root*.  The texts of a large one, and of one that *executor* scans, are read when
    they are needed."""
    sizes, problems = measure_files(root, settings.include, settings.exclude)
    sources: Mapping[str, SourceText]
    if executor is not None or sum(sizes.values()) > LARGE_BYTES:
        sources = LazyTexts(root, sizes)
        made = _make_headers(root, settings, scope, sources)
        sources = LazyTexts(root, sizes, made)
        found = tuple(problems)
    else:
        text = read_tree(root, settings.include, settings.exclude)
        sources = {source.path: source for source in text.sources}
        sources |= _make_headers(root, settings, scope, sources)
        found, sizes = text.problems, {}
    foreign = _read_foreign(root, settings, scope)
    kept = sizes or None
    return Tree(root, settings, scope, sources, foreign, found, progress, executor, kept, store, jobs)


def _make_headers(
    root: Path, settings: Settings, scope: Scope, sources: Mapping[str, SourceText]
) -> dict[str, SourceText]:
    """Return the headers that twins are to stand in, and that the tree lacks."""
    made: dict[str, SourceText] = {}
    for header in _new_headers(root, settings, scope, sources):
        beside = [path for path in sources if path.endswith(".h") and dirname(path) == dirname(header)]
        near = {path: sources[path] for path in beside}
        made[header] = make_header(header, near, {path: scan_source(one) for path, one in near.items()})
    return made


def _new_headers(root: Path, settings: Settings, scope: Scope, known: Container[str]) -> list[str]:
    """Return the headers for twins that the settings name, the scope allows, and the tree lacks."""
    named = {header for state in settings.states for _, header in state.twin_headers}
    in_scope = file_filter(settings, scope)
    missing = (h for h in sorted(named) if h not in known and not (root / h).exists() and in_scope(h))
    return [header for header in missing if (root / header).parent.is_dir()]


def _read_foreign(root: Path, settings: Settings, scope: Scope) -> tuple[SourceText, ...]:
    """Return the files in other languages; only external functions can be named there."""
    if scope.linkage == "static" and not scope.functions:
        return ()
    return read_tree(root, settings.foreign, settings.exclude).sources


def _check_functions(scope: Scope, program: Program) -> None:
    known = program.definitions_by_name
    for name in scope.functions:
        if name not in known:
            near = get_close_matches(name, known, n=1)
            step = (
                f"did you mean {near[0]!r}?" if near else "check the spelling, and that its file is included"
            )
            raise UsageError(f"no function of the tree is called {name!r}", next_step=step)


def plan(tree: Tree, state: State, constraints: Constraints, progress: Progress = silent) -> Planned:
    """Plan the change."""
    tree.progress = progress
    return make_plan(tree.problem(state), constraints)


def rewrite(tree: Tree, planned: Planned) -> dict[str, list[Edit]]:
    """Turn a plan into edits by file."""
    return _format(tree, Rewriter(tree.program, tree.settings).rewrite(planned.decisions))


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
    return build_series(tree.problem(state), constraints, lambda planned: rewrite(tree, planned), progress)


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
    solution = Solver(problem, Constraints(frozenset())).solve()
    decided = [fetch for one in solution.decisions.values() for fetch in (*one.fetches, *one.derived)]
    wanted = [fetch for fetch in decided if (fetch.site.path, fetch.site.span.start) in sites]
    return _format(tree, Rewriter(tree.program, tree.settings).rewrite(Decisions(fetches=wanted)))


def graph(tree: Tree, state: State, form: str) -> str:
    """Draw the part of the call graph that the plan is about."""
    from clew.plan.survey import survey
    from clew.report.graph import render_graph

    problem = tree.problem(state)
    return render_graph(survey(problem, make_plan(problem, Constraints()).plan), form)


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

    problem = tree.problem(state)
    return Review(
        state=state,
        plan=made,
        survey=survey(problem, made),
        changes=find_changes(tree.program, edits, sources),
        pins=tuple(_pins(problem)),
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
    sites = [site for site in in_scope if not is_assigned(tree.program.facts[site.path].masked, site)]
    outlines = [one for path, one in tree.program.outlines.items() if problem.in_scope(path)]
    return Audit(
        state=state.name,
        fetches=tuple(
            AuditFetch(
                place_of(problem, site.path, site.span.start),
                _name_around(tree.program, site.definition, site.macro),
                site.spelled.accessor.spelling,
            )
            for site in sites
            if site.definition >= 0 or site.macro >= 0 or site.spelled.kind == "call"
        ),
        pins=tuple(_pins(problem)),
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


def _name_around(program: Program, definition: int, macro: int) -> str:
    if definition >= 0:
        return program.definitions[definition].name
    return program.macros[macro].name if macro >= 0 else ""


def _line(program: Program, definition: Definition) -> int:
    return program.sources[definition.path].position(definition.function.header.name_span.start).line


def _pins(problem: Problem) -> Iterator[AuditPin]:
    context = PinContext(
        problem.program,
        problem.settings,
        problem.in_scope,
        problem.scope.linkage == "any",
        problem.state.type,
        problem.visibility.type_hidden,
    )
    for symbol in problem.symbols.values():
        for pin in find_pins(symbol, context)[:1]:
            first = symbol.definitions[0]
            yield AuditPin(symbol.name, first.path, _line(problem.program, first), pin.code, pin.why)


def _problems(tree: Tree, scope: Problem) -> Iterator[AuditProblem]:
    for problem in tree.problems:
        yield AuditProblem(problem.path, 0, problem.code, problem.message)
    for path, outline in tree.program.outlines.items():
        for finding in outline.findings if scope.in_scope(path) else ():
            line = tree.program.sources[path].position(finding.span.start).line
            yield AuditProblem(path, line, finding.code, finding.message)
