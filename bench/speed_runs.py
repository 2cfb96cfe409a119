"""The runs over one program: clew's and the peers', interleaved."""

import importlib.util
import json
import shutil
import statistics
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from speed_corpora import Corpus

from clew.config.load import load_settings
from clew.verify.process import Measured, run_measured

_BENCH = Path(__file__).parent
_SECONDS = 3600.0
_CLEW_DONE = (0, 1)
_CLEW_RUNS = frozenset(("cold", "alone", "warm", "changed", "check"))


@dataclass(slots=True)
class Run:
    """All rounds of one kind of run; *failed* tells why there are none, *skipped* that it was not wanted or
    cannot be done here."""

    name: str
    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    peak_mib: list[float] = field(default_factory=list)
    failed: str = ""
    skipped: str = ""

    def add(self, measured: Measured, codes: tuple[int, ...]) -> None:
        """Note one round."""
        if measured.code not in codes or measured.timed_out or "Traceback (most recent" in measured.stderr:
            self.failed = f"ended with {measured.code}: {measured.tail}"
        self.wall.append(round(measured.seconds, 3))
        self.cpu.append(round(measured.cpu_seconds, 3))
        self.peak_mib.append(round(measured.peak_mib, 1))


@dataclass(slots=True)
class Report:
    """One program: what clew had to do (*counts*), the runs, and the processor time (or that on the clock) of
    one kind of run over that of another in the same round: least, median, most."""

    program: str
    counts: dict[str, float]
    runs: list[Run]
    ratios: dict[str, tuple[float, float, float]]


class Bench:
    """Measures one program; *built* is a built tree with the log of its build."""

    def __init__(
        self,
        corpus: Corpus,
        source: Path,
        work: Path,
        clew: tuple[str, ...],
        built: tuple[Path, Path] | None,
        without: frozenset[str],
    ) -> None:
        self.corpus, self.clew, self.built, self.without = corpus, clew, built, without
        self.tree, self.cache = work / "tree", work / "cache"
        shutil.rmtree(work, ignore_errors=True)
        corpus.prepare(source, self.tree)
        self._edits = 0

    def run(self, rounds: int) -> Report:
        """Run everything *rounds* times."""
        kinds: dict[str, Callable[[], Measured]] = {
            "cold": self._cold,
            "alone": self._alone,
            "warm": self._warm,
            "changed": self._changed,
            "check": self._check,
            "tree-sitter": lambda: self._script("peer_tree_sitter.py", str(self.tree)),
            "spatch": self._spatch,
            "gcc": lambda: self._script("peer_gcc.py", *map(str, self.built or ())),
        }
        runs = {name: Run(name, skipped=self._reason(name)) for name in kinds}
        self._check()  # makes summaries, as the run before a commit did
        for _ in range(rounds):
            for name, run in kinds.items():
                if not runs[name].skipped:
                    runs[name].add(run(), _CLEW_DONE if name in _CLEW_RUNS else (0,))
        return Report(self.corpus.project.name, self._counts(), list(runs.values()), _ratios(runs))

    def _reason(self, name: str) -> str:
        if name in self.without:
            return "left out"
        if name == "gcc" and self.built is None:
            return "no --build and --log"
        if name == "spatch" and shutil.which("spatch") is None:
            return "not installed"
        if name == "tree-sitter" and importlib.util.find_spec("tree_sitter_c") is None:
            return "not installed"
        return ""

    def _clew(self, *words: str) -> Measured:
        environment = {"CLEW_CACHE_DIR": str(self.cache), "PYTHONDONTWRITEBYTECODE": ""}
        return run_measured([*self.clew, *words], env=environment, timeout=_SECONDS)

    def _cold(self) -> Measured:
        return self._clew(*self.corpus.words(self.tree), "--no-cache")

    def _alone(self) -> Measured:
        return self._clew(*self.corpus.words(self.tree), "--no-cache", "--jobs", "1")

    def _warm(self) -> Measured:
        words = self.corpus.words(self.tree)
        self._clew(*words)
        return self._clew(*words)

    def _changed(self) -> Measured:
        words = self.corpus.words(self.tree)
        self._clew(*words)
        self._edits += 1
        with (self.tree / self.corpus.edited).open("a") as file:
            file.write(f"static int clew_bench_{self._edits}(void) {{ return {self._edits}; }}\n")
        return self._clew(*words)

    def _check(self) -> Measured:
        words = ["check", "--root", str(self.tree), "--quiet", "--state", self.corpus.project.state]
        return self._clew(*words, *(str(self.tree / path) for path in self.corpus.checked))

    def _script(self, name: str, *words: str) -> Measured:
        return run_measured([sys.executable, _BENCH / name, *words], timeout=_SECONDS)

    def _spatch(self) -> Measured:
        state = load_settings(self.tree / "clew.toml").state(self.corpus.project.state)
        paths = self.corpus.project.expand_paths(self.tree)
        words = [str(self.tree), state.type, state.names[0], state.accessors[0].spelling]
        return self._script("peer_spatch.py", *words, *paths)

    def _counts(self) -> dict[str, float]:
        project = self.corpus.project
        paths = project.expand_paths(self.tree)
        done = self._script(
            "speed_counts.py", self.corpus.command, str(self.tree), project.state, project.linkage, *paths
        )
        if not done.ok:
            raise RuntimeError(done.tail)
        counts: dict[str, float] = json.loads(done.stdout)
        return counts


def _ratios(runs: dict[str, Run]) -> dict[str, tuple[float, float, float]]:
    found = {}
    for name in ("cold", "alone", "warm"):
        for peer in ("gcc", "spatch", "tree-sitter"):
            mine, theirs = runs[name], runs[peer]
            if not (theirs.skipped or theirs.failed or mine.failed):
                found[f"{name} / {peer}"] = _shares(mine.cpu, theirs.cpu)
                found[f"{name} / {peer}, wall"] = _shares(mine.wall, theirs.wall)
    return found


def _shares(mine: list[float], theirs: list[float]) -> tuple[float, float, float]:
    shares = [a / b for a, b in zip(mine, theirs, strict=True)]
    return min(shares), statistics.median(shares), max(shares)


def print_report(report: Report) -> None:
    """Print the figures for a person."""
    print(report.program, ", ".join(f"{value:g} {name}" for name, value in report.counts.items()))
    print(f"  {'run':<12} {'wall s':>22} {'cpu s':>22} {'peak MiB':>9}")
    for run in report.runs:
        if run.skipped or run.failed:
            print(f"  {run.name:<12} {run.skipped or run.failed}")
        else:
            print(f"  {run.name:<12} {_spread(run.wall)} {_spread(run.cpu)} {max(run.peak_mib):>9.0f}")
    for name, spread in report.ratios.items():
        print(f"  {name:<26} {spread[0]:.3f} / {spread[1]:.3f} / {spread[2]:.3f}")


def _spread(values: list[float]) -> str:
    return f"{min(values):>6.2f} {statistics.median(values):>7.2f} {max(values):>7.2f}"
