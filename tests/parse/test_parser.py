"""A scanned function in, its variants out: the nasty constructs, and what becomes of failures."""

import time

import pytest

from clew.parse.inject import c_ast
from clew.parse.macros import MacroTable
from clew.parse.parser import Parser
from clew.scan.scanner import scan_source
from clew.text.source import SourceText
from clew.text.span import Span


def parse(text, name="f", typedefs=(), **others):
    sources = {"a.c": text} | {path.replace("_", "."): other for path, other in others.items()}
    files = {path: scan_source(SourceText(path, source)) for path, source in sources.items()}
    types = {typedef.name for facts in files.values() for typedef in facts.typedefs}
    parser = Parser(MacroTable(files.values(), sources), types | set(typedefs))
    functions = [function for function in files["a.c"].functions if function.name == name]
    assert functions, f"the scanner found no {name}"
    return parser.parse_all(functions[0], files["a.c"], text)


def names(variant):
    """Names of the functions that a variant calls, in order."""
    found, todo = [], [variant.ast]
    while todo:
        node = todo.pop()
        if isinstance(node, c_ast.FuncCall) and isinstance(node.name, c_ast.ID):
            found.append(node.name.name)
        todo += [child for _, child in reversed(node.children())]
    return found


CASES = [
    # (text, [(method, calls) of each variant])
    ("void f(void) { }", [("leave", [])]),
    ("#define GET() get()\nvoid f(void) { g(GET()); }", [("leave", ["g", "GET"])]),
    ("#define TRY(x) if (!(x)) return\nvoid f(void) { TRY(g()); }", [("leave", ["g"])]),
    ("#define T int *\nvoid f(void) { T x = g(); }", [("leave", ["g"])]),
    (
        "#define EACH(i, n) for (int i = 0; i < n; i++)\nvoid f(int n) { EACH(i, n) g(i); }",
        [("leave", ["g"])],
    ),
    ("#define OPEN {\n#define CLOSE }\nvoid f(void) { OPEN g(); CLOSE }", [("leave", ["g"])]),
    ("#define CALL(n) call_##n()\nvoid f(void) { CALL(x); }", [("leave", ["call_x"])]),
    ("#define ATTR(x) __attribute__(x)\nATTR((cold)) void f(int a ATTR((u))) { g(); }", [("leave", ["g"])]),
    ("#define LOG(x)\nvoid f(void) { LOG(g()); h(); }", [("leave", ["LOG", "g", "h"])]),
    ("#define OP(a, o, b) ((a) o (b))\nvoid f(void) { g(OP(1, <, 2)); }", [("leave", ["g"])]),
    # left alone it does not parse: its argument is no expression
    ("#define ID(x) (x)\nvoid f(int a) { g(ID(a <) 1)); }", [("failed", None)]),
    ("#define NEG(x) (-x)\nvoid f(int a) { g(NEG({ a }.b)); }", [("failed", None)]),
    ("#define SW(x) (x)\n#define ARG(a) a b\nvoid f(int a) { SW(ARG(=)); }", [("failed", None)]),
    ("#define LP (g\nvoid f(void) { LP)(1); }", [("leave", ["g"])]),
    # #if
    ("void f(void) {\n#ifdef A\n g();\n#else\n h();\n#endif\n}", [("leave", ["g"]), ("leave", ["h"])]),
    (
        "void f(int a) {\n#ifdef A\n if (a) {\n#endif\n g();\n#ifdef A\n }\n#endif\n}",
        [("leave", ["g"]), ("leave", ["g"])],
    ),
    (
        "void f(void) { g(1,\n#ifdef A\n h()\n#else\n i()\n#endif\n); }",
        [("leave", ["g", "h"]), ("leave", ["g", "i"])],
    ),
    (
        "#ifdef A\nint f(int a)\n#else\nint f(void)\n#endif\n{ return g(); }",
        [("leave", ["g"]), ("leave", ["g"])],
    ),
    # GNU
    ("void f(int a) { a = ({ g(); }); }", [("leave", ["g"])]),
    (
        "void f(void *p) { goto *p; l: p = &&l; }",
        [("leave", ["__clew_computed_goto", "__clew_label_address"])],
    ),
    ("void f(int a) { g(a ?: h()); }", [("leave", ["g", "h"])]),
    ("void f(int a) { switch (a) { case 1 ... 3: g(); } }", [("leave", ["g"])]),
    # types
    ("typedef int T;\nvoid f(void) { T T = 1; T = T * g(); }", [("leave", ["g"])]),
    ("void f(FILE *s, uint32_t n) { size_t m = (size_t)g(s); }", [("leave", ["g"])]),
    ("void f(Unknown *u) { Other x = (Third *)g(); }", [("leave", ["g"])]),
    ("static int T(int x) { return x; }\nvoid f(void) { T(1); }", [("leave", ["T"])]),
    ("static int (*T)(int);\nvoid f(int i) { i = (*T)(1); g(); }", [("leave", ["g"])]),
    ("f(a, b) int a; char *b; { return g(a); }", [("leave", ["g"])]),
    ("void (*f(int s, void (*h)(int)))(int) { g(); return h; }", [("leave", ["g"])]),
    # unknown macros
    ("void f(int FAR *p) { g(); }", [("leave", ["g"])]),
    ("void f(void) { BEGIN_THREADS\n g();\n END_THREADS\n}", [("leave", ["g"])]),
    ("void f(void) { LIST_EACH(x) { g(); } }", [("failed", None)]),
    ("void f(void) { int h(void) { return 1; } h(); }", [("failed", None)]),
]


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_variants(text, expected):
    result = parse(text, typedefs=("T",))
    assert [(v.method, None if v.ast is None else names(v)) for v in result.variants] == expected
    assert result.complete is all(calls is not None for _, calls in expected)


