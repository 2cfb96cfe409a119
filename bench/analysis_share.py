"""Measure which share of a whole-tree run the analysis of state changes is.

Plans the change of a tree, in one process and several times in turn: with the analysis of what every function
does to the state, and without it, as if every function left the state alone (such a plan may be wrong).  The
share is the difference in processor time over the run without.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from clew import api, pipeline
from clew.link.graph import Node
from clew.plan.build import make_plan
from clew.plan.constraints import Constraints


@dataclass(frozen=True, slots=True)
class Round:
    """Processor seconds of one round, *without* the analysis and *with* it."""

    without: float
    with_it: float

    @property
    def share(self) -> float:
        """The analysis on top of the rest, in percent."""
        return 100.0 * (self.with_it - self.without) / self.without


def plan_once(root: Path, settings: api.Settings, state: str, scope: api.Scope, *, analyse: bool) -> float:
    """Plan from nothing; return the processor seconds."""
    start = time.process_time()
    tree = pipeline.read(root, settings, scope)
    problem = tree.problem(next(one for one in settings.states if one.name == state))
    if not analyse:
        problem.effects.compute = _leave_out  # type: ignore[method-assign]
    make_plan(problem, Constraints())
    return time.process_time() - start


def _leave_out(_relevant: Iterable[Node]) -> None:
    """Stand for the analysis: every function is taken to preserve the state."""


def _main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("root", type=Path, help="the tree, with a clew.toml (clew init writes one)")
    parser.add_argument("paths", nargs="*", help="files and folders in scope (default: all)")
    parser.add_argument("--state", required=True)
    parser.add_argument("--linkage", default="static", choices=("static", "internal", "any"))
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(argv)
    settings = api.load_settings(options.root / "clew.toml")
    scope = api.Scope(paths=tuple(options.paths), linkage=options.linkage)
    rounds = []
    for number in range(1, options.rounds + 1):
        times = (plan_once(options.root, settings, options.state, scope, analyse=a) for a in (False, True))
        one = Round(*times)
        rounds.append(one)
        print(f"round {number}: {one.without:.2f} s without, {one.with_it:.2f} s with: {one.share:.1f} %")
    print(f"median: {statistics.median(one.share for one in rounds):.1f} %")
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
