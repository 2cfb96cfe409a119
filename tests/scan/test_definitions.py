import pytest

from clew.scan import scan_source
from clew.text.source import SourceText


def scan(text):
    return scan_source(SourceText("x.c", text))


def only(text):
    (function,) = scan(text).functions
    return function


@pytest.mark.parametrize(
    "text",
    [
        "",
        "int f(int);\n",
        "struct s { int a; };\n",
        "struct s { int (*f)(void); } x = { 0 };\n",
        "int a[] = { f(1), g(2) };\n",
        "typedef struct { int a; } *P;\n",
        "enum e { A = sizeof(int), B };\n",
        "struct packed(4) s { int a; };\n",
        "#define F(x) int x(void) { return 0; }\n",
        "/* int f(void) { } */\n",
        'char *s = "int f(void) { }";\n',
        "int (*table[])(void) = { a, b };\n",
        "T x = (struct s){ .f = g(1) };\n",
        "#ifdef __cplusplus\nint f() { return 1; }\n#endif\n",
    ],
)
def test_no_function(text):
    facts = scan(text)
    assert facts.functions == ()
    assert facts.findings == ()


@pytest.mark.parametrize(
    ("text", "name", "params", "specifiers"),
    [
        ("int f(void) { return 1; }", "f", "(void)", "int"),
        ("int main() {}", "main", "()", "int"),
        ("static inline T *f(T *a, int (*g)(int)) {}", "f", "(T *a, int (*g)(int))", "static inline T *"),
        (
            "static PyObject *\nf(PyObject *self,\n  int a)\n{\n}\n",
            "f",
            "(PyObject *self,\n  int a)",
            "static PyObject *",
        ),
        ("struct s *f(struct s *a)\n{\n}", "f", "(struct s *a)", "struct s *"),
        ("struct s { int a; } f(void) {}", "f", "(void)", "struct s {        }"),
        ("API(int) f(int a) {}", "f", "(int a)", "API(int)"),
        ("API(const char *) f(T) {}", "f", "(T)", "API(const char *)"),
        ("LOCAL(T *)\nf(a *b) {}", "f", "(a *b)", "LOCAL(T *)"),
        ("int f(int a) GCC((format(printf, 1, 2))) {}", "f", "(int a)", "int"),
        ("int f(int a) NORETURN {}", "f", "(int a)", "int"),
        ("__attribute__((noinline)) static int f(int a) {}", "f", "(int a)", "static int"),
        (
            "static int __attribute__((x(1, 2))) f(int a) {}",
            "f",
            "(int a)",
            "static int __attribute__((x(1, 2)))",
        ),
        ("int f(int a) __attribute__((cold)) {}", "f", "(int a)", "int"),
        ("[[nodiscard]] int f(int a) {}", "f", "(int a)", "int"),
        ("FORMAT(printf, 1, 2) void f(char *a, ...) {}", "f", "(char *a, ...)", "FORMAT(printf, 1, 2) void"),
        ("void *(f)(int a) {}", "f", "(int a)", "void *("),
        ("int (f)(int a) {}", "f", "(int a)", "int ("),
        ("size_t (f)(int a) {}", "f", "(int a)", "size_t ("),
        ("int (*f(int a))(char) {}", "f", "(int a)", "int (*"),
        ("void (*signal(int s, void (*h)(int)))(int) {}", "signal", "(int s, void (*h)(int))", "void (*"),
        ("static T LIB(find)(const T *s, int n) {}", "LIB(find)", "(const T *s, int n)", "static T"),
        ("INLINE(T)\nstatic_name(a *b) {}", "static_name", "(a *b)", "INLINE(T)"),
        ("int caf\xc3\xa9(void) {}", "caf\xc3\xa9", "(void)", "int"),
        ("int f(a, b) int a; char *b; { }", "f", "(a, b)", "int"),
        ("f(a, b)\n  int a;\n  struct s *b;\n{ }", "f", "(a, b)", ""),
        ("INFO(x)\nstatic int f(void) {}", "f", "(void)", "static int"),
        ("static PATH(x, y)\n\nstatic int f(void) {}", "f", "(void)", "static int"),
        ("BEGIN_DECLS\n\nint f(void) {}", "f", "(void)", "int"),
        ("NORETURN\nvoid f(void) {}", "f", "(void)", "NORETURN\nvoid"),
        ("#if A\nint x;\n#endif\nint f(void) {}", "f", "(void)", "int"),
        ("int f(int a[static 3], T b[]) {}", "f", "(int a[static 3], T b[])", "int"),
        ("int f(int a)\r\n{\r\n}\r\n", "f", "(int a)", "int"),
        ('extern "C" { int f(void) {} }', "f", "(void)", "int"),
        ('extern "C" int f(void) {}', "f", "(void)", "int"),
        ("_Noreturn static void f(_Atomic(int) *a) {}", "f", "(_Atomic(int) *a)", "_Noreturn static void"),
        ("constexpr int f(typeof(x) a, bool b) {}", "f", "(typeof(x) a, bool b)", "constexpr int"),
    ],
)
def test_definition(text, name, params, specifiers):
    function = only(text)
    assert (function.name, function.header.params.of(text), function.specifiers) == (name, params, specifiers)
    assert function.header.name_span.of(text) == name
    body = function.body.of(text)
    assert (body[0], body[-1]) == ("{", "}")
    assert text[function.header.start :].startswith(specifiers[:4])
    assert scan(text).findings == ()


