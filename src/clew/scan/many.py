"""Scan many files, in this process or wherever a `concurrent.futures.Executor` does its work."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from clew.scan.facts import FileFacts
from clew.scan.scanner import scan_source
from clew.text.source import SourceText

if TYPE_CHECKING:
    from concurrent.futures import Executor

# Characters in a batch: enough that sending it costs little beside scanning it, few enough to share out.
BATCH_SIZE = 1_000_000

Progress = Callable[[str, int, int], None]


def scan_files(
    sources: Mapping[str, SourceText], executor: "Executor | None", progress: Progress
) -> dict[str, FileFacts]:
    """Return the facts of *sources* in their order, whoever finishes first; *progress* hears of it."""
    found: dict[str, FileFacts] = {}
    batches = [[source] for source in sources.values()] if executor is None else list(_cut(sources))
    results = map(scan_batch, batches) if executor is None else executor.map(scan_batch, batches)
    for facts in results:
        progress("scanning files", len(found), len(sources))
        found |= {one.path: one for one in facts}
    return found


def scan_batch(sources: Sequence[SourceText]) -> list[FileFacts]:
    """Scan a few files; what an executor is asked to do."""
    return [scan_source(source) for source in sources]


def _cut(sources: Mapping[str, SourceText]) -> Iterator[list[SourceText]]:
    batch: list[SourceText] = []
    size = 0
    for source in sources.values():
        batch.append(source)
        size += len(source.text)
        if size >= BATCH_SIZE:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
