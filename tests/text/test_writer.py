import os
import stat

import pytest

from clew.errors import WriteError
from clew.text import writer
from clew.text.writer import Replacement, write_files


@pytest.fixture
def tree(tmp_path):
    root = tmp_path / "tree"
    (root / "sub").mkdir(parents=True)
    for path in ("a.c", "sub/b.c", "z.c"):
        (root / path).write_bytes(f"old {path}\n".encode())
    return root


def change(path, old=None, new=b"new\n"):
    return Replacement(path, f"old {path}\n".encode() if old is None else old, new)


def content(tree):
    """Every file with its bytes: leftovers show."""
    return {str(path.relative_to(tree)): path.read_bytes() for path in tree.rglob("*") if path.is_file()}


def test_all_files_are_replaced_and_nothing_is_left_behind(tree):
    write_files(tree, [change("sub/b.c"), change("a.c", new=b"\xff\r\n")])
    assert content(tree) == {"a.c": b"\xff\r\n", "sub/b.c": b"new\n", "z.c": b"old z.c\n"}


def test_the_mode_is_kept(tree):
    (tree / "a.c").chmod(0o751)
    write_files(tree, [change("a.c")])
    assert stat.S_IMODE((tree / "a.c").stat().st_mode) == 0o751


def test_the_undo_patch_is_written(tree):
    write_files(tree, [change("a.c")], tree / ".clew" / "undo-1.patch", b"patch")
    assert (tree / ".clew" / "undo-1.patch").read_bytes() == b"patch"


def test_an_undo_patch_is_never_overwritten(tree):
    undo = tree / "undo.patch"
    undo.write_bytes(b"the only way back")
    with pytest.raises(WriteError, match="exists already"):
        write_files(tree, [change("a.c")], undo, b"other")
    assert undo.read_bytes() == b"the only way back"
    assert (tree / "a.c").read_bytes() == b"old a.c\n"


def test_the_undo_patch_comes_first(tree):
    before = content(tree)
    with pytest.raises(WriteError, match="undo patch cannot be written") as caught:
        write_files(tree, [change("a.c")], tree / "z.c" / "undo.patch", b"patch")
    assert "--undo" in caught.value.next_step
    assert content(tree) == before


@pytest.mark.parametrize(
    ("replacement", "message"),
    [
        (change("a.c", old=b"something else\n"), "changed since it was read"),
        (change("missing.c"), "cannot be read"),
        (change("sub", old=b""), "cannot be read"),
        (change("../outside.c"), "out of the tree"),
        (change("/etc/passwd"), "out of the tree"),
    ],
)
def test_one_bad_target_leaves_all_files_alone(tree, replacement, message):
    before = content(tree)
    with pytest.raises(WriteError, match=message):
        write_files(tree, [change("z.c"), replacement], tree / "undo.patch", b"patch")
    assert content(tree) == before


@pytest.mark.parametrize("place", ["inside", "outside"])
def test_symlinks_are_not_written_through(tree, tmp_path, place):
    target = tree / "a.c" if place == "inside" else tmp_path / "outside.c"
    target.write_bytes(b"old link.c\n")
    (tree / "link.c").symlink_to(target)
    with pytest.raises(WriteError, match="symbolic link"):
        write_files(tree, [change("link.c")])
    assert target.read_bytes() == b"old link.c\n"


def test_linked_folders_are_not_written_through(tree, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "b.c").write_bytes(b"old linked/b.c\n")
    (tree / "linked").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(WriteError, match="symbolic link"):
        write_files(tree, [change("linked/b.c")])


def test_read_only_is_respected(tree, monkeypatch):
    monkeypatch.setattr(os, "access", lambda _path, _mode: False)
    with pytest.raises(WriteError, match="read-only"):
        write_files(tree, [change("a.c")])


@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
@pytest.mark.parametrize("failing_call", [1, 2, 3])
def test_a_failed_replacement_is_rolled_back(tree, monkeypatch, error, failing_call):
    before = content(tree)
    really_replace, calls = type(tree).replace, []

    def fail_once(self, target):
        calls.append(target)
        if len(calls) == failing_call:
            raise error
        return really_replace(self, target)

    monkeypatch.setattr(type(tree), "replace", fail_once)
    with pytest.raises(WriteError if isinstance(error, OSError) else KeyboardInterrupt):
        write_files(tree, [change("a.c"), change("sub/b.c"), change("z.c")], tree / "u.patch", b"p")
    assert content(tree) == before


def test_a_failed_staging_is_rolled_back(tree, monkeypatch):
    before = content(tree)
    calls = []

    def fail_late(descriptor):
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail_late)
    with pytest.raises(WriteError, match="No space left"):
        write_files(tree, [change("a.c"), change("z.c")])
    assert content(tree) == before


def test_a_file_changed_while_others_are_staged_is_noticed(tree, monkeypatch):
    really_sync = os.fsync

    def meddle(descriptor):
        (tree / "z.c").write_bytes(b"edited by a person\n")
        really_sync(descriptor)

    monkeypatch.setattr(os, "fsync", meddle)
    with pytest.raises(WriteError, match="changed since it was read"):
        write_files(tree, [change("a.c"), change("z.c")])
    assert content(tree) == {
        "a.c": b"old a.c\n",
        "sub/b.c": b"old sub/b.c\n",
        "z.c": b"edited by a person\n",
    }


def test_a_file_system_without_hard_links(tree, monkeypatch):
    def refuse(*_arguments):
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(type(tree), "hardlink_to", refuse)
    write_files(tree, [change("a.c")])
    assert content(tree)["a.c"] == b"new\n"
    assert len(content(tree)) == 3


def test_a_new_file_is_made(tree):
    write_files(tree, [change("a.c"), Replacement("sub/new.h", None, b"new\n")])
    assert content(tree) == {
        "a.c": b"new\n",
        "sub/b.c": b"old sub/b.c\n",
        "sub/new.h": b"new\n",
        "z.c": b"old z.c\n",
    }
    assert stat.S_IMODE((tree / "sub" / "new.h").stat().st_mode) == 0o644


@pytest.mark.parametrize("path", ["a.c", "missing/new.h"])
def test_a_new_file_that_is_there_or_has_no_folder_is_refused(tree, path):
    before = content(tree)
    with pytest.raises(WriteError, match="come into being, or its folder is gone"):
        write_files(tree, [change("z.c"), Replacement(path, None, b"new\n")])
    assert content(tree) == before


def test_a_new_file_goes_again_when_a_later_one_fails(tree, monkeypatch):
    before = content(tree)

    def fail(replacement, item):
        if replacement.path == "z.c":
            raise KeyboardInterrupt
        swap(replacement, item)

    swap = writer._swap
    monkeypatch.setattr(writer, "_swap", fail)
    with pytest.raises(KeyboardInterrupt):
        write_files(tree, [change("a.c"), Replacement("new.h", None, b"new\n"), change("z.c")])
    assert content(tree) == before


def test_a_file_that_comes_into_being_meanwhile_stays(tree, monkeypatch):
    def stage(root, replacement):
        found = staged(root, replacement)
        (tree / "new.h").write_bytes(b"another\n")
        return found

    staged = writer._stage
    monkeypatch.setattr(writer, "_stage", stage)
    with pytest.raises(WriteError, match="come into being"):
        write_files(tree, [Replacement("new.h", None, b"new\n")])
    assert content(tree)["new.h"] == b"another\n"
    assert len(content(tree)) == 4
