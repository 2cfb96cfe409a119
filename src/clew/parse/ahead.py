"""A second process that parses functions before they are asked for.

It is forked when much is expected, and so has the tree, the macros and what was learned of them without
being told.  It parses the longest functions first (LPT: R. L. Graham, "Bounds on multiprocessing timing
anomalies", 1969); what it has not begun when somebody asks is parsed by whoever asks.  To take a result costs
a tenth of making it.  When the process ends, however it does, everything is parsed by whoever asks; and it
ends itself when nobody is at the other end.
"""

import contextlib
import heapq
import mmap
import multiprocessing
import os
import pickle
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, NamedTuple

from clew.parse.flow import ParsedFunction

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

# Characters of functions that it takes to be worth a process: about half a second.
MIN_TEXT = 150_000

Key = tuple[str, int]  # the file, and the offset of the body

_NOBODY, _HERE, _THERE = 0, 1, 2  # who parses a function


def can_fork() -> bool:
    """Tell whether processes share what was made before they started."""
    return sys.platform.startswith("linux")


class _Order(NamedTuple):
    """A function to be parsed; the longest come first."""

    negative_length: int
    ticket: int
    key: Key


class ParseAhead:
    """Parses functions by *parse*, which is given their keys, in a second process."""

    def __init__(self, parse: Callable[[Key], ParsedFunction], capacity: int) -> None:
        """Begin the process, or raise `OSError`; *capacity* is the largest number of functions that will be
        expected."""
        self._tickets: dict[Key, int] = {}  # of what was expected, and not asked for yet
        self._count = 0
        self._results: dict[int, bytes] = {}
        self._changed = threading.Condition()
        self._is_over = False
        # Which process parses what: a byte for each ticket, in memory that both share.
        self._begun = mmap.mmap(-1, max(1, capacity))
        context = multiprocessing.get_context("fork")
        self._connection, there = context.Pipe()
        given = (parse, there, self._connection, self._begun)
        self._process = context.Process(target=_serve, args=given, daemon=True)
        self._process.start()
        there.close()
        self._collector = threading.Thread(target=self._collect, daemon=True)
        self._collector.start()

    def expect(self, wanted: Iterable[tuple[Key, int]]) -> None:
        """Say that functions are likely to be asked for, by their keys and lengths."""
        orders: list[_Order] = []
        for key, length in wanted:
            ticket = self._count
            if key not in self._tickets and ticket < len(self._begun):
                self._tickets[key] = ticket
                self._count += 1
                orders.append(_Order(-length, ticket, key))
        if orders:
            with contextlib.suppress(OSError):  # it has ended: nothing will come
                self._connection.send(orders)

    def take(self, key: Key) -> ParsedFunction | None:
        """Return what became of the function *key*; None leaves it to whoever asks, as does asking again."""
        ticket = self._tickets.pop(key, None)
        if ticket is None:
            return None
        if self._begun[ticket] == _NOBODY:
            self._begun[ticket] = _HERE
            return None
        with self._changed:
            self._changed.wait_for(lambda: ticket in self._results or self._is_over)
            made = self._results.pop(ticket, b"")
        return pickle.loads(made) if made else None  # noqa: S301 (made by this program a moment ago)

    def stop(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._collector.join()
        self._connection.close()

    def _collect(self) -> None:
        while True:
            try:
                message = self._connection.recv_bytes()
            except (EOFError, OSError):
                break
            with self._changed:
                self._results[int.from_bytes(message[:4], "big")] = message[4:]
                self._changed.notify_all()
        with self._changed:
            self._is_over = True
            self._changed.notify_all()


def _serve(
    parse: Callable[[Key], ParsedFunction], here: "Connection", there: "Connection", begun: mmap.mmap
) -> None:
    """Parse what comes through *here*, until the other end, *there*, is closed."""
    there.close()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    waiting: list[_Order] = []
    with contextlib.suppress(EOFError, OSError):
        while True:
            while not waiting or here.poll():
                for order in here.recv():
                    heapq.heappush(waiting, order)
            order = heapq.heappop(waiting)
            if begun[order.ticket] == _NOBODY:
                begun[order.ticket] = _THERE
                here.send_bytes(order.ticket.to_bytes(4, "big") + pickle.dumps(parse(order.key), 5))
    os._exit(0)  # streams that were open when it began are not its own
