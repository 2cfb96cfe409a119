"""minicore, driven before and after through ctypes and cffi; and a broken one, which is found out."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from drive_minicore import prepare
from minicore import EVERYTHING, build, side

from clew.verify.driver.drive import check_cases, check_poison, check_threads, drive

pytestmark = [
    pytest.mark.compiler,
    pytest.mark.skipif(shutil.which("gcc") is None or shutil.which("make") is None, reason="needs gcc, make"),
]


@pytest.fixture(scope="module")
def job(tmp_path_factory):
    return prepare(tmp_path_factory.mktemp("drive"), "any", 20, 3)


@pytest.mark.parametrize("binding", ["ctypes", "cffi"])
@pytest.mark.parametrize("check", [check_cases, check_threads])
def test_it_does_the_same(job, check, binding):
    if binding == "cffi":
        pytest.importorskip("cffi")
    verdict = check(job, binding)
    assert verdict.status == "passed", verdict.evidence


def test_it_needs_the_global_less(job):
    verdict = check_poison(job)
    assert verdict.status == "passed", verdict.evidence
    assert verdict.figures["after"] > verdict.figures["before"]


def test_all_checks_are_there(job):
    found = [verdict.summary.split(":")[0] for verdict in drive(replace(job, rounds=1, bindings=("ctypes",)))]
    assert found == ["37 cases through ctypes", "threads through ctypes, 1 rounds", "poison"]


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("core/import.c", b"portions * 100 + ts->id", b"portions * 100"),
        ("core/eval.c", b"ts->depth--;", b";"),
        ("core/errors.c", b"*value = ts->error_value;", b"*value = (MCValue *)8;"),
    ],
)
def test_what_is_broken_is_found(job, tmp_path, monkeypatch, path, old, new):
    monkeypatch.setenv("CLEW_NO_GDB", "1")
    root = Path(shutil.copytree(job.after.folder.parent, tmp_path / "broken"))
    text = (root / path).read_bytes()
    assert text.count(old) == 1
    (root / path).write_bytes(text.replace(old, new))
    broken = side("broken", root, build(root, EVERYTHING))
    verdict = check_cases(replace(job, after=broken, scratch=tmp_path), "ctypes")
    assert verdict.status == "failed"
    assert verdict.evidence


def test_what_only_threads_can_break_is_found_by_them(job, tmp_path, monkeypatch):
    """A state that is kept for all threads while one waits: alone, a thread always gets its own back."""
    monkeypatch.setenv("CLEW_NO_GDB", "1")
    root = Path(shutil.copytree(job.after.folder.parent, tmp_path / "broken"))
    text = (root / "core/gil.c").read_text()
    right = "    MC_BEGIN_ALLOW_THREADS\n    MC_END_ALLOW_THREADS\n"
    wrong = "    static MCState *kept;\n    kept = mc_save_thread();\n"
    wrong += "    mc_gil_take();\n    mc_state_swap(kept);\n"
    assert text.count(right) == 1
    (root / "core/gil.c").write_text(text.replace(right, wrong))
    after = side("broken", root, build(root, EVERYTHING))
    # It ends with the first round that differs; on a busy machine some rounds do not meet.
    broken = replace(job, after=after, scratch=tmp_path, rounds=30)
    assert check_cases(broken, "ctypes").status == "passed"
    verdict = check_threads(broken, "ctypes")
    assert verdict.status == "failed"
    assert verdict.evidence
