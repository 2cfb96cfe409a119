import os
import shutil
import subprocess

import pytest

from clew.errors import WorktreeError
from clew.verify.worktree import Worktree, inspect_worktree, require_clean

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(root, *arguments):
    identity = {"GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_NAME": "a"}
    environment = os.environ | identity | {"GIT_COMMITTER_EMAIL": "a@b", "GIT_CONFIG_GLOBAL": os.devnull}
    subprocess.run(["git", "-C", root, *arguments], check=True, capture_output=True, env=environment)


@pytest.fixture
def repository(tmp_path):
    (tmp_path / "sub").mkdir()
    for path in ("a.c", "sub/b.c"):
        (tmp_path / path).write_text("int x;\n")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-qm", "start")
    return tmp_path


def test_clean(repository):
    assert inspect_worktree(repository) == Worktree(versioned=True)
    require_clean(repository, frozenset({"a.c"}))


def test_no_repository(tmp_path):
    assert inspect_worktree(tmp_path) == Worktree(versioned=False)
    require_clean(tmp_path, frozenset({"a.c"}))


@pytest.mark.parametrize("staged", [True, False])
def test_a_changed_file_is_named(repository, staged):
    (repository / "a.c").write_text("int y;\n")
    if staged:
        git(repository, "add", "a.c")
    assert inspect_worktree(repository).dirty == ("a.c",)
    with pytest.raises(WorktreeError, match=r"has changes: a\.c") as caught:
        require_clean(repository, frozenset())
    assert "--allow-dirty" in caught.value.next_step


def test_paths_are_relative_to_the_folder_asked_for(repository):
    (repository / "sub" / "b.c").write_text("int y;\n")
    (repository / "sub" / "caf\xe9 1.c").write_text("")
    assert inspect_worktree(repository / "sub") == Worktree(True, ("b.c",), ("caf\xe9 1.c",))


def test_changes_elsewhere_in_the_repository_do_not_matter(repository):
    (repository / "a.c").write_text("int y;\n")
    assert inspect_worktree(repository / "sub") == Worktree(versioned=True)


def test_an_untracked_file_matters_only_if_it_would_change(repository):
    (repository / "new.c").write_text("")
    require_clean(repository, frozenset({"a.c"}))
    with pytest.raises(WorktreeError, match=r"does not track would change: new\.c"):
        require_clean(repository, frozenset({"new.c"}))


def test_many_changes_are_counted(repository):
    for number in range(6):
        (repository / f"{number}.c").write_text("")
    git(repository, "add", ".")
    with pytest.raises(WorktreeError, match=r"0\.c, 1\.c, 2\.c and 3 more"):
        require_clean(repository, frozenset())


def test_without_git_nothing_is_versioned(repository, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert inspect_worktree(repository) == Worktree(versioned=False)


def test_a_git_that_fails_is_not_taken_for_clean(repository):
    (repository / ".git" / "index").write_bytes(b"nonsense")
    with pytest.raises(WorktreeError, match="git cannot tell"):
        require_clean(repository, frozenset())
