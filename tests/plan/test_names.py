"""Which names are free in a function, and what the parameter is called."""

import pytest

from clew.link.program import Program
from clew.plan.names import NameTable
from clew.scan import scan_source
from clew.text.source import SourceText

from .conftest import make_state, shorthand


def is_free(text: str, name: str = "ts") -> bool:
    source = SourceText("f.c", text)
    program = Program({"f.c": source}, {"f.c": scan_source(source)})
    return NameTable(program).is_free(name, program.definitions_by_name["f"][0])


@pytest.mark.parametrize(
    "text",
    [
        "int f(int n) { return n; }",
        "int f(int n) { return g(n).ts + p->ts; }",  # members
        "int f(struct ts *n) { union ts u; enum ts e; return 0; }",  # tags
        "int f(int n) { goto ts; ts: return n; }",  # a label
        "int f(int n) { if (n) { ts: n--; } return n; }",
        "int f(int n) { return tss + its; }",
        'int f(int n) { puts("ts"); /* ts */ return n; }',
        "int g(int ts) { return ts; }\nint f(int n) { return n; }",  # another function's
        "#define G(x) (x)\nint f(int n) { return G(n); }",
        "#define G(ts) (ts)\nint f(int n) { return G(n); }",  # a macro's own parameter
        "#define G(x) (ts + (x))\nint f(int n) { return n; }",  # a macro that the function does not use
    ],
)
def test_free(text):
    assert is_free(text)


@pytest.mark.parametrize(
    "text",
    [
        "int f(int ts) { return ts; }",
        "int f(int n) { int ts = n; return ts; }",
        "int f(int n) { if (n) { int ts = n; return ts; } return 0; }",
        "int ts;\nint f(int n) { return ts; }",
        "enum { ts };\nint f(int n) { return ts; }",
        "typedef int ts;\nint f(int n) { return (ts)n; }",
        "int f(int n) { extern int ts; return n; }",
        "int f(int n) { return ts(n); }",
        "int f(int n) { return n ? n : ts; }",
        "int f(int n) { switch (n) { case ts: return 1; } return 0; }",
        "#define ts 1\nint f(int n) { return n; }",
        "#define ts() 1\nint f(int n) { return n; }",
        "#define G(x) (ts + (x))\nint f(int n) { return G(n); }",
        "#define H ts\n#define G(x) (H + (x))\nint f(int n) { return G(n); }",
        "#define G(x) do { int ts = (x); use(ts); } while (0)\nint f(int n) { G(n); return n; }",
    ],
)
def test_taken(text):
    assert not is_free(text)


@pytest.mark.parametrize(
    ("function", "names", "parameter"),
    [
        ("static int f(int n) { return get()->id; }", ("ts",), "ts"),
        ("static int f(int ts) { return get()->id + ts; }", ("ts", "tstate"), "tstate"),
        ("static int f(int n) { { int ts = n; use(ts); } return get()->id; }", ("ts", "tstate"), "tstate"),
        # the local that only holds the fetch lends its name
        ("static int f(int n) { State *mine = get(); return mine->id; }", ("ts",), "mine"),
        ("static int f(int n) { State *mine; mine = get(); return mine->id; }", ("ts",), "mine"),
        # but not where the name means something else in another block, or the local is not the current state
        (
            "static int f(int n) { if (n) { State *a = get(); use(a->id); } int a = n; return a; }",
            ("ts",),
            "ts",
        ),
        ("static int f(int n) { State *a = swap(0); use(a->id); swap(a); return get()->id; }", ("ts",), "ts"),
    ],
)
def test_the_name_of_the_parameter(plan, function, names, parameter):
    planned, _ = plan(function, make_state(names=names))
    assert {p.symbol.name: p.name for p in planned.decisions.parameters}["f"] == parameter


@pytest.mark.parametrize(
    "function",
    [
        "static int f(int ts) { return get()->id + ts; }",
        "enum { ts = 1 };\nstatic int f(int n) { return get()->id + ts; }",
        "#define SHOW(x) { int ts = (x); use(ts); }\nstatic int f(int n) { SHOW(get()->id) return n; }",
    ],
)
def test_no_name_is_free(plan, function):
    planned, whole = plan(function)
    assert "f" not in {p.symbol.name for p in planned.decisions.parameters}
    assert [r.code for r in planned.plan.refusals if r.subject == "f"] == ["name-taken"]
    assert shorthand(planned, whole) == function
