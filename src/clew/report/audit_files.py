"""An audit by file: which are clean, and what became of them since an earlier audit."""

import json
from collections import Counter
from typing import Any

from clew.errors import ErrorPlace, UsageError
from clew.report.audit import Audit
from clew.text.record import record

_AGAIN = "write it with `clew audit --format json`"


@record()
class FileAudit:
    """What stands in one file: *functions* fetch, *sandwiches* do so although a caller holds the state."""

    path: str
    fetches: int
    functions: int
    sandwiches: int
    pins: int

    @property
    def is_clean(self) -> bool:
        """Nothing in the file fetches the state."""
        return not self.fetches


@record()
class Progress:
    """What changed since an earlier audit: files that are *cleaned* now, and files that are *spoiled*."""

    clean_before: int
    fetches_before: int
    cleaned: tuple[str, ...]
    spoiled: tuple[str, ...]


def audit_files(audit: Audit) -> tuple[FileAudit, ...]:
    """Return every file that defines functions or fetches, those with most fetches first."""
    fetches = Counter(fetch.place.path for fetch in audit.fetches)
    users = {(fetch.place.path, fetch.function) for fetch in audit.fetches if fetch.function}
    functions = Counter(path for path, _ in users)
    sandwiches = Counter(item.path for item in audit.sandwiches)
    pins = Counter(pin.path for pin in audit.pins)
    paths = sorted({*audit.defining, *fetches}, key=lambda path: (-fetches[path], path))
    return tuple(
        FileAudit(path, fetches[path], functions[path], sandwiches[path], pins[path]) for path in paths
    )


def count_clean(files: tuple[FileAudit, ...]) -> int:
    """Return the number of files without a fetch: the number that only goes up."""
    return sum(file.is_clean for file in files)


def compare(audit: Audit, before: dict[str, frozenset[str]], fetches: dict[str, int]) -> Progress | None:
    """Compare with the clean files and the number of *fetches* of an earlier audit, both by state; None when
    it did not know the state.  A file that was not there before is neither cleaned nor spoiled."""
    if audit.state not in before:
        return None
    clean = before[audit.state]
    files = audit_files(audit)
    return Progress(
        len(clean),
        fetches[audit.state],
        tuple(file.path for file in files if file.is_clean and file.path not in clean),
        tuple(file.path for file in files if not file.is_clean and file.path in clean),
    )


def read_before(text: str, title: str) -> tuple[dict[str, frozenset[str]], dict[str, int]]:
    """Return the clean files and the number of fetches, by state, of an earlier audit in JSON; *title* is the
    name of its file.  Raise `UsageError` when it is none."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        place = ErrorPlace(title, error.lineno, error.colno)
        raise UsageError(f"no JSON: {error.msg}", place, _AGAIN) from error
    try:
        audits = {audit["state"]: audit for audit in data["audits"]}
        clean = {state: _clean_paths(audit) for state, audit in audits.items()}
        return clean, {state: int(audit["totals"]["fetches"]) for state, audit in audits.items()}
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise UsageError("this is no audit that lists its files", ErrorPlace(title), _AGAIN) from error


def _clean_paths(audit: dict[str, Any]) -> frozenset[str]:
    return frozenset(file["path"] for file in audit["by_file"] if not file["fetches"])
