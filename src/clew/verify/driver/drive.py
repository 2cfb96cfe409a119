"""All checks that drive the two libraries."""

import importlib.util
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import field, replace
from pathlib import Path
from typing import Any

from clew.text.record import record
from clew.verify.driver.child import Observation, Side, Workload, observe
from clew.verify.driver.compare import describe_difference, first_difference, shrink
from clew.verify.driver.probes import compare_probes
from clew.verify.verdict import Verdict

_BACKENDS = {"cffi": "cffi"}  # binding: the package that it needs


@record()
class Drive:
    """What is compared: *workload* over *before* and *after*, with the *cases* of a JSON file, through each
    of *bindings*.  *scratch* is a folder for smaller cases, *rounds* how often the threads run."""

    workload: Workload
    before: Side
    after: Side
    cases: Path
    scratch: Path
    bindings: tuple[str, ...] = ("ctypes", "cffi")
    rounds: int = 3
    watched: tuple[Side, Side] | None = None
    known: dict[tuple[str, str], Observation] = field(default_factory=dict)

    def expected(self, mode: str, binding: str) -> Observation:
        """Return what the library before does; it is observed once."""
        key = (mode, binding)
        if key not in self.known:
            self.known[key] = observe(self.workload, self.before, mode, binding, self.cases)
        return self.known[key]


def drive(job: Drive) -> Iterator[Verdict]:
    """Yield a verdict for each check."""
    for binding in job.bindings:
        missing = _BACKENDS.get(binding)
        if missing and importlib.util.find_spec(missing) is None:
            yield Verdict("drive", "not-run", f"{binding} cases: the package {missing} is not installed")
            continue
        yield _timed(check_cases, job, binding)
        yield _timed(check_threads, job, binding)
    yield _timed(check_poison, job)


def _timed(check: Callable[..., Verdict], *arguments: Any) -> Verdict:
    start = time.perf_counter()
    verdict = check(*arguments)
    return replace(verdict, seconds=time.perf_counter() - start)


def check_cases(job: Drive, binding: str) -> Verdict:
    """One case after the other, each in a fresh interpreter."""
    expected = job.expected("cases", binding)
    found = observe(job.workload, job.after, "cases", binding, job.cases)
    what = f"{len(expected.lines)} cases through {binding}"
    verdict = _judge(what, expected, found)
    if verdict.status != "failed":
        return verdict
    return replace(verdict, evidence=(*verdict.evidence, *_least_case(job, binding, expected, found)))


def check_threads(job: Drive, binding: str) -> Verdict:
    """Several threads, each with a state of its own; the kernel interleaves them differently every time."""
    expected = job.expected("threads", binding)
    what = f"threads through {binding}, {job.rounds} rounds"
    for _ in range(job.rounds - 1):
        found = observe(job.workload, job.after, "threads", binding, job.cases)
        verdict = _judge(what, expected, found)
        if verdict.status != "passed":
            return verdict
    return _judge(what, expected, observe(job.workload, job.after, "threads", binding, job.cases))


def check_poison(job: Drive) -> Verdict:
    """What runs without the global, before and after."""
    if job.watched is None:
        return Verdict("drive", "not-run", "poison: there is no build that watches its accessor")
    before, after = (observe(job.workload, side, "poison", "ctypes", None) for side in job.watched)
    return compare_probes(before, after)


def _judge(what: str, expected: Observation, found: Observation) -> Verdict:
    if expected.ending:
        lines = (f"the program before {expected.ending}", *expected.backtrace)
        return Verdict("drive", "not-run", f"{what}: the program before does not run", lines)
    if found.ending:
        lines = (f"the program after {found.ending}", *found.backtrace)
        return Verdict("drive", "failed", f"{what}: not the same", lines)
    difference = first_difference(expected.lines, found.lines)
    if difference is not None:
        return Verdict("drive", "failed", f"{what}: not the same", describe_difference(difference))
    count = _count(found.lines)
    return Verdict(
        "drive", "passed", f"{what}: {count} observations, all the same", figures={"observed": count}
    )


def _count(value: Any) -> int:
    """Count the single values in what was observed."""
    if isinstance(value, list | tuple):
        return sum(map(_count, value))
    return 1


def _least_case(job: Drive, binding: str, expected: Observation, found: Observation) -> tuple[str, ...]:
    """Return the least part of the first case that differs, as a line to run again."""
    both = enumerate(zip(expected.lines, found.lines, strict=False))
    number = next((number for number, (one, two) in both if one != two), len(found.lines))
    cases: Sequence[Any] = json.loads(job.cases.read_text(encoding="utf-8"))["cases"]
    if number >= len(cases):
        return ()
    path = job.scratch / "least-case.json"

    def differs(case: list[Any]) -> bool:
        path.write_text(json.dumps({"cases": [case], "threads": []}), encoding="utf-8")
        one, two = (observe(job.workload, side, "cases", binding, path) for side in (job.before, job.after))
        return not one.ending and (one.lines, one.ending) != (two.lines, two.ending)

    least = shrink(cases[number], differs)
    differs(least)
    steps = json.dumps(least)
    shown = steps if len(steps) <= 300 else steps[:297] + "..."
    return (f"case {number}, of which this is enough: {shown}",)