def test_all_macros_are_expanded_when_leaving_them_fails():
    text = "#define PAIR(x) (x)\nvoid f(void) { int PAIR(a) = 1, PAIR(struct s *b); }"
    result = parse("#define CAST(x) (x)\nvoid f(void) { g(CAST(int) h()); }")
    assert [(v.method, names(v)) for v in result.variants] == [("all", ["g", "h"])]
    assert parse(text).variants[0].method in ("failed", "leave")


def test_no_macros_are_expanded_when_expanding_them_fails():
    result = parse('#include "b.h"\nvoid f(void) { g(odd, 1); }', b_h="#define odd ) unbalanced\n")
    assert [(v.method, names(v)) for v in result.variants] == [("none", ["g"])]


def test_a_function_with_the_name_of_a_macro_keeps_it():
    result = parse("void f(int n) { g(n); }", b_h="#define f(n) other(n)\n")
    assert [(v.method, v.ast.decl.name) for v in result.variants] == [("leave", "f")]


def test_live_spans_are_what_the_variant_compiles():
    text = "void f(void) {\n#ifdef A\n g();\n#else\n h();\n#endif\n}"
    first, second = parse(text).variants
    assert "".join(span.of(text) for span in first.live).split() == ["void", "f(void)", "{", "g();", "}"]
    assert "h();" in "".join(span.of(text) for span in second.live)
    assert all(isinstance(span, Span) for span in first.live)


def test_a_branch_that_never_parses_makes_the_result_incomplete():
    result = parse("void f(void) {\n#if 0\n this is (no C\n#endif\n g();\n}")
    assert not result.complete
    assert [v.method for v in result.variants] == ["leave", "failed"]
    assert result.variants[1].problem
    assert result.variants[1].problem_at >= 0


def test_impossible_combinations_are_left_out_when_every_branch_is_covered():
    text = "void f(int a) {\n#ifdef A\n if (a) {\n#endif\n#ifdef B\n if (!a) {\n#endif\n g(); }\n}"
    result = parse(text)
    assert result.complete
    assert [v.method for v in result.variants] == ["leave", "leave"]


def test_a_failure_tells_the_place_in_the_file():
    text = "int x;\nvoid f(void) { x = ; }"
    (variant,) = parse(text).variants
    assert text[variant.problem_at] == ";"
    assert variant.ast is None


def test_notes_survive():
    (variant,) = parse("void f(void *p) { goto *p; }").variants
    assert [note.code for note in variant.notes] == ["computed-goto"]
    (variant,) = parse("void f(void) { BEGIN_THREADS\n g();\n}").variants
    assert [note.code for note in variant.notes] == ["unknown-macro"]


def test_nodes_lead_through_tokens_to_the_source():
    text = "#define CHECK(x) do { if (x) fail(x); } while (0)\nvoid f(int a) { CHECK(g(a)); }"
    (variant,) = parse(text).variants
    places: dict[str, str] = {}
    todo = [variant.ast]
    while todo:
        node = todo.pop()
        if isinstance(node, c_ast.FuncCall):
            token = variant.tokens[node.coord.lineno - 1]
            places.setdefault(token.text, text[token.start : token.end])
        todo += [child for _, child in node.children()]
    assert places == {"fail": "CHECK(g(a))", "g": "g"}


HOSTILE = {
    "nested parentheses": "x = " + "(" * 100_000 + "1" + ")" * 100_000 + ";",
    "nested blocks": "{" * 100_000 + "}" * 100_000,
    "open parentheses": "g(" * 100_000,
    "prefix operators": "x = " + "~" * 100_000 + "1;",
    "else if": "if (a) ; " + "else if (a) ; " * 20_000,
    "labels": "".join(f"l{n}: " for n in range(20_000)) + ";",
    "casts": "x = " + "(int)" * 20_000 + "1;",
    "pointers": "int " + "*" * 50_000 + "p;",
    "declarators": "int " + "(" * 50_000 + "p" + ")" * 50_000 + ";",
    "strings": '"" ' * 50_000 + ";",
    "string joins": '"" X(a) ' * 20_000 + ";",
    "brackets": "[[" * 50_000,
    "long line": "x = y; " * 50_000,
    "typedefs": "".join(f"typedef int t{n};" for n in range(3000)) + " ;",
    "unknown names": "u v w; " * 30_000,
    "nul bytes": "\x00" * 10_000,
    "conditionals": "\n#if A" * 20_000 + "\n#endif" * 20_000 + "\n",
    "chain of elif": "\n#if A0\nx;" + "".join(f"\n#elif A{n}\nx;" for n in range(5000)) + "\n#endif\n",
    "macro calls": "M(" * 30_000 + ")" * 30_000 + ";",
    "bomb": "B;",
}
MACROS = "#define M(x) x x\n#define B B1 B1\n" + "".join(
    f"#define B{n} B{n + 1} B{n + 1}\n" for n in range(1, 50)
)


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_functions_end_in_time(kind):
    text = f"{MACROS}void f(int a) {{ {HOSTILE[kind]} }}\n"
    facts = scan_source(SourceText("a.c", text))
    parser = Parser(MacroTable([facts], {"a.c": text}), ())
    started = time.process_time()
    for function in facts.functions:
        for variant in parser.parse(function, facts, text):
            assert (variant.ast is None) == (variant.method == "failed") == bool(variant.problem)
    assert time.process_time() - started < 20


def test_a_macro_bomb_is_reported_as_such():
    text = MACROS + "void f(void) { return B; }"
    (variant,) = parse(text).variants
    assert variant.method == "failed"
    assert variant.problem.startswith("macro-limit: B")
    assert text[variant.problem_at] == "B"
