"""docs/settings.md is generated; ``CLEW_REGEN=1`` in the environment writes it anew."""

import os
from pathlib import Path

import pytest

from clew.config.schema import TABLES, describe_schema

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"
HEAD = """\
# Settings

The keys of `clew.toml`, generated from `src/clew/config/schema.py`. `clew init` writes a file in which each
of them is explained, with the values of a shipped profile where one fits: `cpython`, `git`, `tinycc`,
`vim`, `x86emu`.

Lists are replaced, not added to, except that `"..."` in a list stands for the profile's values. A
`[[state]]` with the name of one of the profile's changes single keys of it.

"""


def test_the_page_is_up_to_date():
    wanted = HEAD + describe_schema().rstrip() + "\n"
    if os.environ.get("CLEW_REGEN") and PAGE.read_text(encoding="utf-8") != wanted:
        PAGE.write_text(wanted, encoding="utf-8")
        pytest.skip("written; run again")
    assert PAGE.read_text(encoding="utf-8") == wanted


def test_every_key_is_on_it():
    page = PAGE.read_text(encoding="utf-8")
    for table in TABLES:
        assert f"## `{table.title}`" in page
        assert all(f"| `{key.name}` |" in page for key in table.keys)
