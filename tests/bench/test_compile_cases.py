import json

import compile_cases
import pytest
import replay_compile
from replay_clew import run_clew

BUILD = "set -e; for f in *.c; do echo gcc -c $f; gcc -c $f; done; gcc *.o -o engine"


@pytest.fixture
def run(tiny, tmp_path, capsys):
    """Runs the script on the tiny repository, with *build* and *more* options; returns code and result."""

    def make(build=BUILD, more=()):
        options = [*tiny(), "--work", str(tmp_path / "work"), "--build", f"tiny={build}", "--json", *more]
        code = compile_cases.main(options)
        [case] = json.loads(capsys.readouterr().out)
        return code, case

    return make


@pytest.mark.usefixtures("gcc")
def test_what_clew_makes_compiles_links_and_stays(run, tmp_path):
    code, case = run(more=["--link"])
    assert (code, case["changed"], case["units"], case["commands"], case["linked"]) == (0, 3, 2, 2, True)
    assert case["checked"] == {"unparsed": [], "findings": [], "again": []}
    assert (case["new"], case["trouble"]) == ([], "")
    assert not (tmp_path / "work" / "tiny-1").exists()


@pytest.mark.usefixtures("gcc")
def test_trees_that_are_kept_are_not_built_again(tiny, tmp_path):
    options = [*tiny(), "--work", str(tmp_path / "work"), "--keep"]
    assert compile_cases.main([*options, "--build", f"tiny={BUILD}"]) == 0
    home = tmp_path / "work" / "tiny-1"
    assert (home / "built" / "engine").exists()
    assert (home / "built" / "readme").read_text() == "no C file\n"
    assert compile_cases.main([*options, "--build", "tiny=false"]) == 0


@pytest.mark.usefixtures("gcc")
@pytest.mark.parametrize(
    ("broken", "found"),
    [
        (("effort(e, load)", "effort(load)"), {"new", "linked"}),
        (("return sum;", "return sum; }}"), {"new", "linked"}),
        (("int turn(", "static int turn("), {"new", "linked"}),
        (("return sum;", "unused: return sum;"), {"new"}),
    ],
)
def test_what_is_wrong_is_found(run, monkeypatch, broken, found):
    def run_and_break(case, mode, root):
        ran = run_clew(case, mode, root)
        path = root / "engine.c"
        path.write_text(path.read_text().replace(*broken))
        return ran

    monkeypatch.setattr(replay_compile, "run_clew", run_and_break)
    code, case = run(more=["--link"])
    assert code == 1
    assert {name for name, wrong in (("new", case["new"]), ("linked", not case["linked"])) if wrong} == found


@pytest.mark.usefixtures("gcc")
def test_a_parent_that_does_not_build_is_a_fault_that_is_shown(run):
    code, case = run(build="echo gcc -c engine.c; exit 3")
    assert code == 1
    assert "the build of the parent failed" in case["trouble"]


def test_a_repository_without_a_build_is_a_usage_error(tiny, tmp_path, capsys):
    with pytest.raises(SystemExit):
        compile_cases.main([*tiny(), "--work", str(tmp_path)])
    assert "--build tiny=COMMAND are required" in capsys.readouterr().err
