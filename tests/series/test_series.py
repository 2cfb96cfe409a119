"""`clew rewrite --series`: every patch is a change of its own, and together they are the whole."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

MINICORE = Path(__file__).parents[2] / "fixtures" / "minicore"
STRICT = [
    "-Werror=incompatible-pointer-types",
    "-Werror=int-conversion",
    "-Werror=implicit-function-declaration",
]
WARN = ["-Wall", "-Wextra", "-Werror", "-Wno-unused-function"]


def series(repository, *options):
    folder = repository.top.parent / "series"
    code, out, err = repository.rewrite("--series", str(folder), *options)
    assert code in (0, 1), err
    assert out == ""
    return sorted(folder.glob("*.patch"))


def subjects(patches):
    found = (re.search(rb"^Subject: \[PATCH [\d/]+\] (.*)$", p.read_bytes(), re.MULTILINE) for p in patches)
    return [match.group(1).decode() for match in found]


def apply_all(repository, patches):
    for patch in patches:
        repository.git("am", "-q", "--keep-cr", str(patch))
        yield patch


def compile_files(paths, *options):
    top = min(paths).parents[1]
    command = ["gcc", "-fsyntax-only", *STRICT, *options, *map(str, paths)]
    done = subprocess.run(command, cwd=top, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def whole(repository, *options):
    """Return what `clew rewrite --write` makes."""
    before = repository.contents()
    assert repository.rewrite("--write", *options)[0] in (0, 1)
    after = repository.contents()
    assert after != before
    repository.git("checkout", "-q", ".")
    return after


def test_order(repository):
    assert subjects(series(repository, "--linkage", "internal")) == [
        "main.c: pass session to add() and 2 others",
        "more.c: pass session to now()",
        "more.c: pass session to twice()",
        "main.c: pass session to run()",
    ]


@pytest.mark.compiler
def test_every_patch_compiles_and_the_sum_is_the_whole(repository):
    expected = whole(repository, "--linkage", "internal")
    patches = series(repository, "--linkage", "internal")
    for _ in apply_all(repository, patches):
        compile_files([repository.root / "main.c", repository.root / "more.c"], *WARN)
    assert repository.contents() == expected


def test_a_patch_says_what_why_and_how(repository):
    patches = series(repository)
    head = repository.git("rev-parse", "HEAD").strip()
    list(apply_all(repository, patches))
    message = repository.git("log", "-1", "--format=%an <%ae>%n%B", "HEAD~1").encode("latin-1").decode()
    assert message.startswith("Jörg Tester <t@example.org>\nmain.c: pass session to add() and 2 others\n")
    assert "  add() in main.c: fetches\n  even() in main.c: calls add()\n" in message
    assert "has proved" in message
    assert f"Patch 1 of 2, made by clew 0.1.0 on {head[:12]}" in message
    folder = repository.top.parent / "series"
    assert f"    clew rewrite --root {repository.root} --series {folder}\n" in message


def test_the_command_makes_the_same_patches_again(repository, monkeypatch):
    monkeypatch.setenv("GIT_AUTHOR_DATE", "2024-02-03T04:05:06 +0130")
    first = [patch.read_bytes() for patch in series(repository)]
    assert b"\nDate: Sat, 03 Feb 2024 04:05:06 +0130\n" in first[0]
    shutil.rmtree(repository.top.parent / "series")
    assert [patch.read_bytes() for patch in series(repository)] == first


def test_the_work_tree_and_the_index_stay(repository):
    before = repository.contents()
    objects = repository.git("count-objects")
    series(repository)
    assert repository.contents() == before
    assert repository.git("status", "--porcelain") == ""
    assert repository.git("count-objects") == objects


def test_bytes_of_any_encoding_and_line_ends(make_repository):
    text = MAIN_CRLF
    repository = make_repository({"main.c": text, "state.h": HEADER})
    expected = whole(repository)
    assert b"\xe9" in expected["main.c"]
    assert expected["main.c"].count(b"\r\n") == expected["main.c"].count(b"\n")
    list(apply_all(repository, series(repository)))
    assert repository.contents() == expected


HEADER = "struct session { int count; };\nstruct session *session_get(void);\nint twice(int by);\n"
MAIN_CRLF = (
    b'#include "state.h"\r\n/* caf\xe9 */\r\nstatic void add(int by)\r\n{\r\n    session_get()->count += by;'
    b" /* \xe9 */\r\n}\r\n\r\nint run(int n)\r\n{\r\n    add(n); /* \xe9 */\r\n    return 0;\r\n}\r\n"
)


def test_a_root_below_the_top_and_odd_names(make_repository):
    repository = make_repository({'a b/ma\u00efn "x".c': MAIN_LF, "a b/state.h": HEADER}, prefix="sub dir")
    expected = whole(repository)
    list(apply_all(repository, series(repository)))
    assert repository.contents() == expected


MAIN_LF = MAIN_CRLF.replace(b"\r", b"")


@pytest.mark.compiler
def test_minicore(make_repository):
    """A real program: macros, headers, branches that this build does not compile, all linkages."""
    files = {
        path.relative_to(MINICORE).as_posix(): path.read_bytes()
        for path in sorted(MINICORE.rglob("*"))
        if path.is_file() and path.suffix in {".c", ".h", ".toml"}
    }
    repository = make_repository(files)
    options = ["--state", "ts", "--linkage", "internal"]
    expected = whole(repository, *options)
    patches = series(repository, *options)
    assert len(patches) >= 10
    for patch in patches:
        repository.git("apply", str(patch))
        names = re.findall(r"^\+\+\+ b/(.*)$", patch.read_text("latin-1"), re.MULTILINE)
        headers = any(name.endswith(".h") for name in names)
        units = sorted(repository.root.glob("core/*.c")) if headers else [repository.root / n for n in names]
        compile_files(units, "-Iinclude", "-DMC_TRACE", "-DMC_DEBUG")
    assert repository.contents() == expected
    repository.git("checkout", "-q", ".")
    repository.git("am", "-q", "--keep-cr", *map(str, patches))
    assert repository.contents() == expected


# ---- what goes wrong ---------------------------------------------------------------------------------


def fails(repository, message, *options):
    folder = repository.top.parent / "series"
    code, out, err = repository.rewrite("--series", str(folder), *options)
    assert (code, out) == (2, "")
    assert message in err
    assert not list(folder.glob("*.patch"))


def test_a_dirty_work_tree(repository):
    repository.write("more.c", (repository.root / "more.c").read_bytes() + b"/* more */\n")
    fails(repository, "the work tree has changes: more.c")


def test_without_a_repository(repository):
    shutil.rmtree(repository.top / ".git")
    fails(repository, "a series is made for the last commit of a git repository")


def test_without_a_commit(repository):
    shutil.rmtree(repository.top / ".git")
    repository.git("init", "-q")
    for name in ("user.name", "user.email"):
        repository.git("config", name, "t")
    fails(repository, "a series is made for the last commit of a git repository")


def test_without_a_name(repository, monkeypatch):
    for name in ("user.name", "user.email"):
        repository.git("config", "--unset", name)
    repository.git("config", "user.useConfigOnly", "true")
    monkeypatch.delenv("EMAIL", raising=False)
    fails(repository, "tell git who you are")


def test_a_folder_with_something_in_it(repository):
    folder = repository.top.parent / "series"
    folder.mkdir()
    (folder / "notes").touch()
    fails(repository, "the folder is not empty")


@pytest.mark.parametrize("option", [["--write"], ["--format", "json"], ["--bindings", "*.py"]])
def test_what_does_not_go_together(repository, option):
    fails(repository, "--series does not go with", *option)


def test_nothing_to_change(make_repository):
    repository = make_repository({"main.c": "int x;\n"})
    code, out, err = repository.rewrite("--series", str(repository.top.parent / "series"))
    assert (code, out) == (0, "")
    assert "nothing to change" in err
