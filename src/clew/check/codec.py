"""Summaries as bytes for the cache: JSON, which any Python reads alike and no damage makes dangerous."""

import json
from dataclasses import astuple

from clew.check.facts import EMPTY, Allow, FetchFact, FileSummary, HolderFact


def encode(summary: FileSummary) -> bytes:
    """Return *summary* as bytes; most files of a tree have an empty one."""
    if summary == EMPTY:
        return b""
    return json.dumps(astuple(summary), separators=(",", ":")).encode()


def decode(data: bytes) -> FileSummary:
    """Return the summary in *data*."""
    if not data:
        return EMPTY
    functions, static, macros, fetches, holders, allows = json.loads(data)
    return FileSummary(
        tuple(functions),
        tuple(static),
        tuple(macros),
        tuple(FetchFact(*fetch) for fetch in fetches),
        tuple(
            HolderFact(name, line, tuple(map(tuple, holds)), tuple(map(tuple, calls)))
            for name, line, holds, calls in holders
        ),
        tuple(Allow(tuple(codes), *rest) for codes, *rest in allows),
    )
