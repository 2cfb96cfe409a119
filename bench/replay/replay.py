"""Does clew do what people did by hand?  Replays commits in which a state was threaded.

For each case the C files of the commit's parent are written to a scratch folder, clew runs on them with
settings made from the case's facts (policy, never edits), and the judge compares with the commit.

    python bench/replay/replay.py --cases cases.json --repo git=/src/git/.git --gold --reasons

``--mode functions`` tells clew which functions gained the state, and so tests the rewriting; ``--mode files``
tells it the files alone, which tests the planning too.  "of most" is what a perfect tool could reach: what
people did beyond threading is not counted.

Several things may be right: what calls of wrappers become, what functions pass that gain nothing, and which
structures carry the state.  What people preferred is read from the case's facts, before clew runs.

``--check`` lists functions and code that clew could read before and not after, and lines that a second run
changes.

Exit codes: 0 all ran, 1 clew failed on a case, 2 usage.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1]))  # modules that other scripts of bench/ use as well

from replay_case import Case, load_cases
from replay_report import as_data, detail, reasons, table
from replay_score import Scored, Way, replay_case


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line *argv*; return the exit code."""
    parser = _make_parser()
    options = parser.parse_args(argv)
    repos = {name: Path(path) for name, _, path in (word.partition("=") for word in options.repo)}
    chosen = [case for case in load_cases(options.cases) if _is_chosen(case, options)]
    if not chosen:
        parser.error("no case is chosen")
    missing = sorted({case.repo for case in chosen} - repos.keys())
    if missing:
        parser.error(f"--repo {missing[0]}=GITDIR is required, or choose other cases")
    scored = list(_run(chosen, repos, options))
    _print(scored, options)
    return int(any(one.crash or one.errors for one in scored))


def _make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=Path, required=True, help="the file of cases")
    parser.add_argument(
        "--repo", action="append", default=[], metavar="NAME=GITDIR", help="its git directory"
    )
    parser.add_argument("--mode", choices=["functions", "files"], default="functions")
    parser.add_argument("--only", action="append", default=[], metavar="ID", help="this case; repeatable")
    parser.add_argument("--name", help="only cases of the repository of this name")
    parser.add_argument("--class", dest="sort", help='only cases of this class, such as "thread"')
    parser.add_argument("--gold", action="store_true", help="only cases of nearly nothing but threading")
    parser.add_argument(
        "--show", action="append", default=[], metavar="ID", help="as --only, with every edit"
    )
    parser.add_argument("--reasons", action="store_true", help="count what is missed and extra by class")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="leave the rewritten trees in this folder")
    parser.add_argument(
        "--check", action="store_true", help="read the output again, and run clew on it once more"
    )
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print JSON instead of the table")
    return parser


def _is_chosen(case: Case, options: argparse.Namespace) -> bool:
    wanted = [*options.only, *options.show]
    if wanted and not any(case.name == word or case.commit.startswith(word) for word in wanted):
        return False
    if options.gold and not case.gold:
        return False
    return options.name in (None, case.repo) and options.sort in (None, case.sort)


def _run(cases: Sequence[Case], repos: dict[str, Path], options: argparse.Namespace) -> Iterator[Scored]:
    way = Way(options.mode, options.check, options.keep)
    work = [(case, repos[case.repo], way) for case in cases]
    if options.jobs == 1:
        for number, arguments in enumerate(work, 1):
            yield _noted(replay_case(*arguments), number, len(work))
        return
    with ProcessPoolExecutor(options.jobs) as executor:
        waiting = [executor.submit(replay_case, *arguments) for arguments in work]
        for number, future in enumerate(waiting, 1):
            yield _noted(future.result(), number, len(work))


def _noted(one: Scored, number: int, total: int) -> Scored:
    shares = one.result["overall"]
    words = f"recall {shares['recall']}, precision {shares['precision']}, {one.seconds:.1f} s"
    sys.stderr.write(f"{number}/{total} {one.case.name}: {words}\n")
    return one


def _print(scored: Sequence[Scored], options: argparse.Namespace) -> None:
    if options.json:
        print(json.dumps(as_data(scored, options.mode), indent=1))
        return
    for one in scored if options.show else ():
        print("\n".join(detail(one)))
    print("\n".join(table(scored)))
    if options.reasons:
        print()
        print("\n".join(reasons(scored)))


if __name__ == "__main__":
    sys.exit(main())
