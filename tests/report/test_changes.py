"""Edits grouped into what a reviewer reads as one change."""

from clew.link.program import Program
from clew.report.changes import find_changes
from clew.scan import scan_source
from clew.text.edit import Edit
from clew.text.source import SourceText
from clew.text.span import Span

TEXT = """\
static int a(void);
static int b(void);

int far(void);
#define CALL(x) \\
    a(x)

int x;
static int a(void)
{
    return 1;
}
static int b(void) { return a(); }
"""


def changes(*places):
    """Return kind, names and lines of the changes that insertions at *places* make."""
    program = Program({"f.c": SourceText("f.c", TEXT)}, {"f.c": scan_source(SourceText("f.c", TEXT))})
    edits = [Edit(Span(at, at), text, "rule", "note") for at, text in places]
    found = find_changes(program, {"f.c": edits})
    return [(c.kind, c.names, c.line, c.new_line, c.span.of(TEXT).count("\n")) for c in found]


def at(piece, text="X", nth=0):
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(piece, start + 1)
    return start + len(piece), text


def test_no_edits_are_no_changes():
    assert changes() == []


def test_edits_of_one_function_are_one_change():
    assert changes(at("static int a(", nth=1), at("return 1")) == [("function", ("a",), 9, 9, 4)]


def test_declarations_that_stand_together_are_read_together():
    assert changes(at("a("), at("b("), at("far(")) == [("declarations", ("a", "b", "far"), 1, 1, 7)]


def test_a_macro_is_a_change():
    ((kind, names, *_),) = changes(at("a(x", "y"))
    assert (kind, names) == ("macro", ("CALL",))


def test_what_is_put_behind_a_function_belongs_to_it():
    assert changes(at("return 1;\n}", "\n\nint w(void) { }")) == [("function", ("a",), 9, 9, 4)]


def test_context_stops_at_the_next_change():
    first, second = changes(at("int x", "y"), at("static int a(", nth=1))
    assert first[2:] == (5, 5, 4)
    assert second[2:] == (9, 9, 4)


def test_new_lines_count_what_stands_above():
    found = changes(at("a("), at("static int a(", "\n\n", nth=1), at("{ return"))
    assert [(line, new) for _, _, line, new, _ in found] == [(1, 1), (9, 9), (13, 15)]
