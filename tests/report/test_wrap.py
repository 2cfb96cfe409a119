import pytest

from clew.report.wrap import wrap_lines


@pytest.mark.parametrize(
    "text",
    [
        "",
        "short",
        "x" * 40,
        "  12 | " + "source " * 20,
        "     | " + " " * 60 + "^",
    ],
)
def test_what_fits_and_excerpts_stay(text):
    assert wrap_lines(text, 40) == text


def test_lines_break_between_words_and_hang():
    line = "  a.c:12: step: fetches through run -> walk; 12 calls to change"
    assert wrap_lines(f"{line}\nshort", 40) == (
        "  a.c:12: step: fetches through run ->\n      walk; 12 calls to change\nshort"
    )


def test_colours_take_no_room():
    line = "\x1b[36ma.c:12:\x1b[0m \x1b[1mstep\x1b[0m fetches through a walk"
    assert wrap_lines(line, 40) == line


def test_a_word_that_is_too_long_stays_whole():
    assert wrap_lines("see " + "x" * 60 + " there", 40) == "see\n    " + "x" * 60 + "\n    there"


def test_no_wrapping_where_there_is_no_room():
    assert wrap_lines("a b " * 30, 10) == "a b " * 30
