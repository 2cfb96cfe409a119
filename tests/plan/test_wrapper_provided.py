"""What a wrapper passes to its twin: the state that one of its own parameters carries, else the accessor."""

import pytest

from clew import api
from clew.config.load import parse_settings

SETTINGS = """
[[state]]
name = "repo"
type = "struct repo *"
names = ["repo"]
accessors = ["the_repo"]
holders = "named"
boundary = "BOUNDARY"
provided = ["struct revs *: {}->repo"]
twins = { "size" = "repo_size" }
"""
SOURCE = """
struct repo { int id; };
struct revs { struct repo *repo; int size; };
extern struct repo *the_repo;

int size(PARAMETER)
{
    return BODY + the_repo->id;
}
"""


@pytest.mark.parametrize(
    ("parameter", "body", "boundary", "passed"),
    [
        ("int n", "n", "inline", "return repo_size(the_repo, n);"),
        ("struct revs *revs", "revs->size", "inline", "return repo_size(revs->repo, revs);"),
        ("struct revs *revs", "(!revs ? 0 : 1)", "inline", "return repo_size(the_repo, revs);"),
        (
            "struct revs *revs",
            "revs->size",
            "local",
            "struct repo *repo = revs->repo; return repo_size(repo, revs);",
        ),
    ],
)
def test_wrappers(tmp_path, parameter, body, boundary, passed):
    (tmp_path / "main.c").write_text(SOURCE.replace("PARAMETER", parameter).replace("BODY", body))
    settings = parse_settings("clew.toml", SETTINGS.replace("BOUNDARY", boundary).encode())
    tree = api.open_tree(tmp_path, settings, api.Scope(functions=("size",), linkage="any"))
    content = api.rewrite(tree, api.make_plan(tree, "repo")).files["main.c"].decode()
    assert passed in " ".join(content.split())


def test_a_second_run_leaves_wrappers_alone(tmp_path):
    path = tmp_path / "main.c"
    path.write_text(SOURCE.replace("PARAMETER", "int n").replace("BODY", "n"))
    settings = parse_settings("clew.toml", SETTINGS.replace("BOUNDARY", "local").encode())
    for run in range(2):
        tree = api.open_tree(tmp_path, settings, api.Scope(functions=("size",), linkage="any"))
        files = api.rewrite(tree, api.make_plan(tree, "repo")).files
        assert (run, sorted(files)) in ((0, ["main.c"]), (1, []))
        for content in files.values():
            path.write_bytes(content)
