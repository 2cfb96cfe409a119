"""Tokens: what is cut, and that nothing is lost."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.parse.tokens import classify, tokenise, tokenise_body


def texts(text):
    return [token.text for token in tokenise(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("a+++b", ["a", "++", "+", "b"]),
        ("x->y.z", ["x", "->", "y", ".", "z"]),
        ("f(...)", ["f", "(", "...", ")"]),
        ("a<<=b>>=c", ["a", "<<=", "b", ">>=", "c"]),
        ("0x1F 1.5e+3 .5f 0x1p-2 1'000 10UL", ["0x1F", "1.5e+3", ".5f", "0x1p-2", "1'000", "10UL"]),
        ("1-2", ["1", "-", "2"]),
        ('L"  " u8"" "a"', ['L"  "', 'u8""', '"a"']),
        ("L' ' 'x'", ["L' '", "'x'"]),
        ("Lx u8x", ["Lx", "u8x"]),
        ("$x _y \xe9t\xe9", ["$x", "_y", "\xe9t\xe9"]),
        ("a\r\n\tb\fc", ["a", "b", "c"]),
        ("@ \x00", ["@", "\x00"]),
    ],
)
def test_source_is_cut_into_c_tokens(text, expected):
    assert texts(text) == expected


def test_source_tokens_know_their_place():
    masked = "int f ( )"
    assert [(t.kind, t.start, t.end) for t in tokenise(masked, 4, 7)] == [("name", 4, 5), ("punct", 6, 7)]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("a /* b */ c // d", ["a", "c"]),
        ("a \\\n b", ["a", "b"]),
        ("a \\  \r\n b \\", ["a", "b"]),
        (r'"a\"b" c', [r'"a\"b"', "c"]),
        (r"'\'' d", [r"'\''", "d"]),
        ("#x a##b", ["#", "x", "a", "##", "b"]),
        ("it's", ["it", "'", "s"]),
        ('"open', ['"', "open"]),
    ],
)
def test_macro_bodies_are_cut_from_the_original_text(body, expected):
    assert [token.text for token in tokenise_body(body, 0, len(body), "a.h")] == expected


def test_body_tokens_remember_file_and_offset():
    text = "#define M(x) x + one"
    token = tokenise_body(text, 13, len(text), "a.h")[2]
    assert (token.text, token.body_path, token.body_start) == ("one", "a.h", 17)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("ab", "name"),
        ("1x", "number"),
        ("->", "punct"),
        ('""', "string"),
        ("a b", None),
        ("-a", None),
        ("", None),
    ],
)
def test_classify_names_exactly_one_token(text, kind):
    assert classify(text) == kind


@given(st.text(alphabet=st.sampled_from("ab1.+-*/%&|<>=!'\"#()[]{};:,?~^\\ \n\tLu8\xe9\x00@$"), max_size=200))
def test_tokens_rejoin_to_the_text_without_blanks(text):
    tokens = tokenise(text, 0, len(text))
    assert all(text[token.start : token.end] == token.text for token in tokens)
    assert all(one.end <= other.start for one, other in pairwise(tokens))
    covered = "".join(token.text for token in tokens if token.kind not in ("string", "char"))
    gaps = list(text)
    for token in tokens:
        gaps[token.start : token.end] = [" "] * (token.end - token.start)
    assert not "".join(gaps).strip()
    assert not set(covered) & set(" \n\t")
