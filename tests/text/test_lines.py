"""Edits and whole lines."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.text.edit import Edit, apply_edits
from clew.text.lines import line_edits, touched_lines
from clew.text.span import Span

TEXT = "one\ntwo\nthree\nfour\n"

TOUCHED = [
    ([], []),
    ([Edit(Span(4, 8), "")], []),  # a line that goes
    ([Edit(Span(0, 0), "new\n")], [(1, 1)]),
    ([Edit(Span(4, 7), "2")], [(2, 2)]),
    ([Edit(Span(3, 3), " more\nlines")], [(1, 2)]),
    ([Edit(Span(0, 3), "1"), Edit(Span(4, 4), "x")], [(1, 2)]),  # neighbours are one
    ([Edit(Span(0, 1), ""), Edit(Span(15, 15), "")], [(1, 1), (4, 4)]),
    ([Edit(Span(4, 8), ""), Edit(Span(8, 8), "x")], [(2, 2)]),  # places are those of the result
    ([Edit(Span(0, 0), "a\nb\n"), Edit(Span(14, 15), "F")], [(1, 2), (6, 6)]),
]


@pytest.mark.parametrize(("edits", "lines"), TOUCHED)
def test_touched_lines(edits, lines):
    assert touched_lines(TEXT, edits) == lines


def test_edits_of_lines_keep_the_reasons():
    reasons = [Edit(Span(0, 1), "O", "reuse", "why one"), Edit(Span(15, 15), "x", "pass", "why four")]
    made = line_edits(TEXT, "One\ntwo\nthree\nfxour\nfive\n", reasons)
    assert [(edit.rule, edit.note) for edit in made] == [("reuse", "why one"), ("pass", "why four")]
    assert made[0] == Edit(Span(0, 4), "One\n", "reuse", "why one")


LINES = st.lists(st.sampled_from(["a", "b", "", "c\r", "\x0b"]), max_size=8)


@given(LINES, LINES, st.booleans(), st.booleans())
def test_edits_of_lines_lead_to_the_text(old, new, old_ends, new_ends):
    before, after = ("\n".join(old) + "\n" * old_ends, "\n".join(new) + "\n" * new_ends)
    assert apply_edits(before, line_edits(before, after, [])) == after
