"""Turn what ``make`` printed into a compilation database.

Reads a build log, or asks ``make -n`` in a tree that was not built yet, and writes the entries of a
``compile_commands.json``: one per C source of every compiler call.  Unlike a tracing tool it needs no
build, and it sees the quoted flags exactly as the shell would.
"""

import argparse
import json
import re
import shlex
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import dropwhile
from pathlib import Path

from measured import run_measured

_COMPILER = re.compile(r"(?:.*-)?(?:gcc|cc|clang|c99|c11)(?:-\d+(?:\.\d+)*)?")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
_DIRECTORY = re.compile(r"make(?:\[\d+\])?: (Entering|Leaving) directory [`'](.*)'")
_SEPARATORS = frozenset({";", "&&", "||", "|", "&", "(", ")", ";;"})
_OPTIONS_WITH_VALUE = frozenset(
    "-o -I -D -U -include -imacros -isystem -iquote -idirafter -MF -MT -MQ -x -L -l -Xlinker -z".split()  # noqa: SIM905
)
_NOT_A_COMPILATION = frozenset({"-E", "-M", "-MM"})


@dataclass(frozen=True, slots=True)
class CompileCommand:
    """One entry of a compilation database; *file* is as spelled in *arguments*, relative to *directory*."""

    directory: str
    file: str
    arguments: tuple[str, ...]


def parse_make_output(text: str, directory: Path) -> list[CompileCommand]:
    """Find every compiler call in what ``make`` printed while it ran in *directory*."""
    found: dict[CompileCommand, None] = {}
    stack = [directory]
    for line in _logical_lines(text):
        moved = _DIRECTORY.match(line)
        if moved is None:
            found.update(dict.fromkeys(_commands_of_line(line, stack[-1])))
        elif moved[1] == "Entering":
            stack.append(Path(moved[2]))
        elif len(stack) > 1:
            stack.pop()
    return list(found)


def read_commands(path: Path) -> list[CompileCommand]:
    """Read a ``compile_commands.json``; ``command`` strings are split as a shell would."""
    commands = []
    for entry in json.loads(path.read_text("utf-8")):
        words = entry.get("arguments") or shlex.split(entry["command"])
        commands.append(CompileCommand(entry["directory"], entry["file"], tuple(words)))
    return commands


def write_commands(path: Path, commands: Sequence[CompileCommand]) -> None:
    """Write *commands* as a ``compile_commands.json``."""
    path.write_text(json.dumps([asdict(command) for command in commands], indent=1) + "\n", "utf-8")


def _logical_lines(text: str) -> Iterator[str]:
    """Yield the lines of *text*, with backslash-newlines joined as the shell joins them."""
    return iter(re.sub(r"\\\n", " ", text).splitlines())


def _commands_of_line(line: str, directory: Path) -> Iterator[CompileCommand]:
    """Yield the compilations of one shell line; ``cd`` in it moves the calls that follow."""
    if ".c" not in line:
        return
    for call in _split_calls(line):
        words = list(dropwhile(_ASSIGNMENT.fullmatch, call))
        if len(words) >= 2 and words[0] == "cd":
            directory = directory / words[1]
        elif words and _COMPILER.fullmatch(Path(words[0]).name) and not _NOT_A_COMPILATION & set(words):
            for source in _sources(words):
                yield CompileCommand(str(directory), source, tuple(words))


def _split_calls(line: str) -> list[list[str]]:
    """Split a shell line into simple calls.  A line that is no shell (a quote left open in a message
    that was printed between commands) has none."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=";&|()")
    lexer.whitespace_split = True
    lexer.commenters = ""
    calls: list[list[str]] = [[]]
    try:
        for word in lexer:
            if word in _SEPARATORS:
                calls.append([])
            else:
                calls[-1].append(word)
    except ValueError:
        return []
    return [call for call in calls if call]


def _sources(words: Sequence[str]) -> list[str]:
    """Return the C sources among the words of a compiler call."""
    sources, skip = [], True  # the first word is the compiler
    for word in words:
        if not skip and word.endswith(".c") and not word.startswith("-"):
            sources.append(word)
        skip = word in _OPTIONS_WITH_VALUE
    return sources


def _main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("directory", type=Path, help="the directory in which make runs")
    parser.add_argument("--log", type=Path, help="a log of the build (default: ask make -n)")
    parser.add_argument("--output", "-o", type=Path, default=Path("compile_commands.json"))
    parser.add_argument("--json", action="store_true", help="print a summary as JSON")
    parser.add_argument("targets", nargs="*", help="arguments for make: VARIABLE=value, targets")
    options = parser.parse_args(argv)
    if not options.directory.is_dir():
        parser.error(f"{options.directory} is not a directory")
    if options.log is not None:
        text = options.log.read_text("utf-8", "replace")
    else:
        answer = run_measured(["make", "-n", *options.targets], cwd=options.directory)
        if not answer.ok:
            print(f"make -n failed with code {answer.code}:\n{answer.tail}", file=sys.stderr)
            return 2
        text = answer.stdout
    commands = parse_make_output(text, options.directory.resolve())
    write_commands(options.output, commands)
    summary = {"commands": len(commands), "output": str(options.output)}
    print(json.dumps(summary) if options.json else f"{len(commands)} commands in {options.output}")
    return 0 if commands else 1


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
