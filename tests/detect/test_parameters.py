"""Names, types and marks of parameters."""

import pytest

from clew.detect.parameters import read_parameters
from clew.link.program import Program
from clew.scan import scan_source
from clew.text.source import SourceText

MACROS = """#ifdef __GNUC__
# define UNUSED __attribute__((unused)) \\
	__attribute__((deprecated("parameter declared as UNUSED")))
#else
# define UNUSED
#endif
#define MAYBE UNUSED_TOO
#define UNUSED_TOO __attribute__((__unused__))
#define NOT_NULL __attribute__((nonnull))
#define UNUSED_ARG(x) x __attribute__((unused))
#define CONST const
#define ATTR(x) __attribute__(x)
"""


def read(parameter):
    source = SourceText("f.c", f"{MACROS}int f({parameter})\n{{ return 0; }}\n")
    program = Program({"f.c": source}, {"f.c": scan_source(source)})
    (found,) = read_parameters(program, "f.c", program.definitions_by_name["f"][0].function.header)
    return "".join(found.type.split()), found.name, [mark.of(source.text) for mark in found.marks]


PLAIN = [
    ("struct repository *repo", ("structrepository*", "repo")),
    ("State *ts", ("State*", "ts")),
    ("CONST State *ts", ("CONSTState*", "ts")),
    ("int UNUSED_COUNT", ("int", "UNUSED_COUNT")),
    ("State *ts NOT_NULL", ("State*", "ts")),
    ("State *ts __attribute__((nonnull, unused))", ("State*", "ts")),  # more than a mark
]


@pytest.mark.parametrize(("text", "expected"), PLAIN)
def test_without_mark(text, expected):
    assert read(text) == (*expected, [])


@pytest.mark.parametrize("text", ["State *", "State *[3]", "int (*fn)(int)", "State *UNUSED_ARG(ts)", "..."])
def test_without_name(text):
    assert read(text)[1:] == ("", [])


MARKED = [
    ("struct repository *repo UNUSED", "UNUSED"),
    ("struct repository *repo MAYBE", "MAYBE"),
    ("MAYBE struct repository *repo", "MAYBE"),
    ("struct repository *UNUSED repo", "UNUSED"),
    ("struct repository *repo __attribute__((unused))", "__attribute__((unused))"),
    ("struct repository *__attribute__ ((__unused__)) repo", "__attribute__ ((__unused__))"),
    ("[[maybe_unused]] struct repository *repo", "[[maybe_unused]]"),
    ("[[gnu::unused]] struct repository *repo", "[[gnu::unused]]"),
    ("struct repository *repo ATTR((unused))", "ATTR((unused))"),
]


@pytest.mark.parametrize(("text", "mark"), MARKED)
def test_marked(text, mark):
    assert read(text) == ("structrepository*", "repo", [mark])
