"""Which changes leave an earlier result as it is, and that it then is the one that a new run would give."""

import random

import pytest
from small_changes import Changer

from clew import api
from clew.cache.store import Store
from clew.incremental import memory
from clew.incremental.certify import certify

SETTINGS = """
[[state]]
name = "ts"
type = "T *"
names = ["ts"]
accessors = ["GET()"]
changers = ["SWITCH"]
indirect = "preserves"
header = "t.h"
"""
FILES = {
    "t.h": "#ifndef T_H\n#define T_H\ntypedef struct t T;\nT *GET(void);\nvoid SWITCH(T *);\nint use(T *);\n"
    "#define CALL(x) x##_impl()\nint _err(T *, int);\nint err(int);\n#define SWITCHED turned()\n#endif\n",
    "w.c": '#include "t.h"\n'
    "int _err(T *ts, int x)\n{\n    return use(ts) + x;\n}\n\n"
    "int err(int x)\n{\n    T *ts = GET();\n    return _err(ts, x);\n}\n\n"
    "int holds(T *ts)\n{\n    return use(ts);\n}\n\n"
    "int cold(int x)\n{\n    return x + 4;\n}\n",
    "a.c": '#include "t.h"\n'
    "static int calm(int x)\n{\n    return x + 1;\n}\n\n"
    "static int low(int x)\n{\n    calm(x);\n    return use(GET());\n}\n\n"
    "/* the rest */\nint quiet(int x)\n{\n    return x * 2;\n}\n\n"
    "int top(void)\n{\n    return low(1) + low(2);\n}\n",
    "b.c": '#include "t.h"\n'
    "static int far(int x)\n{\n    return x;\n}\n\n"
    "static int near(int x)\n{\n    return far(x);\n}\n\n"
    "static void turn(void)\n{\n    SWITCH(0);\n}\n\n"
    "static void turned(void)\n{\n    turn();\n}\n\n"
    "static int twice(void)\n{\n    int x = use(GET());\n    near(x);\n    return x + use(GET());\n}\n\n"
    "int end(void)\n{\n    turned();\n    return twice();\n}\n",
    "u.c": '#include "t.h"\n#define HANDLER(n) static int n##_handler(int k)\n'
    "static int note(int x)\n{\n    return x;\n}\n\n"
    "static int swap(int x)\n{\n    SWITCH(0);\n    return x;\n}\n\n"
    "HANDLER(plain) { return note(k); }\n"
    "HANDLER(busy) { return swap(note(k)); }\n"
    "static int other(int x)\n{\n    return x;\n}\n\n"
    "int all(int x)\n{\n    plain_handler(x);\n    busy_handler(x);\n    return x + use(GET());\n}\n",
}

