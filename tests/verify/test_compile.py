from dataclasses import replace
from pathlib import Path

import pytest

from clew.link.program import Program
from clew.scan import scan_source
from clew.text.source import SourceText
from clew.verify.change import Change
from clew.verify.commands import Configuration, retarget
from clew.verify.compile import Trees, compare_configuration
from clew.verify.compile_check import CompileRequest, check_compile
from clew.verify.compile_command import CompileCommand
from clew.verify.diagnostics import parse_diagnostics

pytestmark = pytest.mark.compiler

HEADER = "int twice(int);\n"
SOURCE = '#include "h.h"\nstatic int unused_before;\nint twice(int x) { return 2 * x; }\n'
OTHER = "int other(void) { return 1; }\n"


def silent(_stage, _done, _total):
    pass


def compare_trees(before, after, commands):
    changed = {p.name for p in before.iterdir() if p.read_bytes() != (after / p.name).read_bytes()}
    trees = Trees(before, before, after, changed)
    configuration = Configuration("c", "db.json", tuple(commands))
    return compare_configuration(configuration, trees, jobs=2, fast=False, progress=silent)


@pytest.fixture
def trees(tmp_path):
    for name in ("before", "after"):
        tree = tmp_path / name
        tree.mkdir()
        (tree / "h.h").write_text(HEADER)
        (tree / "a.c").write_text(SOURCE)
        (tree / "b.c").write_text(OTHER)
    before = tmp_path / "before"
    commands = [
        CompileCommand(str(before), name, ("gcc", "-O1", f"-I{before}", "-c", name, "-o", name[0] + ".o"))
        for name in ("a.c", "b.c")
    ]
    return before, tmp_path / "after", commands


def test_equal_trees_need_no_compilation(trees):
    before, after, commands = trees
    comparison = compare_trees(before, after, commands)
    assert (comparison.total, comparison.units) == (2, ())


def test_only_units_that_include_a_changed_file_are_compiled(trees):
    before, after, commands = trees
    (after / "h.h").write_text("/* more */\n" + HEADER)
    comparison = compare_trees(before, after, commands)
    assert [result.unit.command.file for result in comparison.units] == ["a.c"]
    assert not comparison.new


def test_shifted_lines_are_not_new(trees):
    before, after, commands = trees
    (after / "a.c").write_text("\n\n\n" + SOURCE)
    comparison = compare_trees(before, after, commands)
    assert len(comparison.units[0].before) == 1
    assert not comparison.new
    assert not comparison.gone


