"""Rewrite generated programs whose state changes in nasty ways, and compare what they print.

Each program is one of many small functions that read, change, save and restore one state (a global
pointer, a function call, or a global object), through every construct of C that makes it hard to know
whether the state still is the same.  Each single use goes into a checksum, so that a wrong one shows.
With --show, the program of the first seed is written to --work and nothing is run.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from nasty.model import FEATURES, FLAVOURS, known_features
from nasty.program import GeneratedProgram, generate_program
from program_trial import Build, TrialSettings
from trial_series import Case, add_series_options, run_series, split_command

BUILDS = tuple(
    Build(f"conf{conf}-{level.lower()}", (f"-{level}", f"-DCONF={conf}"))
    for conf in (0, 1)
    for level in ("O0", "O2")
)

# A state compared with a local that holds it is, rightly, compared with itself afterwards.
FLAGS = ("-std=gnu11", "-Wno-tautological-compare")


def _main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    add_series_options(parser)
    parser.add_argument("--flavour", choices=sorted(FLAVOURS), help="only this kind of state")
    parser.add_argument("--without", default="", help=f"features to leave out, of: {', '.join(FEATURES)}")
    parser.add_argument("--show", action="store_true", help="write one program, run nothing")
    options = parser.parse_args(argv)
    try:
        without = known_features(options.without.replace(",", " ").split())
    except ValueError as error:
        parser.error(str(error))
    features = frozenset(FEATURES) - without
    seeds = range(options.first, options.first + options.seeds)
    programs = (generate_program(seed, flavour=options.flavour, features=features) for seed in seeds)
    if options.show:
        return _show(next(programs), options.work)
    settings = TrialSettings(
        split_command(options.clew),
        "st",
        options.linkage,
        BUILDS,
        FLAGS,
        seconds=options.seconds,
        traces=True,
    )
    return run_series(_cases(programs), options, settings)


def _cases(programs: Iterator[GeneratedProgram]) -> Iterator[Case]:
    for program in programs:
        yield Case(f"nasty-{program.seed}", program.files, program.flavour, program.assigns)


def _show(program: GeneratedProgram, folder: Path) -> int:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in program.files.items():
        (folder / name).write_text(text, "latin-1")
    print(f"seed {program.seed}: {program.flavour}, {program.sites} observations, in {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
