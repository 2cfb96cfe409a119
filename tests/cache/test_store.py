"""The cache: right whatever happens to its file."""

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import time

import pytest

from clew.cache import store as store_module
from clew.cache.place import cache_file
from clew.cache.store import Store
from clew.cache.version import program_version


@pytest.fixture
def said():
    return []


@pytest.fixture
def path(tmp_path):
    return tmp_path / "sub" / "facts.sqlite"


_OPENED: list[Store] = []


@pytest.fixture(autouse=True)
def _closed():
    """Close what a test left open."""
    yield
    while _OPENED:
        _OPENED.pop().close()


def reopen(path, said, version="1", **more):
    _OPENED.append(Store(path, version, said.append, **more))
    return _OPENED[-1]


def test_what_was_put_is_there_for_the_next_run(path, said):
    first = reopen(path, said)
    first.put("k", {"a": b"1", "b": b""})
    first.close()
    second = reopen(path, said)
    assert second.get("k", ["a", "b", "c", "a"]) == {"a": b"1", "b": b""}
    assert second.get("other", ["a"]) == {}
    assert said == []


def test_many_keys(path, said):
    store = reopen(path, said)
    values = {f"key {number}": str(number).encode() for number in range(2345)}
    store.put("k", values)
    assert store.get("k", values) == values


def test_another_version_knows_nothing(path, said):
    reopen(path, said, "1").put("k", {"a": b"1"})
    assert reopen(path, said, "2").get("k", ["a"]) == {}
    assert reopen(path, said, "1").get("k", ["a"]) == {"a": b"1"}


def test_version_changes_with_the_program():
    assert program_version().split()[0].count(".") == 2
    assert program_version() == program_version()


# ---- a file that is of no use ------------------------------------------------------------------------


def spoil_bytes(path):
    path.write_bytes(b"not a database, but long enough to be one" * 100)


def spoil_truncate(path):
    path.write_bytes(path.read_bytes()[:5000])


def spoil_value(path):
    data = bytearray(path.read_bytes())
    data[data.index(b"needle")] ^= 1
    path.write_bytes(data)


def spoil_foreign(path):
    path.unlink()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE precious (x)")
    other.close()


def spoil_schema(path):
    with sqlite3.connect(path) as other:
        other.execute("PRAGMA user_version = 99")
    other.close()


@pytest.mark.parametrize("spoil", [spoil_bytes, spoil_truncate, spoil_value, spoil_foreign, spoil_schema])
def test_a_spoiled_file_is_put_aside_and_made_anew(path, said, spoil):
    store = reopen(path, said)
    store.put("k", {f"key {number}": b"needle" * 50 for number in range(100)})
    store.close()
    spoil(path)
    store = reopen(path, said)
    assert store.get("k", ["key 1", *(f"key {number}" for number in range(100))]) == {}
    store.close()
    assert len(said) == 1
    assert "was damaged or not clew's" in said[0]
    assert path.with_name("facts.sqlite.bad").exists()
    after = reopen(path, said)
    after.put("k", {"a": b"1"})
    assert after.get("k", ["a"]) == {"a": b"1"}
    assert len(said) == 1  # once


def test_a_foreign_database_is_kept(path, said):
    path.parent.mkdir()
    spoil_foreign_new(path)
    reopen(path, said).close()
    with sqlite3.connect(path.with_name("facts.sqlite.bad")) as kept:
        assert kept.execute("SELECT name FROM sqlite_master").fetchall() == [("precious",)]
    kept.close()


def spoil_foreign_new(path):
    path.touch()
    spoil_foreign(path)


def test_an_empty_file_is_taken(path, said):
    path.parent.mkdir()
    path.touch()
    store = reopen(path, said)
    store.put("k", {"a": b"1"})
    assert store.get("k", ["a"]) == {"a": b"1"}
    assert said == []


