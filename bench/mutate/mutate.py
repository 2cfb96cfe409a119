"""Break what clew wrote, in many ways, and see which layer of verification notices.

    python bench/mutate/mutate.py [--most 16] [--linkage any] [--jobs 2] [--json FILE] [--kind NAME]

The program is fixtures/minicore with its state threaded; every mutant is clew's change with one edit left
out, replaced or moved.  Exit code 1 if one survives that is reached by the tests and whose state differs.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

from change import Change, Edits
from layers import FOLDERS, LAYERS, Yardstick, run_layers
from minicore import EVERYTHING, WORKLOAD, build, copy_core, make, side, thread, write_cases
from mutant import Mutant
from mutants import choose

from clew.verify.driver.child import observe

_CASES = 40
_WHY = ("equivalent", "equal", "not reached", "survives")


@dataclass(frozen=True)
class Result:
    """What became of one mutant: *layer* caught it, "" if none did; then *why* tells what is known of it."""

    kind: str
    path: str
    line: int
    what: str
    layer: str
    how: str
    why: str = ""


class Bench:
    """Everything that the mutants are measured against, below *work*."""

    def __init__(self, work: Path, linkage: str) -> None:
        self.work, self.change = work, Change(thread(linkage))
        self.base = copy_core(work / "after", self.change.threaded.change.files)
        for folder, features in FOLDERS.items():
            done = make(self.base, "all", f"BUILD={folder}", f"FEATURES={features}", "-j2")
            if done.returncode:
                sys.exit(done.stdout + done.stderr)
        before = copy_core(work / "before")
        original = side("before", before, build(before, EVERYTHING, "watched"))
        after = side("after", self.base, self.base / "watched" / "libminicore.so")
        data = write_cases(work / "cases.json", _CASES)
        self.yardstick = Yardstick(
            observe(WORKLOAD, original, "cases", "ctypes", data),
            observe(WORKLOAD, original, "threads", "ctypes", data),
            observe(WORKLOAD, after, "fetches", "ctypes", data),
            data,
        )

    def check_right(self) -> None:
        """The change itself must pass every layer, or nothing is shown."""
        found = run_layers(self.base, self.work / "right", self.change, self.change.edits, self.yardstick)
        if found[0]:
            sys.exit(f"the change itself is caught by {found[0]}: {found[1]}")

    def run(self, number: int, mutant: Mutant) -> Result:
        """Run *mutant* through the layers; where none catches it, see whether its place is reached."""
        scratch = self.work / f"mutant-{number}"
        layer, how = run_layers(self.base, scratch, self.change, mutant.edits, self.yardstick)
        why = "" if layer else self.explain(scratch, mutant)
        print("." if layer else "s", end="", file=sys.stderr, flush=True)
        return Result(mutant.kind, mutant.path, mutant.line, mutant.what, layer, how, why)

    def explain(self, scratch: Path, mutant: Mutant) -> str:
        """Return why no layer could notice *mutant*, or that none did although it differs."""
        if mutant.same:
            return f"equivalent: {mutant.same}"
        if mutant.reached is None or mutant.differs is None:
            return SURVIVES
        if not self.springs(scratch, mutant.reached):
            return "not reached: no test comes by"
        if not self.springs(scratch, mutant.differs):
            return "equal: wherever tests come by, both are the same state"
        return SURVIVES

    def springs(self, scratch: Path, probe: Edits) -> bool:
        """Tell whether some test springs the trap of *probe*; it may fetch more often than the program."""
        layers = ("compile", "native", "driver")
        layer, how = run_layers(self.base, scratch, self.change, probe, self.yardstick, layers)
        if layer == "compile":
            raise ValueError(f"a probe does not compile: {how}")
        return bool(layer)


SURVIVES = "survives: the state differs, and nobody notices"


def report(results: list[Result], seconds: float) -> str:
    """Return the table of kinds and layers, and every survivor."""
    kinds = list(dict.fromkeys(result.kind for result in results))
    head = ["kind", "mutants", *LAYERS, *_WHY]
    rows = [head]
    for kind in [*kinds, "all"]:
        mine = [result for result in results if kind in (result.kind, "all")]
        layers = Counter(result.layer for result in mine)
        left = Counter(result.why.split(":")[0] for result in mine)
        numbers = [layers[name] for name in LAYERS] + [left[name] for name in _WHY]
        rows.append([kind, *map(str, [len(mine), *numbers])])
    widths = [max(len(row[at]) for row in rows) for at in range(len(head))]
    lines = [
        "  ".join(
            cell.ljust(width) if not at else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in rows
    ]
    lines += ["", f"{len(results)} mutants of {len(kinds)} kinds in {seconds:.0f} s", ""]
    for result in results:
        if not result.layer:
            lines.append(f"{result.path}:{result.line}: {result.kind} ({result.what}): {result.why}")
    return "\n".join(lines)


def main() -> int:
    """Run the mutants and print the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--most", type=int, default=16, help="mutants of each kind")
    parser.add_argument("--linkage", choices=["static", "internal", "any"], default="any")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--kind", help="only this kind")
    options = parser.parse_args()
    start = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="clew-mutate-") as folder:
        bench = Bench(Path(folder), options.linkage)
        bench.check_right()
        mutants = [m for m in choose(bench.change, options.most) if options.kind in (None, m.kind)]
        with ThreadPoolExecutor(options.jobs) as pool:
            results = list(pool.map(bench.run, range(len(mutants)), mutants))
    print(file=sys.stderr)
    print(report(results, time.perf_counter() - start))
    if options.json:
        options.json.write_text(json.dumps([asdict(result) for result in results], indent=2) + "\n")
    return int(any(result.why == SURVIVES for result in results))


if __name__ == "__main__":
    sys.exit(main())
