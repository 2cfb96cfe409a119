"""How fast clew is, beside its peers, on real programs.

    python bench/run.py --corpus cpython=SOURCE --build cpython=BUILT --log cpython=LOG --work /tmp/w --json
    python bench/run.py --scale linux=SOURCE --shares 1,2,5,10,20 --svg scale.svg --work /tmp/w

Programs are cpython, git, vim and linux.  The C files of the source are copied to --work.  In every round,
one after the other: clew without a cache (cold), the same in one process (alone), with what an earlier run
left there (warm), after one file was changed (changed), ``clew check`` on three files (check); and the peers:
tree-sitter-c on the same files, Coccinelle with a rule that adds the parameter, and, with --build,
``gcc -fsyntax-only`` over the units of the build.  Ratios are of processor time, and of that on the clock,
within a round.  A peer that is not installed, or fails, is told as such.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from speed_corpora import CORPORA
from speed_runs import Bench, Report, print_report
from speed_scale import measure_scale, print_scale, write_svg
from trial_series import split_command


def _pair(text: str) -> tuple[str, Path]:
    name, _, path = text.partition("=")
    if name not in CORPORA or not path:
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=PATH with a name of {', '.join(CORPORA)}")
    return name, Path(path).resolve()


def _main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--corpus", type=_pair, action="append", default=[], metavar="NAME=PATH")
    parser.add_argument("--build", type=_pair, action="append", default=[], metavar="NAME=PATH")
    parser.add_argument("--log", type=_pair, action="append", default=[], metavar="NAME=PATH")
    parser.add_argument("--scale", type=_pair, metavar="NAME=PATH", help="cost against size, of `clew audit`")
    parser.add_argument("--shares", default="1,2,5,10,20,50,100", help="percent of the files, for --scale")
    parser.add_argument("--svg", type=Path, help="draw the cost against size into this file")
    parser.add_argument("--work", type=Path, required=True, help="scratch folder")
    parser.add_argument("--clew", default=f"{sys.executable} -m clew", help="the clew command")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without", default="", help="runs to leave out (spatch,gcc), separated by commas")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(argv)
    if not options.corpus and not options.scale:
        parser.error("name a program with --corpus or --scale")
    clew, reports = split_command(options.clew), list[Report]()
    builds, logs = dict(options.build), dict(options.log)
    for name, source in options.corpus:
        work = (options.work / name).resolve()
        built = (builds[name], logs[name]) if name in builds and name in logs else None
        bench = Bench(CORPORA[name], source, work, clew, built, frozenset(options.without.split(",")))
        reports.append(bench.run(options.rounds))
    points = []
    if options.scale:
        name, source = options.scale
        shares = [float(share) for share in options.shares.split(",")]
        points = measure_scale(CORPORA[name], source, (options.work / "scale").resolve(), clew, shares)
    if options.json:
        found = {"programs": [asdict(report) for report in reports], "scale": [asdict(p) for p in points]}
        print(json.dumps(found, indent=1))
    else:
        for report in reports:
            print_report(report)
        if points:
            print_scale(points)
    if options.svg and points:
        write_svg(points, options.svg)
    return 1 if any(run.failed for report in reports for run in report.runs) else 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
