"""The walks through docs/: what a page shows is what clew prints, and every command that a page names exists.

In a page that begins with ``<!-- walk: FOLDER -->`` each ``console`` block is run, in order, in one copy of
that folder, and must print what stands there.  ``...`` alone in a line stands for any number of lines; times
and large numbers need not be the same.  With ``CLEW_REGEN=1`` a block without ``...`` is written anew, and
``console first=N`` keeps so many lines of each command.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from clew.cli.main import clew

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
REGENERATE = bool(os.environ.get("CLEW_REGEN"))
WALK = re.compile(r"<!-- walk: (\S+) -->")
BLOCK = re.compile(r"^```console(?: first=(\d+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ANY_BLOCK = re.compile(r"^```(?:console(?: first=\d+)?|sh)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
VARIES = re.compile(r" \(\d+\.\d s\)|\d+(?:,\d{3})+|-?\d+\.\d+ ?%|index [0-9a-f.]+")
WALKS = {
    page: ROOT / found[1]
    for page in PAGES
    if (found := WALK.search(page.read_text(encoding="utf-8"))) is not None
}


def commands_of(text):
    """Return the commands of a block with what each of them prints."""
    found = []
    for line in text.splitlines():
        if line.startswith("$ "):
            found.append([line[2:], []])
        elif found and not found[-1][1] and found[-1][0].endswith("\\"):
            found[-1][0] += "\n" + line
        else:
            found[-1][1].append(line)
    return [(command, lines) for command, lines in found]


def run(command, folder):
    """Run *command* as a person would, and return the lines that it prints."""
    environment = os.environ | {
        "PATH": f"{folder.parent / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), *sys.path]),
        "NO_COLOR": "1",
        "LC_ALL": "C",
        "GIT_CONFIG_GLOBAL": os.devnull,
    }
    done = subprocess.run(
        ["bash", "-c", f"{{ {command}\n}} 2>&1"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    return done.stdout.replace(str(folder), ".").splitlines()


def as_compared(line):
    return VARIES.sub("#", line).rstrip()


def agrees(shown, printed):
    """Tell whether *printed* is what *shown* says, where ``...`` stands for anything."""
    pieces: list[list[str]] = [[]]
    for line in map(as_compared, shown):
        if line.strip() == "...":
            pieces.append([])
        else:
            pieces[-1].append(line)
    lines, at = [as_compared(line) for line in printed], 0
    for number, piece in enumerate(pieces):
        starts = range(at, len(lines) - len(piece) + 1) if number else [0]
        start = next((s for s in starts if lines[s : s + len(piece)] == piece), None)
        if start is None:
            return False
        at = start + len(piece)
    return at == len(lines) or not pieces[-1]


def prepare(source, tmp_path):
    """Make the copy that the walk is done in: a repository of its own, and `clew` on PATH."""
    folder = tmp_path / source.name
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("build", ".clew", "__pycache__"))
    command = tmp_path / "bin" / "clew"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m clew "$@"\n')
    command.chmod(0o755)
    for words in (
        ["init", "-q", "-b", "main"],
        ["config", "user.name", "Ann"],
        ["config", "user.email", "ann@example.org"],
        ["add", "-A"],
        ["commit", "-q", "-m", "as it was"],
    ):
        subprocess.run(["git", *words], cwd=folder, check=True)
    return folder


def shorten(lines, first):
    return lines if first is None or len(lines) <= first else [*lines[:first], "..."]


@pytest.mark.compiler
@pytest.mark.skipif(shutil.which("gcc") is None or shutil.which("make") is None, reason="needs gcc, make")
@pytest.mark.parametrize("page", WALKS, ids=lambda page: page.stem)
def test_a_walk(page, tmp_path):
    folder, text = prepare(WALKS[page], tmp_path), page.read_text(encoding="utf-8")
    parts, end = [], 0
    for block in BLOCK.finditer(text):
        first = int(block[1]) if block[1] else None
        shown = []
        for command, lines in commands_of(block[2]):
            printed = run(command, folder)
            keep = not REGENERATE or (first is None and "..." in lines)
            assert not keep or agrees(lines, printed), f"{command}\n" + "\n".join(printed)
            shown += [f"$ {command}", *(lines if keep else shorten(printed, first))]
        parts += [text[end : block.start(2)], "".join(f"{line}\n" for line in shown)]
        end = block.end(2)
    if REGENERATE:
        page.write_text("".join([*parts, text[end:]]), encoding="utf-8")


def first_command(line):
    """Return the words behind `clew`, up to a pipe or the next command."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    words = list(lexer)[1:]
    ends = [at for at, word in enumerate(words) if set(word) <= set("();<>|&")]
    return words[: ends[0]] if ends else words


def clew_commands(text):
    """Yield the `clew` commands that the blocks of a page show."""
    for block in ANY_BLOCK.findall(text):
        for line in re.sub(r"\\\n\s*", " ", block).splitlines():
            found = re.match(r"(?:\$ )?(clew .*)", line)
            if found:
                yield found[1]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_that_a_page_shows_exist(page):
    for command in clew_commands(page.read_text(encoding="utf-8")):
        words = first_command(command)
        name = next((word for word in words if not word.startswith("-")), "")
        parameters = clew.get_command(click.Context(clew), name)
        assert parameters is not None or words[:1] == ["--version"], command
        known = (
            {opt for one in parameters.params for opt in (*one.opts, *one.secondary_opts)}
            if parameters
            else set()
        )
        options = {word.partition("=")[0] for word in words if word.startswith("--")}
        assert options <= known | {"--help", "--version"}, command


def test_how_pages_are_compared():
    assert agrees(["a", "...", "c"], ["a", "b", "b", "c"])
    assert agrees(["a", "..."], ["a", "b"])
    assert agrees(["passed (1.2 s)"], ["passed (9.4 s)"])
    assert not agrees(["a", "...", "c"], ["a", "b"])
    assert not agrees(["a"], ["a", "b"])