def test_a_folder_that_cannot_be_made(tmp_path, said):
    (tmp_path / "file").touch()
    store = reopen(tmp_path / "file" / "facts.sqlite", said)
    store.put("k", {"a": b"1"})
    assert store.get("k", ["a"]) == {}
    assert len(said) == 1
    assert said[0].startswith("no cache: ")


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes everywhere")
def test_a_file_that_cannot_be_written(path, said):
    reopen(path, said).put("k", {"a": b"1"})
    path.chmod(0o400)
    store = reopen(path, said)
    assert store.get("k", ["a"]) == {"a": b"1"}
    store.put("k", {"b": b"1"})
    assert said[0].startswith("no cache: ")


# ---- several runs ------------------------------------------------------------------------------------

WORKER = """
import sys
from pathlib import Path
from clew.cache.store import Store

def complain(text):
    raise SystemExit(text)

store = Store(Path(sys.argv[1]), "1", complain)
for turn in range(15):
    values = {f"{turn} {number}": b"x" * 500 for number in range(40)}
    store.put("k", values)
    found = store.get("k", values)
    if found != values:
        raise SystemExit(f"{len(found)} of {len(values)}")
"""


def start(path, code):
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), str(path)], env=environment, stderr=subprocess.PIPE
    )


def test_runs_at_the_same_time(path):
    workers = [start(path, WORKER) for _ in range(4)]
    assert [(worker.communicate()[1], worker.returncode) for worker in workers] == [(b"", 0)] * 4


KILLED = """
import os, sqlite3, sys, time
from pathlib import Path
from clew.cache import store
opened = store.Store(Path(sys.argv[1]), "1", print)
connection = opened._connection
connection.execute("PRAGMA cache_size = 1")  # so that pages are written before the end
connection.execute("BEGIN IMMEDIATE")
rows = [("k", f"new {n}", "1", 0, 0, b"y" * 3000) for n in range(400)]
connection.executemany(store._INSERT, rows)
Path(sys.argv[1] + ".ready").touch()
time.sleep(60)
"""


def test_a_killed_run_leaves_what_was_there(path, said):
    store = reopen(path, said)
    store.put("k", {"a": b"1"})
    store.close()
    worker = start(path, KILLED)
    ready = path.with_name("facts.sqlite.ready")
    deadline = time.monotonic() + 60
    while not ready.exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert path.with_name("facts.sqlite-journal").exists()  # it was in the middle of it
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    store = reopen(path, said)
    assert store.get("k", ["a", "new 1"]) == {"a": b"1"}
    store.put("k", {"b": b"2"})
    assert store.get("k", ["b"]) == {"b": b"2"}
    assert said == []


def test_a_file_that_another_run_holds_is_not_waited_for_long(path, said, monkeypatch):
    monkeypatch.setattr(store_module, "_WAIT_SECONDS", 0.05)
    reopen(path, said).put("k", {"a": b"1"})
    holder = sqlite3.connect(path)
    holder.execute("BEGIN EXCLUSIVE")
    store = reopen(path, said)
    assert store.get("k", ["a"]) == {}
    store.put("k", {"b": b"2"})
    holder.rollback()
    holder.close()
    assert said == []
    assert reopen(path, said).get("k", ["a", "b"]) == {"a": b"1"}


# ---- size --------------------------------------------------------------------------------------------


def test_the_size_is_bounded_and_what_is_used_stays(path, said):
    limit = 400_000
    old = reopen(path, said, limit=limit)
    old._today -= 30
    old.put("k", {f"old {number}": b"o" * 10_000 for number in range(20)})
    old.close()
    store = reopen(path, said, limit=limit)
    assert len(store.get("k", ["old 3"])) == 1
    for turn in range(8):
        store.put("k", {f"{turn} {number}": b"n" * 10_000 for number in range(3)})
    assert path.stat().st_size <= limit
    assert store.get("k", ["old 3"])  # used today
    assert store.get("k", ["7 2"])
    assert len(store.get("k", [f"old {number}" for number in range(20)])) < 20


# ---- where it is -------------------------------------------------------------------------------------


def test_place(monkeypatch, tmp_path):
    monkeypatch.setenv("CLEW_CACHE_DIR", str(tmp_path / "x"))
    assert cache_file() == tmp_path / "x" / "facts.sqlite"
    monkeypatch.delenv("CLEW_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert cache_file().name == "facts.sqlite"
    assert cache_file().parent.name == "clew"
