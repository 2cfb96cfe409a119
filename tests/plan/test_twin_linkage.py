"""A twin that nobody else calls is static, or what its wrapper is."""

import pytest

from clew import api
from clew.config.load import parse_settings

SETTINGS = """
[[state]]
name = "store"
type = "struct store *"
names = ["store"]
accessors = ["the_store"]
boundary = "inline"
twins = { put = "store_put" }
"""
HEADER = "struct store { int n; };\nextern struct store *the_store;\nvoid put(int n);\n"
SOURCE = '#include "put.h"\nvoid put(int n)\n{\n\tthe_store->n = n;\n}\n'


@pytest.mark.parametrize(
    ("linkage", "head", "declared"), [("static", "static void", False), ("wrapper", "void", True)]
)
def test_linkage_of_a_twin(tmp_path, linkage, head, declared):
    (tmp_path / "put.h").write_text(HEADER)
    (tmp_path / "put.c").write_text(SOURCE)
    text = SETTINGS + f'twin_linkage = "{linkage}"\n'
    settings = parse_settings("clew.toml", text.encode())
    tree = api.open_tree(tmp_path, settings, api.Scope(linkage="any"))
    files = api.rewrite(tree, api.make_plan(tree, "store")).files
    lines = files["put.c"].decode().splitlines()
    assert f"{head} store_put(struct store *store, int n)" in lines
    assert "\tstore_put(the_store, n);" in lines
    header = files.get("put.h", b"").decode()
    assert ("void store_put(struct store *store, int n);" in header) is declared
