"""A tree that was read: texts, what the scanner found in them, and the later stages on demand."""

import hashlib
import re
from collections.abc import Callable, Collection, Container, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from posixpath import dirname
from typing import TYPE_CHECKING

from clew.cache.stamps import blob_id, identify_files
from clew.config.settings import Scope, Settings, State
from clew.errors import UsageError
from clew.incremental.snapshot import content_digest
from clew.link.graph import CallGraph
from clew.link.lazy_facts import LazyFacts
from clew.link.new_headers import make_header
from clew.link.outlining import outline_files, outline_texts, scan_files
from clew.link.program import Definition, Program
from clew.parse.flow import ParsedFunction, not_parsed
from clew.parse.front import FunctionParser
from clew.plan.problem import Problem
from clew.plan.scope import file_filter
from clew.scan import scan_source
from clew.text.lazy import LazyTexts, measure_files
from clew.text.reader import ReadProblem, read_tree
from clew.text.source import SourceText

if TYPE_CHECKING:
    from concurrent.futures import Executor
    from contextlib import AbstractContextManager

    from clew.cache.store import Store

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
    jobs: int = 1  # processes without an executor: to scan a large tree, to work ahead in a smaller one

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
            scanned = scan_files(self.sources, self.progress, self.jobs)
            program = Program(self.sources, scanned.facts, words, listed=scanned.words)
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
        if definition.path in self.program.obscure:
            problem = "it sees directives that are written with %: or trigraphs"
            return not_parsed(problem, definition.function.body.start)
        return self.parser.parse(definition.path, definition.function)

    def expect(self, definitions: Iterable[Definition]) -> None:
        """Say that *definitions* are likely to be parsed."""
        if self.jobs < 2 or isinstance(self.sources, LazyTexts):
            return
        obscure = self.program.obscure
        self.parser.expect((one.path, one.function) for one in definitions if one.path not in obscure)

    def stop(self) -> None:
        """End what was begun for functions that may no longer be asked for."""
        if "parser" in vars(self):
            self.parser.stop()

    def viewed(self, texts: Mapping[str, SourceText], scope: Scope) -> "Tree":
        """Return this tree with *texts* for some files, which have the same length, and *scope*."""
        known, foreign = self.program, self.program.foreign
        if isinstance(self.sources, LazyTexts):
            shown = self.sources.showing(texts)
            view = replace(self, sources=shown, scope=scope)
            made = {one.path: one for one in outline_texts(list(texts.values()))}
            outlines = {**known.outlines, **made}
            vars(view)["program"] = Program(shown, LazyFacts(shown), foreign, outlines)
            return view
        view = replace(self, sources={**self.sources, **texts}, scope=scope)
        scanned = {path: scan_source(text) for path, text in texts.items()}
        vars(view)["program"] = Program(view.sources, {**known.facts, **scanned}, foreign)
        return view

    def problem(self, state: State) -> Problem:
        """Return the planning problem for *state*."""
        return Problem(self.program, self.graph, self.settings, self.scope, state, self.parse, self.expect)


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
