"""Turn what ``make`` printed into a compilation database.

Reads a build log, or asks ``make -n`` in a tree that was not built yet, and writes the entries of a
``compile_commands.json``: one per C source of every compiler call.  Unlike a tracing tool it needs no
build, and it sees the quoted flags exactly as the shell would.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from clew.verify.commands import write_commands
from clew.verify.make_log import parse_make_output
from clew.verify.process import run_measured


def _main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("directory", type=Path, help="the directory in which make runs")
    parser.add_argument("--log", type=Path, help="a log of the build (default: ask make -n)")
    parser.add_argument("--output", "-o", type=Path, default=Path("compile_commands.json"))
    parser.add_argument("--json", action="store_true", help="print a summary as JSON")
    parser.add_argument("targets", nargs="*", help="arguments for make: VARIABLE=value, targets")
    options = parser.parse_args(argv)
    if not options.directory.is_dir():
        parser.error(f"{options.directory} is not a directory")
    if options.log is not None:
        text = options.log.read_text("utf-8", "replace")
    else:
        answer = run_measured(["make", "-n", *options.targets], cwd=options.directory)
        if not answer.ok:
            print(f"make -n failed with code {answer.code}:\n{answer.tail}", file=sys.stderr)
            return 2
        text = answer.stdout
    commands = parse_make_output(text, options.directory.resolve())
    write_commands(options.output, commands)
    summary = {"commands": len(commands), "output": str(options.output)}
    print(json.dumps(summary) if options.json else f"{len(commands)} commands in {options.output}")
    return 0 if commands else 1


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
