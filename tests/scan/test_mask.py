import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.scan.mask import mask, mask_fragment


def codes(text):
    return [finding.code for finding in mask(text).findings]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "int a;\n",
        "a = b / c;\n",
        "x->y = z % 2 ? 'a' : \"\";\n".replace("'a'", "b"),
        "1'000'000 + 0xFF'FF + u8;\n",
        "caf\xc3\xa9(\xa0);\n",
    ],
)
def test_nothing_to_mask(text):
    assert mask(text).text == text


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("a /* b */ c", "a         c"),
        ("a // b\nc", "a     \nc"),
        ("a /* b\nc */ d", "a     \n     d"),
        ("a // b \\\n c\nd", "a       \n  \nd"),
        ("/**/a/***/b/*/*/c", "    a     b     c"),
        ('f("a\\"b", c)', 'f("    ", c)'),
        ('"//" "/*" x', '"  " "  " x'),
        ("'\"' '\\'' L'x'", "' ' '  ' L' '"),
        ("case'a':", "case' ':"),
        ('"a\\\nb" c', '"  \n " c'),
        ('"a\\\r\nb" c\r\n', '"  \r\n " c\r\n'),
        ("a \\\n b", "a  \n b"),
        ("a /* b\r\n */ c // d\r\ne", "a     \r\n    c     \r\ne"),
        ("#include <a>\nx", "            \nx"),
        ("#define A \\\n  'b\nx", "           \n    \nx"),
        ("#if A // b\nx\n#endif", "#         \nx\n#     "),
        ("  # /* c */ ifdef A\nx", "  #                \nx"),
        ("/* a */ #if B\nx", "        #    \nx"),
        ("/* a\n */ #if B\nx", "    \n    #    \nx"),
        ("#error don't /* stop\n here */ x\ny", "                    \n          \ny"),
        ("#define A \"/*\" 'x'\nb", "                  \nb"),
        ("a # b 'c' d\ne", "a   b ' ' d\ne"),
        ("\xef\xbb\xbf#if A\n\xef", "   #    \n\xef"),
        ("a\0b", "a b"),
        ("/\\\n* a *\\\n/ b", "  \n      \n  b"),
        ("1'000 'a' f('b')", "1'000 ' ' f(' ')"),
    ],
)
def test_mask(text, masked):
    assert mask(text).text == masked


@pytest.mark.parametrize(
    ("text", "masked", "code"),
    [
        ("a /* b\nc", "a     \n ", "unterminated-comment"),
        ("a /*/ b", "a      ", "unterminated-comment"),
        ("#define A /* b\nc", "              \n ", "unterminated-comment"),
        ("f('a);\ng('b');", "f(    \ng(' ');", "unterminated-string"),
        ('"abc\nd', "    \nd", "unterminated-string"),
        ('"abc\\"\nd', "      \nd", "unterminated-string"),
        ("don't\nwon't\n", "don  \nwon  \n", "unterminated-string"),
        ('"', " ", "unterminated-string"),
        ("foo\\\nbar", "foo \nbar", "spliced-token"),
        ("a -\\\n> b", "a - \n> b", "spliced-token"),
        ("a\0", "a ", "nul-byte"),
    ],
)
def test_odd_text_becomes_a_finding(text, masked, code):
    assert mask(text).text == masked
    assert set(codes(text)) == {code}


@pytest.mark.parametrize("text", ["#error don't\n", "#pragma it's \"odd\n", "a \\\nb", '"a\\\nb"'])
def test_what_is_not_odd(text):
    assert codes(text) == []


def test_directives_end_before_their_line_ending():
    text = "#if A\r\n#define B \\\r\n  c\r\n  #endif"
    found = [(d.keyword, d.span.of(text)) for d in mask(text).directives]
    assert found == [("if", "#if A"), ("define", "#define B \\\r\n  c"), ("endif", "#endif")]


def test_a_null_directive_has_no_keyword():
    assert [d.keyword for d in mask("#\n# \nx # y\n").directives] == ["", ""]


def test_fragments_keep_pasting_operators():
    assert mask_fragment("a##b #c /* d */ \"e\" 'f'") == "a##b #c         \" \" ' '"


# ---- an independent masker, character by character ---------------------------------------------------


def mask_slowly(text):
    """Blank comments and literals of *text*, which holds neither directives nor splices."""
    out, state, at = [], "code", 0
    while at < len(text):
        two, one = text[at : at + 2], text[at]
        if state == "code":
            if two in ("/*", "//"):
                state = two
                out.append("  ")
                at += 2
                continue
            if one in "\"'":
                end = close_of(text, at)
                closed = end > at + 1 and text[end - 1] == one and not escaped(text, at, end - 1)
                inner = end - at - (2 if closed else 0)
                out.append(one + " " * inner + one if closed else " " * inner)
                at = end
                continue
            out.append(one)
        elif one == "\n":
            out.append("\n")
            state = "code" if state == "//" else state
        elif state == "/*" and two == "*/":
            out.append("  ")
            state = "code"
            at += 2
            continue
        else:
            out.append(" ")
        at += 1
    return "".join(out)


def close_of(text, start):
    at = start + 1
    while at < len(text) and text[at] != "\n":
        if text[at] == "\\":
            at += 2
        elif text[at] == text[start]:
            return at + 1
        else:
            at += 1
    return min(at, len(text))


def escaped(text, start, at):
    count = 0
    while at - count - 1 > start and text[at - count - 1] == "\\":
        count += 1
    return count % 2 == 1


@given(st.text(alphabet="ab/*\"'\n \\(", max_size=60))
def test_agrees_with_the_slow_masker(text):
    text = text.replace("\\\n", "\n").replace("\\ ", "\\a")
    text = text.rstrip("\\").replace("\\\n", "\n")
    assert mask(text).text.replace("\\", " ") == mask_slowly(text).replace("\\", " ")


@given(st.text(alphabet=st.characters(max_codepoint=255), max_size=200))
def test_length_and_line_endings_stay(text):
    masked = mask(text).text
    assert len(masked) == len(text)
    assert [at for at, c in enumerate(masked) if c == "\n"] == [at for at, c in enumerate(text) if c == "\n"]
