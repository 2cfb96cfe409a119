"""Which macros stay: by what their bodies are, never by name."""

import pytest

from clew.parse.inject import TokenParser, type_scope
from clew.parse.macros import MacroTable
from clew.parse.policy import ExpressionPolicy
from clew.scan.scanner import scan_source
from clew.text.source import SourceText

STAYS = [
    "M 1",
    "M name",
    "M (a + b)",
    "M get()->current",
    "M(x) ((x) + 1)",
    "M(x) f(x, sizeof(T))",
    "M(x) ((T *)(x))",
    "M(a, ...) f(a, __VA_ARGS__)",
    'M ""',
    'M "a" "b"',
    'M(x) log(#x, "" x)',
    "M(x) ({ int y = (x); y; })",
    "M(a, b) ((a) < (b) ? (a) : (b))",
    "M(x) (void)(x)",
    "M ((void)0)",
]
GOES = [
    "M a = b",
    "M(f, x) f(x)",
    "M(x) (count += (x))",
    "M",
    "M(x)",
    "M return",
    "M T",
    "M unsigned char",
    "M inline",
    "M struct s",
    "M do { f(); } while (0)",
    "M(x) if (x) return -1",
    "M(x) f(x); g(x)",
    "M (a",
    "M {",
    "M a +",
    "M(x) x y",
    "M(type) ((type *)p)",
    "M(a, b) a ## b",
    "M(x) for (x = 0; x < 2; x++)",
    "M __attribute__((unused))",
    "M L1 L2\n#define L1 a\n#define L2 b",
    "M f(L1)\n#define L1 )",
    "M f(L1)\n#define L1 L2\n#define L2 return",
    "M goto *p",
    "M &&label",
    "M " + "(" * 100_000,
    "M " + "1 + " * 100_000 + "1",
]


def decide(define):
    text = f"#define {define}\n"
    table = MacroTable([scan_source(SourceText("a.c", text))], {"a.c": text})
    policy = ExpressionPolicy(table, type_scope(("T",)), TokenParser())
    definition = table.lookup("M", "a.c", len(text))
    assert definition is not None
    first = policy.is_expression(definition, "a.c", len(text))
    assert policy.is_expression(definition, "a.c", len(text)) is first
    return first


@pytest.mark.parametrize("define", STAYS)
def test_expressions_stay(define):
    assert decide(define)


@pytest.mark.parametrize("define", GOES)
def test_everything_else_is_expanded(define):
    assert not decide(define)


def test_macros_that_use_each_other_are_decided():
    assert decide("M f(N)\n#define N g(M)")


def test_a_long_chain_of_macros_is_followed_without_recursion():
    chain = "".join(f"#define C{n} C{n + 1}\n" for n in range(20_000))
    assert not decide(f"M C0\n{chain}#define C20000 return")
