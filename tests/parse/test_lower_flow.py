"""Which node follows which: C in, the flow as text out."""

import pytest

from clew.parse.dump import dump
from clew.parse.inject import TokenParser, type_scope
from clew.parse.lower import lower
from clew.parse.normalise import normalise
from clew.parse.tokens import tokenise

TYPES = type_scope(("T", "U"))

CASES = [
    (
        "and in a condition",
        "if (a() && b()) c();",
        ["0: #1 call a()@0 -> 1 2", "1: #2 call b()@0 -> 3 2", "2: return", "3: #3 call c()@0 -> 2"],
    ),
    (
        "or in a condition",
        "if (a() || b()) c(); else d();",
        [
            "0: #1 call a()@0 -> 1 2",
            "1: #3 call c()@0 -> 4",
            "2: #2 call b()@0 -> 1 3",
            "3: #4 call d()@0 -> 4",
            "4: return",
        ],
    ),
    (
        "not swaps",
        "if (!(a && b)) c();",
        ["0: #1 read a -> 1 2", "1: #2 read b -> 3 2", "2: #3 call c()@0 -> 3", "3: return"],
    ),
    (
        "mixed logic",
        "if ((a || b) && c) d();",
        [
            "0: #1 read a -> 1 2",
            "1: #3 read c -> 4 3",
            "2: #2 read b -> 1 3",
            "3: return",
            "4: #4 call d()@0 -> 3",
        ],
    ),
    (
        "and as a value",
        "x = a() && b();",
        ["0: #1 call a()@0 -> 1 2", "1: #2 call b()@0 -> 2", "2: #3 write x = ? return"],
    ),
    (
        "and as the only argument",
        "g(a && b);",
        ["0: #1 read a -> 1 2", "1: #2 read b -> 2", "2: #3 call g(?)@0 return"],
    ),
    (
        "and beside another argument",
        "g(x, a() && b());",
        ["0: #1 read x, call a()@1 -> 1 2", "1: #1 call b()@0 -> 2", "2: #1 call g(x, ?)@0 return"],
    ),
    (
        "conditional",
        "x = a ? b() : c();",
        ["0: #1 read a -> 1 2", "1: #2 call b()@0 -> 3", "2: #3 call c()@0 -> 3", "3: #4 write x = ? return"],
    ),
    (
        "conditional chain",
        "return a ? 1 : b ? f() : 2;",
        [
            "0: #1 read a -> 1 2",
            "1: -> 3",
            "2: #3 read b -> 4 5",
            "3: return ?",
            "4: #4 call f()@0 -> 3",
            "5: -> 3",
        ],
    ),
    (
        "conditional as a condition",
        "if (a ? b : c) d();",
        [
            "0: #1 read a -> 1 2",
            "1: #2 read b -> 3 4",
            "2: #3 read c -> 3 4",
            "3: #4 call d()@0 -> 4",
            "4: return",
        ],
    ),
    (
        "elvis",
        "x = a() ?: b;",
        ["0: #1 call a()@0 -> 1 2", "1: -> 3", "2: #3 read b -> 3", "3: #4 write x = ? return"],
    ),
    (
        "while",
        "while (a) b(); c();",
        ["0: -> 1", "1: #1 read a -> 2 3", "2: #2 call b()@0 -> 1", "3: #3 call c()@0 return"],
    ),
    (
        "while forever",
        "while (1) { if (a) break; } c();",
        ["0: -> 1", "1: -> 2", "2: #2 read a -> 3 4", "3: -> 5", "4: -> 1", "5: #3 call c()@0 return"],
    ),
    (
        "while forever without a way out",
        "while (1) b(); c();",
        ["0: -> 1", "1: -> 2", "2: #2 call b()@0 -> 1", "3: #3 call c()@0 return"],
    ),
    (
        "do",
        "do { a(); if (b) continue; c(); } while (d); e();",
        [
            "0: -> 1",
            "1: #1 call a()@0, #2 read b -> 2 3",
            "2: -> 4",
            "3: #3 call c()@0 -> 4",
            "4: #4 read d -> 1 5",
            "5: #5 call e()@0 return",
        ],
    ),
    (
        "do once",
        "do { if (a) break; b(); } while (0); c();",
        ["0: -> 1", "1: #1 read a -> 2 3", "2: -> 4", "3: #2 call b()@0 -> 4", "4: #4 call c()@0 return"],
    ),
    (
        "for",
        "for (i = 0; i < n; i++) { if (a) continue; b(); }",
        [
            "0: #1 write i = ? -> 1",
            "1: #2 read i, read n -> 2 3",
            "2: #3 read a -> 4 5",
            "3: return",
            "4: -> 6",
            "5: #4 call b()@0 -> 6",
            "6: #5 read i, write i = ? -> 1",
        ],
    ),
    (
        "for with a declaration",
        "for (int i = f(); i; ) g(i);",
        [
            "0: #2 call f()@0, declare i: int = %0 -> 1",
            "1: #3 read i -> 2 3",
            "2: #4 read i, call g(i)@0 -> 1",
            "3: return",
        ],
    ),
    ("for forever", "for (;;) a();", ["0: -> 1", "1: #1 call a()@0 -> 1"]),
    (
        "switch",
        "switch (a) { case 1: b(); case 2: c(); break; case 3: d(); } e();",
        [
            "0: #1 read a -> 2 3 6 4",
            "1: -> 2",
            "2: #2 call b()@0 -> 3",
            "3: #3 call c()@0 -> 4",
            "4: #5 call e()@0 return",
            "5: -> 6",
            "6: #4 call d()@0 -> 4",
        ],
    ),
    (
        "switch with default",
        "switch (a) { default: b(); break; case 1: c(); }",
        [
            "0: #1 read a -> 2 5",
            "1: -> 2",
            "2: #2 call b()@0 -> 3",
            "3: return",
            "4: -> 5",
            "5: #3 call c()@0 -> 3",
        ],
    ),
    (
        "several labels",
        "switch (a) { case 1: case 2: b(); }",
        ["0: #1 read a -> 2 3 4", "1: -> 2", "2: -> 3", "3: #2 call b()@0 -> 4", "4: return"],
    ),
    (
        "declaration before the first case",
        "switch (a) { int x; case 1: g(x); }",
        ["0: #1 read a -> 2 3", "1: #3 declare x: int -> 2", "2: #4 read x, call g(x)@0 -> 3", "3: return"],
    ),
    (
        "Duff's device",
        "switch (n % 2) { case 0: do { a(); case 1: b(); } while (--n > 0); }",
        [
            "0: #1 read n -> 2 4 6",
            "1: -> 2",
            "2: -> 3",
            "3: #2 call a()@0 -> 4",
            "4: #3 call b()@0, #4 read n, write n = ? -> 3 5",
            "5: -> 6",
            "6: return",
        ],
    ),
    (
        "case without a block",
        "switch (a) case 1: b();",
        ["0: #1 read a -> 2 3", "1: -> 2", "2: #2 call b()@0 -> 3", "3: return"],
    ),
    (
        "empty switch",
        "switch (a()) { } b();",
        ["0: #1 call a()@0 -> 2", "1: -> 2", "2: #2 call b()@0 return"],
    ),
    (
        "case constants are compared",
        "switch (a) { case A + B: case C(1) ? 2 : 3: b(); }",
        [
            "0: #1 read a, read A, read B, call C(?)@3 -> 2 3 4",
            "1: -> 2",
            "2: -> 3",
            "3: #2 call b()@0 -> 4",
            "4: return",
        ],
    ),
    (
        "goto",
        "if (a) goto out; b(); out: c();",
        ["0: #1 read a -> 1 2", "1: -> 3", "2: #2 call b()@0 -> 3", "3: #3 call c()@0 return"],
    ),
    (
        "goto backwards",
        "again: a(); if (b) goto again;",
        ["0: -> 1", "1: #1 call a()@0, #2 read b -> 2 3", "2: -> 1", "3: return"],
    ),
    ("label before the end", "goto out; out: ;", ["0: -> 2", "1: -> 2", "2: return"]),
    (
        "label at the closing brace",
        "if (a) goto out; b(); out: ",
        ["0: #1 read a -> 1 2", "1: -> 3", "2: #2 call b()@0 -> 3", "3: return"],
    ),
    (
        "computed goto",
        "static void *t[] = { &&l1, &&l2 }; goto *t[i]; l1: a(); l2: b(); l3: c();",
        [
            "0: #2 declare t: void *[] = ?, #3 read t, read i -> 2 3",
            "1: -> 2",
            "2: #4 call a()@0 -> 3",
            "3: #5 call b()@0 -> 4",
            "4: #6 call c()@0 return",
        ],
    ),
    (
        "computed goto without addresses",
        "goto *p; l1: a(); l2: b();",
        ["0: #1 read p -> 2 3", "1: -> 2", "2: #2 call a()@0 -> 3", "3: #3 call b()@0 return"],
    ),
    (
        "asm goto",
        'asm goto("" : : : : l1); a(); l1: b();',
        ["0: #1 call __clew_asm(?)@0 -> 1 2", "1: #2 call a()@0 -> 2", "2: #3 call b()@0 return"],
    ),
    (
        "early return",
        "if (a) return b; c(); return d(); e();",
        [
            "0: #1 read a -> 1 2",
            "1: #2 read b return b",
            "2: #3 call c()@0, #4 call d()@1 return %1",
            "3: #5 call e()@0 return",
        ],
    ),
    (
        "noreturn",
        "if (a) { exit(1); b(); } stop(); c();",
        [
            "0: #1 read a -> 1 2",
            "1: #2 call exit(?)@0 noreturn",
            "2: #4 call stop()@0 noreturn",
            "3: #3 call b()@0 -> 2",
            "4: #5 call c()@0 return",
        ],
    ),
    (
        "noreturn in an expression",
        "x = a || (abort(), 0);",
        ["0: #1 read a -> 1 2", "1: #4 write x = ? return", "2: #2 call abort()@0 noreturn"],
    ),
    (
        "dead code",
        "return; a(); if (b) c();",
        ["0: return", "1: #2 call a()@0, #3 read b -> 2 3", "2: #4 call c()@0 -> 3", "3: return"],
    ),
]


@pytest.mark.parametrize(("body", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_control_flow(body, expected):
    text = f"T f(void) {{ {body} }}"
    tokens, _ = normalise(tokenise(text, 0, len(text)))
    ast = TokenParser().parse_function(tokens, (TYPES,), "f")
    flow = lower(ast, tokens, "a.c", (), frozenset({"stop"}))
    assert dump(flow).splitlines() == expected
