"""Where the processor time of one cold run goes, by stage.

    python bench/stage_profile.py rewrite --root TREE --state tstate --linkage static Python Objects Modules

Runs clew in this process alone, without its cache, and prints the seconds that each stage took less those
that the stages it called took (a function parsed while effects are computed counts as parsing).
"""

import contextlib
import io
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

_START = time.process_time()

from clew import api, tree  # noqa: E402 (imports are a stage)
from clew.cli.main import main  # noqa: E402
from clew.detect import body, effects  # noqa: E402
from clew.detect.twins import PairFinder  # noqa: E402
from clew.link.graph import CallGraph  # noqa: E402
from clew.link.mentions import MentionIndex  # noqa: E402
from clew.parse.front import FunctionParser  # noqa: E402
from clew.parse.parser import Parser  # noqa: E402
from clew.plan import solver  # noqa: E402
from clew.plan.build import _Builder  # noqa: E402
from clew.plan.pinning import Pinning  # noqa: E402
from clew.plan.solver import Solver  # noqa: E402

# name of the stage: owner and attribute of the functions that belong to it
STAGES: dict[str, tuple[tuple[Any, str], ...]] = {
    "read files": ((tree, "read_tree"),),
    "scan": ((tree, "scan_files"),),
    "call graph": ((CallGraph, "__init__"), (CallGraph, "add_readers")),
    "mentions": ((MentionIndex, "collect"),),
    "parse (expand, pycparser)": ((Parser, "parse_all"),),
    "lower to control flow": ((FunctionParser, "_lowered"),),
    "data flow": ((body, "analyse"), (effects, "summarise")),
    "effects": ((effects.Effects, "compute"),),
    "wrappers and twins": ((PairFinder, "find"),),
    "pins": ((Pinning, "find"), (solver, "capture_macros"), (Pinning, "check_calls")),
    "decide": ((Solver, "_thread"), (Solver, "_decide")),
    "write the plan": ((_Builder, "build"),),
    "edits and diff": ((api, "rewrite"),),
}


class Clock:
    """Gives every moment to the stage that was entered last."""

    def __init__(self) -> None:
        self.seconds: Counter[str] = Counter()
        self.calls: Counter[str] = Counter()
        self._stages, self._since = ["everything else"], time.process_time()

    def _switch(self) -> None:
        now = time.process_time()
        self.seconds[self._stages[-1]] += now - self._since
        self._since = now

    def watch(self, stage: str, owner: Any, name: str) -> None:
        """Count the time in the function *name* of *owner* as that of *stage*."""
        inner: Callable[..., Any] = getattr(owner, name)

        def watched(*arguments: Any, **named: Any) -> Any:
            self._switch()
            self._stages.append(stage)
            self.calls[stage] += 1
            try:
                return inner(*arguments, **named)
            finally:
                self._switch()
                self._stages.pop()

        setattr(owner, name, watched)

    def stop(self) -> None:
        """Count the time up to now."""
        self._switch()


def _main() -> int:
    imports = time.process_time() - _START
    clock = Clock()
    for stage, functions in STAGES.items():
        for owner, name in functions:
            clock.watch(stage, owner, name)
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8")):
        code = main([*sys.argv[1:], "--no-cache", "--quiet", "--jobs", "1"])
    clock.stop()
    total = imports + clock.seconds.total()
    rows = [("imports", imports, 1), *((s, clock.seconds[s], clock.calls[s]) for s in STAGES)]
    rows.append(("everything else", clock.seconds["everything else"], 1))
    print("| stage | CPU s | share | calls |\n|---|---|---|---|")
    for stage, seconds, calls in sorted(rows, key=lambda row: -row[1]):
        print(f"| {stage} | {seconds:.2f} | {100 * seconds / total:.0f} % | {calls} |")
    print(f"| whole run | {total:.2f} | | |")
    return code if code > 1 else 0


if __name__ == "__main__":
    import gc

    gc.disable()  # as the command does
    sys.exit(_main())
