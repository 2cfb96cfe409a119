"""Where one more line goes at the head of a file, written back as ``@``."""

import pytest

from clew.link.program import Program
from clew.plan.preamble import Preamble
from clew.scan import scan_source
from clew.text.source import SourceText


def head_of(text: str, path: str) -> Preamble:
    texts = {path: text} | ({"unit.c": f'#include "{path}"\n'} if path.endswith(".h") else {})
    sources = {name: SourceText(name, one) for name, one in texts.items()}
    facts = {name: scan_source(source) for name, source in sources.items()}
    return Preamble(Program(sources, facts), path, text.index("int f("))


def marked(text: str, at: int | None) -> str:
    return "nowhere" if at is None else f"{text[:at]}@\n{text[at:]}"


# Each text has one `@` line where the line is put; without it, it is the text.
INCLUDES = [
    ('#include "a.h"\n@\n\nint f(void);\n', "f.c"),
    ('#include "a.h"\n#include "b.h"\n@\n#include "z.h"\nint f(void);\n', "f.c"),
    # the first include of a source file stays first
    ('#include "x.h"\n@\n#include "y.h"\nint f(void);\n', "f.c"),
    ('@\n#include "x.h"\n#include "y.h"\nint f(void);\n', "f.h"),
    # without order, at the end
    ('#include "z.h"\n#include "y.h"\n#include "c.h"\n@\nint f(void);\n', "f.c"),
    # quoted names before and after those in angles
    ('#include "a.h"\n#include "c.h"\n@\n\n#include <stdio.h>\n\nint f(void);\n', "f.c"),
    ("#include <stdio.h>\n@\nint f(void);\n", "f.c"),
    # order without regard to case
    (
        '#include "first.h"\n#include "alpha.h"\n#include "Beta.h"\n@\n#include "zeta.h"\nint f(void);\n',
        "f.c",
    ),
    # a comment that goes on
    ('#include "a.h" /* one\n   two */\n@\nint f(void);\n', "f.c"),
    # never under #if
    ('#include "a.h"\n@\n#ifdef X\n#include "b.h"\n#endif\nint f(void);\n', "f.c"),
    ('#ifdef X\n#include "a.h"\n@\nint f(void);\n#endif\n', "f.c"),
    ('@\n#ifdef X\n#include "a.h"\nint g(void);\n#else\nint f(void);\n#endif\n', "f.c"),
    ("#ifndef F_H\n#define F_H\n@\n#define LIMIT 1\nint f(void);\n#endif\n", "f.h"),
    ("#pragma once\n@\nint f(void);\n", "f.h"),
    ('#ifndef F_H\n#define F_H\n@\n#ifdef __cplusplus\nextern "C" {\n#endif\nint f(void);\n#endif\n', "f.h"),
    # above what belongs to the first code
    ("/* licence */\n\n@\n/* of f */\nint f(void);\n", "f.c"),
    ("#define A 1\n\n@\n// of f,\n// in lines\nint f(void);\n", "f.c"),
    # below code there are only the first includes that stand together
    ('int g;\n#include "a.h"\n@\nint h;\n#include "b.h"\nint f(void);\n', "f.c"),
    ('#include "a.h"\r\n@\r\nint f(void);\r\n', "f.c"),
]


@pytest.mark.parametrize(("expected", "path"), INCLUDES)
def test_place_of_an_include(expected, path):
    text = expected.replace("@\r\n", "").replace("@\n", "")
    assert marked(text, head_of(text, path).place_include("m.h")) == expected.replace("@\r\n", "@\n")


FAMILIES = [
    ('#include "Python.h"\n#include "pycore_call.h"  // call\n@\n#include "structmember.h"\nint f(void);\n'),
    ('#include "P.h"\n\n#include "pycore_a.h"\n@\n#include "pycore_z.h"\n\n#include "z.h"\nint f(void);\n'),
    ('#include "Python.h"\n#include "structmember.h"\n#include "pycore_abc.h"\n@\nint f(void);\n'),
    ('#include "Python.h"\n#include "osdefs.h"\n@\n#include "structmember.h"\nint f(void);\n'),
]


@pytest.mark.parametrize("expected", FAMILIES)
def test_relatives_stand_together(expected):
    text = expected.replace("@\n", "")
    assert marked(text, head_of(text, "f.c").place_include("pycore_pystate.h")) == expected


TAGS = [
    ('#include "a.h"\n@\n\nint f(void);\n', "f.c"),
    ("struct a;\n@\nstruct z;\nint f(void);\n", "f.c"),
    ("struct z;\nstruct a;\n@\nint f(void);\n", "f.c"),
    ("#include <x.h>\n\nstruct a;\n@\n\nstruct b;\nint f(void);\n", "f.c"),
    # a struct with a body, or one under #if, is no such line
    ("@\nstruct a { int n; };\nint f(void);\n", "f.c"),
    ("@\n#ifdef X\nstruct a;\n#endif\nint f(void);\n", "f.c"),
    ("#ifndef F_H\n#define F_H\n@\nint f(void);\nstruct a;\n#endif\n", "f.h"),
]


@pytest.mark.parametrize(("expected", "path"), TAGS)
def test_place_of_a_tag(expected, path):
    text = expected.replace("@\n", "")
    assert marked(text, head_of(text, path).place_tag("state")) == expected


def test_no_place_where_the_file_begins_with_its_use():
    text = "int f(void);\n#if X\n#else\n#endif\n"
    assert head_of(text, "f.c").place_include("m.h") == 0
