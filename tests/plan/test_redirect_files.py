"""What people do who work one file through: every function that calls a wrapper there gets the state."""

import pytest

from clew import api
from clew.config.load import parse_settings

SETTINGS = """
pinned = ["state_get", "interp_get", "main"]

[[state]]
name = "ts"
type = "State *"
names = ["ts"]
accessors = ["state_get()"]
fetch = "entry"
"""

HEADER = """
typedef struct Interp { int id; } Interp;
typedef struct State { int id; Interp *interp; } State;
State *state_get(void);
Interp *interp_get(void);
void _id(State *ts, int id);
void id(int id);
"""

WRAPPER = """
#include "state.h"
void _id(State *ts, int id) { ts->id = id; }
void id(int new)
{
    State *ts = state_get();
    _id(ts, new);
}
"""

USER = """
#include "state.h"
int user(int given)
{
    if (given)
        id(given);
    return given;
}
int deriver(void)
{
    return interp_get()->id;
}
"""

FORWARDER = """
#include "state.h"
static void _set(State *ts, int new) { ts->id = new; }
void set(int new)
{
    State *ts = state_get();
    _set(ts, new);
}
void _reset(State *ts)
{
    _set(ts, 0);
}
void reset(void)
{
    set(0);
}
void resets(State *ts, int given)
{
    if (given)
        reset();
}
"""


def rewrite(root, more, **files):
    for name, text in files.items():
        (root / name.replace("_", ".")).write_text(text)
    tree = api.open_tree(root, parse_settings("clew.toml", (SETTINGS + more).encode()), api.Scope())
    change = api.rewrite(tree, api.make_plan(tree, "ts"))
    return {path: text.decode() for path, text in change.files.items()}


@pytest.mark.parametrize("files", ["[]", '["other.c", "sub/*.c"]'])
def test_a_function_of_another_file_is_left_alone(tmp_path, files):
    more = f"redirect_files = {files}\n"
    assert rewrite(tmp_path, more, state_h=HEADER, wrapper_c=WRAPPER, user_c=USER) == {}


def test_a_function_of_the_file_fetches_at_its_entry(tmp_path):
    more = 'redirect_files = ["us*.c"]\n'
    changed = rewrite(tmp_path, more, state_h=HEADER, wrapper_c=WRAPPER, user_c=USER)
    assert list(changed) == ["user.c"]
    assert "{\n    State *ts = state_get();\n    if (given)\n        _id(ts, given);" in changed["user.c"]
    assert "return interp_get()->id;" in changed["user.c"]


@pytest.mark.parametrize(("derive", "wanted"), [("holders", "interp_get()->id"), ("all", "ts->interp->id")])
def test_other_states_ask_for_the_state_where_the_settings_say_so(tmp_path, derive, wanted):
    more = f'redirect_files = ["user.c"]\nderive = "{derive}"\n'
    more += '[state.derived]\n"interp_get()" = "{}->interp"\n'
    changed = rewrite(tmp_path, more, state_h=HEADER, wrapper_c=WRAPPER, user_c=USER)
    assert f"return {wanted};" in changed["user.c"]


def test_a_wrapper_of_a_wrapper_has_a_twin_as_well(tmp_path):
    changed = rewrite(tmp_path, 'holders = "named"\n', state_h=HEADER, main_c=FORWARDER)
    assert "    if (given)\n        _reset(ts);\n" in changed["main.c"]


@pytest.mark.parametrize("other", ["_set(ts, 1);", "_set(ts, 0);\n    ts->id++;", "(void)ts;\n    set(0);"])
def test_what_does_something_else_is_no_twin(tmp_path, other):
    text = FORWARDER.replace("    _set(ts, 0);", f"    {other}")
    changed = rewrite(tmp_path, 'holders = "named"\n', state_h=HEADER, main_c=text)
    assert "    if (given)\n        reset();\n" in changed.get("main.c", text)


SPLIT = """
#include "state.h"
void done(int new)
{
    state_get()->id = new;
}
static void last(int given)
{
    done(given + 1);
}
void calls(int given)
{
    State *ts = state_get();
    if (given)
        ts->id = 0;
    done(given);
    last(given);
}
"""
OTHER = """
#include "state.h"
void done(int new);
void elsewhere(State *ts, int given)
{
    if (given)
        done(given + ts->id);
}
"""


@pytest.mark.parametrize(("public", "called"), [("[]", "done"), ('["d*"]', "done"), ('["_d*"]', "_done")])
def test_only_twins_with_public_names_are_called_from_other_files(tmp_path, public, called):
    more = f'holders = "named"\nsplit = ["done"]\npublic_twins = {public}\n'
    more += 'twin_headers = { "main.c" = "state.h" }\n[state.twins]\ndone = "_done"\n'
    files = {"state_h": HEADER + "void done(int new);\n", "main_c": SPLIT, "other_c": OTHER}
    changed = rewrite(tmp_path, more, **files)
    assert f"        {called}(" in changed.get("other.c", OTHER)
    assert ("static void _done(State *ts, int new)" in changed["main.c"]) == (called == "done")
