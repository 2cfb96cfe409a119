"""A wrapper that is threaded itself is called with the state once, and not replaced by its twin."""

import pytest

from clew import api
from clew.config.load import parse_settings

SETTINGS = """
[[state]]
name = "ts"
type = "State *"
names = ["ts"]
accessors = ["state_get()"]
"""

SOURCE = """
typedef struct State { int id; } State;
State *state_get(void);

static void set_id(State *ts, int id) { ts->id = id; }

static void id(int id)
{
    State *ts = state_get();
    set_id(ts, id);
}

static void next(void)
{
    State *ts = state_get();
    id(ts->id + 1);
}

void run(void) { next(); }
"""


@pytest.mark.parametrize("more", ["", 'redirect = "all"\n'])
def test_a_threaded_wrapper_takes_the_state_once(tmp_path, more):
    (tmp_path / "main.c").write_text(SOURCE)
    tree = api.open_tree(tmp_path, parse_settings("clew.toml", (SETTINGS + more).encode()), api.Scope())
    diff = api.rewrite(tree, api.make_plan(tree, "ts")).diff().decode()
    assert "+    id(ts, ts->id + 1);" in diff
    assert "(ts, ts, " not in diff
