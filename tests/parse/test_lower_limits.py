"""Long functions, deep ones, and what lowering refuses."""

import sys
import time

import pytest

from clew.parse.inject import TokenParser
from clew.parse.lower import lower
from clew.parse.lower_error import LoweringError, LoweringLimit
from clew.parse.lower_state import MAX_DEPTH
from clew.parse.normalise import normalise
from clew.parse.tokens import tokenise


def parse(text):
    tokens, _ = normalise(tokenise(text, 0, len(text)))
    return TokenParser().parse_function(tokens, ({},), "f"), tokens


def make_flow(text):
    ast, tokens = parse(text)
    return lower(ast, tokens, "a.c", (), frozenset())


CHAINS = [
    ("statements", lambda n: "a(b);" * n, (2, 0)),
    ("else if", lambda n: "if (a) b();" + " else if (c) d();" * n, (2, 2)),
    ("sum", lambda n: "x = a" + " + b()" * n + ";", (1, 0)),
    ("conjunction", lambda n: "if (a" + " && b()" * n + ") c();", (1, 1)),
    ("conjunction as a value", lambda n: "x = a" + " && b()" * n + ";", (1, 1)),
    ("both operators", lambda n: "if (a" + " && b() || c" * n + ") d();", (2, 2)),
    ("conditional", lambda n: "x = a" + " ? b() : c" * n + ";", (2, 2)),
    ("comma", lambda n: "a" + ", b()" * n + ";", (1, 0)),
    ("cases", lambda n: "switch (a) {" + " case 1: b();" * n + "}", (1, 1)),
    ("case labels", lambda n: "switch (a) {" + " case 1: " * n + "b(); }", (0, 1)),
    ("labels", lambda n: "".join(f"l{i}: " for i in range(n)) + "b();", (0, 1)),
    ("members", lambda n: "x = a" + "->b[1].c" * n + ";", (0, 0)),
    ("initialisers", lambda n: "int x[] = {" + "{a, b()}," * n + "};", (2, 0)),
    ("declarators", lambda n: "int x" + ", *y = b()" * n + ";", (2, 0)),
]


@pytest.mark.parametrize(("write", "per_link"), [c[1:] for c in CHAINS], ids=[c[0] for c in CHAINS])
def test_chains_of_any_length_are_lowered(write, per_link):
    links = 3_000
    flow = make_flow(f"int f(void) {{ {write(links)} }}")
    ops = sum(len(node.ops) for node in flow.nodes)
    assert per_link[0] * links <= ops <= per_link[0] * links + 3
    assert per_link[1] * links <= len(flow.nodes) <= per_link[1] * links + 4


@pytest.mark.parametrize("write", [c[1] for c in CHAINS], ids=[c[0] for c in CHAINS])
def test_time_is_linear(write):
    def measure(length):
        ast, tokens = parse(f"int f(void) {{ {write(length)} }}")
        times = []
        for _ in range(3):
            start = time.process_time()
            lower(ast, tokens, "a.c", (), frozenset())
            times.append(time.process_time() - start)
        return min(times)

    # Eight times the length: quadratic time would be 64 times as long.
    assert measure(4_000) < 30 * measure(500) + 0.05


DEEP = [
    ("blocks", lambda n: "{" * n + "a();" + "}" * n),
    ("bodies", lambda n: "if (a) " * n + "b();"),
    ("calls", lambda n: "f(" * n + ")" * n + ";"),
    ("negations", lambda n: "x = " + "!" * n + "a;"),
    ("assignments", lambda n: "a" + " = a" * n + ";"),
]


@pytest.mark.parametrize("write", [c[1] for c in DEEP], ids=[c[0] for c in DEEP])
def test_deep_nesting_is_lowered(write):
    limit = sys.getrecursionlimit()
    assert make_flow(f"int f(void) {{ {write(200)} }}").nodes
    assert sys.getrecursionlimit() == limit


def test_nesting_beyond_the_limit_is_refused_with_its_place():
    text = "int f(void) { " + "for (;;) " * (MAX_DEPTH + 1) + ";}"
    with pytest.raises(LoweringLimit) as caught:
        make_flow(text)
    assert caught.value.path == "a.c"
    assert text.startswith("for", caught.value.offset)


REFUSED = [
    ("goto nowhere;", "no label 'nowhere' in this function", "goto"),
    ("goto *p;", "a computed goto in a function without labels", "goto"),
    ("break;", "a break outside of what it could leave", "break"),
    ("switch (1) { continue; }", "a continue outside of what it could leave", "continue"),
    ("case 1: ;", "a case label outside of a switch", "case"),
]


@pytest.mark.parametrize(("body", "message", "place"), REFUSED)
def test_what_has_no_known_flow_is_refused(body, message, place):
    text = f"int f(void) {{ {body} }}"
    with pytest.raises(LoweringError) as caught:
        make_flow(text)
    assert caught.value.message == message
    assert text.startswith(place, caught.value.offset)
