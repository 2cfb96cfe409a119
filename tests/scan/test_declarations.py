import pytest

from clew.scan import scan_source
from clew.text.source import SourceText


def scan(text):
    return scan_source(SourceText("x.c", text))


@pytest.mark.parametrize(
    "text",
    [
        "",
        ";",
        "struct s;\n",
        "enum { A, B };\n",
        "union u { int a; int (*f)(int); };\n",
        "INFO(x);\n",
        'DOC(name, "text");\n',
        "static LIST(x);\n",
        '_Static_assert(sizeof(int) == 4, "int");\n',
        "static_assert(1);\n",
        "END_DECLS\n",
        'asm(".globl f");\n',
        "x = 5;\n",
        "return f(x);\n",
        "typedef struct s;\n",
        "f->g(1);\n",
        "a.b = c;\n",
    ],
)
def test_declares_nothing(text):
    facts = scan(text)
    assert (facts.prototypes, facts.globals, facts.typedefs, facts.functions) == ((), (), (), ())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("int f(void);", [("f", "(void)", "int")]),
        ("int f(int, char *);", [("f", "(int, char *)", "int")]),
        ("extern T *f(T1, T2);", [("f", "(T1, T2)", "extern T *")]),
        ("int f(int a,\n      int b);\n", [("f", "(int a,\n      int b)", "int")]),
        ("int f(void), *g(int a), x;", [("f", "(void)", "int"), ("g", "(int a)", "int *")]),
        ("API(int) f(int a);", [("f", "(int a)", "API(int)")]),
        ("API(T *) f(T);", [("f", "(T)", "API(T *)")]),
        ("DEPRECATED(3.3) API(T *) f(T *a);", [("f", "(T *a)", "DEPRECATED(3.3) API(T *)")]),
        ("API(int) f(char *a, ...) GCC((format(printf, 1, 2)));", [("f", "(char *a, ...)", "API(int)")]),
        ('int f(T) __attribute__((x)) __asm__("g");', [("f", "(T)", "int")]),
        ("int f OF((int a, char *b));", [("f", "(int a, char *b)", "int")]),
        ("extern f();", [("f", "()", "extern")]),
        ("int (f)(int);", [("f", "(int)", "int (")]),
        ("int (*f(int a))(char);", [("f", "(int a)", "int (*")]),
        ("static T NAME(f)(int a);", [("NAME(f)", "(int a)", "static T")]),
        ('extern "C" {\nint f(void);\n}\n', [("f", "(void)", "int")]),
        (
            '#ifdef __cplusplus\nextern "C" {\n#endif\nint f(void);\n#ifdef __cplusplus\n}\n#endif\n',
            [("f", "(void)", "int")],
        ),
        (
            "#if 0\nint f(int);\n#else\nint f(long);\n#endif\n",
            [("f", "(int)", "int"), ("f", "(long)", "int")],
        ),
        ("int f(int a\n#if A\n , int b\n#endif\n);", [("f", "(int a\n#if A\n , int b\n#endif\n)", "int")]),
        ("int\n#if A\nf(int);\n#else\ng(long);\n#endif\n", [("f", "(int)", "int"), ("g", "(long)", "int")]),
        ("MODULE(x)\nint f(void);", [("f", "(void)", "int")]),
        ("typedef int T; int f(T);", [("f", "(T)", "int")]),
        ("struct s { int a; } *f(void);", [("f", "(void)", "struct s {        } *")]),
        ("[[noreturn]] void f(void);", [("f", "(void)", "void")]),
    ],
)
def test_prototypes(text, found):
    prototypes = scan(text).prototypes
    assert [(p.name, p.params.of(text), p.specifiers) for p in prototypes] == found
    for p in prototypes:
        assert p.name_span.of(text) == p.name
        assert p.span.encloses(p.params)


