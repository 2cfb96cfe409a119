"""What expressions and declarations do: C in, the flow as text out."""

import pytest

from clew.parse.dump import dump
from clew.parse.inject import TokenParser, type_scope
from clew.parse.lower import lower
from clew.parse.normalise import normalise
from clew.parse.tokens import tokenise

TYPES = type_scope(("T", "U"))

CASES = [
    ("order of a call", "g(a, h(b));", ["0: #1 read a, read b, call h(b)@1, call g(a, %2)@0 return"]),
    (
        "nested calls and operands",
        "return f(g(), &x, (T *)y, *z, 3);",
        ["0: #1 call g()@0, address x, read y, read z, call f(%0, &x, y, ?, ?)@0 return %4"],
    ),
    ("comma", "a(), b(), c();", ["0: #1 call a()@0", "#2 call b()@1", "#3 call c()@2 return"]),
    (
        "statement expression",
        "x = ({ T t = a(); if (t) b(); t; });",
        [
            "0: #4 call a()@0, declare t: T = %0",
            "#5 read t -> 1 2",
            "1: #6 call b()@0 -> 2",
            "2: #7 read t",
            "#8 write x = ? return",
        ],
    ),
    (
        "declarations",
        "T *a = f(), *b = a, c; static T *d = &e;",
        [
            "0: #2 call f()@0, declare a: T * = %0",
            "#3 read a, declare b: T * = a",
            "#4 declare c: T",
            "#6 address e, declare d: T * = ? return",
        ],
    ),
    (
        "array sizes",
        "char a[n()], b[2][sizeof(g())];",
        ["0: #2 call n()@0, declare a: char[n()]", "#3 declare b: char[2][sizeof(g())] return"],
    ),
    (
        "aggregate",
        "struct s a = { f(), .b = { c }, [D] = 1 };",
        ["0: #2 call f()@0, read c, read D, declare a: struct s = ? return"],
    ),
    (
        "declarations without an object",
        "extern T e; typedef T U; T g(T); enum { A = B } h; g(e);",
        ["0: #7 read B", "#8 declare h: enum{A=B}", "#9 read e, call g(e)@2 return"],
    ),
    (
        "not evaluated",
        "x = sizeof(g(y)) + sizeof z + _Alignof(T) + offsetof(struct s, a.b);",
        ["0: #1 call offsetof(?, ?)@0, write x = ? return"],
    ),
    ("typeof", "typeof(g()) x = h();", ["0: #2 call h()@0, declare x: typeof(g()) = %0 return"]),
    (
        "chained assignment",
        "a = b = c; a = b = f();",
        ["0: #1 read c, write b = c, write a = c", "#2 call f()@3, write b = %3, write a = %3 return"],
    ),
    (
        "compound assignment",
        "a += b; a.m -= c; a->m |= d; a[i] <<= e;",
        [
            "0: #1 read a, read b, write a = ?",
            "#2 read a.m, read c, write a.m = ?",
            "#3 read a->m, read d",
            "#4 read a, read i, read e, write a[] = ? return",
        ],
    ),
    (
        "increment",
        "a++; --b.m; c->m++; d[i]--; (*e)++;",
        [
            "0: #1 read a, write a = ?",
            "#2 read b.m, write b.m = ?",
            "#3 read c->m",
            "#4 read d, read i, write d[] = ?",
            "#5 read e return",
        ],
    ),
    (
        "members",
        "a.m = b.n; a->m = b->n; a.m.k = b.n.k; a.m->k = b.n->k;",
        [
            "0: #1 read b.n, write a.m = ?",
            "#2 read a->m, read b->n",
            "#3 read b.n, write a.m = ?",
            "#4 read a.m, read b.n return",
        ],
    ),
    (
        "elements",
        "a[i] = b[j]; a[i].m = b[j].n; a[i]->m = b->n[j]; a.m[i] = 1;",
        [
            "0: #1 read i, read b, read j, write a[] = ?",
            "#2 read i, read b, read j, write a[] = ?",
            "#3 read a, read i, read b->n, read j",
            "#4 read i, write a.m = ? return",
        ],
    ),
    (
        "pointers",
        "*a = *b; (*a).m = 1; **a = 2; (*f)->m = 3; g()->m = 4;",
        ["0: #1 read a, read b", "#2 read a", "#3 read a", "#4 read f", "#5 call g()@5 return"],
    ),
    (
        "addresses",
        "f(&a, &a.m, &a[i], &a->m); g(&*a, &(a), &a.m[j]);",
        [
            "0: #1 address a, address a.m, read i, address a[], read a->m, call f(&a, ?, ?, ?)@0",
            "#2 read a, address a, read j, address a.m, call g(?, &a, ?)@6 return",
        ],
    ),
    (
        "callees",
        "(f)(1); (*f)(2); (&f)(3); (**f)(4);",
        ["0: #1 call f(?)@0", "#2 call f(?)@1", "#3 call f(?)@2", "#4 call f(?)@3 return"],
    ),
    (
        "calls through locals",
        "T *v; v(1); (*v)(2); T k(T); k(3); { T k; k(4); } k(5);",
        [
            "0: #2 declare v: T *",
            "#3 read v, call *(v)(?)@1",
            "#4 read v, call *((*v))(?)@3",
            "#7 call k(?)@5",
            "#9 declare k: T",
            "#10 read k, call *(k)(?)@7",
            "#11 call k(?)@9 return",
        ],
    ),
    (
        "calls through expressions",
        "a.m(1); a->m(2); a[i](3); (*a->m)(4); g()(5); (x ? f : g)(6); ((T)h)(7);",
        [
            "0: #1 read a.m, call *(a.m)(?)@0",
            "#2 read a->m, call *(a->m)(?)@2",
            "#3 read a, read i, call *(a[i])(?)@4",
            "#4 read a->m, call *((*a->m))(?)@7",
            "#5 call g()@9, call *(g())(?)@9",
            "#6 read x -> 1 2",
            "1: #7 read f -> 3",
            "2: #8 read g -> 3",
            "3: #9 call *((x?f:g))(?)@0",
            "#10 read h, call *(((T)h))(?)@1 return",
        ],
    ),
    (
        "calls through calls",
        "a->m(1)->n(2);",
        ["0: #1 read a->m, call *(a->m)(?)@0, call *(a->m(1)->n)(?)@0 return"],
    ),
    (
        "va_arg",
        "x = va_arg(ap, T *); y = __builtin_va_arg(ap, T);",
        [
            "0: #1 read ap, call va_arg(ap, ?)@0, write x = %1",
            "#2 read ap, call __builtin_va_arg(ap, ?)@3, write y = %4 return",
        ],
    ),
    (
        "generic",
        "x = _Generic(a(), T: b(), default: c());",
        ["0: -> 1 2", "1: #2 call b()@0 -> 3", "2: #3 call c()@0 -> 3", "3: #4 write x = ? return"],
    ),
    ("compound literal", "f(&(T){ a, g() });", ["0: #1 read a, call g()@1, call f(?)@0 return"]),
    ("casts", "x = (T)(U)y; (void)z;", ["0: #1 read y, write x = y", "#2 read z return"]),
    ("cast to array pointer", "x = (T (*)[n])y;", ["0: #1 read n, read y, write x = y return"]),
    ("strings", 'f("a" "b")(1);', ['0: #1 call f(?)@0, call *(f("a""b"))(?)@0 return']),
    ("missing and type arguments", "M(T *, , a);", ["0: #1 read a, call M(?, ?, a)@0 return"]),
    ("static assertion", '_Static_assert(sizeof(T) == 4, "size"); a();', ["0: #1 call a()@0 return"]),
    (
        "odd callees",
        "(a = b)(1); (a, b)(2); (a + b)(3); (-a)(4); a++(5); ((T){ b })(6); a[i]()(7);",
        [
            "0: #1 read b, write a = b, call *((a=b))(?)@0",
            "#2 read a",
            "#3 read b, call *((a,b))(?)@3",
            "#4 read a, read b, call *((a+b))(?)@6",
            "#5 read a, call *((-a))(?)@9",
            "#6 read a, write a = ?, call *(a++)(?)@11",
            "#7 read b, call *(((T){b}))(?)@14",
            "#8 read a, read i, call *(a[i])()@16, call *(a[i]())(?)@16 return",
        ],
    ),
    (
        "odd callees that branch",
        "({ a; })(1); _Generic(a, T: b)(2);",
        [
            "0: #3 read a",
            "#4 call *(({a;}))(?)@0 -> 1",
            "1: #6 read b -> 2",
            "2: #7 call *(_Generic(a,T:b))(?)@0 return",
        ],
    ),
    (
        "a structure alone",
        'struct s { T a[N]; int b : M; enum { E = D } c; _Static_assert(1, ""); };',
        ["0: #1 read N, read M, read D return"],
    ),
    (
        "results that cross a branch",
        "x = g(h(), a || b); return g(h(), a || b, i());",
        [
            "0: #1 call h()@0, read a -> 1 2",
            "1: #1 call g(?, ?)@0, write x = %0",
            "#2 call h()@2, read a -> 3 4",
            "2: #1 read b -> 1",
            "3: #2 call i()@0, call g(?, ?, %0)@0 return %1",
            "4: #2 read b -> 3",
        ],
    ),
]


@pytest.mark.parametrize(("body", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_operations(body, expected):
    text = f"T f(void) {{ {body} }}"
    tokens, _ = normalise(tokenise(text, 0, len(text)))
    ast = TokenParser().parse_function(tokens, (TYPES,), "f")
    flow = lower(ast, tokens, "a.c", (), frozenset({"stop"}))
    assert dump(flow).replace(", #", "\n#").splitlines() == expected
