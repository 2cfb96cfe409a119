"""How lines at the head of a file look beside those that are there."""

import pytest

from clew import api

SETTINGS = """
pinned = ["main", "get"]
[[state]]
name = "ts"
type = "State *"
names = ["ts"]
accessors = ["get()"]
header = "state.h"
"""
STATE_H = (
    "#ifndef STATE_H\n#define STATE_H\ntypedef struct State { int id; } State;\nState *get(void);\n#endif\n"
)
LOW = '#include "state.h"\nint low(void) { return get()->id; }\n'
USER = "\nint low(void);\nint main(void) { return low(); }\n"


@pytest.mark.parametrize(
    ("around", "line"),
    [
        ('#include "a.h"       // a()\n#include "b.h"       // b()\n', '#include "state.h"   // get()'),
        ('#include "a.h" // a()\n#include "b.h" // b()\n', '#include "state.h"  // get()'),
        (
            '#include "a.h"       /* a() */\n#include "b.h"\n#include "c.h"       /* c() */\n',
            '#include "state.h"   /* get() */',
        ),
        (
            '#include "a.h"       /* a() */\n#include "b.h"       /* b */\n',
            '#include "state.h"   /* get() */',
        ),
        ('#include "a.h"       // a()\n#include "b.h"\n', '#include "state.h"'),
        (
            '#include "a.h" // a()\n#include "b.h"\n#include "c.h"\n#include "d.h"\n#include "e.h" // e()\n',
            '#include "state.h"',
        ),
        ("#include <a.h>       // a()\n#include <b.h>       // b()\n", '#include "state.h"'),
    ],
)
def test_an_include_says_what_it_is_for_as_those_around_it_do(around, line, tmp_path):
    (tmp_path / "clew.toml").write_text(SETTINGS)
    names = [word for word in "abcde" if f'"{word}.h"' in around]
    files = {"state.h": STATE_H, "low.c": LOW, "main.c": around + USER}
    files |= {f"{name}.h": f"int {name}(void);\n" for name in names}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    tree = api.open_tree(tmp_path, api.load_settings(tmp_path / "clew.toml"), api.Scope(linkage="any"))
    changed = api.rewrite(tree, api.make_plan(tree, "ts")).files["main.c"].decode()
    assert [one for one in changed.splitlines() if '"state.h"' in one] == [line]
