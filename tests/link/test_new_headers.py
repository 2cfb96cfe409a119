"""Headers that are to be made look like their neighbours."""

import pytest

from clew.link.new_headers import make_header
from clew.scan import scan_source
from clew.text.source import SourceText

CORE = """/* What a header is about. */
#ifndef Py_INTERNAL_{0}_H
#define Py_INTERNAL_{0}_H
#ifdef __cplusplus
extern "C" {{
#endif

#ifndef Py_BUILD_CORE
#  error "this header requires Py_BUILD_CORE define"
#endif

#include "pycore_other.h"

extern int {0}_run(void);

#ifdef __cplusplus
}}
#endif
#endif /* !Py_INTERNAL_{0}_H */
"""
ONCE = "#pragma once\nint run(void);\n"
PLAIN = "#ifndef A_H\n#define A_H\nint a(void);\n#endif\n"


def make(path, **texts):
    sources = {name.replace("__", "/") + ".h": text for name, text in texts.items()}
    sources = {name: SourceText(name, text) for name, text in sources.items()}
    return make_header(path, sources, {name: scan_source(source) for name, source in sources.items()})


def test_the_frame_is_that_of_the_neighbours_without_comments_and_includes():
    made = make("core/pycore_errors.h", core__pycore_a=CORE.format("A"), core__pycore_run=CORE.format("RUN"))
    want = CORE.format("ERRORS").partition("\n")[2]
    want = want.replace('#include "pycore_other.h"\n\n', "").replace("extern int ERRORS_run(void);\n\n", "")
    assert made.text == want
    assert made.is_new
    assert made.text[made.opens_at :].startswith("#ifdef __cplusplus\n}")


@pytest.mark.parametrize("texts", [{}, {"core__a": ONCE}, {"other__a": CORE.format("A")}])
def test_without_neighbours_that_show_one_there_is_a_plain_guard(texts):
    made = make("core/more-errors.h", **texts)
    assert made.text == "#ifndef MORE_ERRORS_H\n#define MORE_ERRORS_H\n\n#endif\n"
    assert made.text[made.opens_at :] == "#endif\n"


def test_most_neighbours_decide():
    made = make("x/c.h", x__pycore_z=CORE.format("Z"), x__a=PLAIN, x__b=PLAIN.replace("A_H", "B_H"))
    assert made.text == "#ifndef C_H\n#define C_H\n\n#endif\n"


def test_a_frame_that_does_not_close_is_no_model():
    split = "#ifdef WIDE\n#ifndef A_H\n#define A_H\nint a(void);\n#endif\nint b;\n#endif\n"
    assert "WIDE" not in make("b.h", a=split).text
