r"""Does what clew makes of the cases compile?  Builds each parent, applies clew's output, compiles again.

    python bench/replay/compile_cases.py --cases cases.json --repo git=/src/git/.git --work DIR \
        --build git='make V=1 -j2 CFLAGS=-O0' --only git-1a2b3c4d5e

Per case: the parent's whole tree is written to DIR and the build command runs in it; what it prints holds the
compiler calls (those of ``make -n`` do).  clew runs as in ``replay.py --mode functions``.  Then

parse    functions of changed files that clew could parse before and not after
again    files that a second run with the same settings changes
compile  diagnostics that are new in the units that read a changed file
link     with --link: the build command once more, in a copy with the changed files

Exit codes: 0 nothing was found, 1 something was, 2 usage.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # modules that other scripts of bench/ use as well

from replay_case import Case, load_cases
from replay_compile import Compiled, Plant, compile_case


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line *argv*; return the exit code."""
    parser = _make_parser()
    options = parser.parse_args(argv)
    repos, builds = _pairs(options.repo), _pairs(options.build)
    chosen = [case for case in load_cases(options.cases) if _is_chosen(case, options)]
    if not chosen:
        parser.error("no case is chosen")
    for case in chosen:
        if case.repo not in repos or case.repo not in builds:
            parser.error(f"--repo {case.repo}=GITDIR and --build {case.repo}=COMMAND are required")
    found = []
    for number, case in enumerate(chosen, 1):
        gitdir = Path(repos[case.repo])
        plant = Plant(gitdir, options.work.resolve(), builds[case.repo], options.jobs, link=options.link)
        found.append(compile_case(case, plant, keep=options.keep))
        sys.stderr.write(f"{number}/{len(chosen)} {found[-1].line()}\n")
    _print(found, as_json=options.json)
    return int(any(one.is_bad for one in found))


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=Path, required=True, help="the file of cases")
    parser.add_argument("--repo", action="append", default=[], metavar="NAME=GITDIR")
    parser.add_argument(
        "--build", action="append", default=[], metavar="NAME=COMMAND", help="builds a tree of it (shell)"
    )
    parser.add_argument("--work", type=Path, required=True, metavar="DIR", help="scratch folder")
    parser.add_argument("--only", action="append", default=[], metavar="ID", help="this case; repeatable")
    parser.add_argument("--name", help="only cases of the repository of this name")
    parser.add_argument("--class", dest="sort", help="only cases of this class")
    parser.add_argument("--link", action="store_true", help="build the rewritten tree too")
    parser.add_argument("--keep", action="store_true", help="leave the built trees, and use them again")
    parser.add_argument("--jobs", type=int, default=2, help="compilers at a time (default 2)")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def _pairs(words: Sequence[str]) -> dict[str, str]:
    return {name: value for name, _, value in (word.partition("=") for word in words)}


def _is_chosen(case: Case, options: argparse.Namespace) -> bool:
    if options.only and not any(case.name == word or case.commit.startswith(word) for word in options.only):
        return False
    return options.name in (None, case.repo) and options.sort in (None, case.sort)


def _print(found: Sequence[Compiled], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps([asdict(one) for one in found], indent=1))
        return
    for one in found:
        print(one.line())
        print("".join(f"    {line}\n" for line in one.findings()), end="")
    bad = sum(one.is_bad for one in found)
    units = sum(one.units for one in found)
    print(f"{len(found)} cases, {units} units compiled before and after; {bad} cases with findings")


if __name__ == "__main__":
    sys.exit(main())
