"""Rewrite a real program and see whether it still builds and passes its tests.

The steps, each of which can be left out with --skip:

copy      a fresh copy of the sources, and a settings file (clew init, or --config)
plan      clew plan: fetches by outcome, refusals by code
rewrite   clew rewrite --write; wall time and peak memory
again     a second run, which must change nothing
undo      the undo patch on a copy of the result, which must restore every byte
build     a copy of the built tree, with the rewritten files, built again
compile   every translation unit that includes a changed file, before and after: no new diagnostic
before    the tests in the tree as it was
after     the tests in the rewritten tree; no result may be worse than before
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from project import Project
from project_context import Context
from project_steps import STEPS, run_steps
from step import StepResult
from trial_series import split_command


def run_project(project: Project, description: str, argv: Sequence[str]) -> int:
    """Run the steps of *project* as the command line asks; return 0 when none failed."""
    parser = argparse.ArgumentParser(
        description=description + "\n" + (__doc__ or "").split("\n", 1)[1],
        formatter_class=argparse.RawTextHelpFormatter,
    )
    _add_options(parser, project)
    options = parser.parse_args(argv)
    for path in (options.source, options.build):
        if path is not None and not path.is_dir():
            parser.error(f"{path} is not a directory")
    skipped = frozenset(options.skip.replace(",", " ").split())
    if unknown := skipped - {step.name for step in STEPS}:
        parser.error(f"no step {min(unknown)!r}; there are {', '.join(s.name for s in STEPS)}")
    context = Context(
        project=project,
        clew=split_command(options.clew),
        source=options.source.resolve(),
        built=options.build.resolve() if options.build else None,
        work=options.work.resolve(),
        config=options.config,
        log=options.log,
        linkage=options.linkage,
        jobs=options.jobs,
        fast=options.fast,
    )
    results = run_steps(context, skipped)
    if options.json:
        print(
            json.dumps({"project": project.name, "steps": [asdict(result) for result in results]}, indent=1)
        )
    else:
        print_table(results)
    return 1 if any(result.status == "failed" for result in results) else 0


def _add_options(parser: argparse.ArgumentParser, project: Project) -> None:
    parser.add_argument("--source", type=Path, required=True, help="the tree as distributed; only read")
    parser.add_argument("--build", type=Path, help="a built copy of it; only read, but by the step before")
    parser.add_argument("--work", type=Path, required=True, help="scratch folder")
    parser.add_argument("--clew", default="clew", help="the clew command (default: clew)")
    parser.add_argument("--config", type=Path, help="a clew.toml (default: what clew init writes)")
    parser.add_argument("--log", type=Path, help="log of the build, for its commands (default: make -n)")
    parser.add_argument("--linkage", default=project.linkage, choices=("static", "internal", "any"))
    parser.add_argument("--skip", default="", help="steps to leave out, separated by commas")
    parser.add_argument("--jobs", type=int, default=2, help="compilers at a time (default 2)")
    parser.add_argument("--fast", action="store_true", help="compare compilations without optimisation")
    parser.add_argument("--json", action="store_true", help="print JSON")


def print_table(results: Sequence[StepResult]) -> None:
    """Print the steps for a person."""
    print(f"{'step':<9} {'result':<8} {'seconds':>8} {'peak MiB':>9}  detail")
    for result in results:
        peak = f"{result.peak_mib:.0f}" if result.peak_mib else ""
        first, *more = result.detail.splitlines() or [""]
        print(f"{result.name:<9} {result.status:<8} {result.seconds:>8.1f} {peak:>9}  {first}")
        for line in more:
            print(f"{'':<38}{line}")


def main(project: Project, description: str | None) -> None:
    """Run *project* with the arguments of the process, and end it."""
    sys.exit(run_project(project, description or project.name, sys.argv[1:]))
