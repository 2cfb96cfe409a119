"""Apply a series patch by patch, and compile after each what it changes.

    python bench/series_run.py --tree git --commands git-built/make.log --built git-built --series patches

TREE is a git repository at the commit that the series was made for, with all generated files in place; the
patches are applied with ``git am``, and stay.  The commands are those of a build in BUILT (a database or
the log of make).  Every unit that a patch concerns must compile without errors, and without warnings that
were not there before the series.  At the end, the tree must be that of WHOLE, where that is given.
"""

import argparse
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from clew.verify.commands import bare_arguments, read_configuration, retarget
from clew.verify.compile_command import CompileCommand
from clew.verify.diagnostics import ERRORS, WARNINGS
from clew.verify.process import run_measured


@dataclass(frozen=True, slots=True)
class Compiled:
    """One unit: whether the compiler took it, and what it warned of, without lines."""

    ok: bool
    said: Counter[str]


def main(argv: Sequence[str]) -> int:
    """Apply, compile, print a line for each patch; fail if one of them fails."""
    options = _arguments(argv)
    tree, built = options.tree.resolve(), options.built.resolve()
    commands = read_configuration(options.commands, "build", built).commands
    moved = {retarget(command, built, tree) for command in commands}
    patches = sorted(options.series.glob("*.patch"))
    base = _git(tree, "rev-parse", "HEAD").strip()
    before = _baseline(tree, moved, patches)
    failed = sum(not _try_patch(tree, patch, moved, before) for patch in patches)
    changed = _git(tree, "diff", "--name-only", base).split()
    print(f"{len(patches) - failed} of {len(patches)} patches apply and compile; {len(changed)} files change")
    if options.whole is not None:
        other = [
            name for name in changed if (tree / name).read_bytes() != (options.whole / name).read_bytes()
        ]
        print(
            "the sum is the whole change" if not other else f"not as in the whole change: {', '.join(other)}"
        )
        failed += len(other)
    return 1 if failed or not patches else 0


def _arguments(argv: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--tree", type=Path, required=True)
    parser.add_argument("--built", type=Path, required=True)
    parser.add_argument("--commands", type=Path, required=True)
    parser.add_argument("--series", type=Path, required=True)
    parser.add_argument("--whole", type=Path, help="the tree in which clew made the whole change at once")
    return parser.parse_args(argv)


def _git(tree: Path, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", str(tree), *arguments], check=True, capture_output=True, text=True
    ).stdout


def _concerned(tree: Path, commands: set[CompileCommand], changed: Sequence[str]) -> list[CompileCommand]:
    """Return the commands of changed sources, and all when a header changes."""
    if any(not name.endswith(".c") for name in changed):
        return sorted(commands, key=lambda command: command.file)
    files = {(tree / name).resolve() for name in changed}
    return sorted((one for one in commands if one.source in files), key=lambda command: command.file)


def _baseline(
    tree: Path, commands: set[CompileCommand], patches: Sequence[Path]
) -> dict[CompileCommand, Compiled]:
    names = [name for patch in patches for name in _names(patch)]
    concerned = _concerned(tree, commands, names)
    return dict(zip(concerned, _compile_all(concerned), strict=True))


def _names(patch: Path) -> list[str]:
    lines = patch.read_text("latin-1").splitlines()
    return [line.removeprefix("+++ b/").rstrip("\t") for line in lines if line.startswith("+++ b/")]


def _try_patch(
    tree: Path, patch: Path, commands: set[CompileCommand], before: dict[CompileCommand, Compiled]
) -> bool:
    _git(tree, "am", "-q", "--keep-cr", str(patch.resolve()))
    concerned = _concerned(tree, commands, _names(patch))
    bad = [
        f"{command.file}: {', '.join(new) or 'does not compile'}"
        for command, done in zip(concerned, _compile_all(concerned), strict=True)
        if (new := done.said - before[command].said) or done.ok < before[command].ok
    ]
    print(
        f"{'ok' if not bad else 'BAD':4}{len(concerned):4} units  {patch.name}",
        *bad,
        sep="\n    ",
        flush=True,
    )
    return not bad


def _compile_all(commands: Sequence[CompileCommand]) -> list[Compiled]:
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(_compile, commands))


def _compile(command: CompileCommand) -> Compiled:
    compiler, *words = bare_arguments(command)
    errors = [f"-Werror={name}" for name in ERRORS]
    argv = [compiler, *WARNINGS, *words, *errors, "-O0", "-S", "-o", "/dev/null"]
    done = run_measured(argv, cwd=Path(command.directory), env={"LC_ALL": "C"})
    lines = [line.partition(": ") for line in done.stderr.splitlines() if ": warning: " in line]
    return Compiled(done.ok, Counter(rest for _, _, rest in lines))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
