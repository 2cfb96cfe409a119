import pytest

from clew.link.slice import arrange


@pytest.mark.parametrize(
    ("nodes", "edges", "expected"),
    [
        ("", [], []),
        ("a", [], [(("a",),)]),
        ("ab", [], [(("a",),), (("b",),)]),
        ("ab", ["ba"], [(("b",), ("a",))]),
        ("abc", ["ab", "bc", "ac"], [(("a",), ("b",), ("c",))]),
        # A cycle shares a column; the largest component comes first.
        ("zabc", ["ab", "bc", "cb"], [(("a",), ("b", "c")), (("z",),)]),
        ("a", ["aa"], [(("a",),)]),
        # Without crossings: each callee stands across from its caller.
        ("rabxy", ["ra", "rb", "ay", "bx"], [(("r",), ("a", "b"), ("y", "x"))]),
    ],
)
def test_arrange(nodes, edges, expected):
    assert arrange(list(nodes), [tuple(edge) for edge in edges]) == expected


def test_a_long_chain_needs_no_recursion():
    nodes = list(range(20_000))
    (columns,) = arrange(nodes, [(n, n + 1) for n in nodes[:-1]])
    assert len(columns) == 20_000