@pytest.mark.parametrize(
    ("added", "flag"),
    [
        ("static int unused_after;\n", "-Wunused-variable"),
        ("static int never_called(void) { return 1; }\n", "-Wunused-function"),
        ("int call(void) { return missing(); }\n", "-Werror=implicit-function-declaration"),
        ("int call(int *p) { return twice(p); }\n", "-Werror=int-conversion"),
        ("long *call(int *p) { return p; }\n", "-Werror=incompatible-pointer-types"),
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
    for tree in (before, after):
        (tree / "a.c").write_text('#include "nowhere.h"\n')
    (after / "h.h").write_text("int changed;\n")
    comparison = compare_trees(before, after, commands)
    assert [(result.unit.command.file, result.unit.asked) for result in comparison.blocked] == [
        ("a.c", False)
    ]


def test_retarget_moves_whole_path_components_only():
    command = CompileCommand("/x/tree", "/x/tree/a.c", ("gcc", "-I/x/tree/inc", "-I/x/tree2", "/x/tree/a.c"))
    moved = retarget(command, Path("/x/tree"), Path("/y"))
    assert moved == CompileCommand("/y", "/y/a.c", ("gcc", "-I/y/inc", "-I/x/tree2", "/y/a.c"))


def test_retarget_leads_relative_names_of_an_outside_build_into_the_copy(tmp_path):
    tree, build = tmp_path / "tree", tmp_path / "build"
    command = CompileCommand(str(build), "../tree/a.c", ("gcc", "-I../tree/inc", "-I.", "-c", "../tree/a.c"))
    moved = retarget(command, tree, Path("/copy"))
    assert moved.arguments == ("gcc", "-I/copy/inc", "-I.", "-c", "/copy/a.c")


def test_diagnostics_name_files_relative_to_the_tree(tmp_path):
    text = "../lib/a.c:3:5: warning: unused variable 'x' [-Wunused-variable]\nnote: nothing\n"
    [found] = parse_diagnostics(text, tmp_path, tmp_path / "src")
    assert (found.file, found.kind, found.flag) == ("lib/a.c", "warning", "-Wunused-variable")


# ---- the check ---------------------------------------------------------------------------------------


def check(tree, scratch, texts, commands, *, done=False):
    """Verify the change of *tree* to *texts*."""
    sources = {p.name: SourceText.from_bytes(p.name, p.read_bytes()) for p in tree.iterdir()}
    after = sources | {name: SourceText(name, text) for name, text in texts.items()}
    change = Change.of_texts(sources, after)
    if done:
        for name, text in texts.items():
            (tree / name).write_text(text)
    change = Change(change.files, done)
    program = Program(sources, {name: scan_source(source) for name, source in sources.items()})
    scratch.mkdir()
    configurations = (Configuration("one", "db.json", tuple(commands)),)
    return check_compile(CompileRequest(tree, scratch, configurations, 2, fast=True), change, program, silent)


@pytest.mark.parametrize("done", [False, True])
def test_a_good_change_passes_and_the_tree_stays(trees, tmp_path, done):
    before, _, commands = trees
    verdict = check(before, tmp_path / "s", {"h.h": "/* more */\n" + HEADER}, commands, done=done)
    assert (verdict.status, verdict.figures["configurations"][0]["units"]) == ("passed", 1)
    assert list((tmp_path / "s").iterdir()) == []
    assert (before / "h.h").read_text() == ("/* more */\n" if done else "") + HEADER


def test_what_is_easily_mended_is_said(trees, tmp_path):
    before, _, commands = trees
    c90 = replace(commands[1], arguments=("gcc", "-Wdeclaration-after-statement", "-c", "b.c"))
    late = "int other(void) { other(); int late = 1; return late; }\n"
    verdict = check(before, tmp_path / "s", {"b.c": late}, [c90], done=False)
    assert verdict.evidence[1] == '  next: C90 wants declarations first: say `fetch = "entry"` for the state'
    (before / "b.c").write_text('#include "made.h"\n' + OTHER)
    verdict = check(
        before, tmp_path / "t", {"b.c": '#include "made.h"\n' + OTHER + "\n"}, commands, done=False
    )
    assert verdict.status == "not-run"
    assert "a file that the build makes is missing: build the tree first" in verdict.evidence[1]


@pytest.mark.parametrize("done", [False, True])
def test_a_new_diagnostic_is_listed_with_the_edit_that_caused_it(trees, tmp_path, done):
    before, _, commands = trees
    broken = SOURCE.replace("return", "twice(); return")
    verdict = check(before, tmp_path / "s", {"a.c": "\n" + broken}, commands, done=done)
    assert verdict.status == "failed"
    [new] = verdict.figures["configurations"][0]["new"]
    assert (new["file"], new["line"], new["kind"]) == ("a.c", 4, "error")
    assert new["cause"]["function"] == "twice"
    assert new["cause"]["line"] == 3
    assert new["cause"]["after"] == "int twice(int x) { twice(); return 2 * x; }"
    assert "    caused by the edit of a.c:3 in twice" in verdict.evidence


def test_a_prototype_that_was_changed_is_the_cause_of_what_no_longer_fits(trees, tmp_path):
    before, _, commands = trees
    verdict = check(before, tmp_path / "s", {"h.h": "int twice(int, int);\n"}, commands)
    causes = [new["cause"] for new in verdict.figures["configurations"][0]["new"]]
    assert [(cause["path"], cause["before"]) for cause in causes] == [("h.h", "int twice(int);")]


def test_what_does_not_compile_before_is_not_run(trees, tmp_path):
    before, _, commands = trees
    (before / "a.c").write_text('#include "nowhere.h"\n')
    verdict = check(before, tmp_path / "s", {"a.c": '#include "nowhere.h"\nint x;\n'}, commands)
    assert verdict.status == "not-run"
    assert any("nowhere.h: No such file" in line for line in verdict.evidence)


def test_a_compiler_that_is_not_there_is_not_run(trees, tmp_path):
    before, _, commands = trees
    commands = [CompileCommand(c.directory, c.file, ("no-such-cc", *c.arguments[1:])) for c in commands]
    verdict = check(before, tmp_path / "s", {"a.c": SOURCE + "int x;\n"}, commands)
    assert verdict.status == "not-run"
    assert any("cannot be started" in line for line in verdict.evidence)


def test_a_configuration_that_does_not_see_the_change_is_not_run(trees, tmp_path):
    before, _, commands = trees
    verdict = check(before, tmp_path / "s", {"a.c": SOURCE + "int x;\n"}, commands[1:])
    assert verdict.status == "not-run"


def test_no_change_needs_no_compiler(trees, tmp_path):
    assert check(trees[0], tmp_path / "s", {}, []).status == "passed"


def test_every_configuration_is_compiled(trees, tmp_path):
    before, _, commands = trees
    (before / "a.c").write_text(SOURCE + "#ifdef W\nint w(void) { return twice(1); }\n#endif\n")
    sources = {p.name: SourceText.from_bytes(p.name, p.read_bytes()) for p in before.iterdir()}
    text = sources["a.c"].text.replace("twice(1)", "twice(1, 2)")
    change = Change(Change.of_texts(sources, sources | {"a.c": SourceText("a.c", text)}).files)
    program = Program(sources, {name: scan_source(source) for name, source in sources.items()})
    other = CompileCommand(str(before), "a.c", ("gcc", "-DW", "-c", "a.c"))
    configurations = (Configuration("native", "1", tuple(commands)), Configuration("windows", "2", (other,)))
    request = CompileRequest(before, tmp_path / "s", configurations, 1, fast=True)
    verdict = check_compile(request, change, program, silent)
    assert [c["status"] for c in verdict.figures["configurations"]] == ["passed", "failed"]
    assert verdict.status == "failed"
