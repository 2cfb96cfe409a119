"""The data-flow analysis on little functions.

In each, ``get()`` fetches and ``cur`` is the ambient variable; ``swap``, ``detach``, ``attach``, ``ensure``
and ``change`` change the state, each in its own way.  What is known before a fetch is written as the word
"entry" (the state is that of the function's entry), "?" (it may be another) or "loose" (the order is left
open by C), and the names of the locals that hold it.
"""

import pytest

from clew.config.settings import Accessor, State
from clew.detect.summary import ENTRY, NULL, PRESERVES, UNKNOWN, Summary, join_summaries
from clew.detect.tracking import state_locals
from clew.detect.values import Analysis, Question, analyse
from clew.parse.flow import CallOp, Flow, Op, ReadOp
from clew.parse.front import FunctionParser
from clew.scan import scan_source
from clew.text.source import SourceText

STATE = State("ts", "State *", ("ts",), (Accessor("get()"), Accessor("cur", assigned=True)))
EFFECTS = {
    "swap": Summary(("arg", 0), ENTRY),
    "detach": Summary(NULL, ENTRY),
    "attach": Summary(("arg", 0), "?"),
    "ensure": Summary("?", ENTRY),
    "change": UNKNOWN,
}
SAVERS = frozenset(name for name, summary in EFFECTS.items() if summary.returns == ENTRY)


def parse(body: str, parameters: str = "int n") -> Flow:
    text = f"typedef struct State State;\nState *cur;\nint f({parameters})\n{{\n{body}\n}}\n"
    source = SourceText("f.c", text)
    facts = scan_source(source)
    parser = FunctionParser({"f.c": facts}, {"f.c": source}, (), {"die"})
    (variant,) = parser.parse("f.c", facts.functions[0]).variants
    assert variant.flow is not None, variant.problem
    return variant.flow


def run(flow: Flow, *, volatile: bool = False) -> Analysis:
    question = Question(
        effect=lambda op: EFFECTS.get(getattr(op, "callee", ""), PRESERVES),
        is_fetch=is_fetch,
        is_state=lambda name: name == "cur",
        tracked=state_locals(flow, STATE, SAVERS),
        volatile=volatile,
    )
    return analyse(flow, question)


def is_fetch(op: Op) -> bool:
    return (isinstance(op, CallOp) and op.callee == "get") or (isinstance(op, ReadOp) and op.name == "cur")


def fetches(flow: Flow, analysis: Analysis) -> list[str]:
    """Describe every fetch in the order of the text; one that no path reaches is missing."""
    found = []
    for number, node in enumerate(flow.nodes):
        for index, op in enumerate(node.ops):
            point = analysis.before.get((number, index))
            if is_fetch(op) and point is not None:
                names = {
                    flow.locals[key].name
                    for key in point.environment
                    if isinstance(key, int) and point.holds(key)
                }
                word = "loose" if point.scrambled else "entry" if point.at_entry_value else "?"
                found.append((op.origin.span.start, " ".join([word, *sorted(names)])))
    return [words for _, words in sorted(found)]


def known(body: str, parameters: str = "int n") -> list[str]:
    flow = parse(body, parameters)
    return fetches(flow, run(flow))


