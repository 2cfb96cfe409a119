"""The mutants are made from clew's edits, there are enough of them, and the layers catch what is wrong."""

import shutil
from collections import Counter

import pytest
from change import Change
from minicore import thread
from mutants import choose
from stale import switched_around

from mutate import SURVIVES, Bench, Result, report


@pytest.fixture(scope="module")
def change():
    return Change(thread("any"))


def test_there_are_enough(change):
    kinds = Counter(mutant.kind for mutant in choose(change, 16))
    assert len(kinds) >= 12
    assert kinds.total() >= 200


def test_every_mutant_differs_from_the_change_in_one_file(change):
    right = change.files(change.edits)
    seen = set()
    for mutant in choose(change, 4):
        files = change.files(mutant.edits)
        differing = [path for path, data in files.items() if data != right[path]]
        assert differing == [mutant.path]
        seen.add((mutant.kind, mutant.path, files[mutant.path]))
    assert len(seen) == len(choose(change, 4))


@pytest.mark.compiler
@pytest.mark.skipif(shutil.which("gcc") is None or shutil.which("make") is None, reason="needs gcc, make")
def test_layers_catch_them(tmp_path):
    bench = Bench(tmp_path, "static")
    kinds = {"argument dropped": "compile", "NULL passed": "native", "fetch left": "fetches"}
    mutants = {mutant.kind: mutant for mutant in choose(bench.change, 1)}
    for number, (kind, layer) in enumerate(kinds.items()):
        result = bench.run(number, mutants[kind])
        assert result.layer == layer, result
        assert result.how


@pytest.mark.compiler
@pytest.mark.skipif(shutil.which("gcc") is None or shutil.which("make") is None, reason="needs gcc, make")
def test_only_the_checks_of_uses_see_a_change_around_a_variable(tmp_path):
    bench = Bench(tmp_path, "static")
    made = switched_around(bench.change)
    mutant = next(one for one in made if "core/pending.c" in one.path)
    result = bench.run(0, mutant)
    assert result.layer == "uses", result
    assert "core/pending.c" in result.how


def test_report():
    results = [
        Result("a", "x.c", 1, "what", "compile", "error"),
        Result("a", "x.c", 2, "what", "", "", "equal: the same"),
        Result("b", "y.c", 3, "other", "", "", SURVIVES),
    ]
    text = report(results, 1)
    assert "3 mutants of 2 kinds" in text
    assert "y.c:3: b (other): survives" in text
    assert "x.c:2: a (what): equal: the same" in text
    assert "x.c:1" not in text
