"""What all steps of a run over a real program share."""

from dataclasses import dataclass
from pathlib import Path

from project import Project
from step import StepError

from clew.verify.process import Measured, run_measured

_CLEW_SECONDS = 1800.0
# clew ends with 1 when there is something to report.
_CLEW_DONE = (0, 1)


@dataclass(frozen=True, slots=True)
class Context:
    """What all steps share.  *built* is None when there is no built tree."""

    project: Project
    clew: tuple[str, ...]
    source: Path
    built: Path | None
    work: Path
    config: Path | None
    log: Path | None
    linkage: str
    jobs: int
    fast: bool

    @property
    def tree(self) -> Path:
        """The copy that clew rewrites."""
        return self.work / "rewritten"

    @property
    def after(self) -> Path:
        """The copy of the built tree with the rewritten files."""
        return self.work / "after"

    @property
    def undo_patch(self) -> Path:
        """Where clew leaves the undo patch."""
        return self.work / "undo.patch"

    def need_built(self) -> Path:
        """Return the built tree; raise `StepError` when there is none."""
        if self.built is None:
            raise StepError("needs a built tree: give it with --build")
        return self.built

    def run_clew(self, command: str, *words: str) -> Measured:
        """Run one clew command on the copy; raise `StepError` when it fails."""
        ran = run_measured(
            [*self.clew, command, "--root", self.tree, *words], cwd=self.work, timeout=_CLEW_SECONDS
        )
        # Python's own code for an uncaught exception is clew's for findings.
        if ran.code not in _CLEW_DONE or ran.timed_out or "Traceback (most recent" in ran.stderr:
            raise StepError(f"clew {command} ended with {ran.code}\n{ran.tail}")
        return ran

    def scope(self) -> list[str]:
        """Return the options that select state and scope."""
        words = ["--state", self.project.state, "--linkage", self.linkage]
        return [*words, *self.project.expand_paths(self.tree)]
