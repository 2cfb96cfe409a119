"""Where things stand: statements, blocks, locals, calls and origins, as pieces of the text."""

import pytest

from clew.parse.dump import dump_locals, dump_statements
from clew.parse.flow import AddressOp, CallOp, ReadOp, WriteOp
from clew.parse.inject import TokenParser, type_scope
from clew.parse.lower import lower
from clew.parse.normalise import normalise
from clew.parse.tokens import Token, tokenise
from clew.text.span import Span


def make_flow(text, tokens=None):
    tokens, _ = normalise(tokens or tokenise(text, 0, len(text)))
    ast = TokenParser().parse_function(tokens, (type_scope(("T", "U")),), "f")
    return lower(ast, tokens, "own.c", (Span(0, len(text)),), frozenset())


STATEMENTS = [
    ("expressions", "a(); b = (c);", ["expression 0.0 in 0: a();", "expression 0.1 in 0: b = (c);"]),
    ("one statement for two declarators", "T a = f(), *b;", ["declaration 0.0 in 0: T a = f(), *b;"]),
    ("unbraced bodies", "if (a) b(); else return;", [
        "if 0.0 in 0: if (a) b(); else return;",
        "expression 1.0 in -1: b();",
        "return 2.0 in -1: return;",
    ]),
    ("a chain of else if", "if (a) b(); else if (c) d(); else e();", [
        "if 0.0 in 0: if (a) b(); else if (c) d(); else e();",
        "expression 1.0 in -1: b();",
        "if 2.0 in -1: if (c) d(); else e();",
        "expression 4.0 in -1: d();",
        "expression 5.0 in -1: e();",
    ]),
    ("before a loop, not in it", "a(); while (b) { c(); }", [
        "expression 0.0 in 0: a();",
        "while 0.1 in 0: while (b) { c(); }",
        "compound 2.0 in -1: { c(); }",
        "expression 2.0 in 1: c();",
    ]),
    ("for", "for (T i = 0; i < n; i++) ;", [
        "for 0.0 in 0: for (T i = 0; i < n; i++) ;",
        "empty 2.0 in -1: ;",
    ]),
    ("do", "do a(); while (b);", ["do 0.0 in 0: do a(); while (b);", "expression 1.0 in -1: a();"]),
    ("labels are entered from above", "a(); l: m: b();", [
        "expression 0.0 in 0: a();",
        "label 0.1 in 0: l: m: b();",
        "label 1.0 in -1: m: b();",
        "expression 2.0 in -1: b();",
    ]),
    ("cases keep one statement", "switch (a) { case 1: case 2: b(); c(); break; default: ; }", [
        "switch 0.0 in 0: switch (a) { case 1: case 2: b(); c(); break; default: ; }",
        "compound 1.0 in -1: { case 1: case 2: b(); c(); break; default: ; }",
        "case 1.0 in 1: case 1: case 2: b();",
        "case 2.0 in -1: case 2: b();",
        "expression 3.0 in -1: b();",
        "expression 3.1 in 1: c();",
        "break 3.2 in 1: break;",
        "case 5.0 in 1: default: ;",
        "empty 6.0 in -1: ;",
    ]),
    ("jumps", "for (;;) { continue; } goto *p; l: goto l;", [
        "for 0.0 in 0: for (;;) { continue; }",
        "compound 1.0 in -1: { continue; }",
        "continue 1.0 in 1: continue;",
        "goto 3.0 in 0: goto *p;",
        "label 4.0 in 0: l: goto l;",
        "goto 5.0 in -1: goto l;",
    ]),
    ("statement expressions", "a = ({ b(); c; });", [
        "expression 0.0 in 0: a = ({ b(); c; });",
        "expression 0.0 in 1: b();",
        "expression 0.1 in 1: c;",
    ]),
    ("a label before the brace", "goto l; l:", ["goto 0.0 in 0: goto l;", "label 1.0 in 0: l:"]),
]  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), [c[1:] for c in STATEMENTS], ids=[c[0] for c in STATEMENTS])
def test_statements(body, expected):
    text = f"T f(void) {{ {body} }}"
    assert dump_statements(make_flow(text), text).splitlines() == expected


