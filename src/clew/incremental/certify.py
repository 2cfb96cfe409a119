"""Whether a result still holds after files have changed, and where its places have gone.

A function that was not parsed, and mentions or calls nothing that anybody asked about, is *cold*.  The
result holds if, in every file that changed,

- all that changed, went or came are cold functions, and blanks and comments between functions;
- a function that stays by name keeps its header; other names that went or came stand nowhere else;
- the file declares, outside of functions, as many things as before, and its oddities are the same.

Then every question has the answer that it had: those about words and users concern no cold function, and
those about files concern what is between functions.  Calls are followed from callee to caller only, so that
what cold functions call concerns nobody; where they are followed the other way (where calls through pointers
are not trusted), nothing is taken for still right.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import field
from itertools import accumulate
from typing import NamedTuple

from clew.incremental.moves import Shift, match_pieces
from clew.incremental.pieces import Asked, Piece, cut_file
from clew.incremental.snapshot import FileRecord, Snapshot, read_pieces
from clew.scan.scanner import scan_source
from clew.text.record import record
from clew.text.source import SourceText


@record()
class Renewal:
    """A change that does not matter: how the places of each changed file move, and how many functions more
    it has now."""

    shifts: dict[str, Shift] = field(default_factory=dict)
    more_functions: dict[str, int] = field(default_factory=dict)


class _Come(NamedTuple):
    """A function that is new, or new under its name."""

    name: str
    text: str


def certify(
    snapshot: Snapshot, sources: Mapping[str, SourceText], contents: Mapping[str, str]
) -> Renewal | None:
    """Return how the places of *snapshot* move in *sources*, whose digests are *contents*, or None when the
    change may matter."""
    if snapshot.files.keys() != sources.keys():
        return None
    changed = [path for path, record in snapshot.files.items() if record.content != contents[path]]
    comparison = _Comparison(snapshot)
    renewal = Renewal()
    for path in changed:
        shift = comparison.compare(snapshot.files[path], sources[path])
        if shift is None:
            return None
        renewal.shifts[path] = shift
        renewal.more_functions[path] = comparison.more
    return None if _stand_elsewhere(comparison.fresh, sources, comparison.come) else renewal


class _Comparison:
    """Compares changed files one after the other with those of a snapshot.

    Collects by file the functions that have *come*, and the *fresh* names, which went, came or have another
    header; *more* is the number of functions that the last file has gained.
    """

    def __init__(self, snapshot: Snapshot) -> None:
        self._asked, self._near = frozenset(snapshot.asked), snapshot.near
        self._calls = frozenset(snapshot.calls)
        self.come: dict[str, list[_Come]] = {}
        self.fresh: set[str] = set()
        self.more = 0

    def compare(self, record: FileRecord, source: SourceText) -> Shift | None:
        """Return how the pieces of a file moved, or None when more than cold functions changed."""
        asked = Asked(self._asked.union(self._near.get(source.path, ())), self._calls)
        cut = cut_file(source, scan_source(source), asked, frozenset())
        old, new = read_pieces(record), cut.pieces
        moved = match_pieces(old, new)
        gone, come = [old[n] for n in moved.gone], [new[n] for n in moved.come]
        if cut.shape != record.shape or any(piece.fixed for piece in (*gone, *come)):
            return None
        then, now = _heads(gone), _heads(come)
        if then is None or now is None:
            return None
        self.fresh |= {name for name in then.keys() | now.keys() if then.get(name) != now.get(name)}
        starts = list(accumulate((piece.length for piece in new), initial=0))
        texts = ((new[n].name, source.text[starts[n] : starts[n + 1]]) for n in moved.come)
        self.come[source.path] = [_Come(name, text) for name, text in texts if name]
        self.more = len(now) - len(then)
        return Shift(old, new, moved)


def _heads(pieces: Sequence[Piece]) -> dict[str, str] | None:
    """Return the digests of the headers of functions by name, None where a name has several."""
    functions = [piece for piece in pieces if piece.name]
    heads = {piece.name: piece.head for piece in functions}
    return heads if len(heads) == len(functions) else None


def _stand_elsewhere(
    names: Iterable[str], sources: Mapping[str, SourceText], come: Mapping[str, Sequence[_Come]]
) -> bool:
    """Tell whether one of *names* stands somewhere else than in what has *come*."""
    for name in names:
        word = re.compile(rf"(?<![\w$]){name}(?![\w$])")
        for path, source in sources.items():
            if name in source.text:
                known = sum(len(word.findall(one.text)) for one in come.get(path, ()))
                if len(word.findall(source.text)) > known:
                    return True
    return False
