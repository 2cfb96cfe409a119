import shutil
import subprocess
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.text.diff import unified_diff
from clew.text.edit import Edit, OverlapError, apply_edits
from clew.text.span import Span


def edit(start, end, text):
    return Edit(Span(start, end), text)


def body(diff):
    """The diff without its file header."""
    return diff.split("\n", 2)[2]


@pytest.mark.parametrize(
    ("text", "edits"),
    [
        ("", []),
        ("a\nb\n", []),
        ("a\nb\n", [edit(0, 1, "a")]),
        ("a\nb\n", [edit(2, 2, "")]),
        ("a\nb\n", [edit(0, 4, "a\nb\n")]),
    ],
)
def test_nothing_changes(text, edits):
    assert unified_diff("x.c", text, edits) == ""


def test_header_names_the_file():
    assert unified_diff("d/x.c", "a\n", [edit(0, 1, "b")]) == (
        "--- a/d/x.c\n+++ b/d/x.c\n@@ -1 +1 @@\n-a\n+b\n"
    )


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        pytest.param("a\nb\nc\n", [edit(2, 3, "B")], "@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n", id="replace"),
        pytest.param("a\nc\n", [edit(2, 2, "b\n")], "@@ -1,2 +1,3 @@\n a\n+b\n c\n", id="insert-line"),
        pytest.param("a\nb\nc\n", [edit(2, 4, "")], "@@ -1,3 +1,2 @@\n a\n-b\n c\n", id="delete-line"),
        pytest.param("a\nb\n", [edit(1, 2, " ")], "@@ -1,2 +1 @@\n-a\n-b\n+a b\n", id="join-lines"),
        pytest.param("a\r\nb\r\n", [edit(3, 4, "B")], "@@ -1,2 +1,2 @@\n a\r\n-b\r\n+B\r\n", id="crlf"),
        pytest.param(
            "a",
            [edit(1, 1, "b")],
            "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+ab\n\\ No newline at end of file\n",
            id="no-final-newline",
        ),
        pytest.param(
            "a", [edit(1, 1, "\n")], "@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n", id="newline-added"
        ),
        pytest.param(
            "a\n",
            [edit(1, 2, "")],
            "@@ -1 +1 @@\n-a\n+a\n\\ No newline at end of file\n",
            id="newline-removed",
        ),
        pytest.param(
            "a\nz",
            [edit(0, 1, "b")],
            "@@ -1,2 +1,2 @@\n-a\n+b\n z\n\\ No newline at end of file\n",
            id="context",
        ),
        pytest.param("", [edit(0, 0, "a\n")], "@@ -0,0 +1 @@\n+a\n", id="into-empty"),
        pytest.param("a\n", [edit(0, 2, "")], "@@ -1 +0,0 @@\n-a\n", id="to-empty"),
        pytest.param(
            "a\nb\nc\n",
            [edit(0, 6, "a\nX\nc\n")],
            "@@ -1,3 +1,3 @@\n a\n-b\n+X\n c\n",
            id="equal-ends-trimmed",
        ),
    ],
)
def test_hunk(text, edits, expected):
    assert body(unified_diff("x.c", text, edits)) == expected


def test_edits_on_one_line_make_one_change():
    assert body(unified_diff("x.c", "f(a, b);\n", [edit(2, 2, "ts, "), edit(5, 6, "c")])) == (
        "@@ -1 +1 @@\n-f(a, b);\n+f(ts, a, c);\n"
    )


def test_near_changes_share_a_hunk_and_far_ones_do_not():
    text = "".join(f"{number}\n" for number in range(30))
    near = unified_diff("x.c", text, [edit(0, 1, "A"), edit(text.index("7\n"), text.index("7\n") + 1, "B")])
    far = unified_diff("x.c", text, [edit(0, 1, "A"), edit(text.index("8\n"), text.index("8\n") + 1, "B")])
    assert (near.count("@@ -"), far.count("@@ -")) == (1, 2)


def test_later_hunks_count_the_lines_added_before():
    text = "".join(f"{number}\n" for number in range(30))
    diff = unified_diff("x.c", text, [edit(0, 0, "new\nnew\n"), edit(len(text), len(text), "end\n")])
    assert "@@ -28,3 +30,4 @@" in diff


def test_the_function_above_is_named():
    text = "int f(void)\n{\n" + "    a;\n" * 6 + "}\n"
    place = text.rindex("a;")
    assert "@@ -5,5 +5,5 @@ int f(void)\n" in unified_diff("x.c", text, [edit(place, place + 1, "b")])


def test_overlap_raises():
    with pytest.raises(OverlapError):
        unified_diff("x.c", "abc\n", [edit(0, 2, "x"), edit(1, 3, "y")])


