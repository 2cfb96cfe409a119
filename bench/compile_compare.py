"""Compile two built trees, before and after, and show every diagnostic that is new.

What `clew verify` does over scratch copies, for two trees that stand side by side.  Exit code 0: nothing
new; 1: new diagnostics; 2: bad usage, or nothing could be compared.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from tree_files import changed_files

from clew.verify.commands import Configuration, read_configuration
from clew.verify.compile import Comparison, Trees, compare_configuration


def compare_trees(
    before: Path, after: Path, configuration: Configuration, *, jobs: int = 2, fast: bool = False
) -> Comparison:
    """Compile in both trees every command whose unit includes a file that differs between them.

    The commands refer to *before*.  With *fast* everything is compiled without optimisation, which
    misses the few warnings that need it.
    """
    before, after = before.resolve(), after.resolve()
    changed = frozenset(path.as_posix() for path in changed_files(before, after))
    trees = Trees(before, before, after, changed)
    return compare_configuration(configuration, trees, jobs=jobs, fast=fast, progress=_silent)


def _silent(_stage: str, _done: int, _total: int) -> None:
    """Report no progress."""


def as_json(comparison: Comparison) -> dict[str, object]:
    """Return figures and lists as JSON can hold them."""
    return {
        "commands": comparison.total,
        "compiled": len(comparison.units),
        "new": {str(d): n for d, n in sorted(comparison.new.items())},
        "gone": {str(d): n for d, n in sorted(comparison.gone.items())},
        "unreadable": [result.unit.command.file for result in comparison.blocked],
    }


def print_comparison(comparison: Comparison) -> None:
    """Print the comparison for a person."""
    print(f"{len(comparison.units)} of {comparison.total} translation units include a changed file")
    for title, counter in (("new", comparison.new), ("gone", comparison.gone)):
        print(f"{sum(counter.values())} {title} diagnostics")
        for diagnostic, count in sorted(counter.items()):
            print(f"  {title}: {diagnostic}" + (f"  (in {count} units)" if count > 1 else ""))
    for result in comparison.blocked:
        print(f"  not compared, it does not compile before: {result.unit.command.file}")


def _main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("before", type=Path, help="the built tree to which the commands refer")
    parser.add_argument("after", type=Path, help="the same tree, rewritten (with its generated files)")
    parser.add_argument("--commands", type=Path, required=True, metavar="FILE", help="JSON, or a log of make")
    parser.add_argument("--jobs", type=int, default=2, help="compilers at a time (default 2)")
    parser.add_argument("--fast", action="store_true", help="compile without optimisation")
    parser.add_argument("--json", action="store_true", help="print JSON")
    options = parser.parse_args(argv)
    for path in (options.before, options.after):
        if not path.is_dir():
            parser.error(f"{path} is not a directory")
    configuration = read_configuration(options.commands, options.commands.stem, options.before.resolve())
    comparison = compare_trees(
        options.before, options.after, configuration, jobs=options.jobs, fast=options.fast
    )
    if options.json:
        print(json.dumps(as_json(comparison), indent=1))
    else:
        print_comparison(comparison)
    if comparison.blocked and len(comparison.blocked) == len(comparison.units):
        return 2
    return 1 if comparison.new else 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
