"""Standard output and error: colour and progress only where a person looks."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

import click

from clew.report.paint import Painter


def painter(stream: TextIO) -> Painter:
    """Return a painter that colours only on a terminal, and never when NO_COLOR says no."""
    plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return Painter(colour=stream.isatty() and not plain)


@contextmanager
def progress(message: str, quiet: bool) -> Iterator[None]:
    """Show *message* on standard error while the body runs, if that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # rich takes longer to import than `clew --version` to run

    with Console(stderr=True).status(message):
        yield


def say(text: str, quiet: bool = False) -> None:
    """Tell the user something that is not a result."""
    if not quiet:
        click.echo(text, err=True, color=True)


def write_text(text: str) -> None:
    """Write a result for people or programs."""
    click.echo(text, nl=not text.endswith("\n"), color=True)


def write_bytes(data: bytes) -> None:
    """Write a result byte for byte: a patch of sources in any encoding."""
    sys.stdout.flush()
    sys.stdout.buffer.write(data)
    sys.stdout.buffer.flush()
