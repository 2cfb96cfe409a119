"""What an instrumented copy watches, hook by hook; each has the number that the runtime counts it under."""

from dataclasses import dataclass, field

from clew.text.record import record
from clew.verify.change import ChangedFile
from clew.verify.uses import UseKind


@record()
class FunctionHook:
    """A function with a hook at its entry.  *expression* is what its parameter is compared with; where that
    is empty, *reason* says why nothing is compared.  *trusted*: see `clew.verify.threaded`."""

    number: int
    name: str
    path: str
    line: int
    parameter: str
    expression: str
    reason: str
    trusted: bool = False


@record()
class SiteHook:
    """A fetch that is counted.  *left*: why the plan leaves it, where it does."""

    number: int
    path: str
    line: int
    function: str
    left: str = ""


@record()
class UseHook:
    """A place at which *variable* is compared with *expression*: see `clew.verify.uses` for *kind*.  Where
    *expression* is empty, *reason* says why nothing is compared."""

    number: int
    kind: UseKind
    path: str
    line: int
    function: str
    variable: str
    expression: str
    reason: str


@dataclass(slots=True)
class Instrumented:
    """The hooks of one copy and the files they stand in.  *skipped* are fetches that are not counted."""

    functions: list[FunctionHook] = field(default_factory=list)
    sites: list[SiteHook] = field(default_factory=list)
    uses: list[UseHook] = field(default_factory=list)
    files: dict[str, ChangedFile] = field(default_factory=dict)
    skipped: list[str] = field(default_factory=list)


@record()
class Refused:
    """Hooks that the compiler did not take: numbers of functions that are entered without a check, of fetches
    that are not counted, and of uses that are not compared."""

    checks: frozenset[int] = frozenset()
    sites: frozenset[int] = frozenset()
    uses: frozenset[int] = frozenset()
    why: str = "the compiler does not take the accessor there"
