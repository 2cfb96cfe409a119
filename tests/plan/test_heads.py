"""Which files get a line at their head, and which functions keep their signature for want of one."""

import pytest

from clew import pipeline
from clew.config.settings import Accessor, Scope, Settings, State
from clew.plan.constraints import Constraints

STATE_H = """#ifndef STATE_H
#define STATE_H
typedef struct State { int id; } State;
State *get(void);
#endif
"""
F_C = '#include "state.h"\n#include "f.h"\nint f(void) { return get()->id; }\n'


def plan(folder, files, *, header="state.h", kind="State *", defines=(), accessor="get()"):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    state = State("ts", kind, ("ts",), (Accessor(accessor),), header=header)
    settings = Settings((state,), pinned=("main", "get", "run"), defines=defines)
    tree = pipeline.read(folder, settings, Scope(linkage="internal"))
    return pipeline.plan(tree, state, Constraints())


def heads(planned):
    return {(h.path, getattr(h, "header", "") or h.text) for h in planned.decisions.heads}


NOTHING_NEEDED = [
    {"f.h": '#include "state.h"\nint f(void);\n'},
    {"f.h": "int f(void);\n"},  # a fragment: all that include it saw the type above
    {"f.h": '#ifdef WIN32\n#include "state.h"\n#endif\n#include "state.h"\nint f(void);\n'},
]


@pytest.mark.parametrize("files", NOTHING_NEEDED)
def test_nothing_is_added(files, tmp_path):
    planned = plan(tmp_path, {"state.h": STATE_H, "f.c": F_C, **files})
    assert [f.name for f in planned.plan.functions] == ["f"]
    assert heads(planned) == set()


def test_a_header_is_left_alone_that_another_line_helps(tmp_path):
    files = {"f.h": '#include "g.h"\nint f(void);\n', "g.h": "int g(void);\n"}
    users = {"g.c": '#include "f.h"\n#include "state.h"\nint g(void) { return get()->id + f(); }\n'}
    planned = plan(tmp_path, {"state.h": STATE_H, "f.c": F_C, **files, **users})
    assert {f.name for f in planned.plan.functions} == {"f", "g"}
    assert heads(planned) == {("g.h", "state.h")}


def test_the_way_to_a_header_elsewhere(tmp_path):
    files = {"f.c": '#include "inc/state.h"\n#include "sub/f.h"\nint f(void) { return get()->id; }\n'}
    files |= {"sub/f.h": "int f(void);\n", "sub/run.c": '#include "f.h"\nint run(void) { return f(); }\n'}
    planned = plan(tmp_path, {"inc/state.h": STATE_H, **files})
    assert heads(planned) == {("sub/f.h", "../inc/state.h")}


def test_a_search_path_on_which_others_rely(tmp_path):
    files = {"f.c": F_C, "f.h": "int f(void);\n", "sub/run.c": "int f();\nint run(void) { return f(); }\n"}
    planned = plan(tmp_path, {"inc/state.h": STATE_H, **files})
    assert heads(planned) == {("sub/run.c", "state.h")}


def test_an_include_that_files_choose(tmp_path):
    files = {"f.h": '#include "mid.h"\nint f(void);\n', "mid.h": '#ifdef ASK\n#include "state.h"\n#endif\n'}
    files |= {"f.c": "#define ASK\n" + F_C, "g.c": '#include "f.h"\nint run(void) { return f(); }\n'}
    assert heads(plan(tmp_path, {"state.h": STATE_H} | files)) == {("f.h", "state.h")}


def test_a_macro_that_hides_the_variable(tmp_path):
    files = {"state.h": "struct state { int id; };\nextern struct state *it;\n"}
    files |= {"f.c": '#include "state.h"\nint f(void) { return it->id; }\n'}
    files |= {
        "run.c": '#include "state.h"\n#define it NOT_HERE\nint f(void);\nint run(void) { return f(); }\n'
    }
    planned = plan(tmp_path, files, kind="struct state *", accessor="it")
    assert [(r.code, r.subject) for r in planned.plan.refusals if r.subject == "f"] == [
        ("accessor-not-visible", "f")
    ]
    assert "is a macro there" in next(r.why for r in planned.plan.refusals if r.subject == "f")


