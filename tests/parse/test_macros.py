"""Which definition a file sees."""

import pytest

from clew.parse.includes import IncludeReach
from clew.parse.macros import MacroTable
from clew.scan.scanner import scan_source
from clew.text.source import SourceText


def table(**files):
    texts = {name.replace("__", "/").replace("_", "."): text for name, text in files.items()}
    facts = [scan_source(SourceText(path, text)) for path, text in texts.items()]
    return MacroTable(facts, texts)


def body(definition):
    return None if definition is None else " ".join(token.text for token in definition.body)


def at_mark(macros, path, name="X"):
    return body(macros.lookup(name, path, macros._texts[path].index("@")))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@", None),
        ("#define X 1\n@", "1"),
        ("@\n#define X 1\n", None),
        ("#define X 1\n#undef X\n#define X 2\n@\n#define X 3\n", "2"),
        ("#define X 1\n#undef X\n@", None),
        ("#define X 1\n#ifdef A\n#undef X\n#endif\n@", "1"),
        ("#ifdef A\n#define X 1\n#undef X\n#endif\n@", None),
        ("#ifdef A\n#define X\n#else\n#define X 2\n#endif\n@", "2"),
        ("#ifdef A\n#define X 1\n#else\n#define X\n#endif\n@", "1"),
        ("#define X 1\n#undef X\n#define X\n@", ""),
        ('#ifdef __cplusplus\n#define X extern ""\n#else\n#define X\n#endif\n@', ""),
        ("#ifndef __cplusplus\n#define X 1\n#else\n#define X 2\n#endif\n@", "1"),
        ("#if defined(__cplusplus)\n#define X 1\n#endif\n@", "1"),
        ("#ifdef A\n# ifdef B\n#define X 1\n# endif\n#else\n#define X\n#endif\n@", "1"),
    ],
)
def test_the_last_definition_before_the_place_counts(text, expected):
    assert at_mark(table(a_c=text), "a.c") == expected


def test_included_files_come_before_other_headers():
    macros = table(
        a_c='#include "b.h"\n@',
        b_h='#include "c.h"\n',
        c_h="#define X near\n",
        d_h="#define X far\n",
        e_c="#define X no\n",
    )
    assert at_mark(macros, "a.c") == "near"


def test_what_a_header_undefines_again_is_not_seen():
    macros = table(a_c='#include "b.h"\n@', b_h="#define X 1\n#undef X\n#define Y 2\n")
    assert at_mark(macros, "a.c") is None
    assert at_mark(macros, "a.c", "Y") == "2"


def test_any_header_serves_when_no_included_file_does():
    assert at_mark(table(a_c="@", d_h="#define X far\n"), "a.c") == "far"


def test_macros_of_another_source_file_are_never_seen():
    assert at_mark(table(a_c="@", b_c="#define X 1\n"), "a.c") is None


def test_a_fragment_sees_the_macros_of_its_includer():
    macros = table(a_c='#define X 1\n#include "part.inc"\n'.replace("part.inc", "part.h"), part_h="@")
    assert at_mark(macros, "part.h") == "1"


def test_standard_macros_are_not_taken_from_unrelated_headers():
    macros = table(a_c="@", win__assert_h="#define assert(x) nothing\n", own_h="#define other 1\n")
    assert at_mark(macros, "a.c", "assert") is None
    assert at_mark(macros, "a.c", "other") == "1"


def test_all_definitions_stay_available():
    macros = table(
        a_c='#include "b.h"\n@', b_h="#ifdef A\n#define X\n#elif B\n#define X 1\n#else\n#define X 2\n#endif\n"
    )
    assert [body(definition) for definition in macros.definitions("X", "a.c")] == ["1", "2", ""]
    assert macros.definitions("Y", "a.c") == ()


def test_definitions_of_the_file_itself_may_be_narrowed_to_an_offset():
    macros = table(a_c="#define X 1\n#undef X\n#define X 2\n@")
    assert [body(d) for d in macros.definitions("X", "a.c")] == ["1", "2"]
    assert [body(d) for d in macros.definitions("X", "a.c", 40)] == ["2"]


def reach(*edges):
    return IncludeReach(dict(edges))


@pytest.mark.parametrize(
    ("path", "target", "expected"),
    [
        ("a/x.c", "y.h", ("a/y.h",)),
        ("a/x.c", "../b/y.h", ("b/y.h",)),
        ("c/x.c", "b/y.h", ("b/y.h",)),
        ("c/x.c", "y.h", ("a/y.h", "b/y.h")),
        ("b/sub/x.c", "y.h", ("b/y.h",)),
        ("a/x.c", "none.h", ()),
        ("a/x.c", "", ()),
    ],
)
def test_targets_resolve_beside_the_file_then_by_path(path, target, expected):
    assert reach(("a/y.h", []), ("b/y.h", [])).resolve(path, target) == expected


def test_cycles_of_includes_end():
    graph = reach(("a.h", ["b.h"]), ("b.h", ["a.h", "c.h"]), ("c.h", []))
    assert list(graph.closure("a.h")) == ["b.h", "c.h"]
    assert list(graph.includers("c.h")) == ["b.h", "a.h"]
    assert list(graph.includers_reaching("c.h", frozenset({"a.h"}))) == ["b.h", "a.h"]
    assert not list(graph.includers_reaching("c.h", frozenset()))


def test_a_name_defined_many_times_is_found_in_time():
    text = "".join(f"#if A{n}\n#define X {n}\n#endif\n" for n in range(20_000)) + "@"
    macros = table(a_c=text)
    assert all(at_mark(macros, "a.c") == "19999" for _ in range(200))
