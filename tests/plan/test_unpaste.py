"""Functions that take the name of the macro that pastes theirs, and what keeps the macro."""

import pytest

from clew import api
from clew.cache.store import Store

SETTINGS = """
pinned = ["main"{pinned}]
[[state]]
name = "repo"
type = "struct repo *"
names = ["r"]
accessors = [{{ spelling = "the_repo", assigned = true, checked = {checked} }}]
boundary = "inline"
header = "repo.h"
{more}
"""
FILES = {
    "repo.h": "struct repo { int id; };\nextern struct repo *the_repo;\n",
    "find.h": "#ifndef FIND_H\n#define FIND_H\n\n"
    "#define find(r, key) find_##r(key)\nint find_the_repo(int key);\n\n#endif\n",
    "find.c": '#include "repo.h"\n#include "find.h"\nstruct repo *the_repo;\n'
    "int find_the_repo(int key)\n{\n    return key + the_repo->id;\n}\n",
    "use.c": '#include "repo.h"\n#include "find.h"\nint use(void)\n{\n    return find(the_repo, 1);\n}\n',
}
FOUND = "int find(struct repo *r, int key)\n{\n    return key + r->id;\n}\n"
USE = FILES["use.c"]
BUILT = "#define BUILT(a) a##_the_repo\n"
DROP = "#define drop(r, key) drop_##r(key);\nint drop_the_repo(int key);\n"
CONDITION = "#ifdef find_the_repo\n#endif\n"


@pytest.fixture
def threaded(tmp_path):
    """Thread the state through FILES with some changes, and return the changed files with the plan."""

    def thread(*, pinned="", checked="false", more="", scope=None, constraints=None, store=None, **files):
        changed = {path.replace("_", "."): text for path, text in files.items()}
        for path, text in (FILES | changed).items():
            (tmp_path / path).write_text(text)
        config = tmp_path / "clew.toml"
        config.write_text(SETTINGS.format(pinned=pinned, checked=checked, more=more))
        asked = scope or api.Scope(paths=("find.c", "find.h"), linkage="any")
        tree = api.open_tree(tmp_path, api.load_settings(config), asked, store=store)
        plan = api.make_plan(tree, "repo", constraints)
        change = api.rewrite(tree, plan)
        return {path: text.decode() for path, text in change.files.items()}, plan

    return thread


@pytest.mark.parametrize(
    "changes",
    [
        {},  # files out of scope call it: they pass the accessor already
        {"other_c": "static int find(int a) { return a; }\nint other(void) { return find(1); }\n"},
        {"other_c": '#include "find.h"\nint other(struct o *o) { return o->find; }\n'},
        {"scope": api.Scope(paths=("find.c", "find.h"), functions=("find_the_repo",), linkage="any")},
        {"more": 'renames = { "find_the_repo" = "find" }'},
        {"use_c": USE.replace("the_repo, 1", "the_repo, find(the_repo, 2)")},
        {"other_c": '#include "repo.h"\n' + DROP + "int other(void) { drop(the_repo, 1); return 2; }\n"},
    ],
)
def test_the_function_takes_the_name_of_the_macro(threaded, changes):
    files, plan = threaded(**changes)
    assert files.keys() == {"find.c", "find.h"}
    assert FOUND in files["find.c"]
    assert "\n\nint find(struct repo *r, int key);\n\n#endif\n" in files["find.h"]
    assert [function.name for function in plan.functions] == ["find"]
    assert plan.files.keys() == files.keys()


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"use_c": USE.replace('#include "repo.h"\n', "")}, "is not declared"),
        ({"use_c": USE.replace("find(the_repo, 1)", "find_the_repo(1)")}, "a file out of scope calls it"),
        ({"use_c": USE.replace("find(the_repo, 1)", "sizeof(find(the_repo, 1))")}, "not an executed call"),
        ({"use_c": USE.replace("{", "{\n    int find = 1;", 1)}, "is not clear"),
        ({"use_c": USE.replace("1)", "the_repo = 0)")}, "may change the state"),
        ({"find_h": FILES["find.h"] + BUILT, "use_c": USE + "int h(void) { return BUILT(find)(1); }\n"}, ""),
        ({"find_h": FILES["find.h"] + "enum e { A, find };\n"}, "is not clear"),
        ({"find_h": FILES["find.h"] + "extern int find;\n"}, "a type stands for its declaration"),
        ({"other_c": "int find(void)\n{\n    return 1;\n}\n"}, ""),
        ({"other_c": '#include "find.h"\nint (*p)(int) = find_the_repo;\n'}, ""),
        ({"other_c": CONDITION}, "names find_the_repo as well"),
        ({"other_c": CONDITION.replace("_the_repo", "")}, "names find as well"),
        ({"pinned": ', "find_the_repo"'}, ""),
        ({"more": 'preserves = ["find_the_repo"]'}, ""),
        ({"more": 'renames = { "find_the_repo" = "seek" }'}, ""),
        ({"find_h": FILES["find.h"].replace("##r(key)", "##r(key);"), "use_c": USE.replace("1);", "1)")}, ""),
        ({"checked": "true"}, ""),
        ({"scope": api.Scope(paths=("find.c",), linkage="any")}, ""),
    ],
)
def test_the_macro_stays(threaded, changes, why):
    files, plan = threaded(**changes)
    whole = "".join(files.values())
    assert "find(struct repo *r" not in whole
    said = [refusal.why for refusal in plan.refusals if refusal.subject.startswith("find")]
    assert any(why in one for one in said), said


def test_a_plan_that_leaves_the_function_out_keeps_the_macro(threaded):
    _, plan = threaded()
    left_out = api.Plan(**{name: getattr(plan, name) for name in plan.__slots__} | {"functions": ()})
    files, _ = threaded(constraints=left_out)
    assert not files
    files, _ = threaded(constraints=plan)
    assert FOUND in files["find.c"]


def test_results_are_remembered_but_not_renewed(threaded, tmp_path):
    store = Store(tmp_path / "cache.db", "1", print)
    assert threaded(store=store)[0] == threaded(store=store)[0]
    more = FILES["use.c"].replace("return", "other:\n    return")
    files, _ = threaded(store=store, use_c=more.replace("find(the_repo, 1)", "find_the_repo(1)"))
    assert not any("find(struct" in text for text in files.values())
