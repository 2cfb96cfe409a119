import pytest

from clew.errors import ClewError, ErrorPlace
from clew.report.excerpt import excerpt
from clew.report.paint import Painter, harmless, paint_diff
from clew.report.problem import render_error

PLAIN, COLOURED = Painter(colour=False), Painter(colour=True)


def test_a_plain_painter_changes_nothing():
    assert PLAIN("error", "text") == "text"


def test_a_coloured_painter_ends_what_it_begins():
    assert COLOURED("error", "text") == "\x1b[1;31mtext\x1b[0m"
    assert COLOURED("error", "") == ""


def test_control_characters_cannot_reach_the_terminal():
    assert harmless("a\tb\n\x1b[2Jc\x00\x9b") == "a\tb\n\\x1b[2Jc\\x00\\x9b"


def test_a_diff_is_the_same_without_colour():
    diff = "--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n\\ No newline at end of file\n"
    assert paint_diff(diff, PLAIN) == diff


def test_a_diff_in_colour():
    painted = paint_diff("--- a/x\n@@ -1 +1 @@ f\n-a\n+b\n c\n", COLOURED)
    assert painted == (
        "\x1b[1m--- a/x\x1b[0m\n\x1b[36m@@ -1 +1 @@ f\x1b[0m\n\x1b[31m-a\x1b[0m\n\x1b[32m+b\x1b[0m\n c\n"
    )


@pytest.mark.parametrize(
    ("source", "column", "width", "expected"),
    [
        ("int x = get();", 9, 5, ["7 | int x = get();", "  |         ^^^^^"]),
        ("\t\tget();", 3, 1, ["7 | \t\tget();", "  | \t\t^"]),
        ("x", 2, 1, ["7 | x", "  |  ^"]),
        ("", 1, 3, ["7 | ", "  | ^"]),
        ("a\x1bb", 3, 1, ["7 | a\\x1bb", "  |      ^"]),
        ("/* \xc3\xa9 */ f", 10, 1, ["7 | /* \xe9 */ f", "  |         ^"]),
    ],
)
def test_the_caret_stands_below_its_column(source, column, width, expected):
    assert excerpt(7, column, source, PLAIN, width) == expected


def test_a_long_line_is_cut_around_its_column():
    shown, caret = excerpt(1, 5_000_001, "x" * 5_000_000 + "Y" + "z" * 5_000_000, PLAIN)
    assert len(shown) < 120
    assert shown[caret.index("^")] == "Y"


def test_an_error_says_what_where_and_what_next():
    error = ClewError("unknown key 'colums'", ErrorPlace("clew.toml", 2, 1, "colums = 3", 6), "use columns")
    assert render_error(error, PLAIN) == (
        "error: clew.toml:2:1: unknown key 'colums'\n  2 | colums = 3\n    | ^^^^^^\nnext: use columns"
    )


@pytest.mark.parametrize(
    ("place", "expected"),
    [(None, "error: bad"), (ErrorPlace("x"), "error: x: bad"), (ErrorPlace("x", 3), "error: x:3: bad")],
)
def test_an_error_with_less_to_say(place, expected):
    assert render_error(ClewError("bad", place), PLAIN) == expected
