"""Rewrite random programs of csmith, and compare their checksums.

csmith makes programs without undefined behaviour that print a checksum of all their globals.  Each gets
a state in one of several manners (see ``csmith_state``), is rewritten by clew, compiled with -O0 and
-O2 before and after, and run.  Programs that do not end in time are counted as endless: csmith makes
some.  Needs csmith and its headers (Debian: csmith, libcsmith-dev).
"""

import argparse
import shutil
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

from csmith_state import MANNERS, Manner, add_state
from program_trial import Build, TrialSettings
from trial_series import Case, add_series_options, run_series, split_command

from clew.verify.process import run_measured

BUILDS = (Build("o0", ("-O0",)), Build("o2", ("-O2",)))
# The state's type must be easy to write down: no volatile.  The rest keeps programs of a size that
# compiles in a second.
_OPTIONS = [
    "--concise",
    "--no-argc",
    "--no-volatiles",
    "--no-volatile-pointers",
    "--max-block-depth",
    "4",
    "--max-expr-complexity",
    "8",
]
_ATTEMPTS = 20


def _main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    add_series_options(parser)
    parser.add_argument("--csmith", default="csmith", help="the csmith command")
    parser.add_argument("--headers", type=Path, default=Path("/usr/include/csmith"), help="csmith's headers")
    parser.add_argument("--manner", choices=MANNERS, action="append", help="only this kind of state")
    options = parser.parse_args(argv)
    if shutil.which(options.csmith) is None:
        parser.error(f"there is no command {options.csmith!r} (Debian: csmith)")
    if not (options.headers / "csmith.h").is_file():
        parser.error(f"no csmith.h in {options.headers} (Debian: libcsmith-dev)")
    settings = TrialSettings(
        split_command(options.clew),
        "state",
        options.linkage,
        BUILDS,
        flags=("-std=gnu11", "-w", f"-I{options.headers}"),
        seconds=options.seconds,
    )
    return run_series(_cases(options), options, settings, tolerated=frozenset({"endless"}))


def _cases(options: argparse.Namespace) -> Iterator[Case]:
    """Make one program per seed; the manners take turns."""
    manners: tuple[Manner, ...] = tuple(options.manner or MANNERS)
    for seed in range(options.first, options.first + options.seeds):
        yield _make_case(seed, manners[seed % len(manners)], options.csmith)


def _make_case(seed: int, manner: Manner, csmith: str) -> Case:
    """Return the program of *seed*; where csmith's is too small for a state, the next attempt is taken."""
    rng = Random(seed)  # noqa: S311 (repeatable is what is wanted)
    for attempt in range(_ATTEMPTS):
        words = ["--seed", str(seed * 1000 + attempt), "--max-funcs", str(rng.randrange(5, 12))]
        made = run_measured([csmith, *words, *_OPTIONS], timeout=60)
        if not made.ok or made.stdout.count("\n") < 150:
            continue
        program = add_state(made.stdout, manner, rng)
        if program is not None:
            files = {"prog.c": program.source, "clew.toml": program.settings}
            return Case(f"csmith-{seed}", files, program.manner, program.assigns)
    raise SystemExit(f"csmith made no usable program for seed {seed} in {_ATTEMPTS} attempts")


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
