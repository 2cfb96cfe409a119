"""The check "compile": no configuration may give a diagnostic that it did not give before."""

import re
import shutil
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from clew.link.program import Program
from clew.text.record import record
from clew.verify.blame import Cause, FunctionAt, find_cause
from clew.verify.change import Change
from clew.verify.commands import Configuration
from clew.verify.compile import Comparison, Progress, Trees, UnitResult, compare_configuration
from clew.verify.copies import link_tree
from clew.verify.diagnostics import Diagnostic, Message, new_messages
from clew.verify.verdict import Status, Verdict

_MIXED = "-Wdeclaration-after-statement"
_MISSING = re.compile(r"No such file or directory|file not found")
_SHOWN_BLOCKED = 5


@record()
class CompileRequest:
    """*scratch* is a folder that may be written; it does not exist yet, or holds other copies."""

    root: Path
    scratch: Path
    configurations: tuple[Configuration, ...]
    jobs: int
    fast: bool


@record()
class NewDiagnostic:
    """A new diagnostic, where it was first seen (*line* counts after the change), in how many units, and the
    edit that caused it."""

    diagnostic: Diagnostic
    line: int
    units: int
    cause: Cause | None


def check_compile(request: CompileRequest, change: Change, before: Program, progress: Progress) -> Verdict:
    """Compile before and after, and judge."""
    start = time.perf_counter()
    if not change.files:
        return Verdict("compile", "passed", "no file changes")
    progress("copying the tree", 0, 0)
    other = request.scratch / "compile"
    texts = change.texts_before() if change.done else change.texts_after()
    link_tree(request.root, other, texts, leave_out=request.scratch)
    pair = (other, request.root) if change.done else (request.root, other)
    trees = Trees(request.root, *pair, frozenset(change.files), before.includes)
    comparisons = [
        compare_configuration(one, trees, jobs=request.jobs, fast=request.fast, progress=progress)
        for one in request.configurations
    ]
    shutil.rmtree(other)
    verdict = judge(comparisons, change, lambda path, at: _function_at(before, path, at))
    return Verdict(
        "compile",
        verdict.status,
        verdict.summary,
        verdict.evidence,
        time.perf_counter() - start,
        verdict.figures,
    )


def _function_at(program: Program, path: str, offset: int) -> str:
    definition = program.enclosing(path, offset)
    return definition.name if definition else ""


def judge(comparisons: Sequence[Comparison], change: Change, function_at: FunctionAt) -> Verdict:
    """Turn comparisons into a verdict."""
    evidence: list[str] = []
    figures: list[dict[str, Any]] = []
    statuses: set[Status] = set()
    for comparison in comparisons:
        new = list_new(comparison, change, function_at)
        mine: Status = (
            "failed" if new else "not-run" if comparison.blocked or not comparison.units else "passed"
        )
        statuses.add(mine)
        evidence += _lines(comparison, new)
        figures.append(_figures(comparison, new, mine))
    units = sum(len(c.units) for c in comparisons)
    new_count = sum(sum(c.new.values()) for c in comparisons)
    configurations = f" in {len(comparisons)} configurations" if len(comparisons) > 1 else ""
    summary = f"{units} translation units read a changed file{configurations}, {new_count} new diagnostics"
    worst: Status = "failed" if "failed" in statuses else "not-run" if "not-run" in statuses else "passed"
    return Verdict("compile", worst, summary, tuple(evidence), figures={"configurations": figures})


def list_new(comparison: Comparison, change: Change, function_at: FunctionAt) -> list[NewDiagnostic]:
    """Return every new diagnostic once, with its cause."""
    found: dict[tuple[Diagnostic, int], NewDiagnostic] = {}
    for unit in comparison.units:
        for message in new_messages(unit.before, unit.after, _moved(unit, change)):
            key = (message.diagnostic, message.line)
            known = found.get(key)
            cause = known.cause if known else find_cause(message, change, function_at)
            found[key] = NewDiagnostic(
                message.diagnostic, message.line, known.units + 1 if known else 1, cause
            )
    return list(found.values())


def _moved(unit: UnitResult, change: Change) -> list[tuple[str, int]]:
    """Return where the messages before the change are to be expected after it."""
    return [_move(message, change) for message in unit.before]


def _move(message: Message, change: Change) -> tuple[str, int]:
    name = message.diagnostic.file
    file = change.files.get(name)
    return name, file.line_after(message.line) if file and message.line else message.line


def _lines(comparison: Comparison, new: Sequence[NewDiagnostic]) -> list[str]:
    asked = sum(result.unit.asked for result in comparison.units)
    by = "" if asked == len(comparison.units) else f", {len(comparison.units) - asked} by name alone"
    units = f"{len(comparison.units)} of {comparison.total} translation units read a changed file{by}"
    counts = f"{len(new)} new diagnostics, {sum(comparison.gone.values())} gone"
    lines = [f"{comparison.configuration.name}: {units}; {counts}"]
    lines += [f"  {hint}" for hint in _hints(comparison, new)]  # first: a long list is cut
    for item in new:
        lines += _describe(item)
    blocked = comparison.blocked
    for result in blocked[:_SHOWN_BLOCKED]:
        first = next(m for m in result.before if m.diagnostic.stops)
        place = f"{first.diagnostic.file}:{first.line}" if first.line else first.diagnostic.file
        lines.append(f"  does not compile before the change: {place}: {first.diagnostic.message}")
    if len(blocked) > _SHOWN_BLOCKED:
        lines.append(f"  ... and {len(blocked) - _SHOWN_BLOCKED} more units")
    if not comparison.units:
        lines.append("  no translation unit of this configuration reads a changed file: nothing was compiled")
    return lines


def _hints(comparison: Comparison, new: Sequence[NewDiagnostic]) -> list[str]:
    """Return what to do about what is easily mended."""
    hints = []
    if any(item.diagnostic.flag == _MIXED for item in new):
        hints.append('next: C90 wants declarations first: say `fetch = "entry"` for the state')
    said = (message.diagnostic.message for one in comparison.blocked for message in one.before)
    if any(map(_MISSING.search, said)):
        hints.append("next: a file that the build makes is missing: build the tree first, then verify again")
    return hints


def _describe(item: NewDiagnostic) -> list[str]:
    found = item.diagnostic
    units = f" (in {item.units} units)" if item.units > 1 else ""
    flag = f" [{found.flag}]" if found.flag else ""
    lines = [f"  {found.file}:{item.line}: {found.kind}: {found.message}{flag}{units}"]
    if item.cause is None:
        return [*lines, "    no edit stands near it"]
    cause = item.cause
    where = f" in {cause.function}" if cause.function else ""
    rule = f" ({cause.rule})" if cause.rule else ""
    lines.append(f"    caused by the edit of {cause.path}:{cause.line}{where}{rule}")
    lines += [f"      - {line}" for line in cause.before.splitlines()]
    lines += [f"      + {line}" for line in cause.after.splitlines()]
    return lines


def _figures(comparison: Comparison, new: Sequence[NewDiagnostic], status: str) -> dict[str, Any]:
    return {
        "name": comparison.configuration.name,
        "source": comparison.configuration.source,
        "status": status,
        "commands": comparison.total,
        "units": len(comparison.units),
        "new": [
            asdict(item.diagnostic)
            | {"line": item.line, "units": item.units}
            | {"cause": None if item.cause is None else asdict(item.cause)}
            for item in new
        ],
        "gone": {str(d): n for d, n in sorted(comparison.gone.items())},
        "blocked": [str(result.unit.command.source) for result in comparison.blocked],
    }
