"""Choices among #if branches: consistent, few, and together complete."""

import pytest

from clew.parse.conditions import Condition, Conditionals, are_exclusive, read_condition
from clew.parse.variants import BranchChooser
from clew.scan.scanner import scan_source
from clew.text.source import SourceText
from clew.text.span import Span


@pytest.mark.parametrize(
    ("directive", "key", "holds"),
    [
        ("#ifdef X", "X", True),
        ("#ifndef X", "X", False),
        ("# if defined ( X )", "X", True),
        ("#if !defined X", "X", False),
        ("#elifdef X", "X", True),
        ("#elifndef X", "X", False),
        ("#if X > 1 /* why */", "X>1", True),
        ("#if !X // why", "X", False),
        ("#if !(A && B)", "(A&&B)", False),
        ("#if A && \\\n B", "A&&B", True),
        ("#else", "1", True),
    ],
)
def test_conditions_that_mean_the_same_compare_equal(directive, key, holds):
    assert read_condition(directive) == Condition(key, holds)


def choices(text, *, start=None):
    facts = scan_source(SourceText("a.c", text))
    span = Span(text.index("@") if start is None else start, len(text))
    chooser = BranchChooser(Conditionals(facts, text), span)
    return chooser, list(chooser.choose_first())


def live(text, choice):
    return " ".join("".join(span.of(text) for span in choice.live).split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("@ a", ["@ a"]),
        ("@\n#ifdef X\na\n#else\nb\n#endif\nc", ["@ a c", "@ b c"]),
        ("@\n#ifdef X\na\n#endif\nc", ["@ a c", "@ c"]),
        ("@\n#ifndef X\na\n#else\nb\n#endif", ["@ b", "@ a"]),
        ("@\n#ifdef X\na\n#endif\n#if !defined(X)\nb\n#endif", ["@ a", "@ b"]),
        ("@\n#if A\na\n#elif B\nb\n#else\nc\n#endif", ["@ a", "@ c"]),
        ("@\n#if 0\na\n#else\nb\n#endif", ["@ b"]),
        ("@\n#if A\n#if B\na\n#else\nb\n#endif\n#else\nc\n#endif", ["@ a", "@ c"]),
        ("@\n#if A\nf(1,\n#else\ng(\n#endif\n2);", ["@ f(1, 2);", "@ g( 2);"]),
        ("@\n#if A\na\n", ["@ a", "@"]),
    ],
)
def test_the_first_choices_take_everything_and_nothing(text, expected):
    _, found = choices(text)
    assert [live(text, choice) for choice in found] == expected


def test_the_surroundings_decide_first():
    text = "#ifdef X\n@\n#ifdef X\na\n#else\nb\n#endif\nc\n#endif\n"
    start, end = text.index("@"), text.index("c\n") + 1
    chooser = BranchChooser(Conditionals(scan_source(SourceText("a.c", text)), text), Span(start, end))
    assert {live(text, choice) for choice in chooser.choose_first()} == {"@ a c"}


def test_branches_that_open_before_the_span_count():
    text = "#if A\n@h1\n#else\nh2\n#endif\n{ }"
    chooser, found = choices(text)
    assert len(chooser.branches) == 2
    assert [live(text, choice) for choice in found] == ["@h1 { }", "h2 { }"]


def test_forcing_a_branch_takes_those_around_it_and_agrees_elsewhere():
    text = (
        "@\n#if A\na\n#elif B\n#ifdef C\nc\n#else\nd\n#endif\n#endif\n#if B\nb\n#endif\n#ifndef A\nn\n#endif"
    )
    chooser, found = choices(text)
    missing = sorted(chooser.branches - found[0].taken - found[1].taken)
    assert [live(text, next(iter(chooser.force(branch)))) for branch in missing] == [
        "@ c b n",
        "@ c b n",
        "@ d b n",
    ]


def test_forcing_most_takes_what_goes_together():
    parts = "".join(f"#ifdef A{n}\na\n#elif B{n}\nb{n}\n#endif\n" for n in range(50))
    chooser, found = choices("@\n" + parts)
    missing = sorted(chooser.branches - found[0].taken - found[1].taken)
    assert len(missing) == 50
    assert chooser.force_most(missing).taken == frozenset(missing)


def test_sibling_branches_are_exclusive():
    text = "#if A\n1\n#if B\n2\n#endif\n#else\n3\n#endif\n4"
    conditionals = Conditionals(scan_source(SourceText("a.c", text)), text)
    at = {digit: conditionals.branches_at(text.index(f"\n{digit}") + 1) for digit in "1234"}
    assert are_exclusive(at["1"], at["3"])
    assert are_exclusive(at["3"], at["2"])
    assert not are_exclusive(at["1"], at["2"])
    assert at["4"] == ()


def test_deep_nesting_ends():
    text = "@" + "\n#if A" * 100_000 + "\n#endif" * 100_000
    _, found = choices(text)
    assert len(found) <= 2
