"""What clew reads, scans and parses for one question, counted inside the process.

python bench/speed_counts.py COMMAND TREE STATE LINKAGE [PATH ...]
"""

import json
import sys
from pathlib import Path

from clew import api


def main() -> int:
    """Answer the question without a cache, and print the counts as JSON."""
    command, root, name, linkage, *paths = sys.argv[1:]
    settings = api.load_settings(Path(root) / "clew.toml")
    scope = api.Scope(paths=tuple(paths), linkage=linkage)  # type: ignore[arg-type]
    tree = api.open_tree(Path(root), settings, scope)
    if command == "audit":
        fetches = len(api.audit(tree, name).fetches)
    else:
        fetches = len(api.make_plan(tree, name).fetches)
    inner = tree.pipeline_tree
    figures = {
        "files": len(tree.sources),
        "megabytes": round(sum(len(source.text) for source in tree.sources.values()) / 1e6, 1),
        "functions": len(inner.program.definitions),
        "parsed": inner.parser.count,
        "fetches": fetches,
    }
    print(json.dumps(figures))
    return 0


if __name__ == "__main__":
    sys.exit(main())
