import compile_compare
import pytest

from clew.verify.commands import write_commands
from clew.verify.compile_command import CompileCommand


@pytest.fixture
def trees(tmp_path, gcc):
    for name in ("before", "after"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.c").write_text("int f(void) { return 1; }\n")
    before = tmp_path / "before"
    write_commands(tmp_path / "db.json", [CompileCommand(str(before), "a.c", (gcc, "-c", "a.c"))])
    return [str(before), str(tmp_path / "after"), "--commands", str(tmp_path / "db.json")]


def test_it_reports_through_its_exit_code(trees, tmp_path, capsys):
    assert compile_compare._main(trees) == 0
    (tmp_path / "after" / "a.c").write_text("static int unused_after;\n")
    capsys.readouterr()
    assert compile_compare._main([*trees, "--json"]) == 1
    assert "unused_after" in capsys.readouterr().out


def test_nothing_that_compiles_is_no_success(trees, tmp_path):
    (tmp_path / "before" / "a.c").write_text("broken\n")
    assert compile_compare._main(trees) == 2
