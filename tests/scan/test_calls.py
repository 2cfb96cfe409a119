import pytest

from clew.scan import find_calls, find_mentions, identifiers, scan_source
from clew.scan.mask import mask_fragment
from clew.text.source import SourceText
from clew.text.span import Span


def calls(text):
    return find_calls(text, Span(0, len(text)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{ return (a); }",
        "if (a) while (b) for (;;) switch (c) { case (1): ; }",
        "sizeof(a) + _Alignof(int) + _Generic(a, int: b)",
        "p->f(x) + s.f(x)",
        "p ->\n  f(x) + s . f (x)",
        "(f)",
        "int (*p)(void);",
        "1 (2)",
        "__attribute__((x)) typeof(y) z;",
    ],
)
def test_no_call(text):
    assert calls(text) == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("f()", ["f()"]),
        ("f (a, g(b))", ["f (a, g(b))", "g(b)"]),
        ("f\n  (a)", ["f\n  (a)"]),
        ("if (f(a) && (g(b)))", ["f(a)", "g(b)"]),
        ("return f(a);", ["f(a)"]),
        ("a > f(b) ? ...g(c) : x", ["f(b)", "g(c)"]),
        ("f(a)(b)", ["f(a)"]),
        ("p->q(f(a))", ["f(a)"]),
        ("f(g)(h(i), j)", ["f(g)", "h(i)"]),
        ("caf\xc3\xa9(a)", ["caf\xc3\xa9(a)"]),
        ("f(a)) g(b)", ["f(a)", "g(b)"]),
    ],
)
def test_calls(text, found):
    result = calls(text)
    assert [text[call.name_span.start : call.close + 1] for call in result] == found
    assert [call.name_span.of(text) for call in result] == [call.name for call in result]
    assert all(text[call.open] == "(" and text[call.close] == ")" for call in result)


def test_a_call_that_does_not_close():
    (outer, inner) = calls("f(a, g(b);")
    assert (outer.name, outer.close, inner.name, inner.close) == ("f", -1, "g", 8)


def test_calls_within_a_span_only():
    text = "f(a); g(b); h(c);"
    assert [call.name for call in find_calls(text, Span(6, 11))] == ["g"]
    assert find_calls(text, Span(6, 11))[0].open == 7


def test_branches_that_each_close_a_call():
    text = "f(a,\n#     \n b);\n#     \n c);\n#     \n g(d);"
    assert [(call.name, text[call.close]) for call in calls(text)] == [("f", ")"), ("g", ")")]


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("other + xs", []),
        ("x", ["value"]),
        ("xx x_ _x x1 1x x", ["value"]),
        ("x(1) + x (2)", ["call", "call"]),
        ("&x, x.y, x->y", ["value", "value", "value"]),
        ("p.x + p->x + p -> x + p->x(1)", ["member", "member", "member", "member"]),
        ("p>x", ["value"]),
        ("...x", ["value"]),
        ("{ .x = x }", ["member", "value"]),
    ],
)
@pytest.mark.parametrize("others", [frozenset(), frozenset(f"other_{n}" for n in range(100))])
def test_mentions(text, kinds, others):
    mentions = find_mentions(text, Span(0, len(text)), others | {"x"})
    assert [mention.kind for mention in mentions] == kinds
    assert {mention.span.of(text) for mention in mentions} <= {"x"}


def test_mentions_of_nothing():
    assert find_mentions("a b", Span(0, 3), frozenset()) == []


def test_identifiers():
    assert identifiers("int a1 = b$ + 0x1f + 2e5 + c;") == {"int", "a1", "b$", "c"}


def test_macro_bodies():
    text = '#define A(x) f(x, "g(1)") + \\\n  h(x) /* i() */ + p##x(1)\n'
    (macro,) = scan_source(SourceText("x.c", text)).macros
    body = mask_fragment(macro.body.of(text))
    assert len(body) == len(macro.body.of(text))
    found = find_calls(body, Span(0, len(body)), macro.body.start)
    assert [call.name for call in found] == ["f", "h", "x"]
    assert [call.name_span.of(text) for call in found] == ["f", "h", "x"]
    mentions = find_mentions(body, Span(0, len(body)), frozenset(("x",)), macro.body.start)
    assert [(mention.span.of(text), mention.kind) for mention in mentions] == [
        ("x", "value"),
        ("x", "value"),
        ("x", "call"),
    ]
