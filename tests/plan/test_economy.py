"""`goal = "fewer-fetches"`: who gets the parameter."""

import pytest

from clew import api
from clew.config.load import parse_settings

SETTINGS = b"""
[[state]]
name = "ts"
type = "State *"
names = ["ts"]
accessors = ["get()"]
indirect = "preserves"
goal = "fewer-fetches"
"""

HEADER = "typedef struct State { int id; } State;\nState *get(void);\nint put(int);\n"
ALWAYS = "static int f(int n) { return get()->id + n; }\n"
SOMETIMES = "static int f(int n) { return n ? get()->id : 0; }\n"
HOLDS = "int a(void) { State *ts = get(); return ts->id + %s(1); }\n"
CALLS = "int b(void) { return %s(2); }\n"
HANDS_ON = "static int g(void) { return f(1); }\n"

CASES = {
    "a caller that holds": (ALWAYS + HOLDS % "f", {"f"}),
    "the fetch would only move": (ALWAYS + CALLS % "f", set()),
    "two calls on one path": (ALWAYS + "int a(void) { int n = f(1); return n + f(2); }\n", {"f"}),
    "two calls on two paths": (ALWAYS + "int a(int n) { if (n) return f(1); return f(2); }\n", set()),
    "a caller that holds, one that does not": (ALWAYS + HOLDS % "f" + CALLS % "f", {"f"}),
    "fetches on some paths, the caller holds": (SOMETIMES + HOLDS % "f", {"f"}),
    "fetches on some paths, a caller would always": (SOMETIMES + HOLDS % "f" + CALLS % "f", set()),
    "a chain whose end saves": (ALWAYS + HANDS_ON + HOLDS.replace("(1)", "()") % "g", {"f", "g"}),
    "a chain that only moves": (ALWAYS + HANDS_ON + "int b(void) { return g(); }\n", set()),
    "two calls in the middle of a chain": (
        ALWAYS + "static int g(void) { int n = f(1); return n + f(2); }\nint b(void) { return g(); }\n",
        {"f"},
    ),
    "recursion": (
        "static int f(int n) { int i = get()->id; return n ? f(n - 1) + i : i; }\n" + CALLS % "f",
        {"f"},
    ),
    "called by a macro that fetches nothing": (
        SOMETIMES + "#define F(n) put(f(n))\n" + HOLDS % "f" + "int b(void) { return F(2); }\n",
        set(),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_who_gets_the_parameter(tmp_path, name):
    source, expected = CASES[name]
    (tmp_path / "main.c").write_text(HEADER + source)
    tree = api.open_tree(tmp_path, parse_settings("clew.toml", SETTINGS), api.Scope())
    plan = api.make_plan(tree, "ts")
    assert {one.name for one in plan.functions if one.decision == "thread"} == expected


def test_the_reason_names_the_call_that_would_fetch_more(tmp_path):
    source, _ = CASES["fetches on some paths, a caller would always"]
    (tmp_path / "main.c").write_text(HEADER + source)
    tree = api.open_tree(tmp_path, parse_settings("clew.toml", SETTINGS), api.Scope())
    (refusal,) = api.make_plan(tree, "ts").refusals
    assert refusal.code == "no-fewer-fetches"
    assert "this call would fetch, also where f does not" in str(refusal)