def test_a_prototype_ends_with_its_comma_or_semicolon():
    text = "static int f(void), *g(int a) ;\n"
    assert [p.span.of(text) for p in scan(text).prototypes] == ["static int f(void),", "*g(int a) ;"]
    assert [p.static for p in scan(text).prototypes] == [True, True]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("typedef int T;", ["T"]),
        ("typedef struct s { int a; } T, *P;", ["T", "P"]),
        ("typedef struct s T;", ["T"]),
        ("typedef int (*F)(int, char);", ["F"]),
        ("typedef int F(int);", ["F"]),
        ("typedef void (*F(int))(char);", ["F"]),
        ("typedef T *(API *F)(int);", ["F"]),
        ("typedef int A[3], (*B)[4];", ["A", "B"]),
        ("typedef enum { X, Y } E;", ["E"]),
        ("typedef unsigned long long T __attribute__((aligned(8)));", ["T"]),
        ("typedef struct __attribute__((packed)) { int a; } T;", ["T"]),
        ("#if A\ntypedef int T;\n#else\ntypedef long T;\n#endif\n", ["T", "T"]),
        ("typedef int\n#if A\n  T;\n#endif\n", ["T"]),
        ("DECLARE(a, b)\n\ntypedef enum { X } E;", ["E"]),
        ("int typedef T;", ["T"]),
    ],
)
def test_typedefs(text, names):
    facts = scan(text)
    assert [t.name for t in facts.typedefs] == names
    assert [t.name_span.of(text) for t in facts.typedefs] == names
    assert (facts.globals, facts.prototypes) == ((), ())


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("int a;", [("a", "int", None)]),
        (
            "static int a = 1, *b = &a, c[3];",
            [("a", "static int", "1"), ("b", "static int *", "&a"), ("c", "static int", None)],
        ),
        (
            "struct s { int a; } x, *y;",
            [("x", "struct s {        }", None), ("y", "struct s {        } *", None)],
        ),
        ("struct s x = { .a = 1, .b = { 2 } };", [("x", "struct s", "{ .a = 1, .b = { 2 } }")]),
        ("int a[] = { 1, 2 }, b;", [("a", "int", "{ 1, 2 }"), ("b", "int", None)]),
        ("int (*f)(int);", [("f", "int (*", None)]),
        ("T (*f[2])(int) = { a, b };", [("f", "T (*", "{ a, b }")]),
        ("static BOOL (WINAPI *f)(int);", [("f", "static BOOL (WINAPI *", None)]),
        ("T *(names[3]) = { a };", [("names", "T *(", "{ a }")]),
        ("extern T x;", [("x", "extern T", None)]),
        ("DATA(T) x;", [("x", "DATA(T)", None)]),
        ("EXTERN long rows INIT(= 24L);", [("rows", "EXTERN long", None)]),
        ("EXTERN int done INIT(FALSE);", [("done", "EXTERN int", None)]),
        ("int x __attribute__((unused, aligned(4))), y;", [("x", "int", None), ("y", "int", None)]),
        ("struct s *x = &(struct s){ 1 };", [("x", "struct s *", "&(struct s){ 1 }")]),
        ("T x = {\n#if A\n 1\n#else\n 2\n#endif\n};", [("x", "T", "{\n#if A\n 1\n#else\n 2\n#endif\n}")]),
        ("static T NAME(x)[] = { 1 };", [("NAME(x)", "static T", "{ 1 }")]),
        ('char *s = "a;b,c", *t;', [("s", "char *", '"a;b,c"'), ("t", "char *", None)]),
        (
            "PROBE(a, b)\n\nstatic const struct s { int a; } x[] = { 1 };",
            [("x", "static const struct s {        }", "{ 1 }")],
        ),
        ("_Thread_local int x;", [("x", "_Thread_local int", None)]),
    ],
)
def test_globals(text, found):
    facts = scan(text)
    values = [(g.name, g.specifiers, g.initialiser and g.initialiser.of(text)) for g in facts.globals]
    assert values == found
    assert [g.name_span.of(text) for g in facts.globals] == [name for name, _, _ in found]
    assert (facts.prototypes, facts.typedefs, facts.functions, facts.findings) == ((), (), (), ())


def test_storage_of_globals():
    facts = scan("static int a; extern int b; int c; extern const T *d, e;\n")
    assert [(g.static, g.extern) for g in facts.globals] == [
        (True, False),
        (False, True),
        (False, False),
        (False, True),
        (False, True),
    ]


def test_a_large_table_is_one_global():
    text = "static const T table[] = {\n" + "{1, 2, (3)},\n" * 20_000 + "};\nint after;\n"
    facts = scan(text)
    assert [g.name for g in facts.globals] == ["table", "after"]
    assert facts.findings == ()


def test_block_scope_is_left_alone():
    facts = scan("int f(void) { typedef int T; static int a; extern int g(int); return 0; }")
    assert (facts.typedefs, facts.globals, facts.prototypes) == ((), (), ())
