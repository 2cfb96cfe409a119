"""Parse every C file of a tree with tree-sitter-c.

python bench/peer_tree_sitter.py TREE
"""

import sys
from pathlib import Path

import tree_sitter
import tree_sitter_c


def main() -> int:
    """Parse; print how many files there were, and how many of their trees have errors."""
    parser = tree_sitter.Parser(tree_sitter.Language(tree_sitter_c.language()))
    files = sorted(path for path in Path(sys.argv[1]).rglob("*.[ch]") if path.is_file())
    wrong = sum(parser.parse(path.read_bytes()).root_node.has_error for path in files)
    print(f"{len(files)} files, {wrong} with errors")
    return 0 if files else 1


if __name__ == "__main__":
    sys.exit(main())
