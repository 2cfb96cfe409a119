"""How many functions of a tree clew parses, how, and how fast.

    python bench/parse_rate.py TREE [GLOB ...] [--json] [--failures N]

TREE is scanned as a whole (its headers define macros and types); the functions of the files that match
a GLOB (relative to TREE, ``**`` allowed; all files when there is none) are parsed on one core.  The rate
counts processor time of parsing only.  Exit code 1 when a function is not parsed in all its variants.
"""

import argparse
import gc
import json
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path

from clew.parse.macros import MacroTable
from clew.parse.parser import FunctionAsts, Parser
from clew.scan.facts import FileFacts
from clew.scan.scanner import scan_source
from clew.text.source import SourceText


@dataclass(slots=True)
class Measurement:
    """What one run found; *failures* are lines of ``path:line function: problem``."""

    functions: int = 0
    parsed: int = 0
    variants: int = 0
    tokens: int = 0
    methods: dict[str, int] = field(default_factory=dict)
    macros: int = 0
    table_seconds: float = 0.0
    parse_seconds: float = 0.0
    failures: list[str] = field(default_factory=list)

    @property
    def percent(self) -> float:
        """Share of the functions whose variants were all parsed and cover every branch."""
        return 100 * self.parsed / self.functions if self.functions else 100.0


def scan_tree(root: Path) -> dict[str, tuple[FileFacts, SourceText]]:
    """Scan every C file under *root*."""
    scanned = {}
    for path in sorted([*root.rglob("*.c"), *root.rglob("*.h")]):
        if path.is_file():
            source = SourceText.from_bytes(path.relative_to(root).as_posix(), path.read_bytes())
            scanned[source.path] = (scan_source(source), source)
    return scanned


def measure(root: Path, globs: list[str]) -> Measurement:
    """Parse the functions of the files that match *globs*."""
    scanned = scan_tree(root)
    files = {path: facts for path, (facts, _) in scanned.items()}
    chosen = {path.relative_to(root).as_posix() for glob in globs for path in root.glob(glob)} or files.keys()
    result = Measurement(macros=sum(len(facts.macros) for facts in files.values()))
    gc.collect()
    gc.freeze()  # what was scanned stays: collecting it again and again is no part of parsing
    started = time.process_time()
    table = MacroTable(files.values(), {path: source.text for path, (_, source) in scanned.items()})
    result.table_seconds = time.process_time() - started
    parser = Parser(table, {typedef.name for facts in files.values() for typedef in facts.typedefs})
    methods: Counter[str] = Counter()
    for path in sorted(chosen & files.keys()):
        facts, source = scanned[path]
        for function in facts.functions:
            started = time.process_time()
            asts = parser.parse_all(function, facts, source.text)
            result.parse_seconds += time.process_time() - started
            methods.update(variant.method for variant in asts.variants)
            record(result, function.name, source, asts)
    result.methods = dict(sorted(methods.items()))
    return result


def record(result: Measurement, name: str, source: SourceText, asts: FunctionAsts) -> None:
    """Count one function, and note why it was not parsed."""
    result.functions += 1
    result.variants += len(asts.variants)
    result.tokens += sum(len(variant.tokens) for variant in asts.variants)
    failed = next((variant for variant in asts.variants if variant.ast is None), None)
    if failed is None and asts.complete:
        result.parsed += 1
        return
    line = source.position(max(failed.problem_at, 0)).line if failed else 0
    problem = failed.problem if failed else "branches are left"
    result.failures.append(f"{source.path}:{line} {name}: {problem}")


def report(result: Measurement, shown: int) -> str:
    """Return the measurement as text."""
    rate = result.functions / result.parse_seconds if result.parse_seconds else 0.0
    methods = ", ".join(f"{method} {count}" for method, count in result.methods.items())
    lines = [
        f"parsed     {result.parsed} of {result.functions} functions ({result.percent:.2f} %)",
        f"variants   {result.variants} ({methods}), {result.tokens} tokens",
        f"time       {result.parse_seconds:.2f} s, {rate:.0f} functions/s",
        f"macros     {result.macros}, table built in {1000 * result.table_seconds:.1f} ms",
    ]
    lines += [f"failed     {failure}" for failure in result.failures[:shown]]
    left_out = len(result.failures) - shown
    return "\n".join(lines + ([f"           and {left_out} more"] if left_out > 0 else []))


def main() -> int:
    """Measure as the command line says."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("tree", type=Path)
    parser.add_argument("globs", nargs="*", metavar="GLOB")
    parser.add_argument("--json", action="store_true", help="print the measurement as JSON")
    parser.add_argument("--failures", type=int, default=50, metavar="N", help="failures to show (default 50)")
    options = parser.parse_args()
    result = measure(options.tree, options.globs)
    print(json.dumps(asdict(result), indent=2) if options.json else report(result, options.failures))
    return 0 if result.parsed == result.functions else 1


if __name__ == "__main__":
    sys.exit(main())
