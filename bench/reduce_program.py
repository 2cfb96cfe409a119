"""Make a program that clew rewrites wrongly smaller, as long as it fails in the same way.

Takes the folder of a failed trial (its before/ is the program) and removes lines of one file, in ever
smaller pieces, while the original still compiles and runs, and the trial still ends alike.  Prints the
folder with the smallest program.
"""

import argparse
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nasty_programs import BUILDS
from program_trial import TrialResult, TrialSettings, try_program
from trial_series import split_command

# What a removed line must not cause: behaviour that C leaves undefined.
FLAGS = "-std=gnu11 -Werror=return-type -Werror=uninitialized -Werror=implicit-int"


@dataclass(slots=True)
class Reduction:
    """The search: *wanted* is how the failure looks, *tries* how many trials are left."""

    files: dict[str, str]
    name: str
    work: Path
    settings: TrialSettings
    wanted: str
    tries: int

    def fails(self, lines: Sequence[str]) -> bool:
        """Tell whether the program with these lines fails in the same way."""
        self.tries -= 1
        files = {**self.files, self.name: "\n".join(lines) + "\n"}
        return failure_of(try_program(files, self.work, self.settings)) == self.wanted

    def shrink(self, lines: list[str]) -> list[str]:
        """Remove pieces until no single line can go, or the tries are used up."""
        size = max(1, len(lines) // 2)
        while self.tries > 0:
            smaller = self._pass(lines, size)
            if len(smaller) == len(lines) and size == 1:
                break
            size = max(1, size // 2) if len(smaller) == len(lines) else min(size, len(smaller))
            lines = smaller
        return lines

    def _pass(self, lines: list[str], size: int) -> list[str]:
        at = len(lines)
        while at > 0 and self.tries > 0:
            for start, end in self._pieces(lines, at, size):
                shorter = lines[:start] + lines[end:]
                if _is_balanced(lines[start:end]) and self.fails(shorter):
                    lines = shorter
                    break
            at = min(at - size, len(lines))
        return lines

    @staticmethod
    def _pieces(lines: Sequence[str], at: int, size: int) -> Iterator[tuple[int, int]]:
        """Yield the piece that ends at *at*, and the block that starts in its first line."""
        start = max(0, at - size)
        yield start, at
        depth = 0
        for end in range(start, len(lines)):
            depth += lines[end].count("{") - lines[end].count("}")
            if depth <= 0:
                if end > start:
                    yield start, end + 1
                return


def failure_of(result: TrialResult) -> str:
    """Describe a failure without what changes when the program shrinks (names, numbers, sums)."""
    detail = result.detail if result.status in {"no-compile", "new-warning", "clew-failed"} else ""
    last = (detail.splitlines() or [""])[-1]
    message = re.sub(r"^.*?: (?:warning|error): ", "", last)
    return f"{result.status} {re.sub(r'[^a-z ]*[0-9_/][^ ]*', '', message)}".strip()


def _is_balanced(lines: Sequence[str]) -> bool:
    """Pieces that would leave a brace or an #if open are not worth a trial."""
    text = "\n".join(lines)
    opened = len(re.findall(r"^#if", text, re.MULTILINE))
    closed = len(re.findall(r"^#endif", text, re.MULTILINE))
    return text.count("{") == text.count("}") and opened == closed


def _main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("failed", type=Path, help="the folder of a failed trial")
    parser.add_argument("--work", type=Path, required=True, help="scratch folder")
    parser.add_argument("--clew", default="clew", help="the clew command")
    parser.add_argument("--file", default="prog.c", help="the file to shrink")
    parser.add_argument("--state", default="st", help="the state's name in its clew.toml")
    parser.add_argument("--linkage", default="static", choices=("static", "internal", "any"))
    parser.add_argument("--flags", default=FLAGS, help=f"flags for the compiler (default: {FLAGS})")
    parser.add_argument("--tries", type=int, default=400, help="how many trials at most")
    options = parser.parse_args(argv)
    files = {path.name: path.read_text("latin-1") for path in (options.failed / "before").iterdir()}
    settings = TrialSettings(
        split_command(options.clew),
        options.state,
        options.linkage,
        (BUILDS[0], BUILDS[2]),  # both branches of #if; one level of optimisation is enough here
        flags=split_command(options.flags),
        seconds=5.0,
    )
    work: Path = options.work.resolve()  # compilers and programs run in folders of their own
    wanted = failure_of(try_program(files, work / "try", settings))
    if wanted == "same":
        print("this program does not fail", file=sys.stderr)
        return 2
    search = Reduction(files, options.file, work / "try", settings, wanted, options.tries)
    files[options.file] = "\n".join(search.shrink(files[options.file].splitlines())) + "\n"
    result = try_program(files, work / "smallest", settings)
    print(f"{wanted}: {files[options.file].count(chr(10))} lines in {work / 'smallest'}")
    print(result.detail)
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
