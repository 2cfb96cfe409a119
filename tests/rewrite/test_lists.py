import pytest

from clew.rewrite.lists import add_element, declare, is_unnamed
from clew.scan import scan_source
from clew.text.edit import apply_edits
from clew.text.source import SourceText
from clew.text.span import Span


def added(text, position):
    code = scan_source(SourceText("x.c", text)).masked
    whole = Span(code.index("("), code.rindex(")") + 1)
    return apply_edits(text, [add_element(code, text, whole, "T *ts", position, "", "")])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("int f();", "int f(T *ts);"),
        ("int f(void);", "int f(T *ts);"),
        ("int f( void );", "int f( T *ts );"),
        ("int f( );", "int f(T *ts);"),
        ("int f(/* nothing */);", "int f(T *ts /* nothing */);"),
        ("int f(int a);", "int f(T *ts, int a);"),
        ("int f( int a );", "int f( T *ts, int a );"),
        ("int f(/* in */ int a);", "int f(T *ts, /* in */ int a);"),
        ("int f(int (*g)(int, int), int b);", "int f(T *ts, int (*g)(int, int), int b);"),
        ("int f(\n    int a);", "int f(\n    T *ts, int a);"),
        ("int f(\n    int a, int b);", "int f(\n    T *ts, int a, int b);"),
        ("int f(\n    int a,\n    int b);", "int f(\n    T *ts,\n    int a,\n    int b);"),
        (
            "int f(int a,\n      int b,\n      int c);",
            "int f(T *ts,\n      int a,\n      int b,\n      int c);",
        ),
        ("int f(int a,\n      int b);", "int f(T *ts, int a,\n      int b);"),
        (
            "int f(int a,\r\n      int b,\r\n      int c);",
            "int f(T *ts,\r\n      int a,\r\n      int b,\r\n      int c);",
        ),
    ],
)
def test_first(before, after):
    assert added(before, 0) == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("int f(void);", "int f(T *ts);"),
        ("int f(int a);", "int f(int a, T *ts);"),
        ("int f(const char *a, ...);", "int f(const char *a, T *ts, ...);"),
        ("int f(int a /* in */);", "int f(int a /* in */, T *ts);"),
        (
            "int f(int a,\n      int b,\n      int c);",
            "int f(int a,\n      int b,\n      int c,\n      T *ts);",
        ),
    ],
)
def test_last(before, after):
    assert added(before, -1) == after


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(int, char *)", True),
        ("(struct s *, unsigned long)", True),
        ("(FILE *, mod_ty)", True),
        ("(int (*)(int), void *)", True),
        ("(int a, char *)", False),
        ("(int a)", False),
        ("(struct s *s)", False),
        ("(int (*g)(int))", False),
        ("(char *a[])", False),
        ("(void)", False),
        ("(...)", False),
    ],
)
def test_is_unnamed(text, expected):
    assert is_unnamed(text, Span(0, len(text))) is expected


@pytest.mark.parametrize(
    ("type_text", "name", "expected"),
    [("T *", "ts", "T *ts"), ("T*", "ts", "T*ts"), ("T", "ts", "T ts"), ("T *", "", "T *"), ("T ", "", "T")],
)
def test_declare(type_text, name, expected):
    assert declare(type_text, name) == expected
