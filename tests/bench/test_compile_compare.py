from pathlib import Path

import compile_compare
import pytest
from compile_compare import compare_trees, parse_diagnostics, retarget
from make_commands import CompileCommand, write_commands

HEADER = "int twice(int);\n"
SOURCE = '#include "h.h"\nstatic int unused_before;\nint twice(int x) { return 2 * x; }\n'
OTHER = "int other(void) { return 1; }\n"


@pytest.fixture
def trees(tmp_path, gcc):
    for name in ("before", "after"):
        tree = tmp_path / name
        tree.mkdir()
        (tree / "h.h").write_text(HEADER)
        (tree / "a.c").write_text(SOURCE)
        (tree / "b.c").write_text(OTHER)
    before = tmp_path / "before"
    commands = [
        CompileCommand(str(before), name, (gcc, "-O1", f"-I{before}", "-c", name, "-o", name[0] + ".o"))
        for name in ("a.c", "b.c")
    ]
    return before, tmp_path / "after", commands


def test_equal_trees_need_no_compilation(trees):
    before, after, commands = trees
    comparison = compare_trees(before, after, commands)
    assert (comparison.total, comparison.units, comparison.unreadable) == (2, (), ())


def test_only_units_that_include_a_changed_file_are_compiled(trees):
    before, after, commands = trees
    (after / "h.h").write_text("/* more */\n" + HEADER)
    comparison = compare_trees(before, after, commands)
    assert [unit.command.file for unit in comparison.units] == ["a.c"]
    assert not comparison.new


def test_shifted_lines_are_not_new(trees):
    before, after, commands = trees
    (after / "a.c").write_text("\n\n\n" + SOURCE)
    comparison = compare_trees(before, after, commands)
    assert sum(comparison.units[0].before.values()) == 1
    assert not comparison.new
    assert not comparison.gone


@pytest.mark.parametrize(
    ("added", "flag"),
    [
        ("static int unused_after;\n", "-Wunused-variable"),
        ("static int never_called(void) { return 1; }\n", "-Wunused-function"),
        ("int call(void) { return missing(); }\n", "-Wimplicit-function-declaration"),
        ("int call(int *p) { return twice(p); }\n", "-Wint-conversion"),
        ("long *call(int *p) { return p; }\n", "-Wincompatible-pointer-types"),
        ("int call(void) { return twice(1, 2); }\n", ""),
        ("int call(void) { return gone; }\n", ""),
    ],
)
def test_what_a_wrong_edit_causes_is_new(trees, added, flag):
    before, after, commands = trees
    (after / "a.c").write_text(SOURCE + added)
    comparison = compare_trees(before, after, commands)
    assert flag in {diagnostic.flag for diagnostic in comparison.new}
    assert {diagnostic.file for diagnostic in comparison.new} == {"a.c"}


def test_a_second_warning_of_the_same_words_is_new(trees):
    before, after, commands = trees
    (after / "a.c").write_text(
        SOURCE + "int f(void) { int x; return 0; }\nint g(void) { int x; return 0; }\n"
    )
    (before / "a.c").write_text(SOURCE + "int f(void) { int x; return 0; }\nint g(void) { return 0; }\n")
    comparison = compare_trees(before, after, commands)
    assert [(d.message, n) for d, n in comparison.new.items()] == [("unused variable 'x'", 1)]


def test_a_warning_that_went_away_is_gone_not_new(trees):
    before, after, commands = trees
    (after / "a.c").write_text(SOURCE.replace("static int unused_before;", ""))
    comparison = compare_trees(before, after, commands)
    assert len(comparison.gone) == 1
    assert not comparison.new


def test_the_after_tree_is_compiled_with_its_own_headers(trees):
    before, after, commands = trees
    (after / "h.h").write_text("int twice(int, int);\n")
    comparison = compare_trees(before, after, commands)
    assert any("conflicting types" in diagnostic.message for diagnostic in comparison.new)


def test_a_unit_whose_includes_are_missing_is_reported(trees):
    before, after, commands = trees
    (before / "a.c").write_text('#include "nowhere.h"\n')
    assert compare_trees(before, after, commands).unreadable == ("a.c",)


def test_retarget_moves_whole_path_components_only():
    command = CompileCommand("/x/tree", "/x/tree/a.c", ("gcc", "-I/x/tree/inc", "-I/x/tree2", "/x/tree/a.c"))
    moved = retarget(command, Path("/x/tree"), Path("/y"))
    assert moved == CompileCommand("/y", "/y/a.c", ("gcc", "-I/y/inc", "-I/x/tree2", "/y/a.c"))


def test_diagnostics_name_files_relative_to_the_tree(tmp_path):
    text = "../lib/a.c:3:5: warning: unused variable 'x' [-Wunused-variable]\nnote: nothing\n"
    [found] = parse_diagnostics(text, tmp_path, tmp_path / "src")
    assert (found.file, found.kind, found.flag) == ("lib/a.c", "warning", "-Wunused-variable")


def test_command_line_reports_through_its_exit_code(trees, tmp_path, capsys):
    before, after, commands = trees
    write_commands(tmp_path / "db.json", commands)
    argv = [str(before), str(after), "--commands", str(tmp_path / "db.json")]
    assert compile_compare._main(argv) == 0
    (after / "a.c").write_text(SOURCE + "static int unused_after;\n")
    capsys.readouterr()
    assert compile_compare._main([*argv, "--json"]) == 1
    assert "unused_after" in capsys.readouterr().out
