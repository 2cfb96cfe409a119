"""What a compiler said, so that it can be compared between two trees.

A `Diagnostic` is without its line: an edit above shifts lines and changes nothing else.  The `Message` keeps
the place, and the places of the notes that follow it, to find the edit that caused it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import field
from pathlib import Path

from clew.text.record import record

_LINE = re.compile(
    r"^(?P<file>[^:\n]+):(?P<line>\d+)(?::\d+)?: (?P<kind>warning|error|fatal error|note): "
    r"(?P<message>.*?)(?: \[(?P<flag>-W[^\]\s]+)\])?$",
    re.MULTILINE,
)
# As errors, since a wrong edit causes them: the call does not fit the function.
ERRORS = (
    "incompatible-pointer-types",
    "int-conversion",
    "implicit-function-declaration",
)
# Put before the command's own flags, so that a project's -Wno-... still wins.
WARNINGS = (
    "-Wall",
    "-Wunused",
    "-Wincompatible-pointer-types",
    "-Wint-conversion",
    "-Wimplicit-function-declaration",
    "-Wstrict-prototypes",
)


@record(order=True)
class Diagnostic:
    """A warning or an error, without the line: *file* is relative to the tree where it lies in it."""

    file: str
    kind: str
    flag: str
    message: str

    def __str__(self) -> str:
        flag = f" [{self.flag}]" if self.flag else ""
        return f"{self.file}: {self.kind}: {self.message}{flag}"

    @property
    def stops(self) -> bool:
        """Whether the compiler may have missed other things behind it: any error that is not just a warning
        which a flag made one."""
        return self.kind != "warning" and not self.flag.startswith("-Werror")


@record()
class Message:
    """A diagnostic at its *line*, with the places (file and line) of its *notes*."""

    diagnostic: Diagnostic
    line: int
    notes: tuple[tuple[str, int], ...] = field(default=())


def read_messages(text: str, tree: Path, directory: Path) -> list[Message]:
    """Read a compiler's output; files are named relative to *tree* when they lie in it."""
    found: list[Message] = []
    for match in _LINE.finditer(text):
        path = (directory / match["file"]).resolve()
        name = str(path.relative_to(tree)) if path.is_relative_to(tree) else match["file"]
        line = int(match["line"])
        if match["kind"] == "note":
            if found:
                last = found[-1]
                found[-1] = Message(last.diagnostic, last.line, (*last.notes, (name, line)))
            continue
        words = match["message"].replace(str(tree), "TREE")
        found.append(Message(Diagnostic(name, match["kind"], match["flag"] or "", words), line))
    return found


def parse_diagnostics(text: str, tree: Path, directory: Path) -> Counter[Diagnostic]:
    """Read a compiler's output as a multiset of diagnostics."""
    return Counter(message.diagnostic for message in read_messages(text, tree, directory))


def new_messages(
    before: Sequence[Message], after: Sequence[Message], moved: Iterable[tuple[str, int]] = ()
) -> list[Message]:
    """Return the messages of *after* beyond those of *before*.

    Where only some of several equal diagnostics are new, those are chosen whose place is none of *moved*:
    the places that the messages of *before* have after the change.
    """
    surplus = Counter(m.diagnostic for m in after) - Counter(m.diagnostic for m in before)
    known = set(moved)
    found = []
    for message in sorted(after, key=lambda m: ((m.diagnostic.file, m.line) in known, m.line)):
        if surplus[message.diagnostic] > 0:
            surplus[message.diagnostic] -= 1
            found.append(message)
    return sorted(found, key=lambda m: (m.diagnostic.file, m.line))
