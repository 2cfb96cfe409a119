"""The words of one compiler call."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class CompileCommand:
    """One entry of a compilation database; *file* is as spelled in *arguments*, relative to *directory*."""

    directory: str
    file: str
    arguments: tuple[str, ...]

    @property
    def source(self) -> Path:
        """The absolute path of the file."""
        return (Path(self.directory) / self.file).resolve()
