"""What functions that get no parameter pass and edit, where only some functions are asked for."""

import pytest

from clew import api
from clew.config.load import parse_settings

SETTINGS = """
[[state]]
name = "repo"
type = "struct repo *"
names = ["repo", "r"]
accessors = ["the_repo"]
holders = "named"
boundary = "inline"
provided = ["struct revs *: {}->repo"]

[state.derived]
"the_algo" = "{}->algo"
"""

HEADER = """
struct repo { int id; int algo; };
struct revs { struct repo *repo; int size; };
void put(int n);
void show(int n);
"""
GLOBALS = "extern struct repo *the_repo;\n#define the_algo the_repo->algo\n"

SOURCE = """
static void add(int n) { put(the_repo->id + n); }
int hold(struct repo *r) { add(the_algo); return the_repo->id; }
int look(struct revs *revs) { add(1); return the_repo->id; }
int call(void *data) { struct revs *revs = data; add(2); return 0; }
int turn(void *p) { struct revs *revs = p; revs = 0; add(3); return 0; }
int swap(void *p) { struct revs *revs = p; p = 0; add(4); return 0; }
int idle(struct repo *repo __attribute__((unused))) { add(6); return 0; }
int fetch(void) { add(5); return the_repo->id + the_repo->algo; }
"""


def _rewritten(tmp_path, more="", holders=(), globals_=GLOBALS):
    (tmp_path / "main.c").write_text(HEADER + globals_ + SOURCE)
    settings = parse_settings("clew.toml", SETTINGS.replace("\n[state.d", f"\n{more}\n[state.d").encode())
    scope = api.Scope(functions=("add",), linkage="any", holders=holders)
    tree = api.open_tree(tmp_path, settings, scope)
    content = api.rewrite(tree, api.make_plan(tree, "repo")).files["main.c"].decode()
    lines = " ".join(content.split()).replace(" int ", "\nint ").splitlines()
    return {line.partition("(")[0].rpartition(" ")[2]: line for line in lines if line.startswith("int ")}


def test_what_a_function_holds_is_passed_and_nothing_else_changes(tmp_path):
    found = _rewritten(tmp_path)
    assert found["hold"] == "int hold(struct repo *r) { add(r, the_algo); return the_repo->id; }"
    assert found["look"] == "int look(struct revs *revs) { add(revs->repo, 1); return the_repo->id; }"
    assert "add(the_repo, 5)" in found["fetch"]


def test_a_parameter_that_is_marked_unused_stays_so(tmp_path):
    found = _rewritten(tmp_path)
    assert "repo __attribute__((unused))) { add(the_repo, 6); return 0; }" in found["idle"]


def test_whatever_a_function_holds_is_passed_if_the_settings_say_so(tmp_path):
    found = _rewritten(tmp_path, 'outside = "any"')
    assert found["idle"] == "int idle(struct repo *repo) { add(repo, 6); return 0; }"
    assert found["hold"] == "int hold(struct repo *r) { add(r, the_algo); return the_repo->id; }"
    assert "add(revs->repo, 1)" in found["look"]


def test_a_local_that_is_a_parameter_carries_the_state_while_neither_changes(tmp_path):
    found = _rewritten(tmp_path)
    assert "add(revs->repo, 2)" in found["call"]
    assert "add(the_repo, 3)" in found["turn"]
    assert "add(the_repo, 4)" in found["swap"]


@pytest.mark.parametrize(
    "test",
    ["!p", "p == NULL", "0 != p", "n && p", "p && n", "p", "p ? n : 0", "n || p"],
)
def test_a_pointer_that_may_be_null_is_not_followed(tmp_path, test):
    call = f"int last(struct revs *p, int n) {{ add(7); if ({test}) return 1; return 0; }}\n"
    (tmp_path / "main.c").write_text("#include <stddef.h>\n" + HEADER + GLOBALS + SOURCE + call)
    tree = api.open_tree(
        tmp_path, parse_settings("clew.toml", SETTINGS.encode()), api.Scope(functions=("add",))
    )
    content = api.rewrite(tree, api.make_plan(tree, "repo")).files["main.c"].decode()
    assert "add(the_repo, 7)" in " ".join(content.split())


@pytest.mark.parametrize(
    "test", ["p->size", "!p->size", "n && p->size", "p->size == 0", "n == 0", "q.p && n"]
)
def test_other_tests_do_not_matter(tmp_path, test):
    call = (
        f"struct q {{ int p; }};\nint last(struct revs *p, int n, struct q q) {{ add(7); return {test}; }}\n"
    )
    (tmp_path / "main.c").write_text("#include <stddef.h>\n" + HEADER + GLOBALS + SOURCE + call)
    tree = api.open_tree(
        tmp_path, parse_settings("clew.toml", SETTINGS.encode()), api.Scope(functions=("add",))
    )
    content = api.rewrite(tree, api.make_plan(tree, "repo")).files["main.c"].decode()
    assert "add(p->repo, 7)" in " ".join(content.split())


def test_the_accessor_is_passed_whatever_is_at_hand(tmp_path):
    found = _rewritten(tmp_path, 'outside = "accessor"')
    assert "add(the_repo, the_algo)" in found["hold"]
    assert "add(the_repo, 1)" in found["look"]


def test_holders_are_edited_when_asked_for(tmp_path):
    found = _rewritten(tmp_path, holders=("ho*", "fetch"))
    assert found["hold"] == "int hold(struct repo *r) { add(r, r->algo); return r->id; }"
    assert found["look"].endswith("return the_repo->id; }")
    assert "struct repo *repo" not in found["fetch"]


@pytest.mark.parametrize(("more", "passed"), [("", "r->algo"), ('derive = "off"', "the_algo")])
def test_other_states_are_derived_unless_the_settings_say_no(tmp_path, more, passed):
    assert f"add(r, {passed})" in _rewritten(tmp_path, more, holders=("*",))["hold"]


@pytest.mark.parametrize(
    ("inner", "passed"),
    [
        ("struct odb { struct repo *repo; };", "source->odb->repo"),
        ("struct odb;", "the_repo"),
        ("struct odb { struct repo *owner; };", "the_repo"),
    ],
)
def test_all_of_a_path_must_be_seen(tmp_path, inner, passed):
    more = "struct source { struct odb *odb; };\n" + inner
    call = "int last(struct source *source) { add(6); return 0; }\n"
    (tmp_path / "main.c").write_text(HEADER + GLOBALS + more + SOURCE + call)
    text = SETTINGS.replace('{}->repo"]', '{}->repo", "struct source *: {}->odb->repo"]')
    tree = api.open_tree(tmp_path, parse_settings("clew.toml", text.encode()), api.Scope(functions=("add",)))
    content = api.rewrite(tree, api.make_plan(tree, "repo")).files["main.c"].decode()
    assert f"add({passed}, 6)" in content


def test_holders_alone_are_edited_and_nothing_is_threaded(tmp_path):
    (tmp_path / "main.c").write_text(HEADER + GLOBALS + SOURCE)
    scope = api.Scope(linkage="any", holders=("hold", "look", "fetch"))
    tree = api.open_tree(tmp_path, parse_settings("clew.toml", SETTINGS.encode()), scope)
    plan = api.make_plan(tree, "repo")
    content = api.rewrite(tree, plan).files["main.c"].decode()
    assert "int hold(struct repo *r) { add(r->algo); return r->id; }" in content
    assert "int look(struct revs *revs) { add(1); return revs->repo->id; }" in content
    assert "int fetch(void) { add(5); return the_repo->id + the_repo->algo; }" in content
    assert plan.functions == ()
