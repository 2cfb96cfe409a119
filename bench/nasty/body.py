"""The body of one function while it is written."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

from nasty.model import Flavour, Function, Program


@dataclass(frozen=True, slots=True)
class Writer:
    """A kind of statement: how often it is chosen, the feature that it belongs to ("" for none), and
    whether it may change the state."""

    weight: int
    write: "Callable[[Body], None]"
    feature: str = ""
    changes: bool = False


class Body:
    """Lines of one function, and what is in scope where the next line goes.

    *numbers* are visible locals of type ``unsigned``, *pointers* visible locals that point at some
    state, *loops* counts the loops that ``break`` and ``continue`` may leave, *can_leave* allows
    ``return``; *budget* is the number of statements still to write.
    """

    def __init__(self, program: Program, function: Function, writers: Sequence[Writer], budget: int) -> None:
        self.program = program
        self.function = function
        self.rng: Random = program.rng
        self.flavour: Flavour = program.flavour
        self.lines: list[str] = []
        self.numbers: list[str] = [p.name for p in function.parameters if p.kind == "number"]
        self.pointers: list[str] = [p.name for p in function.parameters if p.kind == "state"]
        self.labels: set[str] = set()
        self.loops = 0
        self.can_leave = True
        self.in_saved = 0
        self.budget = budget
        self._indent = 1
        self._writers = [
            writer
            for writer in writers
            if (not writer.feature or program.has(writer.feature))
            and (not writer.changes or function.may_change)
        ]

    def statements(self, count: int) -> None:
        """Write up to *count* statements, as far as the budget goes."""
        for _ in range(count):
            if self.budget <= 0:
                return
            self.budget -= 1
            weights = [writer.weight for writer in self._writers]
            self.rng.choices(self._writers, weights)[0].write(self)

    def nested(self, opening: str = "{", size: int = 2) -> None:
        """Write a block with up to *size* statements."""
        with self.block(opening):
            self.statements(size)

    def emit(self, *lines: str) -> None:
        """Write lines at the present indentation; directives stay in column 0."""
        pad = "    " * self._indent
        self.lines += [line if line.startswith("#") else pad + line for line in lines]

    @contextmanager
    def block(self, opening: str = "{", closing: str = "}") -> Iterator[None]:
        """Write a block; what is declared in it is forgotten at its end."""
        self.emit(opening)
        with self.scope():
            yield
        self.emit(closing)

    @contextmanager
    def scope(self) -> Iterator[None]:
        """Indent, and forget at the end what was declared inside."""
        numbers, pointers = list(self.numbers), list(self.pointers)
        self._indent += 1
        yield
        self._indent -= 1
        self.numbers, self.pointers = numbers, pointers

    @contextmanager
    def loop(self, opening: str, closing: str = "}") -> Iterator[None]:
        """Write the block of a loop."""
        self.loops += 1
        with self.block(opening, closing):
            yield
        self.loops -= 1

    @contextmanager
    def closed(self, *, saved: bool = False) -> Iterator[None]:
        """Within, nothing leaves: no return, no break out.  With *saved*, what is changed within is put
        back at the end, so that it is no lasting change of the function."""
        kept = self.can_leave, self.loops
        self.can_leave, self.loops = False, 0
        self.in_saved += saved
        yield
        self.in_saved -= saved
        self.can_leave, self.loops = kept

    def note_change(self) -> None:
        """Record a change of the state."""
        if not self.in_saved:
            self.function.changes = True

    def note_call(self, name: str) -> None:
        """Record a call of the function *name* (``*``: through a pointer)."""
        if not self.in_saved:
            self.function.calls.add(name)

    def site(self) -> str:
        """Return a new site as C writes it."""
        return f"{self.program.site()}u"

    def number(self) -> str:
        """Return some visible number."""
        return self.rng.choice(self.numbers)

    def chance(self, percent: int) -> bool:
        """Return true in *percent* of a hundred cases."""
        return self.rng.randrange(100) < percent

    def one_of(self, *makers: Callable[[], str]) -> str:
        """Make one of several texts; the others are not made, and leave no trace."""
        return self.rng.choice(makers)()

    def pick(self, choices: Sequence[str]) -> str:
        """Return one of *choices*."""
        return self.rng.choice(choices)
