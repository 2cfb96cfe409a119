"""Let the compiler look at every unit of a build, one after the other: ``gcc -fsyntax-only``.

python bench/peer_gcc.py BUILT_TREE MAKE_LOG
"""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from clew.verify.make_log import parse_make_output

_WITH_VALUE = frozenset({"-o", "-MF", "-MT", "-MQ"})
_DROPPED = frozenset({"-c", "-MD", "-MMD", "-MP", "-fcallgraph-info"})


def syntax_only(words: Sequence[str]) -> list[str]:
    """Return the compiler call *words* without what it would write."""
    kept, skip = [], False
    for word in words:
        if not skip and word not in _WITH_VALUE and word not in _DROPPED:
            kept.append(word)
        skip = not skip and word in _WITH_VALUE
    return [*kept, "-fsyntax-only", "-w"]


def main() -> int:
    """Compile; print how many units there were and how many of them failed."""
    tree, log = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    commands = parse_make_output(log.read_text("utf-8", "replace"), tree)
    failed = 0
    for command in commands:
        done = subprocess.run(
            syntax_only(command.arguments), cwd=command.directory, capture_output=True, check=False
        )
        failed += done.returncode != 0
    print(f"{len(commands)} units, {failed} failed")
    return 0 if commands and failed * 10 < len(commands) else 1


if __name__ == "__main__":
    sys.exit(main())
