"""What is kept beside a result, to tell later whether it still holds."""

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping

from clew.detect.spelled_type import type_words
from clew.incremental.pieces import Asked, Piece, Shape, cut_file
from clew.link.graph import Node
from clew.link.program import Program
from clew.text.record import record
from clew.text.source import SourceText


@record()
class FileRecord:
    """One file as it was: *pieces* are the fields of `Piece`, as JSON has them."""

    content: str
    shape: Shape
    pieces: object


@record()
class Snapshot:
    """A tree and what a result needed of it.

    *base* is the digest of the tree, *around* that of all but its C files; *asked* are the words whose
    mention may matter, *calls* those that matter where they are called, *near* words that matter in one file,
    by the file.
    """

    base: str
    around: str
    asked: tuple[str, ...]
    calls: tuple[str, ...]
    near: dict[str, tuple[str, ...]]
    files: dict[str, FileRecord]


def content_digest(source: SourceText) -> str:
    """Return what tells the content of a file that exists, or is to be made."""
    return hashlib.sha256(f"{source.opens_at}\0".encode() + source.to_bytes()).hexdigest()


def take_snapshot(
    program: Program,
    base: str,
    around: str,
    contents: Mapping[str, str],
    types: Iterable[str],
    parsed: Iterable[tuple[str, int]],
) -> Snapshot:
    """Return the snapshot of *program* for a result that parsed the functions *parsed* (by file and offset of
    the body); *types* are those of the states, and of what carries them."""
    asked, calls = _asked(program, types), frozenset(program.interest.calls)
    starts: dict[str, set[int]] = defaultdict(set)
    for path, start in parsed:
        starts[path].add(start)
    near = {path: tuple(words) for path, words in program.interest.near.items()}
    files = {}
    for path, source in program.sources.items():
        here = Asked(asked.union(near.get(path, ())), calls)
        cut = cut_file(source, program.facts[path], here, starts.get(path, ()))
        files[path] = FileRecord(contents[path], cut.shape, cut.pieces)
    return Snapshot(base, around, tuple(asked), tuple(calls), near, files)


def read_pieces(record: FileRecord) -> list[Piece]:
    """Return the pieces of *record*."""
    plain = record.pieces
    if not isinstance(plain, list):
        raise TypeError("pieces are a list")
    return [Piece(*one) for one in plain]


def _asked(program: Program, types: Iterable[str]) -> frozenset[str]:
    users = {_name(program, node) for node in program.interest.users_of if node[1] >= 0}
    typed = {word for one in types for word in type_words(one)}
    return frozenset(program.interest.words | users | typed)


def _name(program: Program, node: Node) -> str:
    kind, index = node
    return program.definitions[index].name if kind == "f" else program.macros[index].name
