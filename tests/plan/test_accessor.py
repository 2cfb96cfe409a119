"""Which accessor is written where several could be."""

from clew import api

SETTINGS = """\
[[state]]
name = "s"
type = "S *"
names = ["s"]
accessors = ["inner()", "current()"]
"""
FILES = {
    "public.h": "typedef struct s { int n; } S;\nS *current(void);\nint use(int n);\n",
    "core.h": '#include "public.h"\nextern S *the_s;\nstatic inline S *inner(void) { return the_s; }\n',
    "core.c": '#include "core.h"\nS *the_s;\nS *current(void) { return inner(); }\n'
    "int use(int n) { return inner()->n + n; }\n",
    "program.c": '#include "public.h"\nint main(void)\n{\n    return use(3);\n}\n',
}


def test_a_file_gets_the_accessor_that_a_prototype_declares_there(tmp_path):
    for name, text in (FILES | {"clew.toml": SETTINGS}).items():
        (tmp_path / name).write_text(text)
    settings = api.load_settings(tmp_path / "clew.toml")
    tree = api.open_tree(tmp_path, settings, api.Scope(linkage="any"))
    files = api.rewrite(tree, api.make_plan(tree, "s")).files
    assert b"use(current(), 3)" in files["program.c"] or b"s = current();" in files["program.c"]
    assert b"inner" not in files["program.c"]
