"""Where reports go, and what they take in: a file, or standard output."""

import sys
from pathlib import Path

import click

from clew.cli.stages import Rewrite
from clew.cli.streams import say, write_bytes
from clew.errors import ErrorPlace, UsageError

output_option = click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the result here.  [default: standard output]",
)


def require_place(form: str, output: Path | None) -> None:
    """Raise `UsageError` for a page that would go to a terminal; to be asked before any work is done."""
    if form == "html" and output is None and sys.stdout.isatty():
        raise UsageError("a page is of no use on a terminal", None, "name a file with --output")


def tell_refused(rewritten: Rewrite) -> None:
    """What has to be changed by hand is a result: it is told even when all else is quiet."""
    for refusal in rewritten.refused:
        say(f"{refusal}\n    to proceed: {refusal.proceed}", quiet=False)


def write_result(data: bytes, output: Path | None, quiet: bool) -> None:
    """Write *data* to the file *output*, or to standard output."""
    if output is None:
        write_bytes(data)
        return
    try:
        output.write_bytes(data)
    except OSError as error:
        raise UsageError(
            f"cannot be written: {error.strerror}", ErrorPlace(str(output)), "choose another --output"
        ) from error
    say(f"wrote {output}", quiet)


def read_text(path: Path, option: str) -> str:
    """Return the content of the file that *option* names; raise `UsageError` if that fails."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "not valid UTF-8"
        raise UsageError(f"cannot be read: {why}", ErrorPlace(str(path)), f"check {option}") from error
