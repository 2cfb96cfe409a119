"""Variants share tokens, expansions and nodes; what comes out is what each of them would give alone."""

import pytest

from clew.parse import earlier
from clew.parse.expand import BASE_BUDGET, Expander
from clew.parse.front import FunctionParser
from clew.parse.macros import MacroTable
from clew.parse.parser import Parser
from clew.parse.tokens import tokenise
from clew.scan.scanner import scan_source
from clew.text.source import SourceText

LONG = "{ int n = g(1, 2, 3); while (n) { n--; if (n > 3) { h(n, T2); continue; } q(n); } k(n); }"

# Each has two variants or more, and something that a careless copy would get wrong.
FUNCTIONS = {
    "the rest is the same": f"void f(int a) {{\n#ifdef A\n a++;\n#endif\n {LONG} {LONG} }}",
    "a switch behind a branch": f"""void f(int a) {{
#ifdef A
 a++;
#endif
 switch (a) {{ case 1: case 2: g(a); h(a); break; default: {LONG} q(a); }} k(a); }}""",
    "a switch around a branch": f"""void f(int a) {{
 switch (a) {{ case 1: {LONG} k(1); break; case 2:
#ifdef A
 g(2);
#endif
 case 3: {{ switch (a) {{ case 4: g(4); h(4); case 5: k(5); }} {LONG} }} default: ; }} }}""",
    "a name that is a type in one variant": f"""typedef int T;
void f(int a) {{
#ifdef A
 int T = a;
#endif
 {{ int b = a; g(b, b, b, b); (T) * b; k(T) (b); h(b, b, b, b, b, b); }} {LONG} }}""",
    "a local typedef in one variant": f"""void f(int a) {{
#ifdef A
 typedef int U;
#endif
 {{ int b = a; g(b, b, b, b); U * b; h(b, b, b, b, b, b); {LONG} }} {LONG} }}""",
    "a use that shows a type in one variant": f"""void f(int a) {{
#ifdef A
 W x;
#endif
 {{ int b = a; g(b, b, b, b); W * b; h(b, b, b, b, b, b); {LONG} }} }}""",
    "an invocation that a branch cuts": """#define G(x) g(x)
#define H G
void f(int a) {
 H
#ifdef A
 (a);
#else
 (a + 1);
#endif
 H (2); }""",
    "a macro that takes what follows": """#define BEGIN if (a) { START
#define START g(
#define LAST(x) x) ; }
void f(int a) {
#ifdef A
 BEGIN LAST(1)
#else
 BEGIN LAST(2)
#endif
 BEGIN LAST(3) }""",
    "a macro without effect": """#define TRACE(x)
#define BOTH TRACE
void f(int a) {
 if (a)
#ifdef A
  a =
#endif
 BOTH (a); TRACE(g(a)); TRACE
#ifdef A
 (h(a))
#endif
 ; }""",
    "a macro that changes on the way": """#define M 1
void f(int a) {
 g(M);
#undef M
#ifdef A
#define M 2
#else
#define M h(3)
#endif
 g(M); k(M); }""",
    "computed gotos": f"""void f(int a) {{
 static void *to[] = {{ &&one, &&two }};
one: {LONG}
#ifdef A
 goto *to[a];
#else
 goto *to[a + 1];
#endif
two: {{ {LONG} goto *to[a]; }} }}""",
    "two headers": f"""#ifdef A
int f(int a)
#else
int f(int a, int b)
#endif
{{ {LONG} return a; }}""",
    "one that does not parse": f"""void f(int a) {{
#ifdef A
 g(a;
#endif
 {LONG}
#ifdef B
 k(a);
#endif
 }}""",
}


def flows(text, *, shared, monkeypatch):
    source = SourceText("a.c", text)
    facts = scan_source(source)
    function = next(one for one in facts.functions if one.name == "f")
    with monkeypatch.context() as patch:
        if not shared:
            alone = Parser.parse_all
            patch.setattr(Parser, "parse_all", lambda self, *given: alone(self, *given[:3]))
        return FunctionParser({"a.c": facts}, {"a.c": source}).parse("a.c", function)


@pytest.mark.parametrize("kind", FUNCTIONS)
def test_what_is_shared_changes_nothing(kind, monkeypatch):
    alone = flows(FUNCTIONS[kind], shared=False, monkeypatch=monkeypatch)
    assert flows(FUNCTIONS[kind], shared=True, monkeypatch=monkeypatch) == alone
    assert len(alone.variants) > 1


def test_what_is_the_same_is_parsed_once(monkeypatch):
    found = []
    find = earlier.Earlier.find

    def watched(*given):
        found.append(find(*given))
        return found[-1]

    monkeypatch.setattr(earlier.Earlier, "find", watched)
    flows(FUNCTIONS["the rest is the same"], shared=True, monkeypatch=monkeypatch)
    assert [len(kept.tokens) for kept in found if kept] == [50, 50]


def test_expansions_are_shared():
    text = "#define G(x) g(x, x)\nG(1); G(2); G(3);"
    facts = scan_source(SourceText("a.c", text))
    table = MacroTable([facts], {"a.c": text})
    expander = Expander(lambda name, at: table.lookup(name, "a.c", at), BASE_BUDGET)
    tokens = tokenise(facts.masked, text.index("\n"), len(text))
    first = expander.expand_variant(tokens, BASE_BUDGET)
    again = expander.expand_variant(tokens[5:], BASE_BUDGET)  # without ``G(1);``
    assert again == first[7:]
    assert all(one is other for one, other in zip(again, first[7:], strict=True))
