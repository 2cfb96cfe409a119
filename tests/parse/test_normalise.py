"""Normalisation: what pycparser cannot read becomes C with the same flow; everything else stays."""

import pytest

from clew.parse.nesting import MAX_DEPTH, find_bracket_problem
from clew.parse.normalise import normalise
from clew.parse.tokens import tokenise

SAME = [
    "",
    "a ? b : c;",
    "a && b;",
    "(a) && b",
    "f(a) && b",
    "x[1] = y[z[2]];",
    "goto out;",
    "int f(int a, ...)",
    'f("", "");',
    'return "";',
    'case "":',
    '(f(x), "")',
    "x = (char *) y;",
    "int asm_x;",
]


@pytest.mark.parametrize("text", SAME)
def test_plain_c_stays_as_it_is(text):
    tokens = tokenise(text, 0, len(text))
    assert normalise(tokens) == (tokens, ())


CASES = [
    ("a ?: b", "a ? 1 : b", ()),
    ("goto *p;", "__clew_computed_goto ( p ) ;", ("computed-goto",)),
    ("goto *t[f(x)];", "__clew_computed_goto ( t [ f ( x ) ] ) ;", ("computed-goto",)),
    ("x = &&l;", "x = __clew_label_address ( l ) ;", ()),
    ("{ &&a, &&b }", "{ __clew_label_address ( a ) , __clew_label_address ( b ) }", ()),
    ("(void *)&&l", "( void * ) __clew_label_address ( l )", ()),
    ("(unsigned long)&&l", "( unsigned long ) __clew_label_address ( l )", ()),
    ("case 1 ... 5:", "case 1 | 5 :", ()),
    ("[0 ... 3] = 1", "[ 0 | 3 ] = 1", ()),
    ("int __attribute__((unused)) x;", "int x ;", ()),
    ("int x __attribute__((cleanup(f)));", "int x ;", ("cleanup",)),
    ("__declspec(noreturn) void f()", "void f ( )", ()),
    ("void __stdcall f(_In_ int a)", "void f ( int a )", ()),
    ("[[fallthrough]]; [[gnu::cold]] f();", "; f ( ) ;", ()),
    ('_Pragma("") x;', "x ;", ()),
    ("__extension__ ({ 1; })", "( { 1 ; } )", ()),
    ("{ __label__ a, b; x; }", "{ x ; }", ()),
    ('asm volatile ("" ::: "");', ";", ()),
    ('register int r asm("");', "register int r ;", ()),
    (
        'asm("" : "=r"(x), [o] "+m" (*y) : "r" (z + 1) : "");',
        "__clew_asm ( & ( x ) , & ( * y ) , ( z + 1 ) ) ;",
        ("asm",),
    ),
    (
        'asm goto ("" : : "r" (a) : : l);',
        "__clew_asm ( ( a ) , __clew_label_address ( l ) ) ;",
        ("asm-goto",),
    ),
    ("__asm { mov eax, a } x;", "__clew_asm ( ) ; x ;", ("asm",)),
    ('"" PRId64 ""', '"" "" ""', ()),
    ('f("" PRIu64)', 'f ( "" "" )', ()),
    ('LEAD ""', '"" ""', ()),
    ('STR(x + 1) "" STR(y)', '"" "" ""', ()),
    ("__try { a; } __except (b) { c; }", "{ a ; } if ( b ) { c ; }", ("structured-exception",)),
    ("__try { a; } __finally { c; }", "{ a ; } { c ; }", ("structured-exception",)),
    ("if (__builtin_available(macOS 10.10, *)) x;", "if ( __builtin_available ( ) ) x ;", ()),
]


@pytest.mark.parametrize(("text", "expected", "notes"), CASES)
def test_other_spellings_become_plain_c(text, expected, notes):
    tokens, found = normalise(tokenise(text, 0, len(text)))
    assert " ".join(token.text for token in tokens) == expected
    assert tuple(note.code for note in found) == notes


@pytest.mark.parametrize("text", [text for text, _, _ in CASES])
def test_every_token_keeps_a_place_in_the_text(text):
    tokens, notes = normalise(tokenise(text, 0, len(text)))
    assert all(0 <= token.start <= token.end <= len(text) for token in tokens)
    assert all(0 <= note.at < len(text) for note in notes)
    starts = [token.start for token in tokens]
    assert starts == sorted(starts)


@pytest.mark.parametrize("text", [text for text, _, _ in CASES])
def test_normalising_twice_changes_nothing(text):
    once, _ = normalise(tokenise(text, 0, len(text)))
    assert normalise(once) == (once, ())


@pytest.mark.parametrize(
    "text",
    [
        "__attribute__((",
        "asm(",
        "goto *",
        "asm volatile",
        "&&",
        "[[",
        "a ?",
        '"" f(',
        "__asm {",
        "...",
        "__label__",
    ],
)
def test_unfinished_input_ends(text):
    normalise(tokenise(text, 0, len(text)))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("{ ( [ ] ) }", None),
        ("", None),
        ("( }", ("unbalanced '}'", 1)),
        (")", ("unbalanced ')'", 0)),
        ("{ ( )", ("'}' is missing", 2)),
        ("(" * 100_000, ("nested too deeply", MAX_DEPTH)),
    ],
)
def test_brackets_are_checked_in_one_pass(text, expected):
    assert find_bracket_problem(tokenise(text, 0, len(text))) == expected
