"""A second process that makes things before they are asked for.

It is forked from this one, and so has all that was made before without being told.  It makes what it is told
to expect, the largest first (LPT: R. L. Graham, "Bounds on multiprocessing timing anomalies", 1969); what it
has not begun when somebody asks is made by whoever asks.  Results come through memory that both share: a
thread that received them would wait for the interpreter's lock at every piece.  When the process ends,
however it does, everything is made by whoever asks; and it ends itself when nobody is at the other end.
"""

import contextlib
import heapq
import mmap
import multiprocessing
import os
import pickle
import signal
import sys
from collections.abc import Callable, Hashable, Iterable
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

_Key = TypeVar("_Key", bound=Hashable)
_Result = TypeVar("_Result")

# Bytes for results: the system gives memory for those that are used.
ROOM = 256 << 20

_NOBODY, _HERE, _THERE = 0, 1, 2  # who makes something


def can_fork() -> bool:
    """Tell whether processes share what was made before they started."""
    return sys.platform.startswith("linux")


class _Order(NamedTuple):
    """Something to be made; the largest come first."""

    negative_size: int
    ticket: int
    key: Any


class Ahead(Generic[_Key, _Result]):
    """Calls *make* for keys in a second process."""

    def __init__(self, make: Callable[[_Key], _Result], capacity: int) -> None:
        """Begin the process, or raise `OSError`; *capacity* is the largest number of keys that will be
        expected."""
        self._tickets: dict[_Key, int] = {}  # of what was expected, and not asked for yet
        self._count = 0
        self._results: dict[int, tuple[int, int]] = {}  # by ticket, where in the room
        self._is_over = False
        self._room = mmap.mmap(-1, ROOM)
        # Which process makes what: a byte for each ticket.
        self._begun = mmap.mmap(-1, max(1, capacity))
        context = multiprocessing.get_context("fork")
        orders, self._orders = context.Pipe(duplex=False)
        self._made, made = context.Pipe(duplex=False)
        mine = (self._orders, self._made)
        worker = _Worker(make, orders, made, self._begun, self._room)
        self._process = context.Process(target=worker.run, args=(mine,), daemon=True)
        self._process.start()
        orders.close()
        made.close()

    def expect(self, wanted: Iterable[tuple[_Key, int]]) -> None:
        """Say what is likely to be asked for, by keys and sizes."""
        orders: list[_Order] = []
        for key, size in wanted:
            ticket = self._count
            if key not in self._tickets and ticket < len(self._begun):
                self._tickets[key] = ticket
                self._count += 1
                orders.append(_Order(-size, ticket, key))
        if orders:
            with contextlib.suppress(OSError):  # it has ended: nothing will come
                self._orders.send(orders)

    def take(self, key: _Key) -> _Result | None:
        """Return what became of *key*; None leaves it to whoever asks, as does asking again."""
        ticket = self._tickets.pop(key, None)
        if ticket is None:
            return None
        if self._begun[ticket] == _NOBODY:
            self._begun[ticket] = _HERE
            return None
        while ticket not in self._results and not self._is_over:
            self._receive()
        if ticket not in self._results:
            return None
        start, end = self._results.pop(ticket)
        with memoryview(self._room) as room, room[start:end] as made:
            result: _Result = pickle.loads(made)  # noqa: S301 (made by this program a moment ago)
        return result

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._orders.close()
        self._made.close()
        self._begun.close()
        self._room.close()

    def _receive(self) -> None:
        try:
            ticket, start, end = self._made.recv()
            self._results[ticket] = start, end
        except (EOFError, OSError):
            self._is_over = True


class _Worker(NamedTuple):
    """What the second process has."""

    make: Callable[[Any], Any]
    orders: "Connection"
    made: "Connection"
    begun: mmap.mmap
    room: mmap.mmap

    def run(self, others: Iterable["Connection"]) -> None:
        """Make what is ordered, until *others*, the other ends of its pipes, close or the room is full."""
        for other in others:
            other.close()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        with contextlib.suppress(EOFError, OSError):
            self._work()
        os._exit(0)  # streams that were open when it began are not its own

    def _work(self) -> None:
        waiting: list[_Order] = []
        start = 0
        while True:
            while not waiting or self.orders.poll():
                for order in self.orders.recv():
                    heapq.heappush(waiting, order)
            order = heapq.heappop(waiting)
            if self.begun[order.ticket] != _NOBODY:
                continue
            self.begun[order.ticket] = _THERE
            result = pickle.dumps(self.make(order.key), 5)
            end = start + len(result)
            if end > len(self.room):
                return
            self.room[start:end] = result
            self.made.send((order.ticket, start, end))
            start = end
