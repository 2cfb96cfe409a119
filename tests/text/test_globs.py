import pytest

from clew.text.globs import compile_globs, escape_glob


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("**/*.c", "a.c", True),
        ("**/*.c", "deep/er/a.c", True),
        ("**/*.c", "a.h", False),
        ("*.c", "deep/a.c", False),
        ("src/*.c", "src/a.c", True),
        ("src/*.c", "src/deep/a.c", False),
        ("src/**/*.c", "src/a.c", True),
        ("src/**/*.c", "src/x/y/a.c", True),
        ("src/**", "src/x/y", True),
        ("src/**", "srcs/x", False),
        ("Modules/expat", "Modules/expat/lib/a.c", True),
        ("Modules/expat", "Modules/expat.c", False),
        ("Modules/expat/", "Modules/expat/a.c", True),
        ("./src", "src/a.c", True),
        (".", "anything/at.all", True),
        ("**/clinic/*.h", "Modules/_io/clinic/x.h", True),
        ("a?.c", "ab.c", True),
        ("a?.c", "a/.c", False),
        ("[ab].c", "b.c", True),
        ("[!ab].c", "b.c", False),
        ("[!ab].c", "c.c", True),
        ("[a-c]x.c", "bx.c", True),
        ("[^a].c", "^.c", True),
        ("a[.c", "a[.c", True),
        ("a+(b).c", "a+(b).c", True),
        # A folder that looks like a source file does not bring its contents in.
        ("**/*.c", "odd.c/notes.txt", False),
    ],
)
def test_match(pattern, path, expected):
    assert compile_globs([pattern])(path) is expected


def test_no_pattern_matches_nothing():
    assert not compile_globs([])("a.c")


def test_any_of_several_patterns_matches():
    is_wanted = compile_globs(["*.c", "*.h"])
    assert [path for path in ("a.c", "a.h", "a.o") if is_wanted(path)] == ["a.c", "a.h"]


@pytest.mark.parametrize("path", ["a.c", "a[1].c", "what?.c", "*", "[!x]/[a]"])
def test_an_escaped_path_means_itself(path):
    is_wanted = compile_globs([escape_glob(path)])
    assert is_wanted(path)
    assert not is_wanted("b.c")
