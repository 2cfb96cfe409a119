"""Standard output and error: colour and progress only where a person looks."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

import click

from clew.report.paint import Painter
from clew.report.wrap import wrap_lines

Progress = Callable[[str, int, int], None]


def painter(stream: TextIO) -> Painter:
    """Return a painter that colours on a terminal, or where FORCE_COLOR says so (the log of a CI, `tee`), and
    never when NO_COLOR says no."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Painter(colour=bool(stream.isatty() or os.environ.get("FORCE_COLOR")) and not plain)


@contextmanager
def progress(message: str, quiet: bool) -> Iterator[Progress]:
    """Show *message* on standard error while the body runs, if that is a terminal; the body may call what it
    gets with the stage that it is in and how much of it is done (a total of 0: nobody knows)."""
    if quiet or not sys.stderr.isatty():
        yield lambda _stage, _done, _total: None
        return
    # rich takes longer to import than `clew --version` to run
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    text, number = TextColumn("{task.description}"), TextColumn("{task.fields[done]}")
    columns = (SpinnerColumn(), text, BarColumn(), number, TimeRemainingColumn(compact=True))
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(message, total=None, done="")

        def show(stage: str, done: int, total: int) -> None:
            if stage != bar.tasks[0].description:
                bar.reset(task)  # a rate is of one stage
            speed = bar.tasks[0].speed
            rate = f", {speed:.0f}/s" if speed else ""
            count = (f"{done} of {total}" if total else str(done)) + rate
            bar.update(task, description=stage, completed=done, total=total or None, done=count)

        yield show


def say(text: str, quiet: bool = False) -> None:
    """Tell the user something that is not a result."""
    if not quiet:
        click.echo(text, err=True, color=True)


def write_report(text: str) -> None:
    """Write a report for people: on a terminal, long lines are broken between words."""
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else 0
    write_text(wrap_lines(text, width))


def write_text(text: str) -> None:
    """Write a result for people or programs."""
    click.echo(text, nl=not text.endswith("\n"), color=True)


def write_bytes(data: bytes) -> None:
    """Write a result byte for byte: a patch of sources in any encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
