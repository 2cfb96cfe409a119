"""The steps of a run over a real program, in order."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from check_steps import build, compile_units, test_after, test_before
from project_context import Context
from rewrite_steps import copy_sources, plan, rewrite, rewrite_again, undo
from step import StepError, StepResult


@dataclass(frozen=True, slots=True)
class Step:
    """A step: *needs* names steps without which it makes no sense."""

    name: str
    run: Callable[[Context], StepResult]
    needs: tuple[str, ...] = ()


def run_steps(context: Context, skipped: frozenset[str]) -> list[StepResult]:
    """Run all steps but those in *skipped* (what they left behind in an earlier run is used)."""
    context.work.mkdir(parents=True, exist_ok=True)
    results: dict[str, StepResult] = {}
    for step in STEPS:
        broken = [name for name in step.needs if name in results and results[name].status == "failed"]
        if step.name in skipped:
            result = StepResult(step.name, "not-run", "skipped")
        elif broken:
            result = StepResult(step.name, "not-run", f"{broken[0]} failed")
        else:
            result = _run_step(step, context)
        results[step.name] = result
        headline = result.detail.partition("\n")[0]
        print(f"{step.name}: {result.status} {headline}", file=sys.stderr, flush=True)
    return list(results.values())


def _run_step(step: Step, context: Context) -> StepResult:
    start = time.perf_counter()
    try:
        result = step.run(context)
    except StepError as error:
        result = StepResult(step.name, "failed", str(error))
    return result if result.seconds else replace(result, seconds=time.perf_counter() - start)


STEPS = (
    Step("copy", copy_sources),
    Step("plan", plan, ("copy",)),
    Step("rewrite", rewrite, ("copy",)),
    Step("again", rewrite_again, ("rewrite",)),
    Step("undo", undo, ("rewrite",)),
    Step("build", build, ("rewrite",)),
    Step("compile", compile_units, ("build",)),
    Step("before", test_before),
    Step("after", test_after, ("build",)),
)
