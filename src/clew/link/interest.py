"""What was asked about the bodies of functions: whoever mentions none of it cannot change an answer.

Stages look into bodies that they do not parse in three ways, which are noted here: they look for a *word* in
all files, they ask who *calls* a name, and they ask for the *users* of a function or macro.  Words that
matter in one file alone, or in functions with a parameter of a state's type, are noted by the file (*near*).
See `clew.incremental`, which decides by that whether an earlier result still holds.
"""

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from clew.link.graph import Node


class Interest:
    """What stages asked so far; it only grows."""

    def __init__(self) -> None:
        self.words: set[str] = set()
        self.calls: set[str] = set()
        self.users_of: set[Node] = set()
        self.near: defaultdict[str, set[str]] = defaultdict(set)

    @property
    def size(self) -> int:
        """How much was asked: unchanged where nothing was."""
        return len(self.words) + len(self.calls) + len(self.users_of) + sum(map(len, self.near.values()))
