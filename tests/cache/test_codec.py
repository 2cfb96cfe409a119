"""What is encoded comes back as it was."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

import pytest

from clew.cache.codec import decode, encode


class Place(NamedTuple):
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Note:
    place: Place
    kind: Literal["a", "b"]
    chain: tuple[tuple[Place, str], ...] = ()
    more: str | None = None
    free: dict[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Page:
    notes: tuple[Note, ...]
    by_name: dict[str, list[Note]]
    pair: tuple[int, Note]
    words: tuple[str, ...]


NOTE = Note(Place("x.c", 3), "a", ((Place("y.c", 1), "é\udcff"),), None, {"k": [1, "two"]})


@pytest.mark.parametrize(
    ("form", "value"),
    [
        (Note, NOTE),
        (Place, Place("", 0)),
        (
            Page,
            Page((NOTE, Note(Place("a", 1), "b", more="m")), {"n": [NOTE], "": []}, (1, NOTE), ("a", "b")),
        ),
        (dict[str, list[Note]], {"x": [NOTE, NOTE]}),
        (tuple[str, ...], ()),
    ],
)
def test_comes_back(form, value):
    back = decode(form, encode(value))
    assert back == value
    assert type(back) is type(value)


def test_a_form_that_cannot_be_told_is_a_bug():
    with pytest.raises(TypeError, match="cannot be read back"):
        decode(dict[str, int | str], encode({}))