LOCALS = [
    ("T f(T *a, const U b[3], ...) {}", [
        "parameter a: T * sole [T *a] in [{}]",
        "parameter b: const U[3] sole [const U b[3]] in [{}]",
    ]),
    ("T f(T (*g)(U), void (h)(void)) {}", [
        "parameter g: T(*)(U) sole [T (*g)(U)] in [{}]",
        "parameter h: void()(void) sole [void (h)(void)] in [{}]",
    ]),
    ("T f(a, b, c) T *a, c; {}", [
        "parameter a: T * [T *a, c;] in [{}]",
        "parameter b: int sole [b] in [{}]",
        "parameter c: T [T *a, c;] in [{}]",
    ]),
    ("T (*f(T a))(U) {}", ["parameter a: T sole [T a] in [{}]"]),
    ("T f(void) { T *const a = g(x); }", [
        "auto a: T *const = [g(x)] sole [T *const a = g(x);] in [ = g(x); }]",
    ]),
    ("T (*f(a))(U) T a; {}", ["parameter a: T sole [T a;] in [{}]"]),
    ("T f(void) { T a, *b = 0; }", [
        "auto a: T [T a, *b = 0;] in [, *b = 0; }]",
        "auto b: T * = [0] [T a, *b = 0;] in [ = 0; }]",
    ]),
    ("T f(void) { { U const *a; } b; }", ["auto a: U const * sole [U const *a;] in [; }]"]),
    ("T f(void) { static T a; extern T b; typedef T c; T d(T); }", [
        "static a: T sole [static T a;] in [; extern T b; typedef T c; T d(T); }]",
        "extern b: T sole [extern T b;] in [; typedef T c; T d(T); }]",
        "typedef c: T sole [typedef T c;] in [; T d(T); }]",
        "function d: T(T) sole [T d(T);] in [; }]",
    ]),
    ("T f(void) { enum { A = 1, B } a; }", [
        "enumerator A: int [enum { A = 1, B } a;] in [, B } a; }]",
        "enumerator B: int [enum { A = 1, B } a;] in [ } a; }]",
        "auto a: enum{A=1,B} [enum { A = 1, B } a;] in [; }]",
    ]),
    ("T f(void) { for (T a = 0; a; ) b(); c(); }", ["auto a: T = [0] [T a = 0;] in [ = 0; a; ) b();]"]),
    ("T f(void) { T T = 1; }", ["auto T: T = [1] sole [T T = 1;] in [ = 1; }]"]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), LOCALS)
def test_locals(text, expected):
    assert dump_locals(make_flow(text), text).splitlines() == expected


def test_blocks_know_their_parents_statements_and_loops():
    text = "T f(void) { { a(); } while (b) { if (c) { d(); } } do { e(); } while (0); }"
    blocks = make_flow(text).blocks
    assert [(b.span.of(text), b.parent, len(b.statements), b.in_loop) for b in blocks[1:]] == [
        ("{ a(); }", 0, 1, False),
        ("{ if (c) { d(); } }", 0, 1, True),
        ("{ d(); }", 2, 1, True),
        ("{ e(); }", 0, 1, False),
    ]
    assert (blocks[0].span.of(text), blocks[0].parent) == (text[10:], -1)


def test_calls_tell_their_parentheses_and_arguments():
    text = 'T f(void) { g ( a, (b, c) , h(d) ); (*i)("x" "y"); j(); }'
    calls = [op for op in make_flow(text).nodes[0].ops if isinstance(op, CallOp)]
    assert [
        (op.origin.span.of(text), text[op.open : op.close + 1], [s.of(text) for s in op.argument_spans])
        for op in calls
    ] == [
        ("h(d)", "(d)", ["d"]),
        ("g ( a, (b, c) , h(d) )", "( a, (b, c) , h(d) )", ["a", "(b, c)", "h(d)"]),
        ('(*i)("x" "y")', '("x" "y")', ['"x" "y"']),
        ("j()", "()", []),
    ]


