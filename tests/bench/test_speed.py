"""The measurements of speed: what is run, and what is made of the figures."""

import json
import math
import sys

import pytest
from peer_gcc import syntax_only
from project import Project
from speed_corpora import Corpus
from speed_runs import Bench
from speed_scale import Point, fit_exponent, measure_scale, write_svg

SETTINGS = """
[[state]]
name = "ts"
type = "T *"
names = ["ts"]
accessors = ["GET()"]
"""
CORPUS = Corpus(
    Project(name="small", profile="", state="ts", linkage="static", paths=("*.c",), build=()),
    "rewrite",
    "a.c",
    ("a.c", "b.c", "c.c"),
    SETTINGS,
)
CLEW = (sys.executable, "-m", "clew")


@pytest.fixture
def source(tmp_path):
    folder = tmp_path / "source"
    folder.mkdir()
    for name in "abc":
        (folder / f"{name}.c").write_text(f"static int f_{name}(void) {{ return use(GET()); }}\n")
    (folder / "notes.txt").write_text("no C\n")
    return folder


def test_a_compiler_call_that_only_looks():
    words = "gcc -c -O2 -MMD -MF x.d -Iinclude -o x.o x.c".split()  # noqa: SIM905
    assert syntax_only(words) == ["gcc", "-O2", "-Iinclude", "x.c", "-fsyntax-only", "-w"]


def test_every_kind_of_run(source, tmp_path):
    without = frozenset({"tree-sitter", "spatch"})
    report = Bench(CORPUS, source, tmp_path / "work", CLEW, None, without).run(2)
    runs = {run.name: run for run in report.runs}
    assert {name for name, run in runs.items() if run.skipped} == {"tree-sitter", "spatch", "gcc"}
    assert all(run.failed == "" for run in report.runs)
    assert all(len(runs[name].cpu) == 2 for name in ("cold", "warm", "changed", "check"))
    assert report.counts == {"files": 3, "megabytes": 0.0, "functions": 5, "parsed": 3, "fetches": 3}
    assert json.dumps(report.ratios) == "{}"
    assert (source / "a.c").read_text().count("\n") == 1  # the copy was changed, twice


@pytest.mark.parametrize("exponent", [1.0, 1.5])
def test_the_exponent_is_found(exponent, tmp_path):
    points = [Point(n, n, n, 3 * n**exponent, 0.0, 0.0) for n in (1, 10, 100)]
    assert math.isclose(fit_exponent(points), exponent)
    write_svg(points, tmp_path / "scale.svg")
    assert f"exponent {exponent:.2f}" in (tmp_path / "scale.svg").read_text()


def test_a_part_holds_the_smaller_part(source, tmp_path):
    whole = measure_scale(CORPUS, source, tmp_path / "work", CLEW, [100])
    assert [(point.share, point.files) for point in whole] == [(100, 3)]
    assert sorted(path.name for path in (tmp_path / "work/tree").glob("*.c")) == ["a.c", "b.c", "c.c"]
