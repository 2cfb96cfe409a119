"""Types and values told apart by their use."""

import pytest

from clew.parse.repair import repairs
from clew.parse.tokens import tokenise
from clew.parse.typenames import infer_names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("void f(U a) { }", {"U": True}),
        ("void f(U *a, const V *b) { }", {"U": True, "V": True}),
        ("U *f(void) { }", {"U": True}),
        ("void f() { U a; V *b = 0; W *c, d; }", {"U": True, "V": True, "W": True}),
        ("void f() { U const x; }", {"U": True}),
        ("void f() { x = (U) y; z = (V *) y; w = (W **) 0; return (X) 1; }", dict.fromkeys("UVWX", True)),
        ("void f() { va_arg(ap, U *); sizeof(V **); }", {"U": True, "V": True}),
        ("void f() { g((U) { 1 }); }", {"U": True}),
        ("void f() { U * x; }", {"U": True}),
        ("void f() { int (*p)(U, V); T (*q)(W) = 0; x = (T (*)(X))y; }", dict.fromkeys("UVWX", True)),
        # no types
        ("void f() { x = a * b; a = b * c; }", {}),
        ("void f() { (*p)(a, b); g(a)(b); if (a) b; }", {}),
        ("void f() { struct s x; goto l; a.b c; }", {}),
        ("void f() { MACRO g(x); }", {}),
        ("void f() { BEGIN\n x = g(x); END\n y = 1; }", {}),
        ("U\nf() { V x = 1;\n W\n *y; }", {"U": True, "V": True, "W": True}),
        ("void f() { a = (b) + c; (g)(x); }", {}),
        # values that another file uses as types
        ("void f() { T = 1; }", {"T": False}),
        ("void f() { T(x); }", {"T": False}),
        ("void f() { x = T->y + T; }", {"T": False}),
        ("void f() { T[1] = 2; }", {"T": False}),
        ("void f() { sizeof(T[2]); g((T[]){ 1 }); }", {}),
        ("void f() { T x; T.y = 1; }", {}),
        ("void f() { T (*p); T *q; }", {}),
        ("void T(int x) { }", {"T": False}),
        ("T f(T x) { }", {}),
    ],
)
def test_names_are_inferred(text, expected):
    function = "T" if text.startswith("void T") else "f"
    assert infer_names(tokenise(text, 0, len(text)), {"T"}, function, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("void f(int FAR *p) { }", "void f ( int * p ) { }"),
        ("int weak f(s) char *s; { }", "int f ( s ) char * s ; { }"),
        ("HOT T f(void) { }", "T f ( void ) { }"),
        ("void f(T CONST q[]) { }", "void f ( T q [ ] ) { }"),
        ("void f(ANN T x) { }", "void f ( T x ) { }"),
        ("void f(int a) { CHECK(a) g(); }", "void f ( int a ) { CHECK ( a ) ; g ( ) ; }"),
        ("void f(int a) { U b = 1; BEGIN\na = g(); }", "void f ( int a ) { U b = 1 ; BEGIN ; a = g ( ) ; }"),
        ("void f(int a) { BEGIN if (a) g(); END }", "void f ( int a ) { BEGIN ; if ( a ) g ( ) ; END ; }"),
        (
            "void f(int a) { BEGIN g(a); END return; }",
            "void f ( int a ) { BEGIN ; g ( a ) ; END ; return ; }",
        ),
    ],
)
def test_repairs_guess_at_unknown_macros(text, expected):
    guesses = [
        " ".join(t.text for t in guess) for guess in repairs(tokenise(text, 0, len(text)), {"T"}, text)
    ]
    assert expected in guesses or (not guesses and expected == " ".join(text.split()))


@pytest.mark.parametrize("text", ["void f(int a) { T x; return a; }", "int f(void) { g(1); h(); }", ""])
def test_nothing_to_repair_yields_no_guess(text):
    assert list(repairs(tokenise(text, 0, len(text)), {"T"}, text)) == []
