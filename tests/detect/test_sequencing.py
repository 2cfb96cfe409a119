"""Which calls of one expression have no definite order relative to a change in it."""

import pytest

from clew.detect.sequencing import find_unsequenced
from clew.parse.flow import CallOp
from clew.parse.inject import TokenParser, type_scope
from clew.parse.lower import lower
from clew.parse.normalise import normalise
from clew.parse.tokens import tokenise

# calls of `change` change the state, M is a macro that was left alone; expected are the doubtful others
CASES = [
    ("f(get(), change());", {"get"}),
    ("f(change()); get();", set()),
    ("f(change(), a() && get());", {"a", "get"}),
    # a sequence point within one operand
    ("f(a(), change() && get());", {"a"}),
    ("f(a(), change() ? get() : other());", {"a"}),
    ("f(a(), (change(), get()));", {"a"}),
    ("f(a(), change() || b() || get());", {"a"}),
    ("f(a(), !change() && b() ? get() : 0);", {"a"}),
    ("x = a() + (change() && get());", {"a"}),
    # ... does not order what stands deeper on either side
    ("f(a(), g(change(), b()) && get());", {"a", "b"}),
    ("f(a(), b() && g(get(), change()));", {"a", "get"}),
    ("f(a() && get(), b() && change());", {"a", "b", "get"} - {"b"}),
    # a call comes after its operands, also where these branch
    ("get(a(), change() && b());", {"a"}),
    ("f(a(), get(b(), change() && c()));", {"a", "b"}),
    ("change(a(), b() ? get() : 0);", set()),
    ("f(a(), change(b(), c() ? get() : 0));", {"a"}),
    # ... but not what a macro is given
    ("M(a(), change() && b());", {"a", "M"}),
]


@pytest.mark.parametrize(("body", "expected"), CASES)
def test_doubtful_calls(body, expected):
    text = f"void f(void) {{ {body} }}"
    tokens, _ = normalise(tokenise(text, 0, len(text)))
    ast = TokenParser().parse_function(tokens, (type_scope(()),), "f")
    flow = lower(ast, tokens, "a.c", (), frozenset())
    found = find_unsequenced(
        flow, lambda op: isinstance(op, CallOp) and op.callee == "change", lambda name: name == "M"
    )
    ops = (flow.nodes[node].ops[index] for node, index in found)
    assert {op.callee for op in ops if isinstance(op, CallOp)} - {"f"} == expected
