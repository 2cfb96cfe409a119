import os
from pathlib import Path

import pytest

from clew.text.reader import read_tree

EVERYTHING = ("**/*.c", "**/*.h")


def make(root, *paths, content=b"int x;\n"):
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(content)


def paths_of(tree):
    return [source.path for source in tree.sources]


def codes_of(tree):
    return [(problem.code, problem.path) for problem in tree.problems]


def test_reads_what_is_included_in_the_order_of_paths(tmp_path):
    make(tmp_path, "z.c", "a/b.c", "a.c", "a/b/c.h", "notes.txt")
    tree = read_tree(tmp_path, EVERYTHING)
    assert paths_of(tree) == ["a.c", "a/b.c", "a/b/c.h", "z.c"]
    assert tree.problems == ()


def test_excluded_folders_and_metadata_are_not_entered(tmp_path):
    make(tmp_path, "a.c", "third/party/b.c", ".git/c.c", ".clew/d.c")
    assert paths_of(read_tree(tmp_path, EVERYTHING, ["third"])) == ["a.c"]


def test_bytes_survive(tmp_path):
    content = bytes(range(256)) + b"\r\n\r\n"
    make(tmp_path, "a.c", content=content)
    assert read_tree(tmp_path, EVERYTHING).sources[0].to_bytes() == content


def test_symlinks_are_recorded_and_not_followed(tmp_path):
    make(tmp_path, "real/a.c")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "real" / "up").symlink_to("..")
    (tmp_path / "alias.c").symlink_to("real/a.c")
    (tmp_path / "dangling.c").symlink_to("nowhere.c")
    (tmp_path / "other.txt").symlink_to("nowhere")
    tree = read_tree(tmp_path, EVERYTHING)
    assert paths_of(tree) == ["real/a.c"]
    assert codes_of(tree) == [
        ("symlink", "alias.c"),
        ("symlink", "dangling.c"),
        ("symlink", "loop"),
        ("symlink", "real/up"),
    ]
    assert tree.problems[0].message == "a symbolic link to real/a.c"


def test_pipes_are_recorded_and_do_not_block(tmp_path):
    os.mkfifo(tmp_path / "pipe.c")
    tree = read_tree(tmp_path, EVERYTHING)
    assert codes_of(tree) == [("not-regular", "pipe.c")]


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_unreadable_files_are_recorded(tmp_path):
    make(tmp_path, "secret.c", "a.c")
    (tmp_path / "secret.c").chmod(0)
    tree = read_tree(tmp_path, EVERYTHING)
    assert paths_of(tree) == ["a.c"]
    assert codes_of(tree) == [("unreadable", "secret.c")]


def test_a_file_that_cannot_be_opened_is_recorded(tmp_path, monkeypatch):
    make(tmp_path, "secret.c", "a.c")
    really_open = os.open

    def refuse(path, *arguments):
        if str(path).endswith("secret.c"):
            raise PermissionError(13, "Permission denied")
        return really_open(path, *arguments)

    monkeypatch.setattr(os, "open", refuse)
    tree = read_tree(tmp_path, EVERYTHING)
    assert paths_of(tree) == ["a.c"]
    assert [problem.message for problem in tree.problems] == ["Permission denied"]


def test_names_that_no_message_can_carry_are_recorded(tmp_path):
    make(tmp_path, "a\nb.c")
    (tmp_path / os.fsdecode(b"\xff.c")).write_bytes(b"int x;\n")
    tree = read_tree(tmp_path, EVERYTHING)
    assert [code for code, _ in codes_of(tree)] == ["file-name", "file-name"]


def test_a_tree_deeper_than_the_stack(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folders = [Path(*["d"] * depth) for depth in range(1, 1501)]
    try:
        for folder in folders:
            folder.mkdir()
        (folders[-1] / "a.c").write_bytes(b"int x;\n")
        tree = read_tree(tmp_path, EVERYTHING)
        assert [source.path.count("/") for source in tree.sources] == [1500]
        assert tree.problems == ()
    finally:  # from below: shutil.rmtree recurses
        (folders[-1] / "a.c").unlink()
        for folder in reversed(folders):
            folder.rmdir()


def test_a_folder_that_cannot_be_listed_is_recorded(tmp_path, monkeypatch):
    make(tmp_path, "a.c", "closed/b.c")
    really_scan = os.scandir

    def refuse(path):
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied")
        return really_scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    tree = read_tree(tmp_path, EVERYTHING)
    assert paths_of(tree) == ["a.c"]
    assert codes_of(tree) == [("unreadable", "closed/")]


@pytest.mark.parametrize(("name", "error"), [("missing", FileNotFoundError), ("a.c", NotADirectoryError)])
def test_the_root_must_be_a_folder(tmp_path, name, error):
    make(tmp_path, "a.c")
    with pytest.raises(error):
        read_tree(tmp_path / name, EVERYTHING)
