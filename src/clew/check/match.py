"""Tell what is new from what was there before.

Findings are paired with known ones by ever weaker likeness, each known one with one finding at most: what
is left over is new.  Lines may move, a line with a fetch may be edited, a function may get another name or
file; a function that fetches once more than it did has a new fetch, and it is the one whose line differs.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet

from clew.check.model import Fingerprint

_Key = Callable[[Fingerprint], Hashable]


def find_new(
    current: Sequence[Fingerprint], known: Iterable[Fingerprint], names: Mapping[str, AbstractSet[str]]
) -> list[int]:
    """Return the indices of *current* that nothing in *known* accounts for.  *names* has the functions and
    macros of every file that is looked at (a file that is gone: none): what they do not name any more may
    have moved elsewhere."""
    left = list(range(len(current)))
    pool = list(known)
    for key in (_same, _edited):
        left, pool = _pair(current, left, pool, key)
    gone = [one for one in pool if one.path in names and one.function not in names[one.path]]
    for key in (_renamed, _moved):
        left, gone = _pair(current, left, gone, key)
    return left


def _pair(
    current: Sequence[Fingerprint], left: list[int], pool: list[Fingerprint], key: _Key
) -> tuple[list[int], list[Fingerprint]]:
    """Pair equal keys; return what is left of both sides."""
    available = Counter(map(key, pool))
    unpaired: list[int] = []
    used: Counter[Hashable] = Counter()
    for index in left:
        wanted = key(current[index])
        if used[wanted] < available[wanted]:
            used[wanted] += 1
        else:
            unpaired.append(index)
    rest: list[Fingerprint] = []
    for one in pool:
        if used[key(one)] > 0:
            used[key(one)] -= 1
        else:
            rest.append(one)
    return unpaired, rest


def _same(one: Fingerprint) -> Hashable:
    return one


def _edited(one: Fingerprint) -> Hashable:
    return one.code, one.state, one.path, one.function, one.what


def _renamed(one: Fingerprint) -> Hashable:
    return one.code, one.state, one.path, one.what, one.text


def _moved(one: Fingerprint) -> Hashable:
    return one.code, one.state, one.function, one.what, one.text
