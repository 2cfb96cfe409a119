"""Blocks that nobody reads as functions: they matter when they may change the state, and only then."""

import pytest

from clew import api

SETTINGS = """\
[[state]]
name = "ts"
type = "State *"
names = ["ts"]
accessors = [{ spelling = "the_state", assigned = true }]
"""
TEXT = """\
typedef struct State { int id; } State;
extern State *the_state, *other;
void use(State *);
#define HEAD(n) static void n##_on(int k)
#define SET(x, y) ((x) = (y))
#define SHOW(x) use(x)
HEAD(sw) { BODY }
static int tot(int a) { return the_state->id + a; }
int work(int k)
{
    int n = tot(k);
    sw_on(k);
    return n + tot(k);
}
"""


@pytest.mark.parametrize(
    ("body", "second"),
    [
        ("if (k) use(the_state);", "ts"),
        ("the_state->id++;", "ts"),
        ("if (the_state == other) use(the_state);", "ts"),
        ("SHOW(the_state);", "the_state"),
        ("if (k) the_state = other;", "the_state"),
        ("if (k) SET(the_state, other);", "the_state"),
        ("((the_state)) = other;", "the_state"),
    ],
)
def test_only_what_may_assign_the_variable_changes_the_state(tmp_path, body, second):
    (tmp_path / "clew.toml").write_text(SETTINGS)
    (tmp_path / "m.c").write_text(TEXT.replace("BODY", body))
    tree = api.open_tree(tmp_path, api.load_settings(tmp_path / "clew.toml"), api.Scope())
    change = api.rewrite(tree, api.make_plan(tree, "ts"))
    work = change.files["m.c"].decode().partition("int work")[2]
    assert "n = tot(ts, k)" in work
    assert f"return n + tot({second}, k)" in work
