import pytest

from clew.link.file_scope import invocations_around


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("EACH(a, @)", [("EACH", True)]),
        ("int x; EACH(a,\n    @)", [("EACH", True)]),
        ("int f(void) { } EACH(g(1), @)", [("EACH", True)]),
        ("OUTER(INNER(b, @))", [("INNER", False), ("OUTER", True)]),
        ("static int f(int @)", [("f", False)]),
        ("struct s { int @", []),
        ("int x = 1, @", []),
    ],
)
def test_invocations_around(text, expected):
    assert invocations_around(text, text.index("@")) == expected
