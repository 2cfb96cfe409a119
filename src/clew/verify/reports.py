"""Read the report files that the processes of an instrumented program leave, and add them up.

The layout is that of ``struct report`` in ``runtime/clew_runtime.c``: numbers of 64 bits in the machine's own
order.
"""

import struct
from collections.abc import Sequence
from itertools import accumulate
from pathlib import Path
from typing import Literal

from clew.text.record import record

_MAGIC = b"CLEWRPT2"
_HEAD = struct.Struct("=8s10Q")
_RECORDS = 64
_RECORD = struct.Struct("=7Q320s")
RecordKind = Literal["entry", "poison", "use"]
_KINDS: dict[int | bytes, RecordKind] = {1: "entry", 2: "poison", 3: "use"}


@record()
class Record:
    """One mismatch at the entry of a function or at a use (*number*; *passed* and *fetched* are the two
    states), or one fetch in a poisoned thread (*number* is the site, *passed* the function that was entered).
    *module* and *offset* are where the caller is."""

    kind: RecordKind
    number: int
    process: int
    thread: int
    passed: int
    fetched: int
    module: str
    offset: int


@record()
class Merged:
    """All report files of one copy together.  *entered* and *mismatched* are by the number of the function,
    *fetched* by that of the site, *used* and *differed* by that of the use; *records* are the first ones of
    each file."""

    files: int
    processes: int
    threads: int
    most_threads: int
    states: int
    most_states: int
    entered: tuple[int, ...]
    mismatched: tuple[int, ...]
    fetched: tuple[int, ...]
    used: tuple[int, ...]
    differed: tuple[int, ...]
    records: tuple[Record, ...]


class ReportError(ValueError):
    """A report file that no process of this copy wrote."""


def merge_reports(folder: Path, functions: int, sites: int, uses: int) -> Merged:
    """Add up the files of *folder*, written by a copy with so many *functions*, *sites* and *uses*."""
    numbers = (functions, sites, uses)
    merged = _merged((0,) * 6, [(0,) * count for count in _lengths(*numbers)], ())
    for path in sorted(folder.glob("process-*")):
        data = path.read_bytes()
        if data[:8] == bytes(8):
            continue  # its process died before it began
        merged = _add(merged, _parse(data, numbers, path))
    return merged


def numbers_of(folder: Path) -> tuple[int, int, int]:
    """Return for how many functions, sites and uses the files of *folder* were made; zeros for none."""
    for path in sorted(folder.glob("process-*")):
        magic, _owner, functions, sites, uses, *_seen = _HEAD.unpack(path.read_bytes()[: _HEAD.size])
        if magic == _MAGIC:
            return functions, sites, uses
    return 0, 0, 0


def _lengths(functions: int, sites: int, uses: int) -> tuple[int, ...]:
    """Return how many counters there are of each sort, in order; each has one more behind it."""
    return functions, functions, sites, uses, uses


def _parse(data: bytes, made_for: tuple[int, int, int], path: Path) -> Merged:
    lengths = _lengths(*made_for)
    counters = struct.Struct(f"={sum(lengths) + len(lengths)}Q")
    if len(data) != _HEAD.size + counters.size + _RECORDS * _RECORD.size:
        raise ReportError(f"{path}: {len(data)} bytes are not a report of this copy")
    magic, _owner, functions, sites, uses, processes, *seen, _records = _HEAD.unpack_from(data)
    if (magic, functions, sites, uses) != (_MAGIC, *made_for):
        raise ReportError(f"{path}: not a report of this copy")
    values = counters.unpack_from(data, _HEAD.size)
    starts = [0, *accumulate(length + 1 for length in lengths)]
    parts = [values[start : start + length] for start, length in zip(starts, lengths, strict=False)]
    records = (
        _record(_RECORD.unpack_from(data, _HEAD.size + counters.size + number * _RECORD.size))
        for number in range(_RECORDS)
    )
    known = tuple(record for record in records if record is not None)
    return _merged((1, processes, *seen), parts, known)


def _merged(totals: Sequence[int], parts: Sequence[tuple[int, ...]], records: tuple[Record, ...]) -> Merged:
    files, processes, threads, most_threads, states, most_states = totals
    entered, mismatched, fetched, used, differed = parts
    return Merged(
        files,
        processes,
        threads,
        most_threads,
        states,
        most_states,
        entered,
        mismatched,
        fetched,
        used,
        differed,
        records,
    )


def _record(fields: Sequence[int | bytes]) -> Record | None:
    kind, number, process, thread, passed, fetched, offset, module = fields
    if kind not in _KINDS or not isinstance(module, bytes):
        return None
    name = module.partition(b"\0")[0].decode("utf-8", "replace")
    return Record(
        _KINDS[kind],
        int(number),
        int(process),
        int(thread),
        int(passed),
        int(fetched),
        name,
        int(offset),
    )


def _add(one: Merged, two: Merged) -> Merged:
    return Merged(
        one.files + two.files,
        one.processes + two.processes,
        one.threads + two.threads,
        max(one.most_threads, two.most_threads),
        one.states + two.states,
        max(one.most_states, two.most_states),
        _sum(one.entered, two.entered),
        _sum(one.mismatched, two.mismatched),
        _sum(one.fetched, two.fetched),
        _sum(one.used, two.used),
        _sum(one.differed, two.differed),
        one.records + two.records,
    )


def _sum(one: tuple[int, ...], two: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(map(sum, zip(one, two, strict=True)))