@pytest.mark.parametrize(
    "body",
    [
        "use(get()); use(get());",
        "for (int i = 0; i < n; i++) use(get());",
        "while (get()) { if (n) continue; use(get()); }",
        "do use(get()); while (--n);",
        "switch (n) { case 1: use(get()); case 2: use(get()); break; default: use(get()); }",
        "again: use(get()); if (n--) goto again;",
        "n && get(); n ? get() : 0;",
        "n = ({ use(get()); n; }); use(get());",
        "if (n) { change(); return 1; } use(get());",
        "if (n) { change(); die(); } use(get());",
        "int cur = 1; cur = 2; use(get());",
        "State other; other = *get(); use(get());",
        "State *ts = 0; ts = other(); use(get());",
        "cur->part = 1; use(get());",
    ],
)
def test_the_state_stays_that_of_the_entry(body):
    assert {words.split()[0] for words in known(body)} == {"entry"}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        # straight lines
        ("use(get()); change(); use(get());", ["entry", "?"]),
        ("cur = pick(); use(get());", ["?"]),
        ("cur++; use(get());", ["entry", "?"]),
        # branches and joins
        ("if (n) change(); use(get());", ["?"]),
        ("if (n) { change(); use(get()); } else use(get());", ["?", "entry"]),
        ("n && change(); use(get());", ["?"]),
        ("n ? change() : 0; use(get());", ["?"]),
        # loops: the change at the end of a round reaches the next
        ("while (n--) { use(get()); change(); }", ["?"]),
        ("for (;n; change()) use(get());", ["?"]),
        ("do { use(get()); } while (change());", ["?"]),
        ("while (change()) use(get());", ["?"]),
        ("while (n--) { use(get()); if (n) { change(); break; } } use(get());", ["entry", "?"]),
        # switch, with and without falling through
        ("switch (n) { case 1: change(); case 2: use(get()); break; case 3: use(get()); }", ["?", "entry"]),
        ("switch (n) { case 1: change(); break; case 2: use(get()); }", ["entry"]),
        # goto and computed goto
        ("again: use(get()); change(); if (n--) goto again;", ["?"]),
        ("if (n) goto out; change(); out: use(get());", ["?"]),
        ("void *to[] = {&&a, &&b}; a: use(get()); change(); goto *to[n]; b: return 0;", ["?"]),
        # statement expressions
        ("n = ({ change(); n; }); use(get());", ["?"]),
        # nothing is executed after a return
        ("return 0; use(get());", []),
    ],
)
def test_a_change_on_some_path(body, expected):
    assert known(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("State *ts = get(); use(get());", ["entry", "entry ts"]),
        ("State *ts; ts = get(); use(get());", ["entry", "entry ts"]),
        ("State *ts = get(), *two = ts; use(get());", ["entry", "entry ts two"]),
        ("State *ts; if (n) ts = get(); else ts = get(); use(get());", ["entry", "entry", "entry ts"]),
        ("State *ts = 0; if (n) ts = get(); use(get());", ["entry", "entry"]),
        ("State *ts = get(); ts = other(); use(get());", ["entry", "entry"]),
        ("State *ts = get(); n++; ts++; use(get());", ["entry", "entry"]),
        ("State *ts = get(); fill(&ts); use(get());", ["entry", "entry"]),
        ("State *ts = get(); { State *ts = other(); use(get()); }", ["entry", "entry ts"]),
        ("State *ts = get(); change(); use(get());", ["entry", "?"]),
        ("change(); State *ts = get(); use(get());", ["?", "? ts"]),
        ("while (n--) { State *ts = get(); use(get()); change(); }", ["?", "? ts"]),
        ("State *ts; while (n--) { change(); ts = get(); } use(get());", ["?", "?"]),
        ("State *ts = get(); while (n--) { change(); ts = get(); } use(get());", ["entry", "?", "? ts"]),
        ("State *ts = other(); cur = ts; use(get());", ["? ts"]),
        ("State *ts = other(); swap(ts); use(get());", ["? ts"]),
    ],
)
def test_locals_that_hold(body, expected):
    assert known(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("State *old = detach(); use(get()); attach(old); use(get());", ["?", "entry old"]),
        ("State *old = swap(other()); use(get()); swap(old); use(get());", ["?", "entry old"]),
        ("int token = ensure(); use(get()); attach(token); use(get());", ["?", "entry token"]),
        ("State *old = cur; cur = other(); cur = old; use(get());", ["entry", "entry old"]),
        ("State *ts = get(); swap(other()); swap(ts); use(get());", ["entry", "entry ts"]),
        ("State *old = detach(); if (n) attach(old); use(get());", ["?"]),
        ("State *old = detach(); old = other(); attach(old); use(get());", ["? old"]),
        ("State *old = detach(); attach(other()); use(get());", ["?"]),
        (
            "State *old = detach(); while (n--) { attach(old); old = detach(); } attach(old); use(get());",
            ["entry old"],
        ),
        ("State *a = swap(other()); State *b = swap(a); swap(b); use(get());", ["? b"]),
    ],
)
def test_saving_and_restoring(body, expected):
    assert known(body) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("n = use(get()) + change();", ["loose"]),
        ("use(get(), change());", ["loose"]),
        ("n = (change(), use(get()));", ["?"]),
        ("n = use(get()) && change();", ["entry"]),
        ("swap(get());", ["entry"]),
        ("cur = get();", ["entry"]),
    ],
)
def test_order_within_one_expression(body, expected):
    assert known(body) == expected


def test_a_parameter_holds_what_it_brings():
    assert known("use(get()); swap(ts); use(get());", "State *ts, int n") == ["entry", "? ts"]


def test_a_volatile_state_is_never_known():
    flow = parse("State *ts = get(); use(get());")
    assert fetches(flow, run(flow, volatile=True)) == ["?", "?"]


@pytest.mark.parametrize(
    ("body", "parameters", "summary"),
    [
        ("use(get()); return 0;", "int n", Summary(ENTRY, "?")),
        ("if (n) { change(); die(); } return 0;", "int n", Summary(ENTRY, "?")),
        ("change(); die();", "int n", PRESERVES),
        ("change(); return 0;", "int n", Summary("?", "?")),
        ("if (n) change(); return 0;", "int n", Summary("?", "?")),
        ("State *old = detach(); attach(old); return 0;", "int n", Summary(ENTRY, "?")),
        ("detach(); return 0;", "int n", Summary(NULL, "?")),
        ("cur = ts; return 0;", "State *ts", Summary(("arg", 0), "?")),
        ("return get();", "int n", Summary(ENTRY, ENTRY)),
        ("State *old = cur; cur = ts; return old;", "int n, State *ts", Summary(("arg", 1), ENTRY)),
        ("if (n) return ts; return get();", "int n, State *ts", Summary(ENTRY, "?")),
        ("ts = other(); cur = ts; return 0;", "State *ts", Summary("?", "?")),
    ],
)
def test_what_calling_it_does(body, parameters, summary):
    assert run(parse(body, parameters)).summary == summary


@pytest.mark.parametrize(
    ("summaries", "expected"),
    [
        ([PRESERVES], PRESERVES),
        ([PRESERVES, UNKNOWN], UNKNOWN),
        ([Summary(("arg", 0), ENTRY), Summary(("arg", 0), "?")], Summary(("arg", 0), "?")),
        ([Summary(("arg", 0)), Summary(("arg", 1))], Summary("?")),
    ],
)
def test_joining_summaries(summaries, expected):
    assert join_summaries(summaries) == expected
