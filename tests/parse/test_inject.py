"""What clew relies on in pycparser: a new version that breaks one of these must not be allowed."""

import pytest
from pycparser import c_ast

from clew.parse.inject import KEYWORDS, TokenParser, UnparsedError, type_scope
from clew.parse.tokens import tokenise

PARSER = TokenParser()
TYPES = type_scope(("T", "size_t"))


def parse(text, *scopes):
    tokens = tokenise(text, 0, len(text))
    return tokens, PARSER.parse_function(tokens, scopes or (TYPES,), "f")


def nodes(tree):
    todo = [tree]
    while todo:
        node = todo.pop()
        yield node
        todo += [child for _, child in reversed(node.children())]


BODY = """static T *f(int a, T *b) {
    int x = 1, *y = &x; T z = { .m = 2 }; struct s { int n; } w;
    if (a) x = g(a, b->c.d[3]); else for (int i = 0; i < 2; i++) { continue; }
    while (x) { do { x--; } while (0); break; }
    switch (x) { case 1: y = (T *) b; default: ; }
  end:
    x += sizeof(T) + (a ? 1 : 2) + ({ int q = h(); q; });
    goto end;
    return !(*b)->k(y, T);
}"""

# class, text of the token that its line must lead to
PLACES = [
    ("FuncDef", "f"),
    ("Decl", "f"),
    ("Assignment", "x"),
    ("FuncCall", "g"),
    ("StructRef", "b"),
    ("ArrayRef", "b"),
    ("If", "if"),
    ("For", "for"),
    ("While", "while"),
    ("DoWhile", "do"),
    ("Switch", "switch"),
    ("Case", "case"),
    ("Default", "default"),
    ("Label", "end"),
    ("Goto", "goto"),
    ("Return", "return"),
    ("Break", "break"),
    ("Continue", "continue"),
    ("Compound", "{"),
    ("Cast", "("),
    ("TernaryOp", "a"),
    ("InitList", "."),
    ("NamedInitializer", "."),
    ("EmptyStatement", ";"),
    ("UnaryOp", "x"),
]


@pytest.mark.parametrize(("kind", "text"), PLACES)
def test_nodes_lead_to_their_tokens(kind, text):
    tokens, tree = parse(BODY)
    found = [node for node in nodes(tree) if type(node).__name__ == kind]
    assert tokens[found[0].coord.lineno - 1].text == text


def test_every_name_and_constant_leads_to_itself():
    tokens, tree = parse(BODY)
    for node in nodes(tree):
        if isinstance(node, c_ast.ID):
            assert tokens[node.coord.lineno - 1].text == node.name
        if isinstance(node, c_ast.Decl) and node.name:
            assert tokens[node.coord.lineno - 1].text in (node.name, "*", "struct", "s")
        if isinstance(node, c_ast.Constant):
            assert tokens[node.coord.lineno - 1].text == node.value


STATEMENTS = [
    "T x;",
    "T T;",
    "T *x = 0; x * 2;",
    "int T = 1; T = T * 2;",
    "{ int T; T++; } T x;",
    "typedef int L; L x; L *y;",
    "for (int T = 0; T < 2; T++) ; T x;",
    "g(T, struct s *, , x);",
    "va_arg(ap, T *);",
    "x = __builtin_va_arg(ap, int);",
    "x = offsetof(struct s, m.n[2]);",
    "x = ({ int y = 1; y; });",
    "__typeof__(x) y = x; typeof(int *) z;",
    "auto y = x; __auto_type z = x;",
    "x = _Generic(y, int: 1, default: 2);",
    '_Static_assert(1, ""); static_assert(2);',
    "_Alignas(16) int y; _Atomic int z; _Atomic(int) w;",
    "bool y = true; void *z = nullptr;",
    "x = sizeof y + sizeof(T) + _Alignof(T) + __alignof__(y);",
    "x = (T){ 1 }.m + (int[]){ 1, 2 }[0];",
    "__inline__ __volatile__ int y; __signed__ char z; unsigned __int64 w; __thread int t;",
    "int y[n][m]; int (*z)(T, int) = g; extern int h(T);",
    "x = 1uu + 0xFFull + 1.5f + 1e3 + 0x1p3 + 1'000;",
    "l: case 1: case 2: default: ;",
    "l: int y;",
    ";;",
]


@pytest.mark.parametrize("statement", STATEMENTS)
def test_constructs_that_pycparser_reads(statement):
    _, tree = parse(f"void f(T a) {{ {statement} }}")
    assert tree.decl.name == "f"


def test_a_local_name_hides_a_type():
    _, tree = parse("void f(void) { int T; T * 2; }")
    assert isinstance(tree.body.block_items[1], c_ast.BinaryOp)
    _, tree = parse("void f(void) { T * x; }")
    assert isinstance(tree.body.block_items[0], c_ast.Decl)


def test_a_later_scope_overrides_an_earlier_one():
    _, tree = parse("void f(void) { T(x); }", TYPES, {"T": False})
    assert isinstance(tree.body.block_items[0], c_ast.FuncCall)


def test_old_style_definitions():
    _, tree = parse("f(a, b) int a; T *b; { return a; }")
    assert [declaration.name for declaration in tree.param_decls] == ["a", "b"]


@pytest.mark.parametrize(
    ("text", "problem", "at"),
    [
        ("int f(void) { return 1 }", "not understood at '}'", "}"),
        ("int f(void) { int g(void) { } }", "a block after ')': a nested function, or an unknown macro", "{"),
        ("int f(void) { x @ y; }", "stray '@'", "@"),
        ("int f(void) { x", "ends too early", "x"),
        ("int g;", "no definition of f", "int"),
        ("int f(void) { } )", "not understood at ')'", ")"),
    ],
)
def test_failures_say_what_and_where(text, problem, at):
    tokens = tokenise(text, 0, len(text))
    with pytest.raises(UnparsedError) as caught:
        PARSER.parse_function(tokens, (TYPES,), "f")
    assert caught.value.problem.startswith(problem.split(" (")[0])
    assert tokens[caught.value.at].text == at


@pytest.mark.parametrize(
    "body",
    [
        "if (a) ; " + "else if (a) ; " * 8000,
        "switch (a) { " + "".join(f"case {n}: " for n in range(8000)) + "; }",
        "x = " + "a = " * 20_000 + "1;",
        "x = " + "a ? b : " * 15_000 + "1;",
    ],
)
def test_long_chains_are_read(body):
    _, tree = parse(f"void f(void) {{ {body} }}")
    assert tree.body.block_items


@pytest.mark.parametrize(
    "body",
    [
        "x = " + "!" * 200_000 + "1;",
        "while (a) " * 60_000 + ";",
        "x = " + "(T[sizeof(" * 60 + "1" + ")]){0}" * 60 + ";",
        "x = " + "(typeof(" * 60 + "1" + ")){0}" * 60 + ";",
    ],
)
def test_hostile_nesting_ends(body):
    with pytest.raises(UnparsedError):
        parse(f"void f(void) {{ {body} }}")


def test_keywords_include_other_spellings():
    assert KEYWORDS["__inline__"] == KEYWORDS["inline"]
    assert KEYWORDS["__typeof"] == KEYWORDS["typeof"]
    assert "define" not in KEYWORDS
