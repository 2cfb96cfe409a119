"""Every golden case through the whole pipeline: what clew writes, what it refuses, and that it still runs.

With ``CLEW_REGEN=1`` in the environment `test_result` writes what clew does now into ``after/`` and
``case.toml``, for a person to review with ``git diff``; a case with a known gap in its result is left alone,
since its ``after/`` was written by hand.
"""

import functools
import json
import os
import re
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from clew import api

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
REGENERATE = bool(os.environ.get("CLEW_REGEN"))

_CASE_KEYS = {
    "description", "kind", "expect", "run", "output", "builds", "cflags", "refusals", "totals", "gaps",
    "scope",
}  # fmt: skip
_WARNINGS = ("-std=gnu11", "-Wall", "-Werror")
_UNITS = (".c", ".s")
_NO_CODE = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"', re.DOTALL)
_RESULT_KEYS = re.compile(r"^(?:refusals|totals) = .*\n", re.MULTILINE)


@dataclass(frozen=True)
class Case:
    """One folder of fixtures/cases: its *keys*, and the *settings* made of the others."""

    folder: Path
    keys: dict[str, Any]
    settings: api.Settings
    scope: api.Scope

    @property
    def before(self) -> Path:
        return self.folder / "before"

    @property
    def after(self) -> Path:
        return self.folder / "after"


@dataclass(frozen=True)
class Outcome:
    """What clew does to a case: its *plan*, the *diff*, and every file of the tree afterwards."""

    plan: api.Plan
    diff: bytes
    files: dict[str, bytes]


