"""What checking has to know of one file: its fetches, and who in it holds which state.

Small enough to be kept for every file of a tree.  A function *holds* a state when it has a parameter of the
state's type with one of its names, or a variable that a fetch is bound to.
"""

from clew.text.record import record


@record()
class Allow:
    """One comment: what it allows (as written), why, its place, and the lines that it covers."""

    codes: tuple[str, ...]
    reason: str
    line: int
    column: int
    first: int
    last: int

    def covers(self, code: str, line: int) -> bool:
        """Tell whether a finding *code* in *line* is allowed."""
        return code in self.codes and self.first <= line <= self.last


@record()
class FetchFact:
    """One accessor in the text.  *function* is the function or macro around it ("" for neither), *text* its
    line without comments and superfluous blanks."""

    state: str
    accessor: str
    kind: str
    function: str
    offset: int
    width: int
    line: int
    column: int
    text: str


@record()
class HolderFact:
    """A function that holds states: *holds* has their names with the variable.  *calls* has what it calls
    with line and column of the first call of that name."""

    name: str
    line: int
    holds: tuple[tuple[str, str], ...]
    calls: tuple[tuple[str, int, int], ...]


@record()
class FileSummary:
    """All of it for one file: its *functions*, which of them are *static*, its *macros*, and the rest."""

    functions: tuple[str, ...] = ()
    static: tuple[str, ...] = ()
    macros: tuple[str, ...] = ()
    fetches: tuple[FetchFact, ...] = ()
    holders: tuple[HolderFact, ...] = ()
    allows: tuple[Allow, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The functions and macros that the file defines."""
        return frozenset(self.functions + self.macros)


EMPTY = FileSummary()
