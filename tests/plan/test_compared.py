"""A fetch that is compared with what would replace it stays."""

import pytest

from clew import api
from clew.config.load import parse_settings

SETTINGS = """
[[state]]
name = "repo"
type = "struct repo *"
names = ["repo"]
accessors = ["the_repo"]
provided = ["struct revs *: {}->repo"]
"""

SOURCE = """
struct repo { int id; };
extern struct repo *the_repo;
struct revs { struct repo *repo; int size; };

int check(struct revs *revs)
{
    if (revs->repo != the_repo)
        return 0;
    return the_repo->id;
}
"""


def _diff(tmp_path, more):
    (tmp_path / "main.c").write_text(SOURCE)
    tree = api.open_tree(tmp_path, parse_settings("clew.toml", (SETTINGS + more).encode()), api.Scope())
    return api.rewrite(tree, api.make_plan(tree, "repo")).diff().decode()


@pytest.mark.parametrize("more", ["", 'holders = "proved"\n'])
def test_what_a_structure_remembers_is_not_taken_for_the_current_state_unasked(tmp_path, more):
    assert "revs->repo->id" not in _diff(tmp_path, more)


@pytest.mark.parametrize("more", ['holders = "named"\n', 'prefer = "provided"\n'])
def test_a_comparison_with_the_path_stays(tmp_path, more):
    diff = _diff(tmp_path, more)
    assert "+    return revs->repo->id;" in diff
    assert "revs->repo != revs->repo" not in diff