def test_origin_of_an_access_is_its_identifier():
    text = "T f(void) { a->b = &c.d; e[1] = 2; }"
    ops = make_flow(text).nodes[0].ops
    assert [(type(op), op.origin.span.of(text)) for op in ops] == [
        (ReadOp, "a"),
        (AddressOp, "c"),
        (WriteOp, "e"),
    ]


def test_live_spans_are_passed_on():
    assert make_flow("T f(void) {}").live == (Span(0, 12),)


def make_macro_tokens():
    """``T f(void) { CALL(x, g(y)); OPEN k(); CLOSE }`` with its three macros expanded."""
    text = "T f(void) { CALL(x, g(y)); OPEN k(); CLOSE }"
    before, after = text.index("CALL"), text.index(";") + 1
    body = "h(x, g(y), x)"
    inner = []
    for token in tokenise(body, 0, len(body)):
        if token.text in ("h", "(", ")", ",") and token.start not in (6, 8):
            start = len("#define CALL(a, b) ") + token.start
            inner.append(
                token._replace(
                    start=before, end=after - 1, macros=("CALL",), body_path="m.h", body_start=start
                )
            )
        else:
            start = text.index(token.text if token.text != "(" else "(y", before + 5)
            inner.append(
                token._replace(start=start, end=start + len(token.text), macros=("CALL",), in_argument=True)
            )
    opening, closing = text.index("OPEN"), text.index("CLOSE")
    wrap = [
        Token("punct", "{", opening, opening + 4, ("OPEN",), body_path="m.h", body_start=90),
        *tokenise(text, opening + 4, closing),
        Token("punct", "}", closing, closing + 5, ("CLOSE",), body_path="m.h", body_start=99),
    ]
    tokens = [*tokenise(text, 0, before), *inner, *tokenise(text, after - 1, opening), *wrap]
    return text, [*tokens, *tokenise(text, closing + 5, len(text))]


def test_macro_made_calls_have_no_parentheses_of_their_own():
    text, tokens = make_macro_tokens()
    flow = make_flow(text, tokens)
    inner, outer, _ = (op for op in flow.nodes[0].ops if isinstance(op, CallOp))
    assert (outer.callee, outer.open, outer.close, outer.argument_spans) == ("h", -1, -1, ())
    assert (outer.origin.span.of(text), outer.origin.macros) == ("CALL(x, g(y))", ("CALL",))
    assert (outer.origin.body_path, outer.origin.body_span) == ("m.h", Span(19, 32))
    assert (inner.callee, text[inner.open : inner.close + 1]) == ("g", "(y)")
    assert (inner.origin.span.of(text), inner.origin.in_argument) == ("g(y)", True)
    assert (inner.origin.body_path, inner.origin.body_span) == ("own.c", inner.origin.span)


def test_macro_made_statements_and_blocks_are_marked():
    text, tokens = make_macro_tokens()
    flow = make_flow(text, tokens)
    assert [(s.kind, s.in_macro, s.span.of(text)) for s in flow.statements] == [
        ("expression", True, "CALL(x, g(y));"),
        ("compound", True, "OPEN k(); CLOSE"),
        ("expression", False, "k();"),
    ]
    assert [b.in_macro for b in flow.blocks] == [False, True]


def test_an_argument_ends_at_its_commas_where_another_macro_made_it():
    # OUT(g(IN, b)) with both macros expanded: what IN makes has the place of OUT.
    text = "T f(void) { OUT(g(IN, b)); }"
    start, end = text.index("OUT"), text.index(";")
    tokens = []
    for token in tokenise(text, 0, len(text)):
        if token.text == "IN":
            tokens.append(Token("name", "a", start, end, ("OUT", "IN"), body_path="m.h", body_start=3))
        elif start + 4 <= token.start < end - 1:
            tokens.append(token._replace(macros=("OUT",), in_argument=True))
        elif not start <= token.start < end:
            tokens.append(token)
    call = make_flow(text, tokens).nodes[0].ops[-1]
    assert isinstance(call, CallOp)
    assert [span.of(text) for span in call.argument_spans] == ["IN", "b"]
