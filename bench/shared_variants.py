"""Whether variants that share what is the same in them come out as those that share nothing.

    python bench/shared_variants.py TREE

Parses every function of the tree both ways, and prints those of which the control flow differs.
"""

import gc
import sys
from pathlib import Path

from clew.parse.front import FunctionParser
from clew.parse.parser import Parser
from clew.scan import scan_source
from clew.text.source import SourceText


def main() -> int:
    """Return 1 when something differs."""
    gc.disable()  # as the command does
    root = Path(sys.argv[1])
    found = (SourceText.from_bytes(str(p.relative_to(root)), p.read_bytes()) for p in root.rglob("*.[ch]"))
    sources = {source.path: source for source in found}
    facts = {path: scan_source(source) for path, source in sources.items()}
    functions = [(path, function) for path, one in facts.items() for function in one.functions]
    sharing = FunctionParser(facts, sources)
    several = [given for given in functions if len(sharing.parse(*given).variants) > 1]
    parse_all = Parser.parse_all
    Parser.parse_all = lambda self, *given: parse_all(self, *given[:3])  # type: ignore[method-assign]
    alone = FunctionParser(facts, sources)
    different = [given for given in several if sharing.parse(*given) != alone.parse(*given)]
    for path, function in different:
        print(f"{path}: {function.name}")
    print(f"{len(functions)} functions, {len(several)} with several variants, {len(different)} differ")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
