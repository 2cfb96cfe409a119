"""The hooks as the real pre-commit runs them, on a real repository.

The hooks' own entries are run as local hooks: to install clew into an environment of its own, pre-commit
needs the network.
"""

import os
import subprocess
import sys
from pathlib import Path

import pytest

yaml = pytest.importorskip("yaml")  # comes with pre-commit
MANIFEST = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"
PRE_COMMIT = [sys.executable, "-m", "pre_commit"]
MORE = "    session_get()->count = 0;\n    eggs(by);"


def hook(name):
    (found,) = [one for one in yaml.safe_load(MANIFEST.read_text()) if one["id"] == name]
    entry = found["entry"].replace("clew ", f"{sys.executable} -m clew ", 1)
    return found | {"entry": entry, "language": "system"}


@pytest.fixture
def repository(project, tmp_path, monkeypatch):
    monkeypatch.setenv("PRE_COMMIT_HOME", str(tmp_path / "pre-commit"))
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    return project


def install(project, name="clew-check"):
    config = {"repos": [{"repo": "local", "hooks": [hook(name)]}]}
    project.write(".pre-commit-config.yaml", yaml.safe_dump(config))
    project.commit("configure pre-commit")
    run(project, *PRE_COMMIT, "install")


def run(project, *command):
    done = subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr


def commit(project, *arguments):
    return run(project, "git", "commit", "-m", "change", *arguments)


def test_manifest_is_valid(repository):
    code, said = run(repository, *PRE_COMMIT, "validate-manifest", str(MANIFEST))
    assert (code, said) == (0, "")
    assert all(one["require_serial"] for one in yaml.safe_load(MANIFEST.read_text()))


def test_pass_and_fail(repository):
    install(repository)
    repository.edit("main.c", "return session->count;", "return session->count + by;")
    repository.git("add", "-A")
    code, said = commit(repository)
    assert code == 0, said
    assert "clew check" in said
    assert "Passed" in said
    repository.edit("main.c", "    eggs(by);", MORE)
    repository.git("add", "-A")
    code, said = commit(repository)
    assert code == 1
    assert "main.c:10:5: fetch: spam fetches session, which it has in hand as session" in said
    assert "count = 0" not in repository.git("show", "HEAD:main.c")


def test_what_is_not_staged_does_not_matter(repository):
    install(repository)
    repository.edit("main.c", "return session->count;", "return session->count + by;")
    repository.git("add", "-A")
    repository.edit("main.c", "    eggs(by);", MORE)
    code, said = commit(repository)
    assert code == 0, said
    assert "count = 0" in (repository.root / "main.c").read_text()


def test_commit_of_named_files_uses_their_own_index(repository):
    install(repository)
    repository.edit("main.c", "    eggs(by);", MORE)
    code, said = commit(repository, "--", "main.c")
    assert code == 1
    assert "main.c:10:5: fetch" in said


def test_fix_then_commit(repository):
    install(repository, "clew-check-fix")
    repository.edit("main.c", "    eggs(by);", MORE)
    repository.git("add", "-A")
    code, said = commit(repository)
    assert code == 1
    assert "fixed 1 of 1 fetches in 1 file; stage them and commit again" in said
    assert "files were modified by this hook" in said
    repository.git("add", "-A")
    code, said = commit(repository)
    assert code == 0, said
    assert "    session->count = 0;" in repository.git("show", "HEAD:main.c")


def test_merge_commit(repository):
    install(repository)
    repository.git("checkout", "-q", "-b", "topic")
    repository.edit("main.c", "    eggs(by);", MORE)
    repository.edit("main.c", "return spam(session_get(), 2);", "return spam(session_get(), 3);")
    repository.commit()
    repository.git("checkout", "-q", "main")
    repository.edit("main.c", "return spam(session_get(), 2);", "return spam(session_get(), 4);")
    repository.commit()
    code, _ = run(repository, "git", "merge", "-q", "topic")
    assert code == 1  # a conflict
    text = (repository.root / "main.c").read_text()
    start, end = text.index("<<<<<<<"), text.index(">>>>>>>")
    repository.write(
        "main.c", text[:start] + "    return spam(session_get(), 5);\n" + text[text.index("\n", end) + 1 :]
    )
    repository.git("add", "-A")
    code, said = commit(repository)
    assert code == 0, said
    assert "Passed" in said


def test_deleted_renamed_and_odd_names(repository):
    install(repository)
    repository.write("gone.c", '#include "state.h"\n')
    repository.commit()
    repository.git("rm", "-q", "gone.c")
    repository.git("mv", "main.c", "a file [1].c")
    code, said = commit(repository)
    assert code == 0, said
    repository.edit("a file [1].c", "    eggs(by);", MORE)
    repository.git("add", "-A")
    code, said = commit(repository)
    assert code == 1
    assert "a file [1].c:10:5: fetch" in said


def test_from_one_revision_to_another(repository):
    install(repository)
    repository.edit("main.c", "    eggs(by);", MORE)
    repository.commit()
    code, said = run(repository, *PRE_COMMIT, "run", "--from-ref", "HEAD~1", "--to-ref", "HEAD")
    assert code == 1
    assert "main.c:10:5: fetch" in said
    assert run(repository, *PRE_COMMIT, "run", "--all-files")[0] == 0  # known: it is in HEAD