def test_a_tag_in_a_list_of_parameters_declares_nothing(tmp_path):
    files = {"state.h": "struct state { int id; };\nstruct state *get(void);\n", "f.c": F_C}
    files |= {"g.h": "int g(struct state *);\n", "f.h": '#include "g.h"\nint f(void);\n'}
    planned = plan(
        tmp_path, files | {"use.c": '#include "f.h"\nint use(void) { return 0; }\n'}, kind="struct state *"
    )
    assert heads(planned) == {("f.h", "struct state;")}


def test_a_line_under_a_condition_helps_no_other_file(tmp_path):
    files = {"state.h": "struct state { int id; };\nstruct state *get(void);\n", "f.c": F_C}
    files |= {"win.h": "int g(void);\n", "f.h": '#ifdef WIN32\n#include "win.h"\n#endif\nint f(void);\n'}
    files |= {"g.c": '#include "win.h"\n#include "state.h"\nint g(void) { return get()->id; }\n'}
    planned = plan(tmp_path, files | {"use.c": '#include "f.h"\n'}, kind="struct state *")
    assert heads(planned) == {("f.h", "struct state;"), ("win.h", "struct state;")}


def test_a_header_that_needs_another_above_it(tmp_path):
    files = {"base.h": "#define BASE\n", "f.h": "int f();\n", "f.c": '#include "base.h"\n' + F_C}
    files |= {f"{n}.c": '#include "base.h"\n#include "state.h"\n' for n in "ab"}
    run = {"run.c": "int f();\nint run(void) { return f(); }\n"}
    planned = plan(tmp_path, {"state.h": STATE_H} | files | run)
    assert "only below `base.h`" in next(r.why for r in planned.plan.refusals if r.subject == "f")
    run = {"run.c": '#include "base.h"\nint f();\nint run(void) { return f(); }\n'}
    assert ("run.c", "state.h") in heads(plan(tmp_path, {"state.h": STATE_H} | files | run))


USER = {"f.h": "int f();\n", "run.c": '#include "f.h"\nint run(void) { return f(); }\n'}
GOT_H = STATE_H.replace("*get(void)", "*got(void)")
REFUSED = [
    ({}, {"header": ""}, "set `header` of the state"),
    ({}, {"header": "other.h"}, "is not in the tree"),
    ({"state.h": GOT_H, "f.c": "State *get(void);\n" + F_C}, {}, "nor by"),
    ({"state.h": "#ifndef CORE\n#error no\n#endif\n" + STATE_H}, {}, "wants `CORE` to be defined"),
    ({"state.h": STATE_H.replace("typedef", '#include "run.c"\ntypedef')}, {}, "includes this file itself"),
    (
        {"state.h": STATE_H.replace("State *get(void);", "#ifdef ASK\nState *get(void);\n#endif"),
         "f.c": "#define ASK\n" + F_C},
        {},
        "nor by `state.h`",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("files", "settings", "why"), REFUSED)
def test_refused(files, settings, why, tmp_path):
    planned = plan(tmp_path, {"state.h": STATE_H, "f.c": F_C} | USER | files, **settings)
    found = [(r.code, r.subject) for r in planned.plan.refusals if r.subject == "f"]
    assert found in ([("accessor-not-visible", "f")], [("type-not-visible", "f")])
    assert why in next(r.why for r in planned.plan.refusals if r.subject == "f")


def test_what_the_build_defines_is_defined(tmp_path):
    files = {"state.h": "#ifndef CORE\n#error no\n#endif\n" + STATE_H, "f.c": F_C} | USER
    assert heads(plan(tmp_path, files, defines=(("CORE", "1"),))) == {("f.h", "state.h")}
