import re
import time

import pytest

from clew.link.program import Program
from clew.rewrite.code import code_of
from clew.rewrite.layout import lay_out
from clew.scan import scan_source
from clew.text.edit import Edit, apply_edits
from clew.text.source import SourceText
from clew.text.span import Span

# In the tables ``{+new+}`` is put in, ``{-old-}`` is taken out, and ``{-old-}{+new+}`` replaces.
_MARK = re.compile(r"(?:\{-(?P<old>(?s:.)*?)-\})?(?:\{\+(?P<new>(?s:.)*?)\+\})?")


def read_marked(marked, rule=""):
    """Return the original text and the edits."""
    text, edits, at = [], [], 0
    length = 0
    for match in _MARK.finditer(marked):
        if not match[0]:
            continue
        text.append(marked[at : match.start()])
        length += match.start() - at
        old = match["old"] or ""
        edits.append(Edit(Span(length, length + len(old)), match["new"] or "", rule))
        text.append(old)
        length += len(old)
        at = match.end()
    text.append(marked[at:])
    return "".join(text), edits


def laid_out(text, edits, columns=79):
    source = SourceText("x.c", text)
    facts = scan_source(source)
    code = code_of(Program({"x.c": source}, {"x.c": facts}), "x.c")
    return lay_out(source, code, edits, columns, [directive.span for directive in facts.directives])


def rewrite_marked(marked, columns=79, rule=""):
    text, edits = read_marked(marked, rule)
    return apply_edits(text, laid_out(text, edits, columns))


def unmarked(marked):
    text, edits = read_marked(marked)
    return apply_edits(text, edits)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        # What stood together stays together.
        (
            "{+State *ts, +}const char *name, int length,|int *found",
            "State *ts,|const char *name, int length,|int *found",
        ),
        # A list in one line had no groups.
        (
            "{+State *ts, +}const char *name, int length, int *p",
            "State *ts, const char *name,|int length, int *p",
        ),
        # What follows would not fit on its own.
        (
            "{+State *ts, +}const char *a, int bb, int cc, int dd,|int *p",
            "State *ts, const char *a, int bb,|int cc, int dd, int *p",
        ),
        # It fits.
        ("{+State *ts, +}const char *name,|int *found", "State *ts, const char *name,|int *found"),
        # The new one is not the first.
        (
            "const char *name, {+State *ts, +}int length,|int *found",
            "const char *name, State *ts,|int length, int *found",
        ),
    ],
)
def test_a_list_of_parameters_keeps_its_lines(parameters, expected):
    def function(text):
        aligned = text.replace("|", "\n" + " " * len("static int find("))
        return f"static int find({aligned})\n{{\n}}\n"

    assert rewrite_marked(function(parameters), 50, "thread") == function(expected)


