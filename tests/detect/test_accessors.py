"""A variable that is assigned is not fetched."""

import pytest

from clew.config.settings import Accessor
from clew.detect.accessors import Spelled, find_fetch_sites, find_named_accessors, is_assigned
from clew.link.program import Program
from clew.scan import scan_source
from clew.text.source import SourceText


def reads(body):
    source = SourceText("main.c", f"void f(void) {{ {body} }}\n")
    program = Program({"main.c": source}, {"main.c": scan_source(source)}, {})
    sites = find_fetch_sites(program, (Spelled(Accessor("cur", assigned=True)),))
    return sum(not is_assigned(program.facts["main.c"].masked, site) for site in sites)


@pytest.mark.parametrize("body", ["cur = g();", "(cur) = 0;", "cur++;", "--cur;", "g(&cur);", "cur += 2;"])
def test_what_is_not_read(body):
    assert reads(body) == 0


@pytest.mark.parametrize(
    ("body", "count"),
    [
        ("cur->x = 1;", 1),
        ("g(cur);", 1),
        ("g(&cur->x);", 1),
        ("if (cur == 0) g(cur);", 2),
        ("x = cur;", 1),
        ("cur = g(cur);", 1),
    ],
)
def test_what_is_read(body, count):
    assert reads(body) == count


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("int f(void) { return (*get)() + (&get)(); }", 2),
        ("#define OTHER get\n", 1),
        ("#define OTHER() get()\n", 0),
        ("#define get() (get)()\n", 0),
        ("#define CALL(get) get\n", 0),
        ("#define NAME(x) x##get get##x\n", 0),
        ("int f(void) { return CALL(get); }", 1),
        ("static int (*g)(void) = get;", 1),
        ("struct ops o = { .get = get };", 1),
        ("int f(struct ops *o) { goto get; get: return o->get + (get)(); }", 1),  # the label itself
        ("int get(void); int (get)(void);", 0),
    ],
)
def test_what_is_only_named(text, count):
    source = SourceText("main.c", text)
    program = Program({"main.c": source}, {"main.c": scan_source(source)}, {})
    assert len(list(find_named_accessors(program, (Spelled(Accessor("get()")),)))) == count
