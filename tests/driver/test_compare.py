import pytest

from clew.verify.driver.child import Observation
from clew.verify.driver.compare import describe_difference, first_difference, shrink
from clew.verify.driver.probes import compare_probes


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        ([1, [2, 3]], [1, [2, 4]], "[1][1]"),
        ([1], [1, 2], " length"),
        ({"a": [0]}, {"a": [1]}, ".a[0]"),
        ({"a": 1}, {"b": 1}, ""),
        ([1, 2], [1, "2"], "[1]"),
        ([None], [0], "[0]"),
    ],
)
def test_the_first_difference(before, after, place):
    found = first_difference(before, after)
    assert found is not None
    assert found[0] == place


@pytest.mark.parametrize("value", [[], [1, {"a": [None, "x"]}], {}, (1, 2)])
def test_no_difference(value):
    assert first_difference(value, value) is None


def test_tuples_and_lists_are_alike():
    assert first_difference((1, [2]), [1, [2]]) is None


def test_long_values_are_cut():
    lines = describe_difference(("[0]", "x" * 500, 1))
    assert all(len(line) < 200 for line in lines)
    assert lines[-1] == "after:  1"


def test_shrinking_leaves_what_is_needed():
    assert shrink(list(range(10)), lambda part: {3, 7} <= set(part)) == [3, 7]


def test_shrinking_keeps_to_its_budget():
    tried = []

    def never(part):
        tried.append(part)
        return False

    assert shrink(list(range(100)), never, budget=5) == list(range(100))
    assert len(tried) == 5


def probes(**outcomes):
    return Observation(tuple([name, outcome] for name, outcome in outcomes.items()))


def test_a_probe_that_works_now_is_a_proof():
    verdict = compare_probes(probes(a="SIGABRT", b="SIGABRT"), probes(a="passed", b="SIGABRT"))
    assert verdict.status == "passed"
    assert "0 of 2 probes run without the global before, 1 after" in verdict.summary
    assert verdict.evidence == ("runs without the global now: a", "still needs the global: b")


def test_a_probe_that_worked_before_fails():
    verdict = compare_probes(probes(a="passed", b="SIGABRT"), probes(a="SIGABRT", b="passed"))
    assert verdict.status == "failed"
    assert verdict.evidence[0] == "fetches now, and did not before: a"


def test_no_difference_shows_nothing():
    assert compare_probes(probes(a="passed"), probes(a="passed")).status == "not-run"
    assert compare_probes(Observation(()), Observation(())).status == "not-run"


def test_probes_that_end_badly():
    broken = Observation((), "was ended by SIGSEGV", ("#0 f",))
    assert compare_probes(broken, probes(a="passed")).status == "not-run"
    verdict = compare_probes(probes(a="passed"), broken)
    assert verdict.status == "failed"
    assert verdict.evidence == ("the program after was ended by SIGSEGV", "#0 f")
