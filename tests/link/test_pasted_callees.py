"""Which macros call a function by a name made of the accessor, and how texts look without them."""

import pytest

from clew.link.pasted_callees import find_gluing, find_pasted_callees, view_texts
from clew.link.program import Program
from clew.scan import scan_source
from clew.text.source import SourceText

FUNCTION = "int f_it(int a)\n{\n    return a;\n}\n"


def program_of(**texts):
    sources = {f"{name}.c": SourceText(f"{name}.c", text) for name, text in texts.items()}
    return Program(sources, {path: scan_source(source) for path, source in sources.items()})


def found_in(*texts):
    names = "abcdefgh"[: len(texts)]
    return list(find_pasted_callees(program_of(**dict(zip(names, texts, strict=True))), ["it"]))


@pytest.mark.parametrize(
    "macro",
    [
        "#define f(s, a) f_##a(a)",  # no argument is left out
        "#define f(s, a) f_##s(s, a)",
        "#define f(s, a) f_##s((a))",
        "#define f(s, a) f_##s(a, 0)",
        "#define f(s, a, b) f_##s(b, a)",
        "#define f(s, a) (f_##s(a) + 1)",
        "#define f(s, a) f_##s(a);",
        "#define f(s, a) f_##s##s(a)",
        "#define f(s, ...) f_##s(__VA_ARGS__)",
        "#define f(s, a) f_it(a)",
        "#define f(s, a) f_##s(a) /* of some */",
        "#define f(s, a) g_##s(a)",  # there is no such function
        "#define a_longer_name(s, a) f_##s(a)",  # a view has no room for it
    ],
)
def test_not_such_a_macro(macro):
    assert found_in(f"{macro}\n{FUNCTION}") == []


@pytest.mark.parametrize(
    ("macro", "position"),
    [
        ("#define f(s, a) f_##s(a)", 0),
        ("#define f(a, s) f_ ## s (a)", 1),
        ("#define f(s, a) \\\n    f_##s(a)", 0),
        ("#define f(s, a) \\\r\n    f_##s(a)", 0),
        ("#define both(s, a) f_##s(a)", 0),
    ],
)
def test_such_a_macro(macro, position):
    (one,) = found_in(f"{macro}\n{FUNCTION}")
    assert (one.old, one.accessor, one.position, one.count) == ("f_it", "it", position, 2)
    assert one.name in macro


def test_the_accessor_may_come_first_or_stand_in_the_middle():
    text = "#define f(s) s##_f()\nint it_f(void) { return 1; }\n"
    assert [one.old for one in found_in(text)] == ["it_f"]
    text = "#define f(s) f_##s##_now()\nint f_it_now(void) { return 1; }\n"
    assert [one.old for one in found_in(text)] == ["f_it_now"]


def test_two_functions_of_one_name_are_told_apart_by_none():
    macro = "#define f(s, a) f_##s(a)\n"
    assert found_in(macro + FUNCTION, FUNCTION)  # one symbol, defined twice
    static = f"static {FUNCTION}"
    assert found_in(macro + static, static)[0].home == "a.c"  # of the other file nothing is seen


def test_a_view_has_the_places_of_the_text():
    before = f"#define f(s, a) \\\n    f_##s(a)\nint f_it(int);\n{FUNCTION}/* f_it */\n"
    program = program_of(a=before)
    callees = list(find_pasted_callees(program, ["it"]))
    (view,) = view_texts(program, callees).values()
    assert len(view.text) == len(before)
    assert view.text.split("\n")[:4] == ["#               \\", " " * 12, "int f   (int);", "int f   (int a)"]
    assert view.text.endswith("/* f_it */\n")
    facts = scan_source(view)
    assert [one.name for one in facts.functions] == ["f"]
    assert not facts.macros


def test_what_only_glues():
    gluing = "#define f(s, a) f_##s(a)\n#define g(s) s##_g()\n"
    other = "#define h(s) h_##s() + s\n#define i(s) i_##s(s)\n#define j(s) j_##s()\n#define j(s) s()\n"
    assert find_gluing(program_of(a=gluing + other)) == {"f": 0, "g": 0}
