"""A second process makes what is expected; whatever becomes of it, the answers are the same."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from clew import ahead
from clew.ahead import Ahead
from clew.parse.flow import ParsedFunction, not_parsed
from clew.parse.front import FunctionParser
from clew.scan.scanner import scan_source
from clew.text.source import SourceText

pytestmark = pytest.mark.skipif(not ahead.can_fork(), reason="needs processes that share memory")


def make(key):
    """Stand for a parse: the result tells which process made it."""
    return not_parsed(str(os.getpid()), key[1])


def maker(parsed):
    return int(parsed.variants[0].problem)


def wait_for(condition):
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def receive(helper, count):
    while len(helper._results) < count:
        helper._receive()


@pytest.fixture
def working():
    helper = Ahead(make, 100)
    yield helper
    helper.stop()


def keys(count):
    return [(("a.c", at), 10) for at in range(count)]


def test_what_is_expected_is_made_by_the_other_process(working):
    working.expect(keys(3))
    receive(working, 3)
    made = [working.take(key) for key, _ in keys(3)]
    assert [one.variants[0].problem_at for one in made] == [0, 1, 2]
    assert os.getpid() not in map(maker, made)
    assert working.take(("a.c", 0)) is None  # it was given away


def test_what_nobody_expected_is_left_to_whoever_asks(working):
    assert working.take(("b.c", 1)) is None


def test_what_is_not_begun_is_left_to_whoever_asks_and_to_nobody_else():
    def slow(key):
        time.sleep(3 if key[1] == 0 else 0)
        return make(key)

    helper = Ahead(slow, 100)
    helper.expect([(("a.c", 0), 1000), (("a.c", 1), 1), (("a.c", 2), 1)])
    wait_for(lambda: helper._begun[0])
    assert helper.take(("a.c", 1)) is None
    assert maker(helper.take(("a.c", 0))) != os.getpid()  # it waits
    receive(helper, 1)
    assert helper.take(("a.c", 2)) is not None
    helper.stop()


def test_the_longest_come_first():
    def note(key):
        return not_parsed(str(time.monotonic_ns()), key[1])

    helper = Ahead(note, 100)
    helper.expect([(("a.c", length), length) for length in (3, 9, 5, 7)])
    receive(helper, 4)
    order = sorted((maker(helper.take(("a.c", length))), length) for length in (3, 9, 5, 7))
    helper.stop()
    assert [length for _, length in order] == [9, 7, 5, 3]


def test_more_than_there_is_room_for_is_not_expected():
    helper = Ahead(make, 2)
    helper.expect(keys(5))
    receive(helper, 2)
    assert helper.take(("a.c", 4)) is None
    helper.stop()


def test_when_the_process_dies_everything_is_left_to_whoever_asks():
    def die(key):
        os.kill(os.getpid(), signal.SIGKILL)
        return make(key)

    helper = Ahead(die, 100)
    helper.expect(keys(3))
    assert helper.take(("a.c", 0)) is None
    assert helper.take(("a.c", 1)) is None
    helper.expect([(("a.c", 50), 1)])
    assert helper.take(("a.c", 50)) is None
    helper.stop()


KILLED = """
import os, signal
from clew.ahead import Ahead
helper = Ahead(lambda key: None, 1)
print(helper._process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_process_ends_with_the_one_that_began_it():
    done = subprocess.run([sys.executable, "-c", KILLED], capture_output=True, text=True, check=False)
    stat = Path("/proc", done.stdout.strip(), "stat")
    wait_for(lambda: not stat.exists() or ") Z " in stat.read_text())
    assert done.returncode == -signal.SIGKILL
    assert done.stderr == ""


def parser_of(text):
    source = SourceText("a.c", text)
    facts = scan_source(source)
    return FunctionParser({"a.c": facts}, {"a.c": source}), facts.functions


BODY = (
    "{\n#ifdef A\n g(CALL(1));\n#else\n if (n) h(&n);\n#endif\n"
    + " while (n) { n = k(n, 1) + *n; }\n" * 60
    + "}"
)
TEXT = "#define CALL(x) (call(x))\n" + "".join(f"int f{at}(int n) {BODY}\n" for at in range(80))


def test_a_parser_gives_the_same_with_and_without_it():
    alone, functions = parser_of(TEXT)
    helped, _ = parser_of(TEXT)
    helped.expect(("a.c", one) for one in functions)
    assert helped._ahead is not None
    receive(helped._ahead, 1)
    found = [helped.parse("a.c", one) for one in functions]
    assert found == [alone.parse("a.c", one) for one in functions]
    assert all(isinstance(one, ParsedFunction) and one.parsed for one in found)
    assert list(helped.parsed) == list(alone.parsed)
    helped.stop()


def test_where_there_is_no_room_for_a_process_all_is_parsed_here(monkeypatch):
    def refuse(*_given):
        raise BlockingIOError

    monkeypatch.setattr(Ahead, "__init__", refuse)
    parser, functions = parser_of(TEXT)
    parser.expect(("a.c", one) for one in functions)
    assert parser.parse("a.c", functions[0]).parsed
    parser.stop()


def test_when_the_room_is_full_the_rest_is_left_to_whoever_asks(monkeypatch):
    monkeypatch.setattr(ahead, "ROOM", 2_000)

    def make_much(key):
        return not_parsed("x" * 700, key[1])

    helper = Ahead(make_much, 100)
    helper.expect([(("a.c", at), 10) for at in range(5)])
    wait_for(lambda: not helper._process.is_alive())
    made = [helper.take(("a.c", at)) for at in range(5)]
    assert [one is not None for one in made] == [True, True, False, False, False]
    helper.stop()


def test_for_little_no_process_is_begun():
    parser, functions = parser_of(TEXT)
    parser.expect([("a.c", functions[0])])
    assert parser._ahead is None
