"""Compile before and after, and show every diagnostic that is new.

Every translation unit that includes a changed file (the compiler is asked) is compiled in both trees
with its own flags, and with the warnings that a wrong edit causes.  Diagnostics are compared as a
multiset of (file, kind, flag, message): line numbers shift, the rest must not.  Exit code 0: nothing
new; 1: new diagnostics; 2: bad usage, or nothing could be compared.
"""

import argparse
import json
import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from make_commands import CompileCommand, read_commands
from measured import run_measured

# Put before the command's own flags, so that a project's -Wno-... still wins.
WARNINGS = (
    "-Wall",
    "-Wunused",
    "-Wincompatible-pointer-types",
    "-Wint-conversion",
    "-Wimplicit-function-declaration",
    "-Wstrict-prototypes",
)
_PLAIN = ("-fno-diagnostics-show-caret", "-fdiagnostics-color=never")
_DIAGNOSTIC = re.compile(
    r"^(?P<file>[^:\n]+):\d+(?::\d+)?: (?P<kind>warning|error|fatal error): "
    r"(?P<message>.*?)(?: \[(?P<flag>-W[^\]\s]+)\])?$",
    re.MULTILINE,
)
_DROPPED = frozenset({"-c", "-S", "-MMD", "-MD", "-MP", "-pipe", "-save-temps", "-fcallgraph-info"})
_DROPPED_WITH_VALUE = frozenset({"-o", "-MF", "-MT", "-MQ"})


@dataclass(frozen=True, slots=True, order=True)
class Diagnostic:
    """A warning or an error, without the line: *file* is relative to the tree where it lies in it."""

    file: str
    kind: str
    flag: str
    message: str

    def __str__(self) -> str:
        flag = f" [{self.flag}]" if self.flag else ""
        return f"{self.file}: {self.kind}: {self.message}{flag}"


@dataclass(frozen=True, slots=True)
class UnitResult:
    """One translation unit: what was said before and after."""

    command: CompileCommand
    before: Counter[Diagnostic]
    after: Counter[Diagnostic]


@dataclass(frozen=True)
class Comparison:
    """The whole comparison.  *units* of *total* include a changed file.  A diagnostic in a header is
    said once per unit; it counts as new when some unit says it more often after than before."""

    total: int
    units: tuple[UnitResult, ...]
    unreadable: tuple[str, ...]

    @cached_property
    def new(self) -> Counter[Diagnostic]:
        """Diagnostics that some unit gives more often after than before, with how many units do."""
        return Counter(d for unit in self.units for d in unit.after - unit.before)

    @cached_property
    def gone(self) -> Counter[Diagnostic]:
        """Diagnostics that some unit gave more often before."""
        return Counter(d for unit in self.units for d in unit.before - unit.after)

    def as_json(self) -> dict[str, object]:
        """Return figures and lists as JSON can hold them."""
        return {
            "commands": self.total,
            "compiled": len(self.units),
            "new": {str(d): n for d, n in sorted(self.new.items())},
            "gone": {str(d): n for d, n in sorted(self.gone.items())},
            "unreadable": list(self.unreadable),
        }


def compare_trees(
    before: Path, after: Path, commands: Sequence[CompileCommand], *, jobs: int = 2, fast: bool = False
) -> Comparison:
    """Compile in both trees every command whose unit includes a file that differs between them.

    *commands* refer to *before*.  With *fast* everything is compiled without optimisation, which
    misses the few warnings that need it.
    """
    before, after = before.resolve(), after.resolve()
    changed = _ChangedFiles(before, after)
    with ThreadPoolExecutor(jobs) as pool:
        included = list(pool.map(_included_files, commands))
        chosen = [c for c, files in zip(commands, included, strict=True) if files and changed.any_of(files)]
        units = pool.map(lambda c: _compile_both(c, before, after, fast=fast), chosen)
        unreadable = [c.file for c, files in zip(commands, included, strict=True) if files is None]
        return Comparison(len(commands), tuple(units), tuple(unreadable))


def parse_diagnostics(text: str, tree: Path, directory: Path) -> Counter[Diagnostic]:
    """Read a compiler's messages; files are named relative to *tree* when they lie in it."""
    found: Counter[Diagnostic] = Counter()
    for match in _DIAGNOSTIC.finditer(text):
        path = (directory / match["file"]).resolve()
        name = str(path.relative_to(tree)) if path.is_relative_to(tree) else match["file"]
        message = match["message"].replace(str(tree), "TREE")
        found[Diagnostic(name, match["kind"], match["flag"] or "", message)] += 1
    return found


