from pathlib import Path

import pytest

from clew.verify.commands import read_configuration, write_commands
from clew.verify.compile_command import CompileCommand
from clew.verify.make_log import parse_make_output

HERE = Path("/tree")


def files(text):
    return [command.file for command in parse_make_output(text, HERE)]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "ar rcs libx.a x.o",
        "gcc -o prog a.o b.o -lm",
        "gcc -MM a.c > a.d",
        "echo compiling a.c",
        "cp a.c b.c",
        "it's not a shell line: gcc -c a.c",
        "gcc -x c -o a.c a.o",
    ],
)
def test_lines_that_compile_nothing(line):
    assert files(line) == []


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("gcc -c a.c -o a.o", ["a.c"]),
        ("/usr/bin/x86_64-linux-gnu-gcc-12 -c a.c", ["a.c"]),
        ("CC=x LANG=C cc -c a.c", ["a.c"]),
        ("echo '   ' CC a.o;cc -o a.o -c a.c", ["a.c"]),
        ("gcc -o prog a.c b.c libx.a", ["a.c", "b.c"]),
        ("gcc -c \\\n  a.c", ["a.c"]),
        ("(gcc -c a.c) && gcc -c b.c || true", ["a.c", "b.c"]),
        ("gcc -include pre.c -c a.c", ["a.c"]),
        ("gcc -c a.c\ngcc -c a.c", ["a.c"]),
    ],
)
def test_compilations_are_found(line, found):
    assert files(line) == found


def test_quoted_flags_stay_whole():
    [command] = parse_make_output("""cc -DNAME='"a b"' -DX="\\"y\\"" -c a.c""", HERE)
    assert command.arguments == ("cc", '-DNAME="a b"', '-DX="y"', "-c", "a.c")


def test_directories_follow_make_and_cd():
    text = (
        "make[1]: Entering directory '/tree/lib'\n"
        "gcc -c in_lib.c\n"
        "make[1]: Leaving directory '/tree/lib'\n"
        "cd sub && gcc -c in_sub.c\n"
        "gcc -c at_top.c\n"
    )
    found = {c.file: c.directory for c in parse_make_output(text, HERE)}
    assert found == {"in_lib.c": "/tree/lib", "in_sub.c": "/tree/sub", "at_top.c": "/tree"}


def test_database_is_read_as_written(tmp_path):
    commands = [CompileCommand("/tree", "a.c", ("gcc", "-c", "a.c"))]
    write_commands(tmp_path / "db.json", commands)
    assert list(read_configuration(tmp_path / "db.json", "x", tmp_path).commands) == commands


def test_command_strings_are_split(tmp_path):
    path = tmp_path / "db.json"
    path.write_text('[{"directory": "/t", "file": "a.c", "command": "gcc -DA=\'b c\' -c a.c"}]')
    assert read_configuration(path, "x", tmp_path).commands[0].arguments == ("gcc", "-DA=b c", "-c", "a.c")
