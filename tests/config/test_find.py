import pytest

from clew.config.find import find_settings, find_state
from clew.config.load import profile_settings
from clew.errors import ConfigError, UsageError

GIT = profile_settings("git")


@pytest.mark.parametrize(
    ("profile", "name", "state"),
    [
        ("git", "repository", "repository"),
        ("git", "the_repository", "repository"),
        ("git", "r", "repository"),
        ("cpython", "tstate", "tstate"),
        ("cpython", "_PyThreadState_GET()", "tstate"),
        ("cpython", "_PyThreadState_GET", "tstate"),
        ("cpython", "interp", "interp"),
    ],
)
def test_a_state_is_found_by_name_accessor_and_parameter(profile, name, state):
    assert find_state(profile_settings(profile), name).name == state


def test_an_unknown_state_gets_a_suggestion():
    with pytest.raises(UsageError, match="no state 'repositry'") as caught:
        find_state(GIT, "repositry")
    assert caught.value.next_step == "did you mean 'repository'?"


def git_tree(root):
    (root / "git-compat-util.h").write_text("")
    (root / "repository.h").write_text("extern struct repository *the_repository;\n")
    return root


def test_a_profile_stands_in_for_a_settings_file(tmp_path):
    found = find_settings(git_tree(tmp_path))
    assert (found.settings, bool(found.title)) == (GIT, True)


def test_the_settings_file_of_the_root_comes_first(tmp_path):
    (git_tree(tmp_path) / "clew.toml").write_text('profile = "vim"\n')
    assert find_settings(tmp_path) == (profile_settings("vim"), "")


def test_a_named_file_comes_before_both(tmp_path):
    (git_tree(tmp_path) / "clew.toml").write_text('profile = "vim"\n')
    (tmp_path / "other.toml").write_text('profile = "cpython"\n')
    assert find_settings(tmp_path, tmp_path / "other.toml").settings.profile == "cpython"


def test_neither_file_nor_profile(tmp_path):
    with pytest.raises(ConfigError, match="no shipped profile fits") as caught:
        find_settings(tmp_path)
    assert "clew init" in caught.value.next_step
