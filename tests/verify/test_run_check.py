import re
import signal

import pytest

from clew.text.source import SourceText
from clew.verify.change import Change
from clew.verify.copies import Snapshot
from clew.verify.run_check import RunRequest, check_run, run_shell


def silent(_stage, _done, _total):
    pass


@pytest.fixture
def tree(tmp_path):
    root = tmp_path / "tree"
    root.mkdir()
    (root / "a.txt").write_text("one\n")
    (root / "link").symlink_to("a.txt")
    return root


def run(root, text, build="", test="cat a.txt", **options):
    old = SourceText("a.txt", "one\n")
    files = Change.of_texts({"a.txt": old}, {"a.txt": SourceText("a.txt", text)}).files
    scratch = root.parent / "scratch"
    return check_run(RunRequest(root, scratch, build, test, **options), Change(files), silent)


@pytest.mark.parametrize(
    ("text", "build", "test", "options", "status", "words"),
    [
        ("two\n", "", "wc -l a.txt", {}, "passed", "printed the same"),
        ("two\n", "", "cat a.txt", {}, "failed", "prints something else"),
        ("two\n", "", "cat a.txt", {"compare": "status"}, "passed", "output was not compared"),
        ("two\n", "", "cat a.txt", {"ignore": (re.compile("one|two"),)}, "passed", "printed the same"),
        ("two\n", "", "grep -q one a.txt", {}, "failed", "ended with 0 before and 1 after"),
        ("two\n", "", "pwd", {}, "passed", "printed the same"),
        ("two\n", "", "false", {}, "passed", "ended with 1"),
        ("two\n", "grep -q one a.txt", "true", {}, "failed", "rewritten program does not build"),
        ("two\n", "grep -q two a.txt", "true", {}, "not-run", "does not build before"),
        ("two\n", "true", "", {}, "passed", "no test to run"),
        ("two\n", "", "no-such-command-here", {}, "not-run", "cannot be run"),
        ("two\n", "", "sleep 9", {"test_seconds": 0.3}, "not-run", "does not end within"),
        ("two\n", "sleep 9", "true", {"build_seconds": 0.3}, "not-run", "did not end in time"),
        ("two\n", "", "grep one a.txt || sleep 9", {"test_seconds": 0.5}, "failed", "does not end within"),
        (
            "two\n",
            "",
            "test $WORD = x && echo $WORD",
            {"environment": {"WORD": "x"}},
            "passed",
            "ended with 0",
        ),
    ],
)
def test_verdicts(tree, text, build, test, options, status, words):
    verdict = run(tree, text, build, test, **options)
    assert (verdict.status, words in verdict.summary) == (status, True), verdict.summary
    assert (tree / "a.txt").read_text() == "one\n"


def test_the_difference_is_shown(tree):
    assert {"-one", "+two"} <= set(run(tree, "two\n").evidence)


def test_copies_keep_links_and_time(tree):
    verdict = run(tree, "two\n", "", "test -L link && test ! -N a.txt -o -f a.txt && ls")
    assert verdict.status == "passed"
    copy = tree.parent / "scratch" / "before" / "a.txt"
    assert copy.stat().st_mtime_ns == (tree / "a.txt").stat().st_mtime_ns
    assert (tree.parent / "scratch" / "after" / "a.txt").read_text() == "two\n"


def test_a_scratch_folder_within_the_tree_is_not_copied(tree):
    scratch = tree / "scratch"
    scratch.mkdir()
    old = SourceText("a.txt", "one\n")
    change = Change(Change.of_texts({"a.txt": old}, {"a.txt": SourceText("a.txt", "two\n")}).files)
    verdict = check_run(RunRequest(tree, scratch, "", "ls"), change, silent)
    assert verdict.status == "passed"
    assert not (scratch / "after" / "scratch").exists()


def test_snapshots_tell_what_came_went_and_changed(tree):
    older = Snapshot.of(tree)
    (tree / "a.txt").write_text("other\n")
    (tree / "link").unlink()
    (tree / "new").write_text("")
    assert Snapshot.of(tree).changed_since(older) == ["a.txt", "link", "new"]


def test_commands_hear_signals_where_clew_runs_in_the_background(tree):
    script = "grep -E 'Sig(Ign|Cgt)' /proc/self/status"
    usual = run(tree, "two\n", "", script, compare="status")
    former = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        ignored = run_shell(RunRequest(tree, tree.parent, "", script), "test", tree.parent / "tree")
    finally:
        signal.signal(signal.SIGINT, former)
    assert usual.status == "passed"
    [mask] = re.findall(r"SigIgn:\s*(\w+)", ignored.stdout)
    assert not int(mask, 16) & sum(1 << n - 1 for n in (signal.SIGINT, signal.SIGPIPE))
