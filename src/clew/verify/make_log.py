"""Compiler calls in what ``make`` printed: a log of a build, or of ``make -n``.

Unlike a tracing tool this needs no build, and it sees quoted flags exactly as the shell would.
"""

import re
import shlex
from collections.abc import Iterator, Sequence
from itertools import dropwhile
from pathlib import Path

from clew.verify.compile_command import CompileCommand

_COMPILER = re.compile(r"(?:.*-)?(?:gcc|cc|clang|c99|c11)(?:-\d+(?:\.\d+)*)?")
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=.*", re.DOTALL)
_DIRECTORY = re.compile(r"make(?:\[\d+\])?: (Entering|Leaving) directory [`'](.*)'")
_SEPARATORS = frozenset({";", "&&", "||", "|", "&", "(", ")", ";;"})
_OPTIONS_WITH_VALUE = frozenset(
    "-o -I -D -U -include -imacros -isystem -iquote -idirafter -MF -MT -MQ -x -L -l -Xlinker -z".split()  # noqa: SIM905
)
_NOT_A_COMPILATION = frozenset({"-E", "-M", "-MM"})


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
