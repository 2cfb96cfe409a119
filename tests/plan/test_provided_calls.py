"""A structure that carries the state is given to a function before the state is taken from it."""

import pytest

from clew import api
from clew.config.load import parse_settings

SETTINGS = b"""
[[state]]
name = "repo"
type = "struct repo *"
names = ["repo"]
accessors = ["the_repo"]
holders = "named"
boundary = "inline"
provided = ["struct revs *: {}->repo"]
"""
SOURCE = """
#define REVS struct revs *
struct repo { int id; };
struct revs { struct repo *repo; int size; };
extern struct repo *the_repo;
DECLARED

static int size(int n)
{
    return n + the_repo->id;
}

int run(struct revs *revs)
{
    use(revs);
    return size(revs->size);
}
"""


@pytest.mark.parametrize(
    ("declared", "passed"),
    [
        ("int use(struct revs *r) { return r->size; }", "revs->repo"),
        ("int use(struct revs *);", "the_repo"),
        (
            "#define DEFINE(f) int f(REVS r) { return r->size; }\nint use(struct revs *);\nDEFINE(use)",
            "revs->repo",
        ),
        ("#define use(r) (r)->size", "revs->repo"),
        ("int use(void *);", "the_repo"),  # this may release whatever it is given
        ("int use(const void\t*r, int n);", "the_repo"),
        ("int use();", "the_repo"),
        ("", "the_repo"),
    ],
)
def test_what_is_passed_then(tmp_path, declared, passed):
    (tmp_path / "main.c").write_text(SOURCE.replace("DECLARED", declared))
    scope = api.Scope(functions=("size",))
    tree = api.open_tree(tmp_path, parse_settings("clew.toml", SETTINGS), scope)
    content = api.rewrite(tree, api.make_plan(tree, "repo")).files["main.c"].decode()
    assert f"return size({passed}, revs->size);" in content
