"""What goes wrong because of the input: always what, where, and what to do next.

Every error that a user can cause is a `ClewError`; anything else that escapes is a bug of clew.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErrorPlace:
    """Where an input is at fault.  *line* and *column* count from 1 (0: unknown); *source* is the text of
    that line, so that a message can put a caret under the column."""

    path: str
    line: int = 0
    column: int = 0
    source: str = ""
    width: int = 1

    def __str__(self) -> str:
        parts = [self.path, *(str(number) for number in (self.line, self.column) if number)]
        return ":".join(parts)


class ClewError(Exception):
    """*what* is wrong, the *place*, and the *next_step* that a person can take."""

    def __init__(self, what: str, place: ErrorPlace | None = None, next_step: str = "") -> None:
        super().__init__(what)
        self.what, self.place, self.next_step = what, place, next_step

    def __str__(self) -> str:
        return f"{self.place}: {self.what}" if self.place else self.what


class UsageError(ClewError):
    """The command line asks for something that cannot be done."""


class ConfigError(ClewError):
    """A settings file is malformed or contradicts itself."""


class PlanFileError(ClewError):
    """A plan file is malformed, or was made for other sources."""


class WriteError(ClewError):
    """Files could not be replaced; whatever was begun has been taken back."""


class WorktreeError(ClewError):
    """The work tree is dirty, or its state cannot be learned."""


class FormatError(ClewError):
    """The formatter of the settings is missing, or fails."""


class BaselineError(ClewError):
    """A baseline of `clew check` is malformed."""
