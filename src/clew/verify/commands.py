"""Compile commands: where they come from, and how one is pointed at another copy of the tree."""

import json
import re
import shlex
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from clew.errors import ErrorPlace, UsageError
from clew.text.record import record
from clew.verify.compile_command import CompileCommand
from clew.verify.make_log import parse_make_output

# What names an output, a kind of output, or a file that the compiler would write on the way.
_DROPPED = frozenset({"-c", "-S", "-MMD", "-MD", "-MP", "-pipe", "-save-temps", "-fcallgraph-info"})
_DROPPED_WITH_VALUE = frozenset({"-o", "-MF", "-MT", "-MQ"})
_FOLDER_OPTIONS = ("-isystem", "-iquote", "-idirafter", "-include", "-imacros", "-I")
_NEXT = "make it with CMake, bear or `make -n >FILE`"


@record()
class Configuration:
    """One way in which the program is built; *source* is the file that its commands came from."""

    name: str
    source: str
    commands: tuple[CompileCommand, ...]


def read_configuration(path: Path, name: str, directory: Path) -> Configuration:
    """Read a ``compile_commands.json``, or the log of a make that ran in *directory*."""
    try:
        text = path.read_text("utf-8", "replace")
    except OSError as error:
        raise UsageError(f"cannot be read: {error.strerror}", ErrorPlace(str(path)), _NEXT) from error
    is_json = text.lstrip()[:1] in ("[", "{")
    commands = _parse_json(text, path) if is_json else parse_make_output(text, directory)
    if not commands:
        raise UsageError("there is no compile command in it", ErrorPlace(str(path)), _NEXT)
    return Configuration(name, str(path), tuple(dict.fromkeys(commands)))


def write_commands(path: Path, commands: Sequence[CompileCommand]) -> None:
    """Write *commands* as a ``compile_commands.json``."""
    path.write_text(json.dumps([asdict(command) for command in commands], indent=1) + "\n", "utf-8")


def _parse_json(text: str, path: Path) -> list[CompileCommand]:
    try:
        entries = json.loads(text)
    except json.JSONDecodeError as error:
        place = ErrorPlace(str(path), error.lineno, error.colno)
        raise UsageError(f"not valid JSON: {error.msg}", place, "make it again") from error
    if not isinstance(entries, list):
        raise UsageError("not a compilation database: a list was expected", ErrorPlace(str(path)), _NEXT)
    return [_entry(entry, number, path) for number, entry in enumerate(entries)]


def _entry(entry: Any, number: int, path: Path) -> CompileCommand:
    try:
        words = entry.get("arguments") or shlex.split(entry["command"])
        command = CompileCommand(entry["directory"], entry["file"], tuple(words))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        what = f"entry {number} has no directory, file and command: {error}"
        raise UsageError(what, ErrorPlace(str(path)), "make it again") from error
    if not all(isinstance(word, str) for word in (command.directory, command.file, *command.arguments)):
        raise UsageError(
            f"entry {number} has a value that is no text", ErrorPlace(str(path)), "make it again"
        )
    if not command.arguments:
        raise UsageError(f"entry {number} has an empty command", ErrorPlace(str(path)), "make it again")
    return command


def retarget(command: CompileCommand, before: Path, after: Path) -> CompileCommand:
    """Point a command of the tree *before* at the tree *after*, a copy of it.

    Relative names stay as they are, unless the command runs outside the tree and they lead into it.
    """
    pattern = re.compile(re.escape(str(before)) + r"(?=/|$)")
    directory = Path(command.directory)
    outside = not directory.is_relative_to(before)

    def move(word: str) -> str:
        if outside:
            word = _absolute(word, directory, before)
        return pattern.sub(str(after).replace("\\", r"\\"), word)

    words = tuple(move(word) for word in command.arguments)
    return CompileCommand(move(command.directory), move(command.file), words)


def _absolute(word: str, directory: Path, tree: Path) -> str:
    """Make the file name in *word* absolute where it leads into *tree*."""
    option = next((o for o in _FOLDER_OPTIONS if word.startswith(o)), "")
    name = word[len(option) :]
    if name.startswith(("/", "-")) or "/" not in name:
        return word
    target = (directory / name).resolve()
    return f"{option}{target}" if target.is_relative_to(tree) else word


def bare_arguments(command: CompileCommand) -> list[str]:
    """Return the words of a command without outputs, without its stage, and with one source alone."""
    return _only_source(list(_without_outputs(command.arguments)), command.file)


def _without_outputs(arguments: Sequence[str]) -> Iterator[str]:
    skip = False
    for word in arguments:
        if skip:
            skip = False
        elif word in _DROPPED_WITH_VALUE:
            skip = True
        elif word not in _DROPPED and not word.startswith("-Wp,-MD"):
            yield word


def _only_source(words: Sequence[str], file: str) -> list[str]:
    """Drop other sources, objects and libraries: a unit is compiled alone."""
    others = (".c", ".o", ".a", ".so")
    return [w for w in words if w == file or w.startswith("-") or not w.endswith(others)]
