"""Static twins that other files come to call: declared in a header, or moved into it as inline functions."""

import pytest

from clew import api
from clew.config.load import parse_settings

SETTINGS = """
pinned = ["state_get", "main"]

[[state]]
name = "ts"
type = "State *"
names = ["ts"]
accessors = ["state_get()"]
twin_headers = { "errors.c" = "errors.h" }
"""
STATE = """#ifndef STATE_H
#define STATE_H
typedef struct State { int id; struct State *next; } State;
State *state_get(void);
int error(void);
int limit(void);
#endif
"""
ERRORS = """#ifndef ERRORS_H
#define ERRORS_H
int errors(void);
#endif
"""
WRAPPER = """#include "state.h"

static int first = 1;

static int _error(State *ts)
{
    BODY
}

int error(void)
{
    State *ts = state_get();
    return _error(ts);
}
"""
USER = """#include "state.h"

int user(State *ts)
{
    return ts->id + error();
}
"""


def rewrite(root, body, state=STATE, wrapper=WRAPPER, user=USER):
    texts = {"state.h": state, "errors.h": ERRORS, "errors.c": wrapper.replace("BODY", body), "user.c": user}
    for name, text in texts.items():
        (root / name).write_text(text)
    settings = parse_settings("clew.toml", (SETTINGS + 'holders = "named"\n').encode())
    tree = api.open_tree(root, settings, api.Scope())
    files = api.rewrite(tree, api.make_plan(tree, "ts")).files
    return {name: files.get(name, text.encode()).decode() for name, text in texts.items()}


@pytest.mark.parametrize(
    "body",
    [
        "return limit() + ts->id;",  # it calls
        "return ts->id + first;",  # a variable of its file
        "return ts->next->id;",  # through a member
        "return ts->id++;",
        "return ts->id = 3;",
        "int id = ts->id; return id;",
        "if (ts) return ts->id; return 0;",
        "\n#ifdef ID\n    return ts->id;\n#endif\n",
    ],
)
def test_one_that_does_more_stays_and_is_declared(tmp_path, body):
    found = rewrite(tmp_path, body)
    assert "extern int _error(State *ts);" in found["errors.h"]
    assert "inline" not in "".join(found.values())
    assert "\nint _error(State *ts)\n" in found["errors.c"]
    assert "_error(ts)" in found["user.c"]


@pytest.mark.parametrize(
    "body", ["return ts->id;", "return ts == NULL ? 0 : ts->id;", "return !(ts->id > 2) + (int)sizeof(*ts);"]
)
def test_one_that_only_reads_its_parameters_moves(tmp_path, body):
    found = rewrite(tmp_path, body)
    if "int)" in body:
        assert "extern int _error" in found["errors.h"]  # a cast names a type, which the header may not see
        return
    assert f"static inline int _error(State *ts)\n{{\n    {body}\n}}\n#endif" in found["errors.h"]
    assert "static int _error" not in found["errors.c"]
    assert found["errors.c"].startswith(
        '#include "state.h"\n#include "errors.h"\n\nstatic int first = 1;\n\nint error'
    )
    assert '#include "errors.h"' in found["user.c"]


def test_a_structure_that_only_its_file_knows_keeps_it_there(tmp_path):
    structure = "struct State { int id; struct State *next; };\n"
    hidden = STATE.replace("struct State { int id; struct State *next; } State", "struct State State")
    user = USER.replace("ts->id", "limit()")
    wrapper = WRAPPER.replace('"state.h"\n', '"state.h"\n' + structure)
    found = rewrite(tmp_path, "return ts->id;", hidden, wrapper, user)
    assert "inline" not in "".join(found.values())
    assert "extern int _error(State *ts);" in found["errors.h"]


def test_its_prototypes_and_its_comment_go_with_it(tmp_path):
    above = "static int _error(State *ts);\n\n/* The last. */\n"
    wrapper = WRAPPER.replace("static int first = 1;\n\n", above)
    found = rewrite(tmp_path, "return ts->id;", wrapper=wrapper)
    assert "/* The last. */\nstatic inline int _error(State *ts)\n" in found["errors.h"]
    assert found["errors.c"].count("_error") == 1
