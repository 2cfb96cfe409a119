"""Expansion: the examples of the C standard, GNU's extensions, provenance, and an end in all cases."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clew.parse.expand import Expander, ExpansionLimitError
from clew.parse.macros import MacroTable
from clew.parse.tokens import tokenise
from clew.scan.scanner import scan_source
from clew.text.source import SourceText

BUDGET = 20_000


def expand(defines, source, *, keep_idle=False):
    text = "".join(f"#define {line}\n" for line in defines)
    facts = scan_source(SourceText("a.c", text + source))
    table = MacroTable([facts], {"a.c": text + source})
    tokens = tokenise(facts.masked, len(text), len(facts.masked))
    expander = Expander(lambda name, at: table.lookup(name, "a.c", at), BUDGET, keep_idle=keep_idle)
    return text, expander.expand(tokens)


def joined(defines, source, **options):
    return " ".join(token.text for token in expand(defines, source, **options)[1])


@pytest.mark.parametrize(
    ("defines", "source", "expected"),
    [
        # nothing to do
        ([], "a b", "a b"),
        (["F(x) x"], "F + F", "F + F"),
        (["F(x) x"], "F(1", "F ( 1"),
        # object-like
        (["A B", "B C"], "A", "C"),
        (["A"], "x A y", "x y"),
        (["A A"], "A", "A"),
        (["A B", "B A"], "A B", "A B"),
        # function-like
        (["F(x) [x]"], "F(a, b)", "[ a ]"),
        (["F(x) [x]"], "F((a, b))", "[ ( a , b ) ]"),
        (["F(x,y) y x"], "F({1, 2)", "2 { 1"),
        (["F() z"], "F()", "z"),
        (["F(x) <x>"], "F()", "< >"),
        (["F(x) x", "G F"], "G(1)", "1"),
        (["F(x) x + 1"], "F(F(2))", "2 + 1 + 1"),
        (["F(x) x F"], "F(1)(2)", "1 F ( 2 )"),
        (["F(x)\\\n x"], "F\n(\n1\n)", "1"),
        # the standard's examples (6.10.3.4, 6.10.3.5)
        (["f(a) a*g", "g(a) f(a)"], "f(2)(9)", "2 * f ( 9 )"),  # or 2*9*g: "unspecified"
        (["x 3", "f(a) f(x * (a))"], "f(y+1)", "f ( 3 * ( y + 1 ) )"),
        (["t(x,y,z) x ## y ## z"], "t(1,2,3) t(,4,5) t(6,,7) t(8,9,) t(,,)", "123 45 67 89"),
        (["hash_hash # ## #"], "hash_hash", "##"),
        # # and ##
        (["S(x) #x"], "S(a b) S()", '"" ""'),
        (["CAT(a,b) a##b", "AB 1"], "CAT(A,B)", "1"),
        (["CAT(a,b) a##b", "XCAT(a,b) CAT(a,b)", "N 7"], "CAT(v,N) XCAT(v,N)", "vN v7"),
        (["P(a) a ## -"], "P(+)", "+ -"),
        (["Q(x) L ## #x"], "Q(a)", 'L ""'),
        # variadics
        (["V(...) f(__VA_ARGS__)"], "V(1, 2) V()", "f ( 1 , 2 ) f ( )"),
        (["V(a, ...) f(a, ## __VA_ARGS__)"], "V(1) V(1, 2, 3)", "f ( 1 ) f ( 1 , 2 , 3 )"),
        (["V(a, r...) f(a, ##r)"], "V(1) V(1, 2)", "f ( 1 ) f ( 1 , 2 )"),
        (["V(a, ...) f(a __VA_OPT__(,) __VA_ARGS__)"], "V(1) V(1, 2)", "f ( 1 ) f ( 1 , 2 )"),
        # branches are cut away before: arguments may span lines
        (["F(x, y) x y"], "F(a,\n   b)", "a b"),
    ],
)
def test_expansion(defines, source, expected):
    assert joined(defines, source) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("T(f(x));", "T ( f ( x ) ) ;"),
        ("{ T(1); }", "{ T ( 1 ) ; }"),
        ("if (a) T(1);", "if ( a ) T ( 1 ) ;"),
        ("int T(1) x;", "int x ;"),
        ("a = T(1) 2;", "a = 2 ;"),
        ("T(1) int x;", "int x ;"),
    ],
)
def test_an_idle_macro_stays_where_it_is_a_statement(source, expected):
    assert joined(["T(x)"], source, keep_idle=True) == expected


def test_macro_made_tokens_lead_to_invocation_and_body():
    text, tokens = expand(["ONE(x) TWO(x)", "TWO(x) f(x, 1)"], "y; ONE(arg + 2);")
    source = text + "y; ONE(arg + 2);"
    call = next(token for token in tokens if token.text == "f")
    assert source[call.start : call.end] == "ONE(arg + 2)"
    assert (call.macros, call.in_argument, call.is_source) == (("ONE", "TWO"), False, False)
    assert call.body_start == text.index("f(x, 1)")
    argument = next(token for token in tokens if token.text == "arg")
    assert source[argument.start : argument.end] == "arg"
    assert (argument.macros, argument.in_argument, argument.body_start) == (("ONE", "TWO"), True, -1)


def test_a_macro_in_an_argument_belongs_to_the_outer_invocation():
    text, tokens = expand(["OUT(x) (x)", "IN k"], "OUT(IN)")
    made = next(token for token in tokens if token.text == "k")
    assert (text + "OUT(IN)")[made.start : made.end] == "OUT(IN)"
    assert made.macros == ("OUT", "IN")
    assert made.body_start == text.index("k\n")


def test_pasted_tokens_are_marked():
    _, tokens = expand(["CAT(a) f_ ## a (a)"], "CAT(x)")
    assert [(t.text, t.pasted, t.in_argument) for t in tokens if t.kind == "name"] == [
        ("f_x", True, False),
        ("x", False, True),
    ]


BOMB = ["A0 x"] + [f"A{n} A{n - 1} A{n - 1}" for n in range(1, 60)]
ARGUMENT_BOMB = ["F(x) x x"]
CHAIN = ["C0 x"] + [f"C{n} C{n - 1}" for n in range(1, 5000)]


@pytest.mark.parametrize(
    ("defines", "source"),
    [
        (BOMB, "A59"),
        (ARGUMENT_BOMB, "F(" * 40 + "1" + ")" * 40),
        (ARGUMENT_BOMB, "F(" * 3000 + "1" + ")" * 3000),
        (ARGUMENT_BOMB, "F(" * 3000),
        (CHAIN, "C4999"),
    ],
)
def test_explosions_end_with_the_macro_that_explodes(defines, source):
    with pytest.raises(ExpansionLimitError) as caught:
        expand(defines, source)
    assert caught.value.token.text[0] in "AFC"


_BODY = st.lists(
    st.sampled_from(["A", "B", "C(", "D(", ")", ",", "x", "y", "##", "#", "1", "__VA_ARGS__"]), max_size=8
)
_HEADS = ["A", "B", "C(x)", "D(x, ...)"]


@settings(max_examples=300, deadline=None)
@given(st.lists(_BODY, min_size=4, max_size=4), _BODY)
def test_expansion_ends_whatever_the_macros(bodies, source):
    defines = [f"{head} {' '.join(body)}" for head, body in zip(_HEADS, bodies, strict=True)]
    try:
        _, tokens = expand(defines, " ".join(source).replace("#", ""))
    except ExpansionLimitError:
        return
    assert len(tokens) <= BUDGET
    assert all(token.text and token.start < token.end for token in tokens)
