"""Scan many files.

Those of a large tree, of which outlines are held, are scanned in this process or wherever a
`concurrent.futures.Executor` does its work.  The facts of a file cost half as much to send as to make; its
outline costs a tenth.  Processes of this machine read the files themselves, others are sent the texts.

The facts of a smaller tree are held.  A second process scans the longest files and lists their words.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from clew.ahead import Ahead, can_fork
from clew.link.outline import Outline, list_words, outline_of
from clew.scan import scan_source
from clew.scan.facts import FileFacts
from clew.text.lazy import LazyTexts
from clew.text.source import SourceText

if TYPE_CHECKING:
    from concurrent.futures import Executor

# Bytes in a batch: enough that sending it costs little beside scanning it, few enough to share out.
BATCH_BYTES = 1_000_000
# Characters of all files that it takes to be worth a second process: about a third of a second.
MIN_TEXT = 8_000_000

Progress = Callable[[str, int, int], None]


class Scanned(NamedTuple):
    """The facts of files, and the words of some of them."""

    facts: dict[str, FileFacts]
    words: dict[str, str]


def scan_files(sources: Mapping[str, SourceText], progress: Progress, jobs: int) -> Scanned:
    """Return the facts of *sources* in their order."""
    lengths = {path: len(source.text) for path, source in sources.items()}
    pays = jobs > 1 and can_fork() and sum(lengths.values()) >= MIN_TEXT
    ahead = _scan_ahead(sources, lengths) if pays else None
    facts: dict[str, FileFacts] = {}
    words: dict[str, str] = {}
    for path in sorted(sources, key=lengths.__getitem__) if ahead is not None else sources:
        progress("scanning files", len(facts), len(sources))
        made = None if ahead is None else ahead.take(path)
        if made is None:
            facts[path] = scan_source(sources[path])
        else:
            facts[path], words[path] = made
    if ahead is not None:
        ahead.stop()
    return Scanned({path: facts[path] for path in sources}, words)


def _scan_ahead(
    sources: Mapping[str, SourceText], lengths: Mapping[str, int]
) -> "Ahead[str, tuple[FileFacts, str]] | None":
    """Begin to scan *sources* in a second process; None where there is no room for one."""

    def scan(path: str) -> tuple[FileFacts, str]:
        return scan_source(sources[path]), list_words(sources[path].text)

    try:
        ahead = Ahead(scan, len(sources))
    except OSError:
        return None
    ahead.expect(lengths.items())
    return ahead


def outline_files(
    texts: LazyTexts, sizes: Mapping[str, int], executor: "Executor | None", progress: Progress
) -> dict[str, Outline]:
    """Return the outlines of *texts*, whose *sizes* are about these, in their order, whoever finishes first;
    *texts* expects the same contents from then on."""
    found: dict[str, Outline] = {}
    made = (outline_texts(list(texts.made.values())),)
    for outlines in chain(made, _outline_batches(texts, sizes, executor)):
        progress("scanning files", len(found), len(texts))
        for one in outlines:
            found[one.path] = one
            if one.details is not None and one.path not in texts.made:
                texts.expect(one.path, one.details.digest)
    return {path: found[path] for path in texts}


def _outline_batches(
    texts: LazyTexts, sizes: Mapping[str, int], executor: "Executor | None"
) -> Iterable[list[Outline]]:
    batches = list(_cut((path for path in texts if path not in texts.made), sizes))
    if executor is None:
        return (outline_texts([texts.read(path) for path in batch]) for batch in batches)
    from concurrent.futures import ProcessPoolExecutor  # it takes a while

    if isinstance(executor, ProcessPoolExecutor):
        # Those with the largest files first: nobody waits for them in the end.
        batches.sort(key=lambda batch: -max(sizes.get(path, 0) for path in batch))
        return executor.map(outline_paths, [str(texts.root)] * len(batches), batches)
    return executor.map(outline_texts, [[texts.read(path) for path in batch] for batch in batches])


def outline_texts(sources: Sequence[SourceText]) -> list[Outline]:
    """Outline a few texts; what an executor elsewhere is asked to do."""
    return [outline_of(source, scan_source(source), detailed=True) for source in sources]


def outline_paths(root: str, paths: Sequence[str]) -> list[Outline]:
    """Outline a few files of this machine; what a process is asked to do."""
    texts = LazyTexts(Path(root), paths)
    return outline_texts([texts.read(path) for path in paths])


def _cut(paths: Iterable[str], sizes: Mapping[str, int]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for path in paths:
        batch.append(path)
        size += sizes.get(path, 0)
        if size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
