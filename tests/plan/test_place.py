"""Where a boundary fetches: ``@`` marks the declaration of its local (see conftest)."""

import pytest

from .conftest import make_state, shorthand


def decided(plan, body: str, **options) -> str:
    head = "int run(int n) { "
    text = shorthand(*plan(f"{head}{body} }}", make_state(**options)))
    assert text.startswith(head)
    return text[len(head) : -len(" }")]


@pytest.mark.parametrize(
    "body",
    [
        "return n;",  # no use
        "use(get()->id);",  # one fetch that no call shares
        "switch (n) { case 1: use(get()->id); break; case 2: use(get()->id); } return 0;",  # separate paths
        "if (n) use(get()->id); else if (use(n)) use(get()->id);",  # and the third path has none
        "use(get()->id); swap(0); use(get()->id);",  # two states
        "while (n--) { use(get()->id); } return 0;",
        "State *ts = get(); return ts->id;",  # a local of its own
    ],
)
def test_nothing_to_place(plan, body):
    assert decided(plan, body) == body


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("add(1); add(2);", "@add(ts); add(ts);"),
        ("use(n); add(1); use(get()->id);", "use(n); @add(ts); use(ts->id);"),
        ("use(get()->id); use(get()->id);", "@use(ts->id); use(ts->id);"),
        # not above an early return
        ("if (n) return 0; add(1); return 1;", "if (n) return 0; @add(ts); return 1;"),
        ("if (n) add(1); return 1;", "if (n) add(get()); return 1;"),
        ("if (n) { add(1); add(2); } return 1;", "if (n) { @add(ts); add(ts); } return 1;"),
        # both branches need it: one declaration above
        ("if (n) add(1); else add(2); return 1;", "@if (n) add(ts); else add(ts); return 1;"),
        ("if (n) add(1); else use(n); add(2);", "@if (n) add(ts); else use(n); add(ts);"),
        ("n ? add(1) : add(2);", "@n ? add(ts) : add(ts);"),
        # the right operand of && is not always evaluated
        ("if (n && add(1)) use(n); return 1;", "if (n && add(get())) use(n); return 1;"),
        ("if (add(1) && add(2)) use(n); return 1;", "@if (add(ts) && add(ts)) use(n); return 1;"),
        # loops: only those that run at least once
        ("while (n--) add(1); return 1;", "while (n--) add(get()); return 1;"),
        ("for (; n; n--) add(1); return 1;", "for (; n; n--) add(get()); return 1;"),
        ("while (add(1)) use(n); return 1;", "@while (add(ts)) use(n); return 1;"),
        ("do add(1); while (n--); return 1;", "@do add(ts); while (n--); return 1;"),
        ("while (n--) { add(1); add(2); } return 1;", "while (n--) { @add(ts); add(ts); } return 1;"),
        ("while (n--) add(1); return add(2);", "@while (n--) add(ts); return add(ts);"),
        # switch: a case without a use, and the default
        ("switch (n) { case 1: add(1); } return 1;", "switch (n) { case 1: add(get()); } return 1;"),
        ("switch (n) { default: add(1); } return 1;", "@switch (n) { default: add(ts); } return 1;"),
        (
            "switch (n) { case 1: add(1); break; default: add(2); } return 1;",
            "@switch (n) { case 1: add(ts); break; default: add(ts); } return 1;",
        ),
        # goto
        ("if (n) goto out; add(1); out: return 1;", "if (n) goto out; @add(ts); out: return 1;"),
        (
            "if (n) goto out; use(n); out: add(1); return 1;",
            "if (n) goto out; use(n); out: add(get()); return 1;",
        ),
        (
            "again: add(1); if (n--) goto again; return 1;",
            "again: add(get()); if (n--) goto again; return 1;",
        ),
        # a path that does not return fetches nothing in vain
        ("if (n) die(); else add(1); return 1;", "if (n) die(); else add(get()); return 1;"),
        # a state change between
        ("add(1); swap(0); add(2);", "@add(ts); swap(0); add(get());"),
        ("swap(0); add(1); add(2);", "swap(0); @add(ts); add(ts);"),
        ("while (n--) { add(1); swap(0); } return 1;", "while (n--) { @add(ts); swap(0); } return 1;"),
        # a local of the function serves; one below gives way to one above
        ("State *mine = get(); add(1); return mine->id;", "State *mine = get(); add(mine); return mine->id;"),
        ("add(1); State *ts = get(); return ts->id;", "@add(ts);  return ts->id;"),
        # arguments and initialisers
        ("int k = add(1); return k;", "@int k = add(ts); return k;"),
        ("return add(add(1));", "@return add(ts);"),
    ],
)
def test_first_use(plan, body, expected):
    if "add(add" in body:  # the shorthand cannot show one call within another
        planned, _ = plan(f"int run(int n) {{ {body} }}")
        assert [call.argument for call in planned.decisions.calls] == ["ts", "ts"]
        return
    assert decided(plan, body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if (n) return 0; add(1); return 1;", "@if (n) return 0; add(ts); return 1;"),
        ("int k; k = n; while (k--) add(1); return 1;", "@int k; k = n; while (k--) add(ts); return 1;"),
        ("swap(0); add(1); return 1;", "swap(0); @add(ts); return 1;"),
        # what checks the arguments stays above, but for a check that needs the state
        ("assert(n); add(1); return 1;", "assert(n); @add(ts); return 1;"),
        ("assert(n); assert(n > 1); int k = 1; add(k);", "assert(n); assert(n > 1); @int k = 1; add(ts);"),
        ("assert(add(1)); assert(n); add(2);", "@assert(add(ts)); assert(n); add(ts);"),
        ("int k = 1; assert(n); add(k);", "@int k = 1; assert(n); add(ts);"),
        # nothing can be put in front of what a macro declares
        ("VAR(k) add(1); return 1;", "VAR(k) @add(ts); return 1;"),
        ("VAR(k) VAR(m) int l = 1; use(l); add(1);", "VAR(k) VAR(m) @int l = 1; use(l); add(ts);"),
    ],
)
def test_entry(plan, body, expected):
    assert decided(plan, body, fetch="entry") == expected


@pytest.mark.parametrize("fetch", ["entry", "first-use"])
@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if (n) return 0; add(1); return 1;", "if (n) return 0; @add(ts); return 1;"),
        ("if (n) die(); else add(1); return 1;", "if (n) die(); else add(get()); return 1;"),
        ("if (n) add(1); else add(2); return 1;", "@if (n) add(ts); else add(ts); return 1;"),
    ],
)
def test_a_checked_accessor_stays_behind_its_guard(plan, fetch, body, expected):
    assert decided(plan, body, fetch=fetch, checked=True) == expected


def test_each_branch_of_a_conditional_has_its_own_declaration(plan):
    text = "int run(int n)\n{\n#ifdef A\n    return add(1);\n#else\n    add(2);\n    return n;\n#endif\n}"
    expected = (
        "int run(int n)\n{\n#ifdef A\n    @return add(ts);\n#else\n    @add(ts);\n    return n;\n#endif\n}"
    )
    assert shorthand(*plan(text)) == expected
