"""What is checked, and against which version."""

import json
import shutil

import jsonschema
import pytest

MORE = "    session_get()->count = 0;\n    eggs(by);"


def test_the_staged_text_counts_not_the_work_tree(project):
    project.edit("main.c", "    eggs(by);", MORE)
    assert project.found("--staged") == []
    project.git("add", "-A")
    project.git("checkout-index", "-q", "-f", "-a")
    project.edit("main.c", MORE, "    eggs(by);")
    assert project.found("--staged") == ["main.c:10 fetch"]
    assert project.found("--since", "HEAD") == []


def test_before_the_first_commit(project):
    shutil.rmtree(project.root / ".git")
    project.git("init", "-q")
    project.git("add", "-A")
    assert project.found("--staged") == ["main.c:5 fetch", "main.c:16 fetch"]


def test_since_means_where_the_branch_left(project):
    project.git("checkout", "-q", "-b", "topic")
    project.edit("main.c", "    eggs(by);", MORE)
    project.commit()
    project.git("checkout", "-q", "main")
    project.edit("main.c", "    return spam(session_get(), 2);", "    return 0;")
    project.commit()
    project.git("checkout", "-q", "topic")
    assert project.found("--since", "main") == ["main.c:10 fetch"]


def test_a_merge_has_two_bases(project):
    project.git("checkout", "-q", "-b", "topic")
    project.edit("main.c", "    eggs(by);", MORE)
    project.commit()
    project.git("checkout", "-q", "main")
    project.write("far.c", '#include "state.h"\nint far(void) { return session_get()->count; }\n')
    project.commit()
    project.git("merge", "-q", "--no-commit", "topic")
    assert project.found("--staged") == []
    project.edit("main.c", "int run(void)\n{", "int run(void)\n{\n    session_get()->count = 0;")
    project.git("add", "-A")
    assert project.found("--staged") == ["main.c:17 fetch"]


def test_renamed_and_deleted_files(project):
    project.git("mv", "main.c", "odd name [x].c")
    assert project.found("--staged") == []
    assert project.found("--since", "HEAD", "odd name [x].c") == []
    project.edit("odd name [x].c", "    eggs(by);", MORE)
    project.git("add", "-A")
    assert project.found("--staged") == ["odd name [x].c:10 fetch"]
    project.git("rm", "-q", "-f", "odd name [x].c")
    assert project.found("--staged") == []


def test_revisions_that_pre_commit_names(project, monkeypatch):
    project.edit("main.c", "    eggs(by);", MORE)
    project.commit()
    assert project.found("--staged") == []
    monkeypatch.setenv("PRE_COMMIT_FROM_REF", "HEAD~1")
    monkeypatch.setenv("PRE_COMMIT_TO_REF", "HEAD")
    assert project.found("--staged") == ["main.c:10 fetch"]


def test_a_root_below_the_top(project):
    (project.root / "sub").mkdir()
    for name in ("clew.toml", "main.c", "state.h"):
        project.git("mv", name, f"sub/{name}")
    project.commit()
    top, project.root = project.root, project.root / "sub"
    project.edit("main.c", "    eggs(by);", MORE)
    project.git("add", "-A")
    assert project.found("--staged") == ["sub/main.c:10 fetch"]
    assert project.found("--since", "HEAD", str(top / "sub/main.c")) == ["sub/main.c:10 fetch"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--since", "nosuch"), "no revision 'nosuch' in this repository"),
        (("nosuch.c",), "nosuch.c: there is no such file"),
        (("--since", "--help"), "no revision '--help'"),
    ],
)
def test_bad_input(project, arguments, message):
    code, out, err = project.check(*arguments)
    assert (code, out) == (2, "")
    assert message in err


def test_without_a_repository(project):
    shutil.rmtree(project.root / ".git")
    code, _, err = project.check("--staged")
    assert code == 2
    assert "is not in a git repository" in err
    assert project.found() == ["main.c:5 fetch", "main.c:16 fetch"]


def test_what_is_no_file_of_the_program_is_said(project):
    project.write("notes.txt", "session_get()\n")
    code, out, err = project.check("notes.txt")
    assert (code, out) == (0, "")
    assert "not checked, since clew.toml does not count them to the program: notes.txt" in err


def test_generated_files_are_left_out(project):
    project.write("clew.toml", 'generated = ["main.c"]\n' + (project.root / "clew.toml").read_text())
    assert project.found() == []


def test_json(project):
    _, out, _ = project.check("--format", "json", "main.c")
    data = json.loads(out)
    assert data["totals"] == {"new": 2, "known": 0, "allowed": 0, "files": 1}
    assert data["findings"][0] == {
        "code": "fetch",
        "state": "session",
        "path": "main.c",
        "line": 5,
        "column": 5,
        "function": "eggs",
        "what": "session_get()",
        "message": "eggs fetches session implicitly, although a caller has it in hand",
        "source": "    session_get()->count += by;",
        "evidence": [{"path": "main.c", "line": 8, "message": "spam has it in hand as session"}],
    }


def test_sarif(project, sarif_schema):
    project.edit(
        "main.c", "    session_get()->count += by;", "    /* \u00e9\u00fc */ session_get()->count += by;"
    )
    _, out, _ = project.check("--format", "sarif")
    jsonschema.Draft7Validator(sarif_schema).validate(json.loads(out))
    (run,) = json.loads(out)["runs"]
    first, second = run["results"]
    place = first["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "main.c"
    assert place["region"] == {"startLine": 5, "startColumn": 14, "endColumn": 27}
    assert first["partialFingerprints"] != second["partialFingerprints"]
    assert run["tool"]["driver"]["rules"][first["ruleIndex"]]["id"] == "fetch"


def test_sarif_within_the_limits(project, monkeypatch):
    monkeypatch.setattr("clew.report.check_sarif.MOST_RESULTS", 1)
    _, out, _ = project.check("--format", "sarif")
    (run,) = json.loads(out)["runs"]
    assert len(run["results"]) == 1
    (notice,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notice["message"]["text"].startswith("1 results were left out")


def test_annotations_escape(project):
    project.git("mv", "main.c", "a,b:c.c")
    _, out, _ = project.check("--format", "github")
    assert out.startswith("::error file=a%2Cb%3Ac.c,line=5,col=5,endColumn=18,title=clew%3A A new")
    assert "in hand%0Aa,b:c.c:8: spam has it" in out
