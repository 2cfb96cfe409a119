"""When a macro's body takes the state from a variable of its user, and when it fetches by itself."""

import pytest

from .conftest import shorthand

FETCH = "#define ID (get()->id)\n"
TAKEN = "#define ID (ts->id)\n"
CALL = "#define ADD(n) add(n)\n"
PASSED = "#define ADD(n) add(ts)\n"
FALLEN = "#define ADD(n) add(get())\n"


@pytest.mark.parametrize(
    "text",
    [
        FETCH,  # nobody uses it
        FETCH + "int run(int n) { return ID; }",  # a public function has no variable at hand
        FETCH + "int run(int n) { if (n) return ID; return 0; }",
        # its parameter has the name
        "#define ID(ts) (get()->id + (ts))\nstatic int f(int n) { return ID(n); }",
        FETCH + "int table[] = { sizeof(ID) };",  # used outside functions
    ],
)
def test_the_macro_stays(plan, text):
    assert shorthand(*plan(text)).rstrip() == text.rstrip()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            FETCH + "static int f(int n) { return ID; }",
            TAKEN + "static int f(int n) { return ID; }",
        ),
        (
            FETCH + "int run(int n) { State *ts = get(); return ID + ts->id; }",
            TAKEN + "int run(int n) { State *ts = get(); return ID + ts->id; }",
        ),
        # one user without the variable is enough: the others' variable is not used either
        (
            FETCH + "static int f(int n) { return ID; }\nint run(int n) { return n ? ID : 0; }",
            FETCH + "static int f(int n) { return ID; }\nint run(int n) { return n ? ID : 0; }",
        ),
        # after a change the user's variable is another state
        (
            FETCH + "static int f(int n) { use(ID); swap(0); return ID; }",
            FETCH + "static int f(int n) { use(ID); swap(0); return ID; }",
        ),
        # a user with a variable of another name
        (
            FETCH + "int run(int n) { State *mine = get(); return ID + mine->id; }",
            FETCH + "int run(int n) { State *mine = get(); return ID + mine->id; }",
        ),
        # calls in macro bodies
        (
            CALL + "static int f(int n) { return ADD(n); }",
            PASSED + "static int f(int n) { return ADD(n); }",
        ),
        (
            CALL + "int run(int n) { return n ? ADD(n) : 0; }",
            FALLEN + "int run(int n) { return n ? ADD(n) : 0; }",
        ),
        # a macro within a macro
        (
            FETCH + "#define TWICE (ID + ID)\nstatic int f(int n) { return TWICE; }",
            TAKEN + "#define TWICE (ID + ID)\nstatic int f(int n) { return TWICE; }",
        ),
        # all definitions of one name together
        (
            f"#ifdef A\n{FETCH}#else\n#define ID (get()->id + 1)\n#endif\nstatic int f() {{ return ID; }}",
            f"#ifdef A\n{TAKEN}#else\n#define ID (ts->id + 1)\n#endif\nstatic int f() {{ return ID; }}",
        ),
    ],
)
def test_what_becomes_of_the_macro(plan, text, expected):
    assert shorthand(*plan(text)) == expected


def test_a_captured_macro_threads_its_users(plan):
    planned, _ = plan(FETCH + "static int f(int n) { return ID; }\nint run(int n) { return f(n) + f(1); }")
    assert {p.symbol.name for p in planned.decisions.parameters} >= {"f"}
    assert [(m.name, m.variable) for m in planned.plan.macros] == [("ID", "ts")]
