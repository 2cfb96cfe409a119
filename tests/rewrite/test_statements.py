import pytest

from clew.rewrite.statements import insert_statement, remove_statement
from clew.scan import scan_source
from clew.text.edit import apply_edits
from clew.text.source import SourceText
from clew.text.span import Span

FETCH = "T *ts = get();"


def removed(text, statement):
    source = SourceText("x.c", text)
    at = text.index(statement)
    edit = remove_statement(source, scan_source(source).masked, Span(at, at + len(statement)), "")
    return apply_edits(text, [edit])


def inserted(text, before):
    source = SourceText("x.c", text)
    facts = scan_source(source)
    directives = {directive.span.start for directive in facts.directives}
    edit = insert_statement(source, facts.masked, text.index(before), FETCH, "", directives)
    return apply_edits(text, [edit])


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("f()\n{\n    T *ts = get();\n    g();\n}\n", "f()\n{\n    g();\n}\n", id="its line"),
        pytest.param(
            "f()\n{\n    T *ts = get();\n\n    g();\n}\n", "f()\n{\n    g();\n}\n", id="opens the block"
        ),
        pytest.param(
            "f()\n{\n    int a;\n    T *ts = get();\n\n    g();\n}\n",
            "f()\n{\n    int a;\n\n    g();\n}\n",
            id="the blank line after declarations stays",
        ),
        pytest.param(
            "f()\n{\n    int a;\n\n    T *ts = get();\n\n    g();\n}\n",
            "f()\n{\n    int a;\n\n    g();\n}\n",
            id="between blank lines",
        ),
        pytest.param(
            "f()\r\n{\r\n    int a;\r\n\r\n    T *ts = get();\r\n\r\n    g();\r\n}\r\n",
            "f()\r\n{\r\n    int a;\r\n\r\n    g();\r\n}\r\n",
            id="CRLF",
        ),
        pytest.param(
            "f()\n{\n    T *ts = get();  // borrowed\n    g();\n}\n",
            "f()\n{\n    g();\n}\n",
            id="the comment behind",
        ),
        pytest.param(
            "f()\n{\n    T *ts = get();  /* borrowed,\n                       not owned */\n    g();\n}\n",
            "f()\n{\n    g();\n}\n",
            id="a comment of two lines",
        ),
        pytest.param(
            "f()\n{\n    T *ts = get();  /* one\n  two */ g();\n}\n",
            "f()\n{\n    /* one\n  two */ g();\n}\n",
            id="code behind the comment",
        ),
        pytest.param("f() { T *ts = get(); g(); }\n", "f() { g(); }\n", id="a block on one line"),
        pytest.param(
            "f()\n{\n    int a; T *ts = get();\n}\n", "f()\n{\n    int a;\n}\n", id="at the line's end"
        ),
        pytest.param(
            "f()\n{\n    /* x */ T *ts = get();\n}\n", "f()\n{\n    /* x */\n}\n", id="behind a comment"
        ),
    ],
)
def test_declaration_goes_away(before, after):
    assert removed(before, "T *ts = get();") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("f()\n{\n    a();\n    ts = get();\n    g();\n}\n", "f()\n{\n    a();\n    g();\n}\n"),
        (
            "f()\n{\n    if (x)\n        ts = get();\n    g();\n}\n",
            "f()\n{\n    if (x)\n        ;\n    g();\n}\n",
        ),
        ("f()\n{\n    if (x) ts = get();\n}\n", "f()\n{\n    if (x) ;\n}\n"),
        ("f()\n{\n    if (x) a(); else ts = get();\n}\n", "f()\n{\n    if (x) a(); else ;\n}\n"),
        ("f()\n{\ndone:\n    ts = get();\n}\n", "f()\n{\ndone:\n    ;\n}\n"),
        ("f()\n{\ndone:\n    ts = get();\n    int a = 1;\n}\n", "f()\n{\ndone:\n    ;\n    int a = 1;\n}\n"),
        ("f()\n{\ndone:\n    ts = get();\n    return 1;\n}\n", "f()\n{\ndone:\n    return 1;\n}\n"),
    ],
)
def test_an_assignment_that_something_needs_becomes_empty(before, after):
    assert removed(before, "ts = get();") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("f()\n{\n    g();\n}\n", "f()\n{\n    T *ts = get();\n    g();\n}\n", id="first"),
        pytest.param(
            "f()\n{\n    int a;\n\n    g();\n}\n",
            "f()\n{\n    int a;\n    T *ts = get();\n\n    g();\n}\n",
            id="last of the declarations",
        ),
        pytest.param(
            "f()\n{\n    int a;  /* one */\n    const char *b = x(1,\n                      2);\n\n"
            "    /* Go. */\n    g();\n}\n",
            "f()\n{\n    int a;  /* one */\n    const char *b = x(1,\n                      2);\n"
            "    T *ts = get();\n\n"
            "    /* Go. */\n    g();\n}\n",
            id="below a declaration of two lines",
        ),
        pytest.param(
            "f()\n{\n    int a;\n\n    a = 1;\n\n    /* Go. */\n    g();\n}\n",
            "f()\n{\n    int a;\n\n    a = 1;\n\n    T *ts = get();\n    /* Go. */\n    g();\n}\n",
            id="above the comment",
        ),
        pytest.param(
            "f()\n{\n    int a;\n#ifdef X\n    g();\n#endif\n}\n",
            "f()\n{\n    int a;\n#ifdef X\n    T *ts = get();\n    g();\n#endif\n}\n",
            id="not over a directive",
        ),
        pytest.param(
            "f()\n{\n    if (x)\n        return y;\n\n    g();\n}\n",
            "f()\n{\n    if (x)\n        return y;\n\n    T *ts = get();\n    g();\n}\n",
            id="a return is no declaration",
        ),
        pytest.param(
            "f()\n{\n    int a;  /* it goes\n               on */\n    g();\n}\n",
            "f()\n{\n    int a;  /* it goes\n               on */\n    T *ts = get();\n    g();\n}\n",
            id="not into a comment",
        ),
        pytest.param(
            "f()\n{\n    for (int i = 0; i < 2; i++)\n        h();\n    g();\n}\n",
            "f()\n{\n    for (int i = 0; i < 2; i++)\n        h();\n    T *ts = get();\n    g();\n}\n",
            id="not into a loop",
        ),
        pytest.param(
            "f()\n{\n    if (x) {\n        int a;\n    }\n\n    g();\n}\n",
            "f()\n{\n    if (x) {\n        int a;\n    }\n\n    T *ts = get();\n    g();\n}\n",
            id="not into another block",
        ),
        pytest.param("f() { g(); }\n", "f() { T *ts = get(); g(); }\n", id="on one line"),
        pytest.param(
            "f()\r\n{\r\n\tint a;\r\n\r\n\tg();\r\n}\r\n",
            "f()\r\n{\r\n\tint a;\r\n\tT *ts = get();\r\n\r\n\tg();\r\n}\r\n",
            id="CRLF",
        ),
    ],
)
def test_declaration_is_put_in(before, after):
    assert inserted(before, "g();") == after
