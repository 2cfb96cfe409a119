"""Sets of files as bits, and what is reached through includes."""

from hypothesis import given
from hypothesis import strategies as st

from clew.parse.path_sets import Closures, Paths, PathSet, list_bits

GRAPHS = st.integers(1, 9).flatmap(
    lambda size: st.lists(st.lists(st.integers(0, size - 1), max_size=4), min_size=size, max_size=size)
)


def reached(graph, start):
    seen, todo = {start}, [start]
    while todo:
        fresh = set(graph[todo.pop()]) - seen
        seen |= fresh
        todo += fresh
    return seen


@given(GRAPHS, st.randoms())
def test_closures(graph, random):
    closures = Closures(graph.__getitem__)
    order = list(range(len(graph)))
    random.shuffle(order)
    for start in order:
        assert set(list_bits(closures.of(start))) == reached(graph, start)


def test_a_long_chain_of_includes():
    closures = Closures(lambda number: [number + 1] if number < 5000 else [])
    assert closures.of(0).bit_count() == 5001


@given(st.sets(st.integers(0, 3000)))
def test_bits(numbers):
    assert list_bits(sum(1 << number for number in numbers)) == sorted(numbers)


def test_a_set_of_paths():
    paths = Paths(["a.c", "b.h", "c.h"])
    found = PathSet(paths, paths.bits_of(["c.h", "a.c", "elsewhere.h"]))
    assert list(found) == ["a.c", "c.h"]
    assert len(found) == 2
    assert "a.c" in found
    assert "b.h" not in found
    assert "elsewhere.h" not in found
    assert found - {"a.c"} == {"c.h"}
    assert frozenset({"b.h", "c.h"}) & found == {"c.h"}
    assert found.isdisjoint(["b.h"])
    assert not found.isdisjoint(["b.h", "c.h"])