# what is replaced in which file: nothing of it matters
HARMLESS = [
    ("a.c", "return x * 2;", "return x * 3;"),
    ("a.c", "return x * 2;", "int y = x;\n\n    return y;"),
    ("a.c", "return x + 1;", "return x;"),
    (
        "a.c",
        "return x + 1;",
        "if (x)\n#ifdef SOME\n        return 2;\n#else\n        return 3;\n#endif\n    return 1;",
    ),
    ("a.c", "/* the rest */", "/* all the rest,\n   and more */"),
    ("a.c", "int quiet(int x)", "static int fresh(void)\n{\n    return 0;\n}\n\nint quiet(int x)"),
    ("a.c", "int quiet(int x)\n{\n    return x * 2;\n}\n", ""),
    ("a.c", "int quiet(int x)", "int silent(int x)"),
    ("a.c", "return x * 2;", "return silent(x);\n}\n\nint silent(int x)\n{\n    return 1;"),
    ("w.c", "return x + 4;", "return x + 5;"),
    ("b.c", "return x;", "return x - 1;"),
    ("b.c", "return far(x);", "return far(far(x));"),
    ("b.c", "return far(x);", "return elsewhere(x);"),
    # named, or called, in text that nobody reads, from which no change of the state can come
    ("u.c", "note(int x)\n{\n    return x;", "note(int x)\n{\n    return x + 1;"),
    ("u.c", "other(int x)\n{\n    return x;", "other(int x)\n{\n    return note(x);"),
]
# each of these may matter, whatever comes of it
HARMFUL = [
    ("a.c", "return x * 2;", "return low(x);"),
    ("a.c", "return x * 2;", "return use(GET());"),
    ("a.c", "return x * 2;", "return (int)low;"),
    ("a.c", "return x * 2;", "T *ts = 0; return use(ts);"),
    ("a.c", "return x * 2;", "return CALL(low);"),
    ("a.c", "calm(x);", "calm(2);"),
    ("a.c", "return x + 1;", "return x;\n#define low lower"),
    ("a.c", "return x + 1;", "return x;\n#if 0\n}\nint brace(void) {\n#endif"),
    ("a.c", "/* the rest */", "static int low(int x);"),
    ("a.c", "/* the rest */", 'int lower __attribute__((alias("low")));'),
    ("a.c", "/* the rest */", '/* alias("low") */'),
    ("a.c", "/* the rest */", "int variable;"),
    ("a.c", "/* the rest */", "#if 0"),
    ("a.c", '#include "t.h"\n', '#include "t.h"\n/* more */\n'),
    ("a.c", "static int calm(int x)", "static int calmer(int x)"),
    ("a.c", "static int calm(int x)", "int calm(int x)"),
    ("a.c", "int quiet(int x)", "int far(int x)"),
    ("a.c", "int quiet(int x)", "int GET(void)\n{\n    return 0;\n}\n\nint quiet(int x)"),
    ("a.c", "return x * 2;", "l\\\now(x);"),
    ("a.c", "return x * 2;", "T *ts = 0;\n    return err(x);"),
    ("a.c", "int quiet(int x)\n{\n    return x * 2;", "int quiet(int x, T *ts)\n{\n    return err(x);"),
    ("w.c", "return x + 4;", "return err(x);"),
    ("w.c", "return use(ts);", "return use(ts) + err(1);"),
    ("b.c", "return x;", "SWITCHED; return x;"),
    ("b.c", "return far(x);", "SWITCHED; return far(x);"),
    ("b.c", "return x;", "turned(); return x;"),
    ("b.c", "return far(x);", "turn(); return far(x);"),
    ("b.c", "return x;", "SWITCH(0); return x;"),
    ("b.c", "static int far(int x)\n{\n    return x;\n}\n\n", ""),
    ("u.c", "note(int x)\n{\n    return x;", "note(int x)\n{\n    return busy_handler(x);"),
    ("u.c", "note(int x)\n{\n    return x;", "note(int x)\n{\n    return swap(x);"),
    ("t.h", "#endif", "int more;\n#endif"),
    ("t.h", "x##_impl()", "x##_imp()"),
]


@pytest.fixture
def store(tmp_path):
    opened = Store(tmp_path / "cache.sqlite", "test", print)
    yield opened
    opened.close()


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "tree"
    root.mkdir()
    (tmp_path / "clew.toml").write_text(SETTINGS)
    for name, text in FILES.items():
        (root / name).write_text(text)
    return root


def ask(root, store, linkage="static"):
    settings = api.load_settings(root.parent / "clew.toml")
    tree = api.open_tree(root, settings, api.Scope(linkage=linkage), store=store)
    plan = api.make_plan(tree, "ts")
    edits = dict(api.rewrite(tree, plan).edits)
    return (
        plan,
        edits,
        api.audit(api.open_tree(root, settings, api.Scope(linkage=linkage), store=store), "ts"),
    )


@pytest.fixture
def renewed(monkeypatch):
    """How many results were taken for still right."""
    seen: list[bool] = []

    def watched(*arguments):
        found = certify(*arguments)
        seen.append(found is not None)
        return found

    monkeypatch.setattr(memory, "certify", watched)
    return seen


@pytest.mark.parametrize("linkage", ["static", "any"])
@pytest.mark.parametrize(("path", "old", "new"), HARMLESS)
def test_what_does_not_matter_is_not_computed_again(root, store, renewed, path, old, new, linkage):
    ask(root, store, linkage)
    renewed.clear()
    text = (root / path).read_text()
    assert text.count(old) == 1
    (root / path).write_text(text.replace(old, new))
    known = ask(root, store, linkage)
    assert renewed == [True, True]  # the plan with its edits, and the audit
    assert known == ask(root, None, linkage)
    renewed.clear()
    assert ask(root, store, linkage) == known
    assert renewed == []  # it is remembered as the answer for this very tree


