"""Which macros make strings of their arguments."""

import pytest

from clew.detect.stringify import Stringifying
from clew.link.program import Program
from clew.scan import scan_source
from clew.text.source import SourceText


def around(macros, use):
    text = f"{macros}void f(void) {{ {use} }}\n"
    source = SourceText("main.c", text)
    program = Program({"main.c": source}, {"main.c": scan_source(source)}, {})
    return Stringifying(program).around("main.c", text.rindex("state"))


@pytest.mark.parametrize(
    ("macros", "use", "macro"),
    [
        ("#define SHOW(x) puts(#x)\n", "SHOW(state);", "SHOW"),
        ("#define SHOW(x) puts(#x)\n#define ALL(x) SHOW(x)\n", "ALL(state);", "ALL"),
        ("#define SHOW(x) puts(#x)\n#define EACH(x) g(x)\n", "EACH(SHOW(state));", "SHOW"),
        ("#define SHOW(x) puts(#x)\n#define EACH(x) g(x)\n", "EACH(state);", ""),
        # another macro is called as this one's parameter is
        ("#define p(x) puts(#x)\n#define EACH(s, p) for ((p) = (s); p; p++)\n", "EACH(state, at);", ""),
        ("#define SHOW(x) puts(#x)\n#define OTHER(x) (SHOW(left), (x))\n", "OTHER(state);", ""),
        ("#define entry(x) #x\n#define EACH(x) for (p = (x); p; p = p->entry)\n", "EACH(state);", ""),
        ("#define SHOW(x) #x\n#define DO(m, x) m(x)\n#define BY(x) DO(SHOW, x)\n", "BY(state);", "BY"),
        ("#define PASTE(x) x##1\n", "PASTE(state);", ""),
    ],
)
def test_around(macros, use, macro):
    assert around(macros, use) == macro
