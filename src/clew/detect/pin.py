"""A pin: a reason for which the signature of a function must not change."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import field

from clew.config.settings import Settings
from clew.link.mentions import Symbol
from clew.link.program import Program
from clew.text.record import record
from clew.text.span import Span


@record()
class Pin:
    """A reason to leave a signature alone; *path* and *span* prove it."""

    code: str
    path: str
    span: Span
    why: str


@record()
class PinContext:
    """What the rules may look at."""

    program: Program
    settings: Settings
    in_scope: Callable[[str], bool]  # may this file be edited?
    any_linkage: bool = False  # may exported functions change as well?
    state_type: str = ""  # the parameter's type
    # says why the parameter's type cannot be named at an offset of a file ("" if it can)
    type_hidden: Callable[[str, int], str] | None = None
    unread: Mapping[str, tuple[str, Span, str]] = field(default_factory=dict)  # see `words_beyond_reading`


PinRule = Callable[[Symbol, PinContext], Iterable[Pin]]