@pytest.mark.parametrize(("path", "old", "new"), HARMFUL)
def test_what_may_matter_is_computed_again(root, store, renewed, path, old, new):
    ask(root, store)
    renewed.clear()
    text = (root / path).read_text()
    assert text.count(old) == 1
    (root / path).write_text(text.replace(old, new))
    known = ask(root, store)
    assert renewed[0] is False  # the plan; an audit does not look at what calls do
    assert known == ask(root, None)


@pytest.mark.parametrize(("redirect", "expected"), [("holders", True), ("all", False)])
def test_a_call_of_a_wrapper_matters_to_who_holds_the_state(root, store, renewed, redirect, expected):
    more = f'holders = "named"\nredirect = "{redirect}"\n'
    (root.parent / "clew.toml").write_text(SETTINGS + more)
    ask(root, store)
    renewed.clear()
    (root / "a.c").write_text(FILES["a.c"].replace("return x * 2;", "return err(x);"))
    assert ask(root, store) == ask(root, None)
    assert renewed[0] is expected


def test_files_that_come_or_go_matter(root, store, renewed):
    ask(root, store)
    renewed.clear()
    (root / "c.c").write_text("int c;\n")
    assert ask(root, store) == ask(root, None)
    (root / "c.c").unlink()
    assert not any(renewed)


def test_changes_add_up_against_the_last_full_run(root, store, renewed):
    ask(root, store)
    for number in range(3):
        text = (root / "a.c").read_text()
        (root / "a.c").write_text(f"{text}\nint added_{number}(void)\n{{\n    return {number};\n}}\n")
        renewed.clear()
        assert ask(root, store) == ask(root, None)
        assert renewed == [True, True]


def test_nothing_is_renewed_where_calls_through_pointers_may_change_the_state(root, store, renewed):
    (root.parent / "clew.toml").write_text(SETTINGS.replace('"preserves"', '"unknown"'))
    ask(root, store)
    renewed.clear()
    (root / "a.c").write_text(FILES["a.c"].replace("x * 2", "x * 3"))
    assert ask(root, store) == ask(root, None)
    assert renewed == [True]  # the audit alone


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("linkage", ["static", "any"])
def test_random_changes(root, store, seed, linkage):
    ask(root, store, linkage)
    changer = Changer(FILES, random.Random(seed))
    for _ in range(12):
        _, path = changer.change()
        (root / path).write_text(changer.texts[path])
        assert ask(root, store, linkage) == ask(root, None, linkage)


PROVIDED = """\
pinned = ["main", "get"]
[[state]]
name = "ts"
type = "State *"
names = ["ts"]
accessors = ["get()"]
indirect = "preserves"
provided = ["struct frame *: {}->state"]
prefer = "provided"
"""
CARRYING = """\
typedef struct State { int id; } State;
State *get(void);
void *malloc(unsigned long), *memset(void *, int, unsigned long);
struct frame { State *state; };
static int place;
static void *spare(unsigned long n) { return malloc(n); }
static void look(void *p) { place++; }
static void fill(void) { struct frame *g = spare(8); g->state = 0; }
int run(struct frame *f) { look(f); fill(); return get()->id; }
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{ place++; }", "{ memset(p, 0, 8); }"),  # no name of the structure in either
        ("{ return malloc(n); }", "{ return &place; }"),
    ],
)
def test_functions_whose_body_told_that_a_carrier_stays_matter(root, store, renewed, old, new):
    for path in root.iterdir():
        path.unlink()
    (root.parent / "clew.toml").write_text(PROVIDED)
    (root / "m.c").write_text(CARRYING)
    _, edits, _ = ask(root, store, "any")
    assert "f->state" in str(edits)
    renewed.clear()
    (root / "m.c").write_text(CARRYING.replace(old, new))
    known = ask(root, store, "any")
    assert renewed[0] is False
    assert "f->state" not in str(known[1])
    assert known == ask(root, None, "any")