@pytest.mark.parametrize(
    ("text", "static", "inline"),
    [
        ("int f(void) {}", False, False),
        ("static int f(void) {}", True, False),
        ("static __inline__ int f(void) {}", True, True),
        ("inline int f(void) {}", False, True),
        ("int static f(void) {}", True, False),
        ("LOCAL(int) f(int x) {}", False, False),
        ("int f(int a[static 2]) {}", False, False),
    ],
)
def test_linkage(text, static, inline):
    function = only(text)
    assert (function.static, function.inline) == (static, inline)


def test_old_style_declarations_have_a_span():
    text = "int f(a, b)\n    int a;\n    char *b;\n{\n    return a;\n}\n"
    function = only(text)
    assert function.old_style.of(text) == "int a;\n    char *b;"
    assert function.attributes == ""
    assert scan(text).globals == ()


def test_attributes_are_what_follows_the_parameters():
    text = "int f(int a) NORETURN /* c */ __attribute__((cold))\n{\n}\n"
    assert only(text).attributes == "NORETURN         __attribute__((cold))"


def test_two_headers_over_one_body():
    text = "#ifdef A\nstatic int f(int a)\n#else\nint f(long a)\n#endif\n{\n    return g(a);\n}\n"
    function = only(text)
    assert [h.params.of(text) for h in function.headers] == ["(int a)", "(long a)"]
    assert [text[h.start :].split(maxsplit=1)[0] for h in function.headers] == ["static", "int"]


def test_two_headers_with_braces_of_their_own():
    text = "#ifdef A\nint f(int a) {\n#else\nint f(long a) {\n#endif\n    return g(a);\n}\nint h(void) {}\n"
    function, after = scan(text).functions
    assert [h.params.of(text) for h in function.headers] == ["(int a)", "(long a)"]
    assert function.body.of(text) == "{\n#endif\n    return g(a);\n}"
    assert after.name == "h"


def test_code_behind_the_first_of_two_braces_stays_in_the_body():
    text = "#ifdef A\nint f(int a) { a++;\n#else\nint f(long a) {\n#endif\n    return g(a);\n}\n"
    assert only(text).body.of(text).startswith("{ a++;")


def test_branches_may_name_the_function_apart():
    text = "int\n#ifdef A\nwmain(int n)\n#else\nmain(int n)\n#endif\n{\n}\n"
    first, second = scan(text).functions
    assert (first.name, second.name) == ("wmain", "main")
    assert first.body == second.body


def test_branches_in_the_parameters():
    text = "int f(int a\n#ifdef A\n  , int b)\n#else\n  )\n#endif\n{\n}\n"
    function = only(text)
    assert function.header.params.of(text) == "(int a\n#ifdef A\n  , int b)\n#else\n  )"
    text = "int f(int a,\n#ifdef A\n  int b\n#endif\n  )\n{\n}\n"
    assert only(text).header.params.of(text) == "(int a,\n#ifdef A\n  int b\n#endif\n  )"


def test_one_header_and_a_body_in_each_branch():
    text = "int f(int a)\n#ifdef A\n{ return g(); }\n#else\n{ return h(); }\n#endif\n"
    first, second = scan(text).functions
    assert first.headers == second.headers
    assert [f.body.of(text) for f in (first, second)] == ["{ return g(); }", "{ return h(); }"]


def test_functions_in_every_branch():
    text = "#if 0\nint f(int a) {}\n#elif B\nint f(long a) {}\n#else\nint f(char a) {}\n#endif\n"
    assert [f.header.params.of(text) for f in scan(text).functions] == ["(int a)", "(long a)", "(char a)"]


def test_branches_may_share_what_stands_before_them():
    branches = "#if A\nf(int a)\n{\n}\n#elif B\nf(long a)\n{\n}\n#else\ng(char a)\n{\n}\n#endif\n"
    text = f"static T\n{branches}T h(void) {{}}\n"
    functions = scan(text).functions
    assert [(f.name, f.header.params.of(text)) for f in functions] == [
        ("f", "(int a)"),
        ("f", "(long a)"),
        ("g", "(char a)"),
        ("h", "(void)"),
    ]
    assert [(f.static, f.specifiers, f.header.start) for f in functions[:3]] == [(True, "static T", 0)] * 3


def test_nested_branches_are_all_read():
    text = "#if A\nint f(int a)\n#else\n#if B\nint f(long a)\n#else\nint f(char a)\n#endif\n#endif\n{\n}\n"
    assert [h.params.of(text) for h in only(text).headers] == ["(int a)", "(long a)", "(char a)"]


