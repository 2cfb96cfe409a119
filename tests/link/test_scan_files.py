"""Files of a tree that is held are scanned by one process or by two: with the same result."""

import os

import pytest

from clew import ahead
from clew.link import outlining
from clew.link.outline import list_words
from clew.link.outlining import scan_files
from clew.scan import scan_source
from clew.text.source import SourceText

TEXT = "#define M_{0} 1\nint {0}(int a) {{ return g(a); }}\n"
SOURCES = {
    f"{name}.c": SourceText(f"{name}.c", TEXT.format(name) * count)
    for name, count in (("d", 300), ("a", 1), ("c", 90), ("b", 20))
}


def silent(stage, done, total):
    """Report nothing."""


@pytest.fixture
def _small(monkeypatch):
    monkeypatch.setattr(outlining, "MIN_TEXT", 1)


@pytest.mark.usefixtures("_small")
@pytest.mark.skipif(not ahead.can_fork(), reason="needs processes that share memory")
def test_two_processes_give_what_one_gives(monkeypatch):
    scanned_here: list[str] = []

    def noting(source):
        if os.getpid() == own:
            scanned_here.append(source.path)
        return scan_source(source)

    own = os.getpid()
    monkeypatch.setattr(outlining, "scan_source", noting)
    two = scan_files(SOURCES, silent, 2)
    assert list(two.facts) == list(SOURCES)
    assert two.facts == {path: scan_source(source) for path, source in SOURCES.items()}
    assert two.words.keys() == SOURCES.keys() - set(scanned_here)
    assert all(set(w.split()) == set(list_words(SOURCES[p].text).split()) for p, w in two.words.items())


@pytest.mark.usefixtures("_small")
def test_one_job_is_one_process(monkeypatch):
    monkeypatch.setattr(outlining, "Ahead", None)
    one = scan_files(SOURCES, silent, 1)
    assert list(one.facts) == list(SOURCES)
    assert one.words == {}


@pytest.mark.usefixtures("_small")
def test_where_there_is_no_room_for_a_process_all_is_scanned_here(monkeypatch):
    def refuse(*_given):
        raise BlockingIOError

    monkeypatch.setattr(outlining, "Ahead", refuse)
    assert scan_files(SOURCES, silent, 2).facts == {p: scan_source(s) for p, s in SOURCES.items()}
