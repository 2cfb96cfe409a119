"""Find the first observation that two versions of a program make differently.

Programs that can trace (``-DTRACE``) print each observation on standard error: the number of the place
and what it saw.
"""

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

from clew.verify.process import run_measured


def find_first_difference(
    before: Path, after: Path, compiler: str, flags: Sequence[str], seconds: float
) -> str:
    """Build both trees with *flags* and tell where their traces part; "" when they do not."""
    traces = [_trace(tree, compiler, flags, seconds) for tree in (before, after)]
    for number, (expected, seen) in enumerate(zip_longest(*traces, fillvalue="the end"), start=1):
        if expected != seen:
            where = _lines_with(after, expected.split()[0])
            return f"observation {number}: {expected!r} became {seen!r}\n{where}".rstrip()
    return ""


def _trace(tree: Path, compiler: str, flags: Sequence[str], seconds: float) -> list[str]:
    binary = tree.parent / f"{tree.name}-trace"
    sources = sorted(path.name for path in tree.glob("*.c"))
    run_measured([compiler, "-w", *flags, "-DTRACE", "-o", str(binary), *sources], cwd=tree)
    if not binary.exists():
        return ["no trace"]
    lines = run_measured([binary.resolve()], timeout=seconds).stderr.splitlines()
    binary.unlink()
    return lines


def _lines_with(tree: Path, site: str) -> str:
    """Return the lines of the program that make the observation *site*."""
    found = []
    for path in sorted(tree.glob("*.c")):
        for number, line in enumerate(path.read_text("latin-1").splitlines(), start=1):
            if f"({site}u" in line:
                found.append(f"{path.name}:{number}: {line.strip()}")
    return "\n".join(found)
