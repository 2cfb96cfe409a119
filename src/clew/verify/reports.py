"""Read the report files that the processes of an instrumented program leave, and add them up.

The layout is that of ``struct report`` in ``runtime/clew_runtime.c``: numbers of 64 bits in the machine's own
order.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_MAGIC = b"CLEWRPT1"
_HEAD = struct.Struct("=8s9Q")
_RECORDS = 64
_RECORD = struct.Struct("=7Q320s")
_MISMATCH, _POISON = 1, 2


@dataclass(frozen=True, slots=True)
class Record:
    """One mismatch (*passed* and *fetched* are the two states), or one fetch in a poisoned thread (*number*
    is the site, *passed* the function that was entered).  *module* and *offset* are where the caller is."""

    mismatch: bool
    number: int
    process: int
    thread: int
    passed: int
    fetched: int
    module: str
    offset: int


@dataclass(frozen=True, slots=True)
class Merged:
    """All report files of one copy together.  *entered* and *mismatched* are by the number of the function,
    *fetched* by that of the site; *records* are the first ones of each file."""

    files: int
    processes: int
    threads: int
    most_threads: int
    states: int
    most_states: int
    entered: tuple[int, ...]
    mismatched: tuple[int, ...]
    fetched: tuple[int, ...]
    records: tuple[Record, ...]


class ReportError(ValueError):
    """A report file that no process of this copy wrote."""


def merge_reports(folder: Path, functions: int, sites: int) -> Merged:
    """Add up the files of *folder*, written by a copy with so many *functions* and *sites*."""
    files = sorted(folder.glob("process-*"))
    merged = Merged(0, 0, 0, 0, 0, 0, (0,) * functions, (0,) * functions, (0,) * sites, ())
    for path in files:
        data = path.read_bytes()
        if data[:8] == bytes(8):
            continue  # its process died before it began
        merged = _add(merged, _parse(data, functions, sites, path))
    return merged


def _parse(data: bytes, functions: int, sites: int, path: Path) -> Merged:
    counters = struct.Struct(f"={2 * (functions + 1) + sites + 1}Q")
    if len(data) != _HEAD.size + counters.size + _RECORDS * _RECORD.size:
        raise ReportError(f"{path}: {len(data)} bytes are not a report of this copy")
    magic, _owner, made_for, made_with, *numbers = _HEAD.unpack_from(data)
    if (magic, made_for, made_with) != (_MAGIC, functions, sites):
        raise ReportError(f"{path}: not a report of this copy")
    processes, threads, most_threads, states, most_states, _records = numbers
    values = counters.unpack_from(data, _HEAD.size)
    records = (
        _record(_RECORD.unpack_from(data, _HEAD.size + counters.size + number * _RECORD.size))
        for number in range(_RECORDS)
    )
    step = functions + 1
    return Merged(
        1,
        processes,
        threads,
        most_threads,
        states,
        most_states,
        values[:functions],
        values[step : step + functions],
        values[2 * step : 2 * step + sites],
        tuple(record for record in records if record is not None),
    )


def _record(fields: Sequence[int | bytes]) -> Record | None:
    kind, number, process, thread, passed, fetched, offset, module = fields
    if kind not in (_MISMATCH, _POISON) or not isinstance(module, bytes):
        return None
    name = module.partition(b"\0")[0].decode("utf-8", "replace")
    return Record(
        kind == _MISMATCH,
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
        one.records + two.records,
    )


def _sum(one: tuple[int, ...], two: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(map(sum, zip(one, two, strict=True)))
