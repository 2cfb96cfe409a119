"""What may be the state of a tree that nobody described."""

import pytest

from clew.detect.suggest import suggest_states
from clew.link.program import Program
from clew.scan import scan_source
from clew.text.source import SourceText


def suggest(files, limit=9):
    sources = {path: SourceText(path, text) for path, text in files.items()}
    facts = {path: scan_source(source) for path, source in sources.items()}
    return suggest_states(Program(sources, facts, {}), limit)


def users(*bodies):
    return "".join(f"void f{number}(void) {{ {body} }}\n" for number, body in enumerate(bodies))


@pytest.mark.parametrize(
    "text",
    [
        "int count;\n" + users("count++;", "count++;", "count++;"),
        "char *name;\n" + users("g(name);", "g(name);", "g(name);"),
        "const struct s table;\n" + users("g(table.x);", "g(table.x);", "g(table.x);"),
        "struct s all[3];\n" + users("g(all);", "g(all);", "g(all);"),
        "struct s *(*hook)(void);\n" + users("hook();", "hook();", "hook();"),
        "struct s *cur;\n" + users("g(cur);", "g(cur);"),  # too few
        "struct { int x; } cur;\n" + users(*["g(cur.x);"] * 3),  # a type without a name
        "struct s *cur;\n" + users("g(x->cur);", "g(x.cur);", "struct s *cur = g(); h(cur);"),
        "struct s *cur;\nvoid a(int cur) { g(cur); }\n" + users("g(cur);", "g(cur);"),
        "struct s *cur(int n) { return t; }\n" + users("cur(1);", "cur(2);", "cur(3);"),
        "struct s *make(void) { struct s *n = g(); n->x = 1; n->y = 2; return n; }\n"
        + users("make();", "make();", "make();"),
    ],
)
def test_what_is_no_candidate(text):
    assert suggest({"main.c": text}) == []


@pytest.mark.parametrize(
    ("text", "spelling", "kind", "type_text"),
    [
        ("struct s *cur;\n" + users(*["g(cur);"] * 3), "cur", "variable", "struct s *"),
        ("typedef struct s S;\nextern S *cur;\n" + users(*["cur->x = 1;"] * 3), "cur", "variable", "S *"),
        ("EXTERN struct s *cur;\n" + users(*["g(cur);"] * 3), "cur", "variable", "struct s *"),
        ("static _Thread_local struct s *cur;\n" + users(*["g(cur);"] * 3), "cur", "variable", "struct s *"),
        ("struct s E;\n" + users(*["E.x++;"] * 3), "E", "object", "struct s *"),
        (
            "struct s *cur(void) { return t; }\n" + users(*["cur()->x++;"] * 3),
            "cur()",
            "call",
            "struct s *",
        ),
        (
            "struct s { int x; } *cur;\n#define X (cur->x)\n" + users("g(X);", "h(X);", "g(cur);"),
            "cur",
            "variable",
            "struct s *",
        ),
    ],
)  # fmt: skip
def test_candidates(text, spelling, kind, type_text):
    [found] = suggest({"main.c": text})
    assert (found.spelling, found.kind, found.type) == (spelling, kind, type_text)
    assert (found.functions, found.files) == (3, 1)


def test_the_one_that_most_functions_use_comes_first():
    text = "struct a *one;\nstruct b *two;\n" + users(
        "g(one, two);", "g(two);", "g(two);", "g(one);", "g(two, one);"
    )
    assert [found.spelling for found in suggest({"main.c": text})] == ["two", "one"]
    assert [found.spelling for found in suggest({"main.c": text}, 1)] == ["two"]


def test_a_name_counts_where_it_is_declared():
    files = {
        "s.h": "struct s { int x; };\nextern struct s *cur;\n",
        "a.c": '#include "s.h"\nstruct s *cur;\nvoid a(struct s *it) { g(cur, it); }\n',
        "b.c": '#include "s.h"\n' + users(*["g(cur);"] * 2),
        "c.c": users(*["g(cur);"] * 7),
    }
    [found] = suggest(files)
    assert (found.functions, found.files) == (3, 2)
    assert (found.path, found.line) == ("a.c", 2)
    assert (found.names, found.header) == (("it", "s"), "s.h")


@pytest.mark.parametrize(
    ("declared", "more", "names"),
    [
        ("struct session *cur;", "", ("session",)),
        ("struct Session *cur;", "", ("session",)),
        ("typedef struct s task_t; task_t *cur;", "", ("task",)),
        ("typedef struct s task; task *cur;", "", ()),  # it is the name of the type
        ("struct session *cur;", "int session(void) { return 1; }", ()),
        ("struct session *cur;", "void g(struct session *s);", ("s", "session")),
    ],
)
def test_names_for_the_parameter(declared, more, names):
    [found] = suggest({"main.c": f"{declared}\n{more}\n" + users(*["g(cur);"] * 3)})
    assert found.names == names


def test_a_static_variable_is_that_of_its_file():
    other = {"b.c": users(*["g(cur);"] * 5)}
    assert suggest({"a.c": "static struct s *cur;\n" + users("g(cur);"), **other}) == []
