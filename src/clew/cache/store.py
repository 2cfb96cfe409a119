"""Results by kind, content and version in one SQLite file that any number of runs may share.

Everything in the file can be computed again, so whatever is wrong with it is no error: a file that is
damaged or not clew's is moved aside and made anew, one that cannot be written or is held by another run is
not used.  A row carries a checksum, because SQLite does not notice a flipped bit.  The journal is the
rollback journal, not a write-ahead log: home folders lie on network file systems.
"""

import sqlite3
import time
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

# "clew" in ASCII: https://www.sqlite.org/pragma.html#pragma_application_id
_APPLICATION = 0x636C6577
_SCHEMA_VERSION = 1
_SCHEMA = f"""
PRAGMA application_id = {_APPLICATION};
PRAGMA user_version = {_SCHEMA_VERSION};
CREATE TABLE IF NOT EXISTS result (
    kind TEXT NOT NULL, key TEXT NOT NULL, version TEXT NOT NULL,
    check_sum INTEGER NOT NULL, day INTEGER NOT NULL, data BLOB NOT NULL,
    UNIQUE (kind, key, version)
);
"""
_SELECT = "SELECT key, check_sum, day, data FROM result WHERE kind = ? AND version = ? AND key IN ({})"
_INSERT = "INSERT OR REPLACE INTO result (kind, key, version, check_sum, day, data) VALUES (?, ?, ?, ?, ?, ?)"
_TOUCH = "UPDATE result SET day = ? WHERE kind = ? AND version = ? AND key = ?"
_CHUNK = 500  # SQLite allows at least 999 parameters
_WAIT_SECONDS = 5.0
_SECONDS_A_DAY = 86_400
LIMIT_BYTES = 256 * 1024 * 1024

Say = Callable[[str], None]


class DamagedError(Exception):
    """The file is no cache of clew, or not any more."""


class Store:
    """An open cache.  *version* separates results of different programs; *say* is told, once, when the file
    was of no use; *limit* is the size in bytes beyond which the results longest unused go away."""

    def __init__(self, path: Path, version: str, say: Say, limit: int = LIMIT_BYTES) -> None:
        self._path, self._version, self._say, self._limit = path, version, say, limit
        self._connection: sqlite3.Connection | None = None
        self._today = int(time.time()) // _SECONDS_A_DAY
        self._open()

    def get(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        """Return what is known of *keys*."""
        wanted = list(dict.fromkeys(keys))
        found: dict[str, bytes] = {}
        try:
            for start in range(0, len(wanted), _CHUNK):
                found |= self._read(kind, wanted[start : start + _CHUNK])
        except (sqlite3.Error, DamagedError) as error:
            self._give_up(error)
            return {}
        return found

    def put(self, kind: str, results: Mapping[str, bytes]) -> None:
        """Remember *results*: all of them, or none when the file cannot be written now."""
        if self._connection is None or not results:
            return
        rows = [
            (kind, key, self._version, zlib.crc32(data), self._today, data) for key, data in results.items()
        ]
        try:
            with self._connection as transaction:
                transaction.executemany(_INSERT, rows)
            self._trim(self._connection)
        except sqlite3.Error as error:
            self._give_up(error)

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _open(self) -> None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._connect()
        except OSError as error:
            self._say(f"no cache: {error.filename}: {error.strerror}")
        except (sqlite3.Error, DamagedError) as error:
            self._give_up(error)
            if isinstance(error, sqlite3.OperationalError):
                return
            with suppress(sqlite3.Error, DamagedError):
                self._connect()

    def _connect(self) -> None:
        connection = sqlite3.connect(self._path, timeout=_WAIT_SECONDS)
        try:
            _prepare(connection)
        except BaseException:
            connection.close()
            raise
        self._connection = connection

    def _give_up(self, error: Exception) -> None:
        """Work on without the file; one that is damaged does not come in the way again."""
        self.close()
        if isinstance(error, sqlite3.OperationalError):
            if "locked" not in str(error) and "busy" not in str(error):
                self._say(f"no cache: {self._path}: {error}")
            return
        aside = self._path.with_name(f"{self._path.name}.bad")
        try:
            # A journal left behind would be played back into the file that comes next.
            self._path.with_name(f"{self._path.name}-journal").unlink(missing_ok=True)
            self._path.replace(aside)
        except OSError as failure:
            self._say(f"no cache: {self._path}: {failure.strerror}")
            return
        self._say(f"the cache {self._path} was damaged or not clew's ({error}): it is now {aside.name}")

    def _read(self, kind: str, keys: list[str]) -> dict[str, bytes]:
        if self._connection is None:
            return {}
        query = _SELECT.format(", ".join("?" * len(keys)))
        rows = self._connection.execute(query, (kind, self._version, *keys)).fetchall()
        for _, check_sum, _, data in rows:
            if not isinstance(data, bytes) or zlib.crc32(data) != check_sum:
                raise DamagedError("a checksum is wrong")
        stale = [key for key, _, day, _ in rows if day != self._today]
        if stale:
            with self._connection as transaction:
                touched = [(self._today, kind, self._version, key) for key in stale]
                transaction.executemany(_TOUCH, touched)
        return {key: data for key, _, _, data in rows}

    def _trim(self, connection: sqlite3.Connection) -> None:
        """Drop what was longest unused until the file is three quarters of its limit."""
        size = _size(connection)
        if size <= self._limit:
            return
        excess = size - self._limit * 3 // 4
        with connection as transaction:
            rows = transaction.execute("SELECT rowid, length(data) FROM result ORDER BY day, rowid")
            doomed: list[tuple[int]] = []
            for number, length in rows:
                if excess <= 0:
                    break
                doomed.append((number,))
                excess -= length
            transaction.executemany("DELETE FROM result WHERE rowid = ?", doomed)
        # Not execute(), which takes one step and so frees one page.
        connection.executescript("PRAGMA incremental_vacuum")


def _prepare(connection: sqlite3.Connection) -> None:
    """Make the tables in an empty file; raise `DamagedError` when the file is somebody else's."""
    # In one transaction: another run may be making the tables just now.
    connection.execute("BEGIN")
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    connection.execute("COMMIT")
    if (application, version) == (_APPLICATION, _SCHEMA_VERSION):
        return
    if tables:
        raise DamagedError("other tables are in it")
    connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
    connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;")


def _size(connection: sqlite3.Connection) -> int:
    pages: int = connection.execute("PRAGMA page_count").fetchone()[0]
    page: int = connection.execute("PRAGMA page_size").fetchone()[0]
    return pages * page
