import pytest

from clew.scan import scan_source
from clew.scan.conditionals import list_variants, read_marks
from clew.scan.mask import mask
from clew.text.source import SourceText


def names(text):
    return [function.name for function in scan_source(SourceText("x.c", text)).functions]


def variants(text):
    masked = mask(text)
    found = list_variants(masked.text, 0, read_marks(masked.directives))
    assert {len(variant) for variant in found} == {len(text)}
    return [" ".join(variant.split()) for variant in found]


@pytest.mark.parametrize(
    "condition",
    [
        "#if A\n",
        "#ifdef cplusplus\n",
        "#ifndef __cplusplus\n",
        "#if !defined(__cplusplus)\n",
        "#if defined(__cplusplus) || A\n",
        "#if A && defined(__cplusplus)\n",
    ],
)
def test_a_branch_that_c_may_see(condition):
    assert names(f"{condition}int f(void) {{}}\n#endif\nint g(void) {{}}\n") == ["f", "g"]


@pytest.mark.parametrize(
    "text",
    [
        "#ifdef __cplusplus\nint f() {}\n#endif\n",
        "#if defined(__cplusplus)\nint f() { {\n#endif\n",
        "# if defined __cplusplus && A\nint f() {}\n# endif\n",
        "#if __cplusplus >= 201103L\nint f() {}\n#endif\n",
        "#ifndef __cplusplus\n#else\nint f() {}\n#endif\n",
        "#if !defined(__cplusplus)\n#else\nint f() {}\n#endif\n",
        "#ifdef __cplusplus\n#if A\nint f() {}\n#else\n}\n#endif\n#endif\n",
        "#ifdef __cplusplus\n#ifdef __cplusplus\nint f() {}\n#endif\n}\n#endif\n",
    ],
)
def test_a_branch_that_only_cplusplus_sees(text):
    facts = scan_source(SourceText("x.c", text + "int g(void) {}\n"))
    assert [function.name for function in facts.functions] == ["g"]
    assert facts.findings == ()


def test_the_other_branch_is_c():
    assert names("#ifdef __cplusplus\nint f() {}\n#else\nint f(void) {}\n#endif\n") == ["f"]
    assert names("#if !defined(__cplusplus) && A\nint f() {}\n#else\nint g() {}\n#endif\n") == ["f", "g"]


def test_masked_text_keeps_what_cplusplus_sees():
    text = '#ifdef __cplusplus\nextern "C" {\n#endif\n'
    assert 'extern " " {' in scan_source(SourceText("x.c", text)).masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a", ["a"]),
        ("a\n#if A\nb\n#endif\nc", ["a b c"]),
        ("#if A\na\n#else\nb\n#endif\nc", ["a c", "b c"]),
        ("#if A\na\n#elif B\nb\n#else\nc\n#endif\n", ["a", "b", "c"]),
        ("#if A\na\n#else\n#if B\nb\n#else\nc\n#endif\n#endif\n", ["a", "b", "c"]),
        ("#if A\na\n#if B\nb\n#else\nc\n#endif\n#else\nd\n#endif\n", ["a b", "a c", "d"]),
        ("#if A\na\n#else\nb\n#endif\n#if B\nc\n#else\nd\n#endif\n", ["a c", "b d"]),
        ("a\n#else\nb\n#endif\nc", ["a b c"]),
        ("a\n#if A\nb\n#else\nc", ["a b", "a c"]),
    ],
)
def test_variants_show_every_branch(text, shown):
    assert variants(text) == shown


def test_many_branches_are_bounded():
    text = "#if A\na\n" + "#elif A\nb\n" * 1000 + "#endif\n"
    assert len(variants(text)) == 32