def read_files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def write_files(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def thread_state(case: Case, root: Path) -> Outcome:
    tree = api.open_tree(root, case.settings, case.scope)
    plan = api.make_plan(tree, case.settings.states[0].name)
    change = api.rewrite(tree, plan)
    return Outcome(plan, change.diff(), read_files(root) | change.files)


@functools.cache
def load_case(name: str, work: Path) -> Case:
    """Split case.toml into the keys of a case and a clew.toml, which is written to *work* and loaded."""
    folder = CASES / name
    text = (folder / "case.toml").read_text()
    keys = tomllib.loads(text)
    settings = work / f"{name}.toml"
    settings.write_text(_without_case_keys(text))
    scope: dict[str, Any] = {
        key: tuple(v) if isinstance(v, list) else v for key, v in keys.get("scope", {}).items()
    }
    return Case(folder, keys, api.load_settings(settings), api.Scope(**scope))


def _without_case_keys(text: str) -> str:
    """Drop the lines of the case's own keys (each takes one line) and the table [scope]."""
    kept, skip = [], False
    for line in text.splitlines(keepends=True):
        if line.startswith("["):
            skip = line.startswith("[scope]")
        if not skip and line.split(" ", 1)[0] not in _CASE_KEYS:
            kept.append(line)
    return "".join(kept)


@functools.cache
def outcome_of(name: str, work: Path) -> Outcome:
    case = load_case(name, work)
    return thread_state(case, case.before)


NAMES = sorted(path.parent.name for path in CASES.glob("*/case.toml"))


def cases(check: str) -> list[Any]:
    """All cases as parameters; those whose case.toml names a gap in *check* are expected to fail."""
    found = []
    for name in NAMES:
        gap = tomllib.loads((CASES / name / "case.toml").read_text()).get("gaps", {}).get(check)
        marks = [pytest.mark.xfail(reason=gap, strict=True)] if gap else []
        found.append(pytest.param(name, marks=marks, id=name))
    return found


def builds() -> list[Any]:
    """Every build of every case."""
    found = []
    for name in NAMES:
        for number, options in enumerate(tomllib.loads((CASES / name / "case.toml").read_text())["builds"]):
            label = " ".join(options) or "plain"
            found.append(pytest.param(name, number, id=f"{name}-{label}"))
    return found


@pytest.fixture(scope="session")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("cases")


def test_there_are_enough_cases_and_refusals():
    kinds = [tomllib.loads((CASES / name / "case.toml").read_text())["kind"] for name in NAMES]
    assert len(kinds) >= 90
    assert kinds.count("refusal") >= 35


def codes_of(plan: api.Plan) -> list[str]:
    return sorted(refusal.code for refusal in plan.refusals)


def numbers_of(plan: api.Plan) -> dict[str, int]:
    return {name: number for name, number in plan.totals.items() if number}


@pytest.mark.parametrize("name", cases("result"))
def test_result(name, work):
    case, outcome = load_case(name, work), outcome_of(name, work)
    if REGENERATE and "result" not in case.keys.get("gaps", {}):
        regenerate(case, outcome)
        return
    assert codes_of(outcome.plan) == case.keys["refusals"]
    assert numbers_of(outcome.plan) == case.keys["totals"]
    expected = read_files(case.after)
    assert outcome.files.keys() == expected.keys()
    for path, data in expected.items():
        assert outcome.files[path].decode("latin-1") == data.decode("latin-1"), path


def regenerate(case: Case, outcome: Outcome) -> None:
    if case.after.exists():
        shutil.rmtree(case.after)
    write_files(case.after, outcome.files)
    path = case.folder / "case.toml"
    rest = _RESULT_KEYS.sub("", path.read_text())
    totals = ", ".join(f"{name} = {number}" for name, number in numbers_of(outcome.plan).items())
    line = f"refusals = {json.dumps(codes_of(outcome.plan))}\ntotals = {{ {totals} }}\n"
    expect = re.search(r"^expect = .*\n", rest, re.MULTILINE)
    assert expect is not None
    path.write_text(rest[: expect.end()] + line + rest[expect.end() :])


@pytest.mark.parametrize("name", NAMES)
def test_kind(name, work):
    case = load_case(name, work)
    changes = read_files(case.before) != read_files(case.after)
    settled = case.keys["totals"].keys() <= {"boundary", "total"}
    assert case.keys["kind"] in ("rewrite", "refusal")
    if case.keys["kind"] == "refusal":
        assert case.keys["refusals"], "a refusal names its reason"
    else:
        assert changes or settled, "a case of this kind shows a change, or that there is nothing to do"


@pytest.mark.parametrize("name", cases("again"))
def test_second_run_changes_nothing(name, work, tmp_path):
    case = load_case(name, work)
    again = thread_state(case, write_files(tmp_path, outcome_of(name, work).files))
    assert again.diff.decode("latin-1") == ""


@pytest.mark.parametrize("name", cases("accounting"))
def test_every_fetch_has_exactly_one_outcome(name, work):
    case, plan = load_case(name, work), outcome_of(name, work).plan
    totals = dict(plan.totals)
    assert totals.pop("total") == sum(totals.values()) == len(plan.fetches)
    places = [(fetch.place.path, fetch.place.offset) for fetch in plan.fetches]
    assert len(places) == len(set(places))
    calls = [a.spelling for a in case.settings.states[0].accessors if a.spelling.endswith(")")]
    assert set(places) >= set(spelled_places(case, calls))
    for refusal in plan.refusals:
        assert refusal.why
        assert refusal.subject


def spelled_places(case: Case, calls: list[str]) -> list[tuple[str, int]]:
    """Find the calls of accessors by their text alone, comments and literals aside."""
    found = []
    for path, data in read_files(case.before).items():
        text = _NO_CODE.sub(lambda match: " " * len(match.group()), data.decode("latin-1"))
        for spelling in calls:
            found += [(path, match.start()) for match in re.finditer(rf"\b{re.escape(spelling)}", text)]
    return found


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@pytest.mark.parametrize("name", cases("undo"))
def test_the_diff_leads_there_and_back(name, work, tmp_path):
    case, outcome = load_case(name, work), outcome_of(name, work)
    before = read_files(case.before)
    if not outcome.diff:
        assert outcome.files == before
        return
    write_files(tmp_path, before)
    apply_diff(tmp_path, outcome.diff)
    assert read_files(tmp_path) == outcome.files
    apply_diff(tmp_path, outcome.diff, "--reverse")
    assert read_files(tmp_path) == before


def apply_diff(root: Path, diff: bytes, *options: str) -> None:
    environment = os.environ | {"GIT_CEILING_DIRECTORIES": str(root.parent), "GIT_CONFIG_GLOBAL": os.devnull}
    command = ["git", "apply", "--whitespace=nowarn", *options, "-"]
    done = subprocess.run(command, cwd=root, input=diff, capture_output=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr.decode("latin-1")


@pytest.mark.compiler
@pytest.mark.skipif(shutil.which("gcc") is None, reason="needs gcc")
@pytest.mark.parametrize(("name", "build"), builds())
def test_the_program_still_does_the_same(name, build, work, tmp_path):
    case = load_case(name, work)
    versions = {"before": read_files(case.before), "after": read_files(case.after)}
    gap = case.keys.get("gaps", {})
    if "compile" not in gap:
        versions["clew"] = outcome_of(name, work).files
    seen: dict[tuple[tuple[str, bytes], ...], str] = {}
    for version, files in versions.items():
        key = tuple(sorted(files.items()))
        if key not in seen:
            seen[key] = build_and_run(case, build, write_files(tmp_path / version, files))
            if case.keys["run"]:
                assert seen[key] == case.keys["output"][build], version


def build_and_run(case: Case, build: int, root: Path) -> str:
    """Return what the program prints; fail where it does not compile without a warning."""
    units = [name for name in read_files(root) if name.endswith(_UNITS)]
    options = [*case.keys["builds"][build], *case.keys.get("cflags", [])]
    target = ["-o", "program"] if case.keys["run"] else ["-c"]
    command = ["gcc", *_WARNINGS, *options, *units, *target]
    compiled = subprocess.run(command, cwd=root, capture_output=True, check=False)
    assert compiled.returncode == 0, compiled.stderr.decode("latin-1")
    if not case.keys["run"]:
        return ""
    ran = subprocess.run([root / "program"], capture_output=True, check=False, timeout=10)
    assert ran.returncode == 0
    return ran.stdout.decode("latin-1")
