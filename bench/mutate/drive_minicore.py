"""Drive minicore before and after from Python, and print the verdicts.

    python bench/mutate/drive_minicore.py [--linkage any] [--cases 60] [--seed 1]

Threads the state with the given linkage, rewrites the bindings with it, builds both, and runs the same cases,
made by hypothesis, through ctypes and cffi: one after the other, in several threads, and with an accessor
that aborts.  Exit code 1 unless every check passed.
"""

import argparse
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from minicore import EVERYTHING, WORKLOAD, build, copy_core, side, thread, write_cases

from clew.cli.streams import painter
from clew.report.verify_report import render_verdicts
from clew.verify.driver.drive import Drive, drive
from clew.verify.verdict import Verdict, all_passed


def prepare(work: Path, linkage: str, count: int, seed: int) -> Drive:
    """Build everything below *work*."""
    threaded = thread(linkage)
    roots = {"before": copy_core(work / "before"), "after": copy_core(work / "after", threaded.change.files)}
    # With every feature on: the trace of instructions, the list of values, and the accessor that is watched.
    with ThreadPoolExecutor() as pool:
        made = pool.submit(write_cases, work / "cases.json", count, seed)
        built = pool.map(lambda root: build(root, EVERYTHING), roots.values())
        before, after = (
            side(name, root, library) for (name, root), library in zip(roots.items(), built, strict=True)
        )
        cases = made.result()
    return Drive(WORKLOAD, before, after, cases, work, watched=(before, after))


def main() -> int:
    """Run the checks and return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--linkage", choices=["static", "internal", "any"], default="any")
    parser.add_argument("--cases", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="clew-drive-") as folder:
        job = prepare(Path(folder), options.linkage, options.cases, options.seed)
        verdicts: list[Verdict] = list(drive(job))
    print(render_verdicts(verdicts, painter(sys.stdout)))
    return 0 if all_passed(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
