"""Names that a macro's body assigns, or of which it takes the address."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.parse.lvalues import addressed_names, assigned_names

# one name at a time, as it is said in C
_ASSIGNED = r"(?:\+\+|--)\s*(?:\(\s*)*{0}\b|\b{0}\s*(?:\)\s*)*(?:=(?!=)|[-+*/%&|^]=|<<=|>>=|\+\+|--)"
_ADDRESSED = r"(?:\A|[^\w)\]&\s])\s*&\s*(?:\(\s*)*{0}\b(?!\s*(?:\)\s*)*(?:->|\.|\[))"
NAMES = ("a", "b", "ab")
PIECES = (*NAMES, "1", "0x", *"()&=+-* []<.,!|~", "==", "++", "--", "->", "<<=")


@pytest.mark.parametrize(
    ("body", "assigned", "addressed"),
    [
        ("(a)", set(), set()),
        ("(a) = b", {"a"}, set()),
        ("(a) == b", set(), set()),
        ("++(a) + b--", {"a", "b"}, set()),
        ("f(&a, &b->c)", set(), {"a"}),
        ("a & b", set(), set()),
        ("a && b", set(), set()),
        ("a <<= 1, b |= 2", {"a", "b"}, set()),
    ],
)
def test_names(body, assigned, addressed):
    assert assigned_names(body) == assigned
    assert addressed_names(body) == addressed


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
def test_all_names_at_once_are_those_found_one_by_one(body):
    for pattern, found in ((_ASSIGNED, assigned_names(body)), (_ADDRESSED, addressed_names(body))):
        alone = {name for name in NAMES if re.search(pattern.format(name), body)}
        assert found & set(NAMES) == alone
