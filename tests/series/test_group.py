"""The order of a series."""

from hypothesis import given
from hypothesis import strategies as st

from clew.series.group import group_functions


def names(groups):
    return [(group.home, [name for name, _ in group.members]) for group in groups]


def static(name, path="a.c"):
    return (name, path)


def public(name):
    return (name, "")


def test_statics_of_a_file_together_then_each_public_function():
    functions = [static("f"), static("g"), static("h", "b.c"), public("p"), public("q")]
    calls = [(static("f"), static("g")), (public("p"), static("f")), (public("q"), public("p"))]
    assert names(group_functions(functions, calls)) == [
        ("a.c", ["g", "f"]),
        ("b.c", ["h"]),
        ("", ["p"]),
        ("", ["q"]),
    ]


def test_a_static_function_that_needs_a_public_one_waits():
    functions = [static("f"), static("g"), public("p")]
    calls = [(static("f"), public("p")), (public("p"), static("g"))]
    assert names(group_functions(functions, calls)) == [("a.c", ["g"]), ("", ["p"]), ("a.c", ["f"])]


def test_a_circle_changes_at_once():
    functions = [static("f"), public("p"), public("q")]
    calls = [(static("f"), public("p")), (public("p"), public("q")), (public("q"), static("f"))]
    assert [sorted(members) for _, members in names(group_functions(functions, calls))] == [["f", "p", "q"]]


def test_nothing():
    assert group_functions([], []) == []


_FUNCTIONS = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.sampled_from(["", "a.c", "b.c"])), unique=True, max_size=12
)


@given(_FUNCTIONS, st.data())
def test_callees_first_and_everybody_once(functions, data):
    pair = st.tuples(st.sampled_from(functions), st.sampled_from(functions)) if functions else st.nothing()
    calls = data.draw(st.lists(pair, max_size=20) if functions else st.just([]))
    groups = group_functions(functions, calls)
    at = {key: number for number, group in enumerate(groups) for key in group.members}
    assert sorted(at) == sorted(functions)
    assert sum(len(group.members) for group in groups) == len(functions)
    reach = {one: {one} for one in functions}
    for _ in functions:
        for caller, callee in calls:
            reach[caller] |= reach[callee]
    for caller, callee in calls:
        if caller in reach[callee]:
            assert at[caller] == at[callee]
        else:
            assert at[callee] <= at[caller]
    for group in groups:
        assert not group.home or all(path == group.home for _, path in group.members)
