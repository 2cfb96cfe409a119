"""Rewrite a real program in scratch copies, instrument it, run its tests, and print what `clew verify` saw.

    python bench/verify_project.py cpython --root cpython-built --work /tmp/w
    python bench/verify_project.py git --root git --work /tmp/w --tests 't0*.sh t1*.sh' --tests 't5*.sh'

--root is only read: for CPython a tree in which ./configure and make ran, for git a tree as distributed.
Each --tests is a stage, with figures of its own; what the first one leaves is listed with the stage that
reaches it, or with the reason why none does. Words NAME=VALUE in front of the tests are set for them alone.
Exit code 0: at least 80 % of the threaded functions ran, with --checks checks, and not one mismatch.
"""

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from cpython_run import CPYTHON, TESTS
from git_run import GIT
from project import Project
from stages import describe_stages, read_stages, stage_commands
from trial_series import split_command

from clew.verify.process import run_measured

_LEAST_EXECUTED = 0.8
_SECONDS = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Trial:
    """How a program is verified: *test* has ``{}`` for the tests to run; both may have ``{jobs}``."""

    project: Project
    build: str
    test: str
    tests: str


TRIALS = {
    "cpython": Trial(
        CPYTHON,
        # The configured tree knows its own place; a copy must be told.
        './config.status -q && make -s -k -j{jobs} OPT="-O1 -g -fwrapv -DNDEBUG"',
        "./python -m test {}",
        " ".join(TESTS),
    ),
    "git": Trial(
        GIT,
        # With curl, expat and OpenSSL, whose users are threaded as well.
        'make -s -k -j{jobs} CFLAGS="-g -O1 -Wall" NO_TCLTK=1 NO_GETTEXT=1 NO_RUST=1',
        "cd t && prove -j{jobs} {}",
        "t0*.sh t1*.sh t2*.sh t3*.sh",
    ),
}


def verify(trial: Trial, options: argparse.Namespace) -> dict[str, Any]:
    """Run `clew verify` and return its report on the instrumented program."""
    project = trial.project
    words = ["verify", "--root", options.root, "--state", project.state, "--linkage", options.linkage]
    words += ["--no-run", "--instrument", "--format", "json", "--keep", options.work]
    commands = (options.build or trial.build, trial.test)
    build, test = (command.replace("{jobs}", str(options.jobs)) for command in commands)
    words += ["--build", build, "--test", stage_commands(test, options.tests)]
    words += ["--build-timeout", str(_SECONDS), "--test-timeout", str(_SECONDS)]
    # The interpreter under test must not find the packages of the one that runs clew.
    words += ["--env", "PYTHONPATH="]
    ran = run_measured([*split_command(options.clew), *map(str, words), *project.paths])
    if ran.code not in (0, 1):
        raise SystemExit(f"clew verify ended with {ran.code}\n{ran.tail}")
    checks: list[dict[str, Any]] = json.loads(ran.stdout)["checks"]
    return next(check for check in checks if check["check"] == "instrument")


def _main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("project", choices=sorted(TRIALS))
    parser.add_argument("--root", type=Path, required=True, help="the tree; only read")
    parser.add_argument(
        "--work", type=Path, required=True, help="new folder for the copies, which stay there"
    )
    parser.add_argument("--clew", default="clew", help="the clew command (default: clew)")
    parser.add_argument("--linkage", default="static", choices=("static", "internal", "any"))
    parser.add_argument("--build", help="the command that builds a copy, {jobs} in it for --jobs")
    parser.add_argument("--tests", action="append", help="the tests to run; several times for several stages")
    parser.add_argument("--jobs", type=int, default=2, help="compilers, and tests of git, at a time")
    parser.add_argument("--checks", type=int, default=1, help="how many checks are wanted (default 1)")
    parser.add_argument("--json", type=Path, help="also write the report here")
    options = parser.parse_args(argv)
    if not options.root.is_dir():
        parser.error(f"{options.root} is not a directory")
    # As `clew verify` reads them: relative to where the script was started.
    options.root, options.work = options.root.absolute(), options.work.absolute()
    options.tests = options.tests or [TRIALS[options.project].tests]
    check = verify(TRIALS[options.project], options)
    print(f"{check['status']}: {check['summary']} ({check['seconds']:.0f} s)")
    lines = check["evidence"]
    if len(options.tests) > 1:  # the copy before runs only the first stage: see below
        lines = [line for line in lines if not line.startswith("fetches executed")]
    print("\n".join(f"  {line}" for line in lines))
    figures = check["figures"]
    if figures:
        stages = list(read_stages(options.work, figures, options.tests))
        figures["stages"] = [asdict(stage) for stage in stages]
        print("\n".join(describe_stages(stages, figures["functions"], options.work / "instrumented")))
    if options.json:
        options.json.write_text(json.dumps(check, indent=1) + os.linesep, "utf-8")
    enough = (
        check["status"] == "passed"
        and figures["executed"] >= _LEAST_EXECUTED * figures["threaded"]
        and figures["checks"] >= options.checks
    )
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