@pytest.mark.parametrize(
    "inner",
    [
        "#if A\n  if (a) {\n#else\n  if (b) {\n#endif\n  }\n",
        "#if A\n  if (a) { }\n#endif\n",
        "#if A\n  } else {\n#else\n  } else if (b) {\n#endif\n",
    ],
)
def test_branches_that_agree(inner):
    body = f"  if (x) {{\n{inner}  }}\n"
    facts = scan(f"int f(void)\n{{\n{body}}}\nint g(void)\n{{\n}}\n")
    assert [f.name for f in facts.functions] == ["f", "g"]
    assert facts.findings == ()


@pytest.mark.parametrize(
    "inner",
    [
        "#if A\n  if (a) {\n#endif\n  h();\n#if A\n  }\n#endif\n",
        "#if A\n  if (a) {\n#else\n  h();\n#endif\n",
        "#if A\n  }\n#else\n  h();\n#endif\n",
        "#if A\n  if (a) {\n#endif\n",
    ],
)
def test_branches_that_disagree(inner):
    text = f"int f(void)\n{{\n  if (x) {{\n{inner}  }}\n}}\nint g(void)\n{{\n  return 1;\n}}\n"
    facts = scan(text)
    assert [f.name for f in facts.functions] == ["f", "g"]
    assert facts.functions[1].body.of(text) == "{\n  return 1;\n}"
    assert "disagreeing-branches" in {finding.code for finding in facts.findings}


@pytest.mark.parametrize(
    ("text", "code", "covered"),
    [
        ("TEST(name)\n{\n  g();\n}\n", "unknown-block", "TEST(name)\n{\n  g();\n}"),
        ("{ g(); }\n", "unknown-block", "{ g(); }"),
        ("static T f(int a)\nBODY(f)\nint g(void) {}\n", "macro-body", "f(int a)"),
        ("static T f(int a)\nBODY(f)\n", "macro-body", "f(int a)"),
        ("static void f SIGNAL(a)\n{\n}\n", "macro-parameters", "SIGNAL(a)"),
        ("int f(void) { if (a) {\n", "unbalanced-brace", "{"),
        ("int a; }\nint g(void) {}\n", "unbalanced-brace", "}"),
        ("#if A\nint a;\n", "unbalanced-conditional", "#"),
        ("#endif\nint a;\n", "unbalanced-conditional", "#"),
    ],
)
def test_odd_text_becomes_a_finding(text, code, covered):
    assert [(f.code, f.span.of(text)) for f in scan(text).findings] == [(code, covered)]


def test_a_macro_may_make_the_parameters():
    text = "static void f SIGNAL(a)\n{\n}\n"
    function = only(text)
    assert (function.name, function.header.params.of(text), function.static) == ("f", "(a)", True)


def test_a_function_with_a_macro_for_its_body_does_not_lend_its_header():
    text = "static T f(int a)\nBODY(f)\n\nstatic T g(int b)\n{\n}\n"
    function = only(text)
    assert function.name == "g"
    assert function.span.of(text) == "static T g(int b)\n{\n}"


def test_statements_in_macro_arguments_do_not_end_a_declaration():
    text = "HANDLER(int, rc,\n  int rc = 0;,\n  rc = g(x);)\nstatic int f(void) {}\n"
    facts = scan(text)
    assert [f.specifiers for f in facts.functions] == ["static int"]
    assert facts.globals == facts.prototypes == ()


def test_prose_with_apostrophes_in_a_dead_branch():
    text = "#if 0\nThis isn't C,\nand it won't do.\n#endif\nint f(void) { return 'a'; }\n"
    facts = scan(text)
    assert [f.name for f in facts.functions] == ["f"]
    assert {finding.code for finding in facts.findings} == {"unterminated-string"}


def test_macros_in_a_body_do_not_hide_its_end():
    text = "int f(void)\n{\n#define OPEN {\n  if (x) g();\n#undef OPEN\n}\nint h(void) {}\n"
    assert [f.name for f in scan(text).functions] == ["f", "h"]


def test_no_final_newline():
    assert only("int f(void){}").span.of("int f(void){}") == "int f(void){}"


def test_layout_ends_a_block_that_lost_its_brace():
    first = "int f(void)\n{\n#if A\n  if (a) {\n#endif\n}\n"
    text = f"{first}int g(void)\n{{\n  {{\n  }}\n}}\n#if B\nint h(void)\n{{\n}}\n#endif\n"
    assert names_of(text) == ["f", "g", "h"]


def test_layout_keeps_a_block_that_closed_too_early():
    text = "int f(void)\n{\n#if A\n  }\n#else\n  k();\n#endif\n  after();\n}\nint g(void)\n{\n}\n"
    facts = scan(text)
    assert [f.name for f in facts.functions] == ["f", "g"]
    assert "after();" in facts.functions[0].body.of(text)


def names_of(text):
    return [function.name for function in scan(text).functions]