def test_time_is_linear_in_size():
    text = "    x = y;\n" * 200_000
    edits = [edit(line * 11 + 4, line * 11 + 5, "z") for line in range(0, 200_000, 10)]
    started = time.perf_counter()
    diff = unified_diff("x.c", text, edits)
    assert diff.count("\n+    z = y;") == 20_000
    assert time.perf_counter() - started < 20


# ---- against git and patch -------------------------------------------------------------------------


def run(directory, *command, patch):
    return subprocess.run(
        command, cwd=directory, input=patch.encode("latin-1"), capture_output=True, check=False
    )


def check_round_trip(directory, name, text, edits):
    """git apply makes what apply_edits makes, git apply -R takes it back, and patch does the same."""
    diff, after = unified_diff(name, text, edits), apply_edits(text, edits)
    if text == after:
        assert diff == ""
        return
    target = directory / name
    for forward, backward in (
        (("git", "apply"), ("git", "apply", "-R")),
        (("patch", "-p1", "--binary", "-s"), ("patch", "-p1", "--binary", "-s", "-R")),
    ):
        if forward[0] == "patch" and (not text or not after):
            continue  # patch removes a file that becomes empty
        if shutil.which(forward[0]) is None:
            pytest.skip(f"{forward[0]} is not installed")
        for command, before, expected in ((forward, text, after), (backward, after, text)):
            target.write_bytes(before.encode("latin-1"))
            result = run(directory, *command, patch=diff)
            assert result.returncode == 0, (result.stderr, diff)
            assert target.read_bytes().decode("latin-1") == expected


LINES = st.sampled_from(
    ["", "a", "b", "  c", "}", "+x", "-- y", "\\ z", "\r", "d\r", "\xe9", "\x0c", "int f(void)"]
)
TEXTS = st.builds(
    lambda lines, end: "\n".join(lines) + end, st.lists(LINES, max_size=25), st.sampled_from(["", "\n"])
)


@st.composite
def texts_and_edits(draw):
    text = draw(TEXTS)
    points = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8, unique=True)))
    spans = list(zip(points[::2], points[1::2], strict=False))
    replacement = st.sampled_from(["", "q", "q\n", "\nq", "a\nb\nc\n", "\n\n", "x\r\n"])
    return text, [edit(start, end, draw(replacement)) for start, end in spans]


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    return tmp_path_factory.mktemp("round-trip")


@given(case=texts_and_edits())
def test_tools_apply_the_diff_exactly(directory, case):
    check_round_trip(directory, "x.c", *case)


@given(case=texts_and_edits(), context=st.integers(0, 4))
def test_changed_lines_are_few(case, context):
    text, edits = case
    diff = unified_diff("x.c", text, edits, context)
    touched = sum(edit.text.count("\n") + edit.span.of(text).count("\n") + 2 for edit in edits)
    changed = sum(line[:1] in ("+", "-") for line in diff.split("\n")[2:])
    assert changed <= 2 * touched


@pytest.mark.parametrize("name", ["with blank.c", 'quo"te.c', "back\\slash.c", "caf\xe9.c", "tab\there.c"])
def test_unusual_names(tmp_path, name):
    check_round_trip(tmp_path, name, "a\nb\nc\n", [edit(2, 3, "B")])


def test_paths_are_relative_to_where_git_runs(tmp_path):
    """A tree may be a folder of a repository: there, `git apply` must not skip the file."""
    assert subprocess.run(["git", "init", "-q", tmp_path], check=False).returncode == 0
    (tmp_path / "sub").mkdir()
    check_round_trip(tmp_path / "sub", "x.c", "a\nb\nc\n", [edit(2, 3, "B")])


def test_changed_lines_that_touch_are_told_together():
    diff = unified_diff("x.c", "a\nb\nc\n", [edit(0, 1, "A"), edit(2, 3, "B")])
    assert body(diff) == "@@ -1,3 +1,3 @@\n-a\n-b\n+A\n+B\n c\n"


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
@pytest.mark.parametrize("text", ["a\nb\n", "a", "a\n\n"])
def test_a_new_file_is_made_and_taken_back(tmp_path, text):
    diff = unified_diff("sub/x.h", text, [edit(1, 1, "!")], is_new=True)
    (tmp_path / "sub").mkdir()
    for back in ((), ("-R",)):
        subprocess.run(["git", "apply", *back], cwd=tmp_path, input=diff.encode(), check=True)
        made = tmp_path / "sub" / "x.h"
        assert made.exists() == (not back)
        assert back or made.read_text() == f"a!{text[1:]}"