@pytest.mark.parametrize(
    "marked",
    [
        # It fits.
        "int f(void)\n{\n    return g({+ts, +}a);\n}\n",
        # Not aligned before: it stays where it is.
        "int f(void)\n{\n    x = g({+ts, +}a,\n      b);\n}\n",
        # Aligned with a bracket that does not move.
        "int f(void)\n{\n    x = g({+ts, +}a,\n          b);\n}\n",
        # Too long before, and shorter now.
        "int f(void)\n{\n    " + "a" * 60 + "({-the_repository-}{+repo+}, bbbbbbbbbbbbbbbbb);\n}\n",
        # Too long, but there is nothing to break at.
        "int f(void)\n{\n    " + "a" * 70 + "({+ts+});\n}\n",
        # A comma in a string is no place to break at.
        'int f(void)\n{\n    return g({+ts + +}"' + "a, " * 25 + '");\n}\n',
        # A directive on one line cannot be broken.
        "#define FETCH_AND_CALL(a, b, c, d) call_it({+PyThreadState_GET(), +}a, b, c, d, a, b, c)\n",
        # A table that nobody wraps.
        "int f(void)\n{\n    g({+ts, +}" + "1, " * 80 + "1);\n}\n",
        # A line that no edit touches may be as long as it likes.
        "int f(void)\n{\n    g({+ts, +}1);\n    h(" + "1, " * 30 + "1);\n}\n",
    ],
)
def test_layout_leaves_alone(marked):
    assert rewrite_marked(marked) == unmarked(marked)


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param(
            "int f(void)\n{\n    x = {-the_g-}{+g+}(a,\n              b,\n              c);\n}\n",
            "int f(void)\n{\n    x = g(a,\n          b,\n          c);\n}\n",
            id="moved left",
        ),
        pytest.param(
            "int f(void)\n{\n    x = g({+ts, +}a, h(b,\n               c),\n          d);\n}\n",
            "int f(void)\n{\n    x = g(ts, a, h(b,\n                   c),\n          d);\n}\n",
            id="nested",
        ),
        pytest.param(
            "int f(void)\n{\n    if (g({+ts, +}a) && h({+ts, +}b, k(c,\n"
            "                       d),\n                  e))\n"
            "        return 1;\n}\n",
            "int f(void)\n{\n    if (g(ts, a) && h(ts, b, k(c,\n"
            "                               d),\n                      e))\n"
            "        return 1;\n}\n",
            id="several edits in a line",
        ),
        pytest.param(
            "int f(void)\n{\n    x = g(a,\n          h({+ts, +}b, k(c,\n                 d)));\n}\n",
            "int f(void)\n{\n    x = g(a,\n          h(ts, b, k(c,\n                     d)));\n}\n",
            id="edit on a continuation line",
        ),
        pytest.param(
            "int f(void)\n{\n\tx = {-the_g-}{+g+}(a,\n\t\t  b);\n}\n",
            "int f(void)\n{\n\tx = g(a,\n\t      b);\n}\n",
            id="tabs",
        ),
        pytest.param(
            "int f(void)\n{\n\tlong_name_of_a_variable{-_more-} = g(a,\n\t\t\t\t\t b);\n}\n",
            "int f(void)\n{\n\tlong_name_of_a_variable = g(a,\n\t\t\t\t    b);\n}\n",
            id="tabs and blanks",
        ),
        pytest.param(
            "int f(void)\n{\n    {-the_g-}{+g+}(a,  /* one\n              * two\n"
            "              */\n          b);\n}\n",
            "int f(void)\n{\n    g(a,  /* one\n          * two\n          */\n      b);\n}\n",
            id="a comment of several lines",
        ),
        pytest.param(
            "int f(void)\n{\n    {-the_g-}{+g+}(a,\n#ifdef X\n          b,\n#else\n          c,\n"
            "#endif\n          d);\n}\n",
            "int f(void)\n{\n    g(a,\n#ifdef X\n      b,\n#else\n      c,\n#endif\n      d);\n}\n",
            id="branches in a list",
        ),
        pytest.param(
            "int f(void)\n{\n    if ({-the_g-}{+g+}(a,\n#ifdef X\n              h(b, 1)) {\n"
            "#else\n              c)) {\n#endif\n"
            "        k(a,\n          b);\n    }\n}\n",
            "int f(void)\n{\n    if (g(a,\n#ifdef X\n          h(b, 1)) {\n#else\n          c)) {\n#endif\n"
            "        k(a,\n          b);\n    }\n}\n",
            id="branches that close one bracket twice",
        ),
        pytest.param(
            "int f(void)\r\n{\r\n    {-the_g-}{+g+}(a,\r\n          b);\r\n}\r\n",
            "int f(void)\r\n{\r\n    g(a,\r\n      b);\r\n}\r\n",
            id="CRLF",
        ),
    ],
)
def test_alignment_is_kept(marked, expected):
    assert rewrite_marked(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param(
            "static int\n"
            "save_it({+PyThreadState *tstate, +}PicklerObject *self, PyObject *args, PyObject *obj)\n"
            "{\n}\n",
            "static int\nsave_it(PyThreadState *tstate, PicklerObject *self, PyObject *args,\n"
            "        PyObject *obj)\n{\n}\n",
            id="a header",
        ),
        pytest.param(
            "static int\n"
            "send({+PyThreadState *tstate, +}PyGenObject *gen, PyObject *arg, PyObject **presult,\n"
            "     int exc, int closing)\n{\n}\n",
            "static int\nsend(PyThreadState *tstate, PyGenObject *gen, PyObject *arg,\n"
            "     PyObject **presult, int exc, int closing)\n{\n}\n",
            id="no short line is left over",
        ),
        pytest.param(
            "static int\n"
            "send({+PyThreadState *tstate, +}PyGenObject *generator, PyObject *argument, PyObject "
            "*result,\n"
            "     PyObject *one, PyObject *two, PyObject *three, PyObject *four, int five,\n"
            "     int six)\n{\n}\n",
            "static int\nsend(PyThreadState *tstate, PyGenObject *generator, PyObject *argument,\n"
            "     PyObject *result, PyObject *one, PyObject *two, PyObject *three,\n"
            "     PyObject *four, int five, int six)\n{\n}\n",
            id="a filled list is filled again",
        ),
        pytest.param(
            "int f(void)\n{\n"
            "    parse({+tstate, +}arguments_of_the_function, keywords_of_the_function, format_xx,\n"
            '          "x", &x,\n          "y", &y_is_a_name_that_takes_nearly_all_of_the_line,\n'
            '          "z", &z);\n}\n',
            "int f(void)\n{\n    parse(tstate, arguments_of_the_function, keywords_of_the_function,\n"
            '          format_xx, "x", &x,\n          "y", &y_is_a_name_that_takes_nearly_all_of_the_line,\n'
            '          "z", &z);\n}\n',
            id="a grouped list keeps its groups",
        ),
        pytest.param(
            "int f(void)\n{\n"
            "\tif (!patch->is_delete && is_beyond({+repo, +}state, patch->new_name_of_the_file))\n"
            "\t\treturn;\n}\n",
            "int f(void)\n{\n\tif (!patch->is_delete &&\n"
            "\t    is_beyond(repo, state, patch->new_name_of_the_file))\n\t\treturn;\n}\n",
            id="the outermost operator first",
        ),
        pytest.param(
            "int f(void)\n{\n"
            "    PyObject *retval = vectorcall_method({+tstate, +}&_Py_ID(__getitem__), stack, 2);\n"
            "}\n",
            "int f(void)\n{\n    PyObject *retval = vectorcall_method(tstate, &_Py_ID(__getitem__),\n"
            "                                         stack, 2);\n}\n",
            id="nothing tiny is left alone",
        ),
        pytest.param(
            "static int write_entry({+struct repository *repo, +}const struct object_id *oid, cons"
            "t char *base,\n"
            "\t\tint baselen, const char *filename, unsigned mode,\n\t\tvoid *context)\n{\n"
            "\tx();\n\ty();\n}\n",
            "static int write_entry(struct repository *repo, const struct object_id *oid,\n"
            "\t\tconst char *base, int baselen, const char *filename,\n"
            "\t\tunsigned mode, void *context)\n{\n\tx();\n\ty();\n}\n",
            id="the list's own indentation",
        ),
        pytest.param(
            "int f(void)\n{\n    if (aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n        && b\n"
            "        && call_something({+tstate, +}bbbbbbbbbbbbbbbbbbb) && call_something({+tstate, +}c))\n"
            "        return;\n}\n",
            "int f(void)\n{\n    if (aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n        && b\n"
            "        && call_something(tstate, bbbbbbbbbbbbbbbbbbb)\n"
            "        && call_something(tstate, c))\n        return;\n}\n",
            id="operators that begin a line",
        ),
        pytest.param(
            "int f(void)\r\n{\r\n"
            "    return call_it({+tstate, +}aaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbb, ccc"
            "cccc);\r\n"
            "}\r\n",
            "int f(void)\r\n{\r\n"
            "    return call_it(tstate, aaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbb,\r\n"
            "                   ccccccc);\r\n}\r\n",
            id="CRLF",
        ),
        pytest.param(
            "static const struct a_long_name *the_name_of_a_function({+struct repository *repo, +}int count)"
            "\n{\n}\n",
            "static const struct a_long_name *the_name_of_a_function(struct repository *repo,\n"
            "                                                        int count)\n{\n}\n",
            id="beyond the limit where that saves much",
        ),
    ],
)
def test_long_lines_are_broken(marked, expected):
    assert rewrite_marked(marked) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        pytest.param(
            "#define X(c) \\\n    c = g({+GET()+}); \\\n    if (c == NULL) {  \\\n    }\n",
            "#define X(c) \\\n    c = g(GET()); \\\n    if (c == NULL) {  \\\n    }\n",
            id="nothing to eat",
        ),
        pytest.param(
            "#define X(c)          \\\n    c = g({+GET()+});          \\\n    if (c == NULL) {  \\\n    }\n",
            "#define X(c)          \\\n    c = g(GET());     \\\n    if (c == NULL) {  \\\n    }\n",
            id="eats padding",
        ),
        pytest.param(
            "#define X(c)\t\t\t\\\n\tc = g({-the_repository-}{+repo+});\t\\\n\tdone()\n",
            "#define X(c)\t\t\t\\\n\tc = g(repo);\t\t\\\n\tdone()\n",
            id="pads with tabs",
        ),
        pytest.param(
            "#define SLOT(NAME) \\\n{ \\\n"
            "    return call_method({+_PyThreadState_GET(), +}&_Py_ID(NAME), the_stack, 1, 2, 3); \\\n"
            "}\n",
            "#define SLOT(NAME) \\\n{ \\\n"
            "    return call_method(_PyThreadState_GET(), &_Py_ID(NAME), the_stack, 1, \\\n"
            "                       2, 3); \\\n}\n",
            id="breaks with a backslash",
        ),
    ],
)
def test_macros_keep_their_backslashes(marked, expected):
    assert rewrite_marked(marked) == expected


@pytest.mark.parametrize(
    "text",
    [
        "g(" * 100_000 + ")" * 100_000,
        "g(a, " * 50_000,
        "x = g(" + "a, " * 1_000_000 + "a);",
        "#define X g(a) \\\n" * 20_000,
        "g(a);\n" * 100_000,
        "f(\n#if X\n(" * 20_000,
        '"' * 100_001,
        "/*" * 100_000,
    ],
    ids=["nested", "unclosed", "long", "macro", "statements", "branches", "quotes", "comments"],
)
def test_hostile_text_takes_linear_time(text):
    edits = [Edit(Span(at, at), "tstate, ") for at in range(2, len(text), max(1, len(text) // 2_000))]
    start = time.process_time()
    apply_edits(text, laid_out(text, edits))
    assert time.process_time() - start < 10
