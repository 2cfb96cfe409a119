"""Outlines, and the indexes over them."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.link.graph import CallGraph, Node
from clew.link.outline import list_words as words_of
from clew.link.outline import outline_of
from clew.link.program import Program
from clew.scan import identifiers, scan_source
from clew.text.source import SourceText

TEXT = """\
#include "b.h"
#ifdef WIDE
#include "wide.h"
#endif
#define NUMBER (0x1fu)
#define EMPTY
#define SECOND one
#define CALL(x) one(x)
#define NUMBER 2
static int one(int x) { return two(x) + NUMBER; }
int three(void) { return CALL(1); }
"""


def program(**texts):
    sources = {f"{name}.c": SourceText(f"{name}.c", text) for name, text in texts.items()}
    return Program(sources, {path: scan_source(source) for path, source in sources.items()})


def test_an_outline():
    source = SourceText("a.c", TEXT)
    found = outline_of(source, scan_source(source), detailed=True)
    assert found.functions == ("one", "three")
    assert list(found.static) == [1, 0]
    assert found.constants.split("\n") == ["NUMBER", "EMPTY", "NUMBER"]
    assert [(number, raw) for number, _, raw in found.macros] == [(2, "one"), (3, "one(x)")]
    assert found.macro_count == 5
    assert [target for target, _ in found.includes] == ["b.h", "wide.h"]
    assert found.details is not None
    assert found.details.calls.split("\n") == ["two", "CALL"]
    assert found.details.conditions == ((), (("WIDE", True, False),))
    assert "\ntwo\n" in found.details.words
    assert "\nWIDE\n" not in found.details.words
    assert pickle.loads(pickle.dumps(found)) == found


@given(st.text(alphabet=st.sampled_from([*"ab1_$ +\n\t.\xe9\xa0\x85\x1c"]), max_size=30))
def test_words_are_the_identifiers(text):
    words = words_of(text)
    assert words[0] == words[-1] == "\n"
    assert sorted(words.split("\n")[1:-1]) == sorted(identifiers(text))


def test_macros_by_name_and_number():
    found = program(a=TEXT, b="#define SECOND(y) y\n#define NUMBER other\n")
    names = [macro.name for macro in found.macros]
    assert names == ["NUMBER", "EMPTY", "SECOND", "CALL", "NUMBER", "SECOND", "NUMBER"]
    assert [macro.index for macro in found.macros_by_name["NUMBER"]] == [0, 4, 6]
    assert [macro.index for macro in found.macros_by_name["SECOND"]] == [2, 5]
    assert "NOTHING" not in found.macros_by_name
    assert found.macros_by_name.get("NOTHING", ()) == ()
    with pytest.raises(KeyError):
        found.macros_by_name["NOTHING"]
    assert sorted(found.macros_by_name) == ["CALL", "EMPTY", "NUMBER", "SECOND"]
    assert [macro.name for macro in found.macros.telling] == ["SECOND", "CALL", "SECOND", "NUMBER"]
    with pytest.raises(IndexError):
        found.macros[7]


def test_edges_both_ways():
    found = program(a=TEXT, b="int two(int x) { return x; }\n")
    graph = CallGraph(found)
    functions: list[Node] = [("f", index) for index in range(3)]
    one, three, two = functions
    second: Node = ("m", 2)
    call: Node = ("m", 3)
    assert set(graph.callers(one)) == {second, call}
    assert set(graph.callers(two)) == {one}
    assert list(graph.callers(call)) == [three]
    assert set(graph.callees(one)) == {two}
    assert set(graph.callees(call)) == {one}
    assert graph.reaching([two]) == {two, one, call, second, three}
