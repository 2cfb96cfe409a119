"""``clew report`` over a real tree."""

import json
import subprocess
from importlib.resources import files

import jsonschema
import pytest

from clew.cli.main import main

CONFIG = """\
[[state]]
name = "ts"
type = "struct T *"
names = ["ts"]
accessors = ["GET()"]
"""
SOURCE = b"""\
struct T { int n; };
struct T *GET(void);
/* \xe9 */
static int f(void) { return GET()->n; }\r
int main(void) { return f(); }
"""


@pytest.fixture
def root(tmp_path, monkeypatch):
    (tmp_path / "clew.toml").write_text(CONFIG)
    (tmp_path / "a b.c").write_bytes(SOURCE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("form", "start"),
    [
        ("html", b"<!DOCTYPE html>"),
        ("markdown", b"## 1 function takes `struct T *`"),
        ("sarif", b'{\n "$schema"'),
        ("json", b'{\n "format": "clew-report"'),
        ("diff", b"--- a/a b.c\t\n+++ b/a b.c\t\n"),
    ],
)
def test_every_form_is_written(root, form, start, capfdbinary):
    assert main(["report", "--format", form, "-q"]) == 0
    printed = capfdbinary.readouterr().out
    assert printed.startswith(start)
    assert main(["report", "--format", form, "-o", "out"]) == 0
    assert (root / "out").read_bytes() == printed
    assert (root / "a b.c").read_bytes() == SOURCE


def test_git_takes_the_diff(root):
    main(["report", "--format", "diff", "-q", "-o", "change.patch"])
    subprocess.run(["git", "init", "-q"], check=True)
    subprocess.run(["git", "apply", "change.patch"], check=True)
    assert (root / "a b.c").read_bytes() == SOURCE.replace(b"f(void)", b"f(struct T *ts)").replace(
        b"return GET()", b"return ts"
    ).replace(b"main(void) { return f()", b"main(void) { struct T *ts = GET(); return f(ts)")


def test_a_report_names_the_command_that_makes_the_change(root):
    main(["report", "--format", "json", "-q", "-o", "r.json", "--linkage", "internal"])
    assert json.loads((root / "r.json").read_text())["command"] == (
        "clew rewrite --state ts --linkage internal --write"
    )


def test_a_plan_and_verdicts_are_taken_in(root):
    main(["plan", "-q", "-o", "plan.json"])
    plan = json.loads((root / "plan.json").read_text())
    plan["functions"][0]["decision"] = "pin"
    (root / "plan.json").write_text(json.dumps(plan))
    (root / "v.json").write_text(
        '{"state": "ts", "checks": [{"check": "compile", "status": "passed", "summary": "one file"}]}'
    )
    main(["report", "--format", "json", "-q", "-o", "r.json", "--plan", "plan.json", "--verdicts", "v.json"])
    report = json.loads((root / "r.json").read_text())
    assert report["summary"]["threaded"] == 0
    assert report["verdicts"] == [{"check": "compile", "status": "passed", "evidence": "one file"}]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--verdicts", "missing.json"], "missing.json: cannot be read"),
        (["--verdicts", "a b.c"], "a b.c: cannot be read: not valid UTF-8"),
        (["-o", "no/such/folder.html"], "no/such/folder.html: cannot be written"),
        (["--format", "pdf"], "'pdf' is not one of"),
    ],
)
@pytest.mark.usefixtures("root")
def test_bad_input_is_an_error(arguments, message, capsys):
    assert main(["report", *arguments]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.usefixtures("root")
def test_a_page_is_not_thrown_at_a_terminal(monkeypatch, capsys):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert main(["report"]) == 2
    assert "name a file with --output" in capsys.readouterr().err


# ---- audit and graph -------------------------------------------------------------------------------


def test_an_audit_as_a_page_and_against_an_earlier_one(root, capsys):
    assert main(["audit", "-q", "--format", "json", "-o", "before.json"]) == 1
    (root / "new.c").write_text("struct T *GET(void);\nint g(void) { return GET() != 0; }\n")
    assert main(["audit", "-q", "--before", "before.json"]) == 1
    assert "0 of 2 files clean (+0), +1 fetches since the earlier audit\n" in capsys.readouterr().out
    assert main(["audit", "-q", "--before", "before.json", "--format", "html", "-o", "audit.html"]) == 1
    assert "0 of 2 files are clean" in (root / "audit.html").read_text()


@pytest.mark.usefixtures("root")
def test_an_audit_against_nothing(capsys):
    assert main(["audit", "--before", "missing.json"]) == 2
    assert "missing.json: cannot be read" in capsys.readouterr().err


def test_an_audit_in_a_file_has_no_colours(root, monkeypatch):
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    main(["audit", "-q", "-o", "audit.txt"])
    assert "\x1b" not in (root / "audit.txt").read_text()


@pytest.mark.parametrize(
    ("form", "start"), [("dot", "digraph"), ("graphml", "<?xml"), ("json", "{"), ("svg", "<svg")]
)
def test_a_graph_in_a_file(root, form, start, capsys):
    assert main(["graph", "-q", "--format", form]) == 0
    printed = capsys.readouterr().out
    assert main(["graph", "-q", "--format", form, "-o", "graph"]) == 0
    assert (root / "graph").read_text() == printed
    assert printed.startswith(start)


def test_the_bindings_that_follow_are_shown(root):
    """Python files are not of the program; what changes in them is part of the change all the same."""
    settings = CONFIG + '[state.bindings]\nargument = "state"\n'
    (root / "clew.toml").write_text(settings)
    (root / "a b.c").write_bytes(SOURCE.replace(b"static int f", b"int f"))
    head = "import ctypes\nlib = ctypes.CDLL('x')\nlib.f.argtypes = []\n\n\n"
    (root / "calls.py").write_text(f"{head}def call(state):\n    return lib.f()\n")
    asked = ["report", "--linkage", "any", "--bindings", "*.py", "-q"]
    for form, said in (
        ("html", b"calls.py"),
        ("markdown", b"`calls.py`"),
        ("diff", b"+    return lib.f(state)"),
    ):
        assert main([*asked, "--format", form, "-o", "out"]) == 0
        assert said in (root / "out").read_bytes()
    assert main([*asked, "--format", "json", "-o", "out"]) == 0
    report = json.loads((root / "out").read_text())
    schema = json.loads(files("clew.report").joinpath("schemas", "report-1.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(report)
    assert "calls.py" in {change["path"] for change in report["changes"]}
    assert "--bindings '*.py' --write" in (root / "out").read_text()
