"""From one set of edits to another."""

from hypothesis import given
from hypothesis import strategies as st

from clew.series.delta import edits_between
from clew.text.edit import Edit, OverlapError, apply_edits
from clew.text.span import Span

TEXT = "one two three four five six"
_PLACE = st.integers(0, len(TEXT))


@st.composite
def edit_lists(draw):
    spans = draw(st.lists(st.tuples(_PLACE, _PLACE).map(sorted), max_size=5))
    chosen: list[Edit] = []
    for start, end in spans:
        edit = Edit(Span(start, end), draw(st.text("xyz ", max_size=4)))
        try:
            apply_edits(TEXT, [*chosen, edit])
        except OverlapError:
            continue
        chosen.append(edit)
    return chosen


@given(edit_lists(), edit_lists())
def test_it_leads_from_one_to_the_other(before, after):
    start = apply_edits(TEXT, before)
    assert apply_edits(start, edits_between(TEXT, before, after)) == apply_edits(TEXT, after)


@given(edit_lists())
def test_nothing_lies_between_the_same(edits):
    assert edits_between(TEXT, edits, list(reversed(edits))) == []


def test_what_both_make_is_left_out():
    shared = Edit(Span(0, 3), "1")
    assert edits_between(TEXT, [shared], [shared, Edit(Span(8, 13), "3")]) == [Edit(Span(6, 11), "3")]
