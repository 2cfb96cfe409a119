"""How long `clew check` takes on a few changed files of a tree.

    python bench/check_time.py --source cpython --accessor '_PyThreadState_GET()' \
        Python/errors.c Objects/call.c Objects/dictobject.c --work /tmp/w

The tree is copied and committed to a new repository; in each file the first statement of one line with the
accessor is doubled, so that each has one new fetch, and staged.  Cold is with an empty cache, warm with
what the run before left there ("edited since": the three files are new to it).  clew's own bytecode is
compiled, as it is when pip has installed it.  Every run must report exactly the new fetches.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from tree_files import copy_tree

from clew.verify.process import run_measured

_COLD, _WARM = "cold", "warm"


def main() -> int:
    """Measure, print, and fail where a median is beyond its limit."""
    options = _arguments()
    tree, cache = options.work / "tree", options.work / "cache"
    _prepare(options.source, tree, options.files, options.accessor)
    version = [*options.clew.split(), "--version"]
    rows = {}
    for name, extra in (("--since HEAD", ["--since", "HEAD"]), ("--staged", ["--staged"])):
        command = _command(options, tree, extra)
        _time(command, cache, len(options.files), empty=True)
        cold = [_time(command, cache, len(options.files), empty=True) for _ in range(options.runs)]
        warm = [_time(command, cache, len(options.files), empty=False) for _ in range(options.runs)]
        rows[f"{name}, {_COLD}"], rows[f"{name}, {_WARM}"] = cold, warm
    rows[f"edited since, {_WARM}"] = [_edit_and_time(options, tree, cache) for _ in range(options.runs)]
    for name, command in (("bare interpreter", [sys.executable, "-c", "pass"]), ("--version", version)):
        rows[name] = [run_measured(command, env=_environment(cache)).seconds for _ in range(options.runs)]
    _print(rows, options.json)
    limits = {_COLD: options.limit_cold, _WARM: options.limit_warm}
    slow = [
        name
        for name, seconds in rows.items()
        if (limit := limits.get(name.rpartition(" ")[2])) and statistics.median(seconds) > limit
    ]
    for name in slow:
        print(f"slower than its limit: {name}", file=sys.stderr)
    return 1 if slow else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--source", type=Path, required=True)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--accessor", required=True)
    parser.add_argument("--clew", default=f"{sys.executable} -m clew")
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--limit-cold", type=float)
    parser.add_argument("--limit-warm", type=float)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("files", nargs="+")
    return parser.parse_args()


def _prepare(source: Path, tree: Path, files: list[str], accessor: str) -> None:
    copy_tree(source, tree)
    shutil.rmtree(tree / ".git", ignore_errors=True)
    _git(tree, "init", "-q")
    _git(tree, "add", "-A", "-f")
    _git(tree, "-c", "user.name=bench", "-c", "user.email=bench@example.org", "commit", "-q", "-m", "base")
    for file in files:
        lines = (tree / file).read_bytes().splitlines(keepends=True)
        at = next(i for i, line in enumerate(lines) if _fetches(line, accessor.encode()))
        (tree / file).write_bytes(b"".join([*lines[:at], lines[at], *lines[at:]]))
    _git(tree, "add", "-A")


def _fetches(line: bytes, accessor: bytes) -> bool:
    return accessor in line and line[:1].isspace() and line.rstrip().endswith(b";") and b"//" not in line


def _git(tree: Path, *arguments: str) -> None:
    subprocess.run(["git", "-C", str(tree), *arguments], check=True)


def _time(command: list[str], cache: Path, fetches: int, *, empty: bool) -> float:
    if empty:
        shutil.rmtree(cache, ignore_errors=True)
    done = run_measured(command, env=_environment(cache))
    found = json.loads(done.stdout)["findings"] if done.code == 1 else []
    if len([one for one in found if one["code"] == "fetch"]) != fetches:
        raise SystemExit(f"unexpected result:\n{done.tail}")
    return done.seconds


def _command(options: argparse.Namespace, tree: Path, extra: list[str]) -> list[str]:
    files = [str(tree / file) for file in options.files]
    return [*options.clew.split(), "check", "--root", str(tree), "--format", "json", *extra, *files]


def _edit_and_time(options: argparse.Namespace, tree: Path, cache: Path) -> float:
    """Measure with files that the cache has never seen, in a tree that it knows otherwise."""
    for file in options.files:
        with (tree / file).open("ab") as text:
            text.write(b"/* edited */\n")
    return _time(_command(options, tree, ["--since", "HEAD"]), cache, len(options.files), empty=False)


def _environment(cache: Path) -> dict[str, str]:
    bytecode = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(cache.parent / "bytecode")}
    return {"CLEW_CACHE_DIR": str(cache), **bytecode}


def _print(rows: dict[str, list[float]], as_json: bool) -> None:
    table = {
        name: {"min": min(seconds), "median": statistics.median(seconds), "max": max(seconds)}
        for name, seconds in rows.items()
    }
    if as_json:
        print(json.dumps(table, indent=2))
        return
    for name, row in table.items():
        print(f"{name:24} {row['median']:.3f} s ({row['min']:.3f} to {row['max']:.3f})")


if __name__ == "__main__":
    sys.exit(main())
