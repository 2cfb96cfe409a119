"""Whatever the text, scanning ends, loses nothing and reports true places."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.scan import find_calls, find_mentions, identifiers, scan_source
from clew.scan.facts import Global, Macro, Prototype, Typedef
from clew.scan.items import list_items
from clew.scan.mask import mask_fragment
from clew.scan.plain import match_plain_header
from clew.text.source import SourceText
from clew.text.span import Span

WORDS = "int static struct s T f g a b 1 return if else typedef extern __attribute__ __cplusplus"
MARKS = "( ) ( ) { } { } [ ] ; ; , * = + . -> # ## \" ' /* */ //"
LINES = (
    "\\\n",
    "\n",
    "\r\n",
    "\t",
    'extern "C" {',
    "\n#if A\n",
    "\n#else\n",
    "\n#endif\n",
    "\n#define M(x) x\n",
)
TOKENS = [*WORDS.split(), *MARKS.split(), *LINES]

soup = st.lists(st.sampled_from(TOKENS), max_size=60).map(" ".join)
dense_soup = st.lists(st.sampled_from(TOKENS), max_size=60).map("".join)
any_bytes = st.binary(max_size=300)


def check(text):
    """Scan *text* and check every place that the facts report."""
    facts = scan_source(SourceText("x.c", text))
    whole = Span(0, len(text))
    assert len(facts.masked) == len(text)
    for function in facts.functions:
        assert whole.encloses(function.span)
        assert text[function.body.start] == "{"
        for header in function.headers:
            assert header.name_span.of(text) == function.name
            assert header.start <= header.name_span.start < header.params.end <= len(text)
            assert text[header.params.start] == "("
        if function.old_style:
            assert whole.encloses(function.old_style)
    named: list[Prototype | Global | Typedef | Macro]
    named = [*facts.prototypes, *facts.globals, *facts.typedefs, *facts.macros]
    for fact in named:
        assert whole.encloses(fact.name_span)
        assert fact.name_span.of(text) == fact.name
    for finding in facts.findings:
        assert whole.encloses(finding.span)
        assert finding.span.start < finding.span.end
    for macro in facts.macros:
        assert len(mask_fragment(macro.body.of(text))) == macro.body.end - macro.body.start
    for call in find_calls(facts.masked, whole):
        assert call.name_span.of(text) == call.name
        assert text[call.open] == "("
        assert call.close == -1 or text[call.close] == ")"
    return facts


@given(soup)
def test_token_soup(text):
    check(text)


@given(dense_soup)
def test_dense_token_soup(text):
    check(text)


@given(any_bytes)
def test_byte_soup(data):
    check(data.decode("latin-1"))


@given(soup)
def test_mentions_are_identifiers_and_all_of_them(text):
    facts = scan_source(SourceText("x.c", text))
    names = identifiers(facts.masked)
    mentions = find_mentions(facts.masked, Span(0, len(text)), names)
    assert {mention.name for mention in mentions} == names
    one = find_mentions(facts.masked, Span(0, len(text)), frozenset(("f",)))
    assert one == [mention for mention in mentions if mention.name == "f"]


@given(soup)
def test_items_cover_the_text_in_order(text):
    at = 0
    for item in list_items(text):
        assert at <= item.start < item.end <= len(text)
        assert item.text == text[item.start : item.end]
        at = item.end


SPECIFIERS = ("int ", "static T *\n", "struct s * ", "const char *const ", "extern\nT ", "T\n\n")
PARENTHESES = ("T M(a)", "int (*f)(int, T), T a", "(int a)", "T a, M(1)", "T a, M(M(a))", "&a")


def test_the_short_way_and_the_long_way_agree(monkeypatch):
    texts = [
        f"{specifiers}{name}({params}){end}"
        for specifiers in (
            *SPECIFIERS,
            "API(T) ",
            "API (T *) *\n",
            "M(typedef int) ",
            "typeof(x) ",
            "E API(T)",
        )
        for name in ("f", "do_it ", "if")
        for params in ("", "void", "int a, T *b", "T", "1", "a, b", "T a[3]", *PARENTHESES)
        for end in (";", " {}", "\n{\n}\n")
    ]
    texts += [
        f"{specifiers}{name}{size}{value};"
        for specifiers in (
            "int ",
            "static T *\n",
            "extern struct s ",
            "typedef T ",
            "struct ",
            "static ",
            "API(T) ",
        )
        for name in ("x", "do_it ", "if")
        for size in ("", "[3]", "[N + 1][2] ")
        for value in ("", " = 1", "= &y", "={1, 2}", " = {1}, z", " = f(1)", " = {{1}, {2}}")
    ]
    texts += ["M(1);", "M (a, b) ;", "M(f(x));", "int (x);", 'M("a") int y;']
    short = [scan_source(SourceText("x.c", text)) for text in texts]
    assert any(match_plain_header(text) for text in texts)
    monkeypatch.setattr("clew.scan.definition.match_plain_header", lambda _: None)
    monkeypatch.setattr("clew.scan.declaration.match_plain_header", lambda _: None)
    monkeypatch.setattr("clew.scan.declaration.match_plain_variable", lambda _: None)
    monkeypatch.setattr("clew.scan.declaration._is_lone_call", lambda _: False)
    long = [scan_source(SourceText("x.c", text)) for text in texts]
    assert short == long


HOSTILE = {
    "NUL bytes": "\0",
    "one long word": "a",
    "blanks": " ",
    "opening parentheses": "(",
    "closing parentheses": ")",
    "opening braces": "{",
    "closing braces": "}",
    "braces in column 0": "}\n",
    "indented braces": "int f()\n{\n }\n",
    "brackets": "([{",
    "quotes": '"a',
    "apostrophes": "' ",
    "escaped quotes": '\\"',
    "comment starts": "/* ",
    "slashes": "/",
    "splices": "\\\n",
    "marks": "#",
    "directives": "#\n",
    "conditionals": "#if A\n{\n#else\n",
    "C++": '#ifdef __cplusplus\nextern "C" {\n#endif\n',
    "calls": "f(a) ",
    "macro calls": "M(x)\n",
    "headers": "static int f(int a) M(b)\n",
    "attributes": "__attribute__((x)) ",
    "old-style headers": "f(a) int a;",
    "declarators": "(*a",
    "aggregates": "struct a {} ",
    "rows": "{1, 2},\n",
    "separators": "1'",
    "statements in parentheses": "(;",
}


@pytest.mark.parametrize("piece", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize(("before", "after"), [("", ""), ("int f(", ") {}\n"), ("int a = ", ";\n")])
def test_time_grows_with_the_length_only(piece, before, after):
    def measure(count):
        text = before + piece * count + after
        started = time.process_time()
        check(text)
        return time.process_time() - started

    measure(10)
    # the best of three: other processes only ever add to the time
    short, long = (min(measure(count) for _ in range(3)) for count in (2_000, 16_000))
    # Eight times the text takes about eight times as long, even on a busy machine; a square would take 64.
    assert long < max(0.3, 40 * short)


def test_deep_nesting():
    text = (
        "int f(void) {" + "{(" * 50_000 + ")}" * 50_000 + "}\n" + "int (" * 5_000 + "*g" + ")" * 5_000 + ";"
    )
    assert [function.name for function in check(text).functions] == ["f"]
