import io
import sys

import pytest

from clew.cli.streams import painter, progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def _plain_environment(monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")


@pytest.mark.usefixtures("_plain_environment")
def test_colour_only_on_a_terminal():
    assert painter(Terminal()).colour
    assert not painter(io.StringIO()).colour


@pytest.mark.usefixtures("_plain_environment")
def test_colour_where_a_log_can_show_it(monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert painter(io.StringIO()).colour
    monkeypatch.setenv("NO_COLOR", "1")
    assert not painter(io.StringIO()).colour


@pytest.mark.usefixtures("_plain_environment")
@pytest.mark.parametrize(
    ("name", "value", "coloured"),
    [("NO_COLOR", "1", False), ("NO_COLOR", "", True), ("TERM", "dumb", False)],
)
def test_the_environment_may_say_no(monkeypatch, name, value, coloured):
    monkeypatch.setenv(name, value)
    assert painter(Terminal()).colour is coloured


@pytest.mark.usefixtures("_plain_environment")
@pytest.mark.parametrize(
    ("stream", "quiet", "shown"),
    [(Terminal, False, True), (Terminal, True, False), (io.StringIO, False, False)],
)
def test_progress_is_for_people_who_look(monkeypatch, stream, quiet, shown):
    error = stream()
    monkeypatch.setattr(sys, "stderr", error)
    with progress("reading the tree", quiet):
        pass
    assert ("reading the tree" in error.getvalue()) is shown
