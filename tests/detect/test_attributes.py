"""Numbers of attributes that count parameters: found where they can be changed, else said to be obscure."""

import pytest

from clew.detect.attributes import read_indices
from clew.link.graph import CallGraph
from clew.link.mentions import MentionIndex
from clew.link.program import Program
from clew.scan import scan_source
from clew.text.source import SourceText

HEADER = "int f(char *a, const char *b, ...)"
BODY = f"\n{HEADER} {{ return 0; }}\n"
ATTR = "#define ATTR(x) __attribute__(x)\n"
LIKE = (
    "#ifdef G\n#define LIKE(x, y) ATTR((format (printf, (x), (y))))\n#else\n#define LIKE(x, y)\n#endif\n"
    + ATTR
)


def read(text):
    """Read the attributes of the function ``f``; ``$`` in *text* stands for its header."""
    source = SourceText("f.c", text.replace("$", HEADER) + BODY)
    program = Program({"f.c": source}, {"f.c": scan_source(source)})
    index = MentionIndex(program, CallGraph(program).resolver)
    (symbol,) = index.collect(list(program.definitions_by_name["f"])).values()
    return read_indices(program, symbol)


NOTHING = [
    "$;",
    "$ __attribute__((noreturn, cold));",
    "$ __attribute__((sentinel(1), aligned(8), nonnull));",
    "__attribute__((returns_nonnull, assume_aligned(16, 2))) $;",
    '$ __asm__("f1");',
    "#define COLD(n) __attribute__((cold))\n$ COLD(1);",
    "int g(char *a, ...) __attribute__((format(printf, 1, 2)));\n$;",
]  # fmt: skip


@pytest.mark.parametrize("text", NOTHING)
def test_nothing_to_renumber(text):
    assert read(text) == ([], [])


# `@` stands before each number that counts.
FOUND = [
    "#ifndef __GNUC__\n#define __attribute__(x)\n#endif\n$ __attribute__((format(printf, @2, @3)));",
    "$ __attribute__((format(printf, @2, @3)));",
    "$ __attribute__ (( __format__ (__printf__, @2, @0) ));",
    "__attribute__((format(printf, @2, @3))) $;",
    "$ __attribute__((cold)) __attribute__((nonnull(@1, @2), malloc));",
    "void *f(char *a, const char *b, ...) __attribute__((alloc_size(@1, @2), alloc_align(@1)));",
    "$ __attribute__((access(read_only, @2), format_arg(@2)));",
    "$ __attribute__((access(read_write, @1, @2), aligned(8)));",
    "[[gnu::format(printf, @2, @3), gnu::cold]] $;",
    ATTR + "$ ATTR((format(printf, @2, @3)));",
    LIKE + "$ LIKE(@2, @3);",
    ATTR + "#define IN(k, m, n) ATTR((format(k, m, n)))\n#define OUT(m, n) IN(printf, m, n)\n$ OUT(@2, @3);",
    "#define NONNULL(...) __attribute__((nonnull(__VA_ARGS__)))\n$ NONNULL(@1, @2);",
    "#define LIKE(x, y)\n$ __attribute__((format(printf, @2, @3))) LIKE(2, 3);",
    "#if X\n$ __attribute__((nonnull(@1)));\n#else\n$ __attribute__((nonnull(@2)));\n#endif",
]


@pytest.mark.parametrize("marked", FOUND)
def test_found(marked):
    marked = marked.replace("$", HEADER)
    text = marked.replace("@", "")
    indices, obscure = read(text)
    places = [at - number for number, at in enumerate(i for i, c in enumerate(marked) if c == "@")]
    assert sorted(index.span.start for index in indices) == places
    assert [int(index.span.of(text)) for index in indices] == [index.value for index in indices]
    assert obscure == []


OBSCURE = [
    ("#define FIRST __attribute__((nonnull(1)))\n$ FIRST;", "the macro FIRST"),
    ("#define LIKE(n) __attribute__((format(printf, n, 3)))\n$ LIKE(2);", "LIKE"),
    ("enum { A = 1 };\n$ __attribute__((nonnull(A)));", "cannot read"),
    ("$ __attribute__((nonnull(1 + 1)));", "cannot read"),
    ("$ G_GNUC_PRINTF(2, 3);", "`G_GNUC_PRINTF` may count"),
    ("__attribute__((nonnull(1))) $, g(char *);", "shared"),
    ("#define BOTH(n) __attribute__((nonnull(n), aligned(n)))\n$ BOTH(1);", "else"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "why"), OBSCURE)
def test_obscure(text, why):
    _, (obscure,) = read(text)
    assert why in obscure.why
