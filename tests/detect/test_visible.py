"""Whether a file sees a type must not depend on what was asked before."""

from clew.detect.visible import see_type
from clew.link.program import Program
from clew.scan import scan_source
from clew.text.source import SourceText

FILES = {
    "types.h": "typedef struct s S;\n",
    "main.c": '#include "types.h"\nint first(void);\n#include "part.h"\nint second(S *s);\n',
    "part.h": "int part(void);\n",  # relies on what main.c includes
}


def sight():
    sources = {path: SourceText(path, text) for path, text in FILES.items()}
    facts = {path: scan_source(source) for path, source in sources.items()}
    return see_type(Program(sources, facts, {}), "S *")


def test_a_fragment_that_was_asked_for_first_changes_nothing():
    first = FILES["main.c"].index("first")
    alone = sight().sees("main.c", first)
    after = sight()
    assert after.sees("part.h", 0)
    assert after.sees("main.c", first) is alone is True
