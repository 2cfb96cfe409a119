"""The scripts of bench/ import each other as top-level modules, as they do when they are run."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"
REPLAYED = BENCH.parent / "fixtures" / "replay"
FAKE_CLEW = Path(__file__).parent / "fake_clew.py"

for folder in (BENCH, BENCH / "replay"):
    if str(folder) not in sys.path:
        sys.path.insert(0, str(folder))


@pytest.fixture
def fake_clew():
    """A command line that stands in for clew, in one of the manners of fake_clew.py."""

    def command(manner: str) -> str:
        return f"{sys.executable} {FAKE_CLEW} {manner}"

    return command


@pytest.fixture
def gcc() -> str:
    """The C compiler; tests that need it are skipped without."""
    found = shutil.which("gcc")
    if found is None:
        pytest.skip("needs gcc")
    return found


def git(folder, *words):
    names = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    return subprocess.run(
        ["git", *names, *words], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


def commit(folder, files):
    for name, text in files.items():
        (folder / name).write_text(text)
    git(folder, "add", ".")
    git(folder, "commit", "-q", "-m", "next")
    return git(folder, "rev-parse", "HEAD").strip()


def fixture_files(name):
    return {path.name: path.read_text() for path in sorted((REPLAYED / name).iterdir())}


def replaced(files, pairs):
    for old, new in pairs:
        files = {name: text.replace(old, new) for name, text in files.items()}
    return files


@pytest.fixture
def tiny(tmp_path):
    """Makes a repository with the fixture's two commits, *old* and *human* replacing texts of the first
    and of the second, and *facts* keys of the case; returns the options for replay.py."""

    def make(human=(), old=(), **facts):
        folder = tmp_path / "repo"
        folder.mkdir()
        git(folder, "init", "-q")
        before = replaced(fixture_files("before"), old)
        parent = commit(folder, before | {"readme": "no C file\n"})
        after = replaced(fixture_files("after"), human)
        case = json.loads((REPLAYED / "case.json").read_text()) | facts
        case |= {"parent": parent, "commit": commit(folder, after)}
        cases = tmp_path / "cases.json"
        cases.write_text(json.dumps({"cases": [case]}))
        return ["--cases", str(cases), "--repo", f"tiny={folder / '.git'}"]

    return make
