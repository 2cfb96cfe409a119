import pytest

from clew.scan import scan_source
from clew.text.source import SourceText


def scan(text):
    return scan_source(SourceText("x.c", text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "#define\n",
        "#define 1 2\n",
        "#define (a) b\n",
        '"#define A"\n',
        "/*\n#define A 1\n*/\n",
        "x #define A 1\n",
    ],
)
def test_no_macro(text):
    assert scan(text).macros == ()


@pytest.mark.parametrize(
    ("text", "name", "params", "variadic", "body"),
    [
        ("#define A", "A", None, False, ""),
        ("#define A 1\n", "A", None, False, "1"),
        ("#define A (x)\n", "A", None, False, "(x)"),
        ("# define  A(x) f(x)  \r\n", "A", ("x",), False, "f(x)"),
        ("#define A() f()", "A", (), False, "f()"),
        ("#define A( a , b ) a+b", "A", ("a", "b"), False, "a+b"),
        ("#define A(a, ...) f(a, __VA_ARGS__)", "A", ("a", "__VA_ARGS__"), True, "f(a, __VA_ARGS__)"),
        ("#define A(rest...) f(rest)", "A", ("rest",), True, "f(rest)"),
        ("#define A(a, \\\n  b) \\\n  a \\\n  b\nint c;", "A", ("a", "b"), False, "a \\\n  b"),
        ("#define A(a /* it */) a", "A", ("a",), False, "a"),
        ("#define /* c */ A /* d */ 1", "A", None, False, "/* d */ 1"),
        ("#define A(x) #x", "A", ("x",), False, "#x"),
    ],
)
def test_macros(text, name, params, variadic, body):
    (macro,) = scan(text).macros
    assert (macro.name, macro.params, macro.variadic, macro.body.of(text)) == (name, params, variadic, body)
    assert macro.name_span.of(text) == name


def test_pasting_is_told():
    assert [m.pastes for m in scan("#define A(x) x##_t\n#define B(x) #x\n").macros] == [True, False]


def test_macros_in_every_branch():
    text = "#if 0\n#define A 1\n#elif B\n#define A 2\n#else\n#define A 3\n#endif\n"
    assert [m.body.of(text) for m in scan(text).macros] == ["1", "2", "3"]


@pytest.mark.parametrize(
    ("text", "target", "system"),
    [
        ("#include <a/b.h>\n", "a/b.h", True),
        ('# include "a b.h" // why\n', "a b.h", False),
        ("#include HEADER\n", "", False),
        ("#include /* c */ <a.h>\n", "a.h", True),
        ('#include_next "a.h"', "a.h", False),
    ],
)
def test_includes(text, target, system):
    (include,) = scan(text).includes
    assert (include.target, include.system) == (target, system)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("#define A 'x\n", ["unterminated-string"]),
        ("#define A foo\\\nbar\n", ["spliced-token"]),
        ("#define A foo \\\nbar\n", []),
        ('#define A "it\'s"\n', []),
        ("#define A /* don't */ 1\n", []),
        ("%:define A 1\nint a <: 1 :>;\n", ["digraph"]),
        ("#define A(x, y) x%:%:y\n", ["digraph"]),
        ('printf("%:");\n', []),
        ("??=define A 1\n", ["trigraph"]),
        ("#define A x ??! y\n", ["trigraph"]),
        ("// what ??/\nint a;\n", ["trigraph"]),
        ('/* what??! */ char *s = "??!"; int a ??/ b;\n', ["trigraph"]),
        ('/* what??! */ char *s = "??!";\n', []),
        ('/* in objects/??/?{38} or\n "??/" */ int a;\n', []),
        ("// in objects/??/?{38}\nint a;\n", []),
        ('char *s = "??/"; int a;\n', ["trigraph"]),
        ("int a\\u00e9;\n", ["universal-name"]),
    ],
)
def test_findings(text, codes):
    assert [finding.code for finding in scan(text).findings] == codes
