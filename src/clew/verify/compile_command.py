"""The words of one compiler call."""

from pathlib import Path

from clew.text.record import record


@record()
class CompileCommand:
    """One entry of a compilation database; *file* is as spelled in *arguments*, relative to *directory*."""

    directory: str
    file: str
    arguments: tuple[str, ...]

    @property
    def source(self) -> Path:
        """The absolute path of the file."""
        return (Path(self.directory) / self.file).resolve()