class _ChangedFiles:
    """Answers which files of a tree differ from their counterpart; every file is read once."""

    def __init__(self, before: Path, after: Path) -> None:
        self._before, self._after = before, after
        self._known: dict[Path, bool] = {}

    def any_of(self, files: Iterable[Path]) -> bool:
        """Tell whether at least one of *files* (in the tree before) differs after."""
        return any(self._is_changed(path) for path in files)

    def _is_changed(self, path: Path) -> bool:
        if path not in self._known:
            self._known[path] = path.is_relative_to(self._before) and self._differs(path)
        return self._known[path]

    def _differs(self, path: Path) -> bool:
        other = self._after / path.relative_to(self._before)
        return not other.is_file() or other.read_bytes() != path.read_bytes()


def _bare_arguments(command: CompileCommand) -> list[str]:
    """Return the words of a command without outputs and without its stage."""
    words, skip = [], False
    for word in command.arguments:
        if skip:
            skip = False
        elif word in _DROPPED_WITH_VALUE:
            skip = True
        elif word not in _DROPPED and not word.startswith("-Wp,-MD"):
            words.append(word)
    return _only_source(words, command.file)


def _only_source(words: Sequence[str], file: str) -> list[str]:
    """Drop other sources, objects and libraries: a unit is compiled alone."""
    others = (".c", ".o", ".a", ".so")
    return [w for w in words if w == file or w.startswith("-") or not w.endswith(others)]


def _included_files(command: CompileCommand) -> list[Path] | None:
    """Ask the compiler which files the unit reads; None when it cannot tell."""
    compiler, *words = _bare_arguments(command)
    directory = Path(command.directory)
    answer = run_measured([compiler, "-M", "-w", *words], cwd=directory)
    if not answer.ok:
        return None
    rule = answer.stdout.replace("\\\n", " ").partition(":")[2]
    return [
        (directory / name.replace("\\ ", " ")).resolve() for name in re.split(r"(?<!\\)\s+", rule.strip())
    ]


def _compile_both(command: CompileCommand, before: Path, after: Path, *, fast: bool) -> UnitResult:
    """Compile one unit in both trees."""
    moved = retarget(command, before, after)
    return UnitResult(command, _compile(command, before, fast=fast), _compile(moved, after, fast=fast))


def retarget(command: CompileCommand, before: Path, after: Path) -> CompileCommand:
    """Point a command of one tree at another tree."""
    pattern = re.compile(re.escape(str(before)) + r"(?=/|$)")

    def move(word: str) -> str:
        return pattern.sub(str(after).replace("\\", r"\\"), word)

    words = tuple(move(word) for word in command.arguments)
    return CompileCommand(move(command.directory), move(command.file), words)


def _compile(command: CompileCommand, tree: Path, *, fast: bool) -> Counter[Diagnostic]:
    """Compile one unit and return what the compiler said.  Code is generated (and thrown away):
    ``-fsyntax-only`` stops before unused static functions are known."""
    compiler, *words = _bare_arguments(command)
    level = ["-O0"] if fast else []
    directory = Path(command.directory)
    argv = [compiler, *WARNINGS, *words, *level, *_PLAIN, "-S", "-o", "/dev/null"]
    answer = run_measured(argv, cwd=directory, env={"LC_ALL": "C"})
    found = parse_diagnostics(answer.stderr, tree, directory)
    if answer.code != 0 and not any(d.kind != "warning" for d in found):
        # A crash of the compiler, or a bad option, has no place in a source file.
        found[Diagnostic(command.file, "error", "", f"the compiler ended with {answer.code}")] += 1
    return found


def print_comparison(comparison: Comparison) -> None:
    """Print the comparison for a person."""
    print(f"{len(comparison.units)} of {comparison.total} translation units include a changed file")
    for title, counter in (("new", comparison.new), ("gone", comparison.gone)):
        print(f"{sum(counter.values())} {title} diagnostics")
        for diagnostic, count in sorted(counter.items()):
            print(f"  {title}: {diagnostic}" + (f"  (in {count} units)" if count > 1 else ""))
    for name in comparison.unreadable:
        print(f"  not compared, the compiler cannot list its includes: {name}")


def _main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("before", type=Path, help="the built tree to which the commands refer")
    parser.add_argument("after", type=Path, help="the same tree, rewritten (with its generated files)")
    parser.add_argument("--commands", type=Path, action="append", required=True, metavar="JSON")
    parser.add_argument("--jobs", type=int, default=2, help="compilers at a time (default 2)")
    parser.add_argument("--fast", action="store_true", help="compile without optimisation")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(argv)
    for path in (options.before, options.after):
        if not path.is_dir():
            parser.error(f"{path} is not a directory")
    commands = list(dict.fromkeys(c for path in options.commands for c in read_commands(path)))
    if not commands:
        parser.error("the compilation databases hold no command")
    comparison = compare_trees(options.before, options.after, commands, jobs=options.jobs, fast=options.fast)
    if options.json:
        print(json.dumps(comparison.as_json(), indent=1))
    else:
        print_comparison(comparison)
    if len(comparison.unreadable) == comparison.total:
        return 2
    return 1 if comparison.new else 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
