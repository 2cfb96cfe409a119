"""The commands over a small library of our own: what they read, write, print and return."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, replace
from types import SimpleNamespace

import pytest

from clew.cli import main as main_module
from clew.cli import stages
from clew.cli.main import main
from clew.plan.model import FetchDecision, Place, Plan, Refusal, ThreadedFunction
from clew.plan.serialise import write_plan
from clew.report.audit import Audit, AuditFetch
from clew.text.edit import Edit
from clew.text.reader import read_tree
from clew.text.span import Span
from clew.text.writer import digest

CONFIG = """\
[[state]]
name = "ts"
type = "T *"
names = ["ts"]
accessors = ["GET()"]
"""
SECOND_STATE = CONFIG.replace('"ts"\n', '"other"\n', 1)
SOURCE = b"/* \xe9 */\r\nvoid f(void) { g(GET()); }\r\n"
CHANGED = SOURCE.replace(b"GET()", b"ts").replace(b"(void)", b"(T *ts)")


@dataclass
class FakeLibrary:
    """Replaces every `GET()` by `ts`; remembers how it was called."""

    refusals: tuple[Refusal, ...] = ()
    twins: bool = False
    scope: object = None
    constraints: object = None

    def open_tree(self, root, settings, scope, progress=None, store=None, executor=None, jobs=1):
        del progress, store, executor, jobs
        self.scope = scope
        return SimpleNamespace(sources={s.path: s for s in read_tree(root, settings.include).sources})

    def audit(self, tree, state, progress, *, twins):
        del progress
        self.twins = twins
        fetches = tuple(
            AuditFetch(Place(path, source.text.index("GET()"), 2, 18), "f", "GET()")
            for path, source in tree.sources.items()
            if "GET()" in source.text
        )
        return Audit(state, fetches, (), (), 1, len(tree.sources))

    def make_plan(self, tree, state, constraints=None, progress=None):
        del progress
        self.constraints = constraints
        files = {p: digest(s.to_bytes()) for p, s in tree.sources.items() if "GET()" in s.text}
        threaded = tuple(ThreadedFunction("f", path, 2, "ts", 0, 0, ("f",)) for path in files)
        fetches = tuple(FetchDecision(Place(p, 0, 1, 1), "f", "GET()", "rewritten", "") for p in files)
        return Plan(state, {}, files, threaded, (), (), fetches, (), self.refusals)

    def rewrite(self, tree, plan, bindings):
        assert bindings == ()
        edits = {}
        for path in plan.files:
            text = tree.sources[path].text
            fetch, void = text.index("GET()"), text.index("void)")
            edits[path] = [
                Edit(Span(fetch, fetch + 5), "ts", "reuse"),
                Edit(Span(void, void + 4), "T *ts", "thread"),
            ]
        return SimpleNamespace(plan=plan, edits=edits, sources=tree.sources, refused=())

    def graph(self, tree, state, form):
        return f"{form} of {state}: {sorted(tree.sources)}\n"


@pytest.fixture
def library(monkeypatch):
    fake = FakeLibrary()
    monkeypatch.setattr(stages, "load_stages", lambda: fake)
    return fake


@pytest.fixture
def tree(tmp_path, monkeypatch):
    root = tmp_path / "tree"
    (root / "sub").mkdir(parents=True)
    (root / "clew.toml").write_text(CONFIG)
    (root / "a.c").write_bytes(SOURCE)
    (root / "sub" / "b.c").write_bytes(b"int x;\n")
    monkeypatch.chdir(root)
    return root


def files(root):
    return {
        str(p.relative_to(root)): p.read_bytes()
        for p in root.rglob("*")
        if p.is_file() and ".git" not in p.parts
    }


# ---- audit, graph, plan ----------------------------------------------------------------------------


@pytest.mark.usefixtures("tree", "library")
def test_audit_reports_findings(capsys):
    assert main(["audit"]) == 1
    assert "2:18  GET() in f" in capsys.readouterr().out


@pytest.mark.usefixtures("tree")
def test_audit_asks_for_twins_where_it_is_told_to(library):
    main(["audit"])
    assert library.twins is False
    main(["audit", "--twins"])
    assert library.twins is True


@pytest.mark.usefixtures("library")
def test_audit_of_a_clean_tree(tree, capsys):
    (tree / "a.c").write_text("int y;\n")
    assert main(["audit"]) == 0
    assert "0 fetches" in capsys.readouterr().out


@pytest.mark.usefixtures("library")
def test_audit_covers_all_states(tree, capsys):
    (tree / "clew.toml").write_text(CONFIG + SECOND_STATE)
    main(["audit", "--format", "json"])
    assert [audit["state"] for audit in json.loads(capsys.readouterr().out)["audits"]] == ["ts", "other"]


@pytest.mark.usefixtures("tree")
def test_options_become_the_scope(library):
    main(["audit", "--function", "f", "--function", "g", "--linkage", "any", "--depth", "2", "sub", "*.c"])
    assert library.scope.paths == ("sub", "*.c")
    assert library.scope.functions == ("f", "g")
    assert (library.scope.linkage, library.scope.depth) == ("any", 2)


def test_paths_are_meant_as_seen_from_here(tree, library, monkeypatch):
    monkeypatch.chdir(tree / "sub")
    main(["audit", "--root", "..", "b.c"])
    assert library.scope.paths == ("sub/b.c",)


@pytest.mark.usefixtures("tree", "library")
def test_graph(capsys):
    assert main(["graph", "--format", "json"]) == 0
    assert capsys.readouterr().out == "json of ts: ['a.c', 'sub/b.c']\n"


@pytest.mark.usefixtures("library")
def test_plan_as_text_and_as_file(tree, capsys):
    assert main(["plan", "-o", "plan.json"]) == 1
    captured = capsys.readouterr()
    assert "a.c:2: f: fetches; 0 calls" in captured.out
    assert "next: clew rewrite --plan plan.json" in captured.err
    assert json.loads((tree / "plan.json").read_text())["state"] == "ts"


@pytest.mark.usefixtures("tree", "library")
def test_plan_as_json(capsys):
    main(["plan", "--format", "json"])
    assert json.loads(capsys.readouterr().out)["functions"][0]["name"] == "f"


@pytest.mark.usefixtures("library")
def test_a_plan_with_nothing_to_do(tree):
    (tree / "a.c").write_text("int y;\n")
    assert main(["plan", "--quiet"]) == 0


# ---- rewrite ---------------------------------------------------------------------------------------


@pytest.mark.usefixtures("library")
def test_a_dry_run_prints_a_patch_and_writes_nothing(tree, capfdbinary):
    before = files(tree)
    assert main(["rewrite"]) == 1
    captured = capfdbinary.readouterr()
    assert captured.out.startswith(b"--- a/a.c\n+++ b/a.c\n@@ -1,2 +1,2 @@\n /* \xe9 */\r\n-void f(void)")
    assert b"nothing was written\nnext: clew rewrite --state ts --write\n" in captured.err
    assert files(tree) == before
    subprocess.run(["git", "apply"], input=captured.out, check=True)
    assert (tree / "a.c").read_bytes() == CHANGED


@pytest.mark.usefixtures("library")
def test_write_changes_files_and_leaves_an_undo_patch(tree, capsys):
    before = files(tree)
    assert main(["rewrite", "--write"]) == 0
    assert (tree / "a.c").read_bytes() == CHANGED
    undo = tree / ".clew" / "undo-1.patch"
    assert f"apply -R {undo}" in capsys.readouterr().err
    subprocess.run(["git", "apply", "-R", undo], check=True)
    assert {path: data for path, data in files(tree).items() if ".clew" not in path} == before


@pytest.mark.usefixtures("library")
def test_undo_patches_are_numbered_and_hidden_from_git(tree):
    main(["rewrite", "--write", "-q"])
    (tree / "a.c").write_bytes(SOURCE)
    main(["rewrite", "--write", "-q"])
    assert sorted(p.name for p in (tree / ".clew").iterdir()) == [
        ".gitignore",
        "undo-1.patch",
        "undo-2.patch",
    ]
    assert (tree / ".clew" / ".gitignore").read_text() == "*\n"


@pytest.mark.usefixtures("library")
def test_undo_goes_where_it_is_told(tree, tmp_path):
    assert main(["rewrite", "--write", "--undo", str(tmp_path / "back.patch")]) == 0
    assert (tmp_path / "back.patch").read_bytes().startswith(b"--- a/a.c")
    assert not (tree / ".clew").exists()


def test_refusals_are_findings_even_when_written(tree, library):
    library.refusals = (Refusal("state-change", Place("a.c", 0, 1, 1), "f", "it swaps"),)
    assert main(["rewrite", "--write"]) == 1
    assert (tree / "a.c").read_bytes() == CHANGED


@pytest.mark.usefixtures("tree", "library")
def test_a_second_run_changes_nothing(capfd):
    main(["rewrite", "--write"])
    capfd.readouterr()
    assert main(["rewrite"]) == 0
    assert capfd.readouterr().out == ""


@pytest.mark.usefixtures("tree", "library")
def test_rewrite_as_json(capsys):
    assert main(["rewrite", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["written"] is False
    assert report["edits"]["a.c"][0] == {
        "start": SOURCE.index(b"GET()"),
        "end": SOURCE.index(b"GET()") + 5,
        "line": 2,
        "column": 18,
        "old": "GET()",
        "new": "ts",
        "rule": "reuse",
        "note": "",
    }


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.usefixtures("library")
def test_a_dirty_work_tree_is_refused_unless_told(tree, capsys):
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *command], check=True)
    (tree / "sub" / "b.c").write_text("int changed;\n")
    assert main(["rewrite", "--write"]) == 2
    error = capsys.readouterr().err
    assert "the work tree has changes: sub/b.c" in error
    assert "--allow-dirty" in error
    assert (tree / "a.c").read_bytes() == SOURCE
    assert main(["rewrite", "--write", "--allow-dirty"]) == 0
    assert (tree / "a.c").read_bytes() == CHANGED


def test_an_edited_plan_is_handed_on(tree, library):
    main(["plan", "-o", "plan.json", "-q"])
    text = (tree / "plan.json").read_text()
    (tree / "plan.json").write_text(text.replace('"decision": "thread"', '"decision": "pin"'))
    main(["rewrite", "--plan", "plan.json"])
    assert library.constraints.functions[0].decision == "pin"


@pytest.mark.usefixtures("library")
def test_a_plan_chooses_its_state(tree):
    main(["plan", "-o", "plan.json", "-q"])
    (tree / "clew.toml").write_text(CONFIG + SECOND_STATE)
    assert main(["rewrite", "--plan", "plan.json"]) == 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda plan: replace(plan, state="other"), "no state 'other'"),
        (lambda plan: replace(plan, files={"gone.c": "00"}), "changes gone.c, which is not in the tree"),
        (lambda plan: replace(plan, files={"a.c": "00"}), "a.c has changed since the plan was made"),
    ],
)
def test_a_plan_for_something_else_is_refused(tree, library, capsys, change, message):
    plan = library.make_plan(library.open_tree(tree, SimpleNamespace(include=["**/*.c"]), None), "ts")
    (tree / "plan.json").write_text(write_plan(change(plan)))
    assert main(["rewrite", "--plan", "plan.json"]) == 2
    assert message in capsys.readouterr().err


@pytest.mark.usefixtures("library")
def test_a_plan_for_another_state_than_asked_for_is_refused(tree, capsys):
    main(["plan", "-o", "plan.json", "-q"])
    (tree / "clew.toml").write_text(CONFIG + SECOND_STATE)
    assert main(["rewrite", "--plan", "plan.json", "--state", "other"]) == 2
    assert "this plan is for the state 'ts', not 'other'" in capsys.readouterr().err


# ---- init ------------------------------------------------------------------------------------------


def test_init_writes_settings_and_never_overwrites(tmp_path, capsys):
    (tmp_path / "git-compat-util.h").write_text("")
    (tmp_path / "repository.h").write_text("extern struct repository *the_repository;")
    assert main(["init", "--root", str(tmp_path)]) == 0
    assert 'profile = "git"' in (tmp_path / "clew.toml").read_text()
    assert "from the profile git" in capsys.readouterr().err
    assert main(["init", "--root", str(tmp_path)]) == 2
    assert "is not overwritten" in capsys.readouterr().err


def test_init_of_an_unknown_tree_gives_guidance(tmp_path, capsys):
    assert main(["init", "--root", str(tmp_path)]) == 0
    assert "no profile fits" in capsys.readouterr().err
    assert "uncomment the [[state]]" in (tmp_path / "clew.toml").read_text()


def test_init_offers_what_may_be_the_state(tmp_path, capsys):
    users = "".join(f"int f{n}(void) {{ return session->n; }}\n" for n in range(3))
    (tmp_path / "main.c").write_text(f"struct session {{ int n; }} *session;\n{users}")
    assert main(["init", "--root", str(tmp_path)]) == 0
    err = capsys.readouterr().err
    assert "session, struct session *  main.c:1: used in 3 functions of 1 file" in err
    (tmp_path / "clew.toml").unlink()
    assert main(["init", "--root", str(tmp_path), "--accessor", "sesion"]) == 2
    assert "'session'" in capsys.readouterr().err
    assert main(["init", "--root", str(tmp_path), "--accessor", "session", "-q"]) == 0
    assert main(["audit", "--root", str(tmp_path)]) == 1
    assert "3 fetches in 3 functions" in capsys.readouterr().out


def test_init_with_a_chosen_profile(tmp_path):
    assert main(["init", "--root", str(tmp_path), "--profile", "vim", "-q"]) == 0
    assert 'profile = "vim"' in (tmp_path / "clew.toml").read_text()


# ---- errors ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["audt"], "No such command 'audt'"),
        (["audit", "--depth", "-1"], "--depth"),
        (["audit", "--root", "missing"], "missing"),
        (["audit", "--config", "missing.toml"], "there is no settings file"),
        (["audit", "--state", "tss"], "no state 'tss'"),
        (["audit", "/no/such/file.c"], "there is no such file"),
        (["audit", ".."], "this is not below the root"),
        (["audit", "typo.c"], "no source file matches"),
        (["audit", "sub/../../x/*.c"], "no source file matches"),
        (["rewrite", "--plan", "missing.json"], "cannot be read"),
        (["rewrite", "--plan", "a.c"], "not valid UTF-8"),
        (["rewrite", "--plan", "clew.toml"], "not valid JSON"),
        (["plan", "-o", "missing/plan.json"], "cannot be written"),
    ],
)
@pytest.mark.usefixtures("tree", "library")
def test_wrong_usage_is_2_and_says_why(capsys, arguments, message):
    assert main(arguments) == 2
    captured = capsys.readouterr()
    assert message in captured.err
    assert captured.out == ""


@pytest.mark.usefixtures("library")
def test_a_choice_of_states_has_to_be_made(tree, capsys):
    (tree / "clew.toml").write_text(CONFIG + SECOND_STATE)
    assert main(["plan"]) == 2
    assert "there are 2 states: ts, other\nnext: choose one with --state" in capsys.readouterr().err


@pytest.mark.usefixtures("library")
def test_a_tree_without_sources_is_not_clean(tree, capsys):
    for path in ("a.c", "sub/b.c"):
        (tree / path).unlink()
    assert main(["audit"]) == 2
    assert "no source file was found" in capsys.readouterr().err


@pytest.mark.usefixtures("library")
def test_a_fault_in_the_settings_is_shown_with_a_caret(tree, capsys):
    (tree / "clew.toml").write_text("colums = 3\n" + CONFIG)
    assert main(["audit"]) == 2
    assert capsys.readouterr().err == (
        "error: clew.toml:1:1: unknown key 'colums'\n"
        "  1 | colums = 3\n"
        "    | ^^^^^^\n"
        "next: did you mean 'columns'?\n"
    )


@pytest.mark.usefixtures("tree")
def test_a_bug_is_3_and_asks_for_a_report(library, capsys, monkeypatch):
    def fail(_tree, _state, _progress, **_asked):
        raise IndexError("list index out of range")

    monkeypatch.setattr(library, "audit", fail)
    assert main(["audit"]) == 3
    error = capsys.readouterr().err
    assert "Traceback" in error
    assert "internal error: IndexError: list index out of range" in error
    assert "Please report it" in error


@pytest.mark.usefixtures("tree")
def test_an_interrupt(library, capsys, monkeypatch):
    def interrupt(_tree, _state, _progress, **_asked):
        raise KeyboardInterrupt

    monkeypatch.setattr(library, "audit", interrupt)
    assert main(["audit"]) == 130
    assert capsys.readouterr().err.strip() == "interrupted"


# ---- the process -----------------------------------------------------------------------------------


def clew(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "clew", *arguments], capture_output=True, check=False, **options
    )


def test_version_is_fast_and_loads_no_stage():
    program = (
        "import sys; from clew.cli.main import main; code = main(['--version']); "
        "loaded = {name for name in sys.modules if name.split('.')[0] in"
        " ('pycparser', 'networkx', 'libcst', 'rich') or name.startswith(('clew.config', 'clew.report'))}; "
        "sys.exit(str(loaded) if loaded else code)"
    )
    result = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert (result.returncode, result.stderr) == (0, b"")
    assert result.stdout.startswith(b"clew 0.")


def test_help_lists_every_command():
    result = clew("--help")
    assert result.returncode == 0
    for name in main_module.COMMANDS:
        assert f"\n  {name} ".encode() in result.stdout


@pytest.mark.parametrize("name", main_module.COMMANDS)
def test_every_command_explains_itself(name, capsys):
    assert main([name, "--help"]) == 0
    shown = capsys.readouterr().out
    assert "--help" in shown
    assert "--root" in shown or name in ("schema", "completion")


def test_a_closed_pipe_is_no_bug():
    process = subprocess.Popen(
        [sys.executable, "-c", "import sys\nfrom clew.cli.main import main\nsys.exit(main(['--help']))"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()
    error = process.stderr.read()
    process.stderr.close()
    assert process.wait() == 141
    assert error == b""


def test_a_terminal_shows_what_it_can(tmp_path):
    folder = tmp_path / "\u03bb"
    folder.mkdir()
    result = clew("init", "--root", str(folder), env=os.environ | {"PYTHONIOENCODING": "latin-1"})
    assert result.returncode == 0
    assert b"\\u03bb" in result.stderr
