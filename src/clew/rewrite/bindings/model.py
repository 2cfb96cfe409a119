"""What goes into the rewriting of bindings, and what comes out."""

from collections.abc import Iterable
from typing import Literal

from clew.text.edit import Edit
from clew.text.record import record

Code = Literal[
    "python-unparsed",
    "python-library",
    "python-value",
    "python-dynamic",
    "python-argument",
    "python-literal",
]


@record()
class Export:
    """A function with external linkage that gains the parameter ``type parameter`` at *position* (0, or -1
    for the end)."""

    name: str
    parameter: str
    type: str
    position: int


@record()
class BindingRefusal:
    """A place in Python that clew leaves as it is although *subject*, a function or file, has changed; *line*
    and *column* count from 1, the column in bytes.  *proceed* tells what a person can do."""

    code: Code
    path: str
    line: int
    column: int
    subject: str
    why: str
    proceed: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}:{self.column}: {self.subject}: {self.why}"


@record()
class BindingChanges:
    """The edits of each Python file, and what was left alone, by place."""

    edits: dict[str, list[Edit]]
    refusals: tuple[BindingRefusal, ...] = ()


PROCEED: dict[Code, str] = {
    "python-unparsed": "mend the file, or leave it out of --bindings",
    "python-library": "let clew see what it is: assign the library where it is loaded, or annotate the "
    "parameter with `ctypes.CDLL`; or change the place by hand",
    "python-value": "change what uses the function by hand, together with this place",
    "python-dynamic": "write `lib.name` instead, or change the place by hand",
    "python-argument": "set `argument` in [state.bindings] to an expression that is known here, or pass the "
    "state by hand",
    "python-literal": "write the types where they are assigned, or change them by hand",
}


class Refused(Exception):  # noqa: N818 (no error: the outcome of a decision)
    """Raised where an edit cannot be made; the rule that tried becomes a `BindingRefusal`."""

    def __init__(self, code: Code, why: str) -> None:
        super().__init__(why)
        self.code, self.why = code, why


def in_order(refusals: Iterable[BindingRefusal]) -> tuple[BindingRefusal, ...]:
    """Return *refusals* by place, each once."""
    return tuple(sorted(set(refusals), key=lambda r: (r.path, r.line, r.column, r.subject, r.why)))
