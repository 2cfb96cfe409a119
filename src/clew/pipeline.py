"""The stages in their order: the only module that knows them all."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from clew.config.settings import Scope, Settings, State
from clew.link.graph import CallGraph
from clew.link.program import Definition, Program
from clew.parse.flow import ParsedFunction
from clew.parse.front import FunctionParser
from clew.plan.build import Planned, make_plan
from clew.plan.problem import Problem
from clew.rewrite.edits import Rewriter
from clew.scan import scan_source
from clew.scan.facts import FileFacts
from clew.text.edit import Edit
from clew.text.reader import ReadProblem, read_tree
from clew.text.source import SourceText

Progress = Callable[[str, int, int], None]


def _silent(stage: str, done: int, total: int) -> None:
    """Ignore progress."""


@dataclass
class Tree:
    """A tree that was read and scanned; later stages run on demand."""

    root: Path
    settings: Settings
    program: Program
    problems: tuple[ReadProblem, ...]

    @cached_property
    def parser(self) -> FunctionParser:
        """The parse stage for this tree."""
        noreturn = {name for state in self.settings.states for name in state.noreturn}
        return FunctionParser(self.program.facts, self.program.sources, self.settings.types, noreturn)

    @cached_property
    def graph(self) -> CallGraph:
        """The call graph of the tree."""
        return CallGraph(self.program)

    def parse(self, definition: Definition) -> ParsedFunction:
        """Return the control flow of *definition*."""
        return self.parser.parse(definition.path, definition.function)

    def problem(self, state: State, scope: Scope) -> Problem:
        """Return the planning problem for *state* in *scope*."""
        return Problem(self.program, self.graph, self.settings, scope, state, self.parse)


def read(root: Path, settings: Settings, progress: Progress = _silent) -> Tree:
    """Read and scan the tree below *root*."""
    text = read_tree(root, settings.include, settings.exclude)
    sources: dict[str, SourceText] = {}
    facts: dict[str, FileFacts] = {}
    for number, source in enumerate(text.sources):
        progress("scan", number, len(text.sources))
        sources[source.path] = source
        facts[source.path] = scan_source(source)
    return Tree(root, settings, Program(sources, facts), text.problems)


def plan(tree: Tree, state: State, scope: Scope, pinned: frozenset[str] = frozenset()) -> Planned:
    """Plan the change."""
    return make_plan(tree.problem(state, scope), pinned)


def rewrite(tree: Tree, planned: Planned) -> dict[str, list[Edit]]:
    """Turn a plan into edits by file."""
    return Rewriter(tree.program, tree.settings).rewrite(planned.decisions)
