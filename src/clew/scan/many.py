"""Scan many files."""

from collections.abc import Callable, Mapping

from clew.scan.facts import FileFacts
from clew.scan.scanner import scan_source
from clew.text.source import SourceText

Progress = Callable[[str, int, int], None]


def scan_files(sources: Mapping[str, SourceText], progress: Progress) -> dict[str, FileFacts]:
    """Return the facts of *sources* in their order; *progress* hears of it."""
    found: dict[str, FileFacts] = {}
    for path, source in sources.items():
        progress("scanning files", len(found), len(sources))
        found[path] = scan_source(source)
    return found
