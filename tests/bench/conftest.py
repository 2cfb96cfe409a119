"""The scripts of bench/ import each other as top-level modules, as they do when they are run."""

import shutil
import sys
from pathlib import Path

import pytest

BENCH = Path(__file__).parents[2] / "bench"
FAKE_CLEW = Path(__file__).parent / "fake_clew.py"

if str(BENCH) not in sys.path:
    sys.path.insert(0, str(BENCH))


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
