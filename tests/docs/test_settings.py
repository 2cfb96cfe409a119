"""docs/settings.md and the schema beside it are written by scripts/generate_docs.py."""

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest

from clew.config.json_schema import settings_schema
from clew.config.load import parse_settings
from clew.config.profiles import PROFILES, read_profile
from clew.config.schema import SETTINGS, STATE, TABLES
from clew.config.template import settings_template
from clew.errors import ConfigError

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "settings.md"
SCHEMA = jsonschema.Draft7Validator(settings_schema())
STATE_TABLE = """\
[[state]]
name = "s"
type = "struct s *"
names = ["s"]
accessors = ["get()"]
"""


def test_the_generated_files_are_up_to_date():
    command = [sys.executable, str(ROOT / "scripts" / "generate_docs.py"), "--check"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_every_key_is_on_the_page():
    page = PAGE.read_text(encoding="utf-8")
    for table in TABLES:
        assert f"## `{table.title}`" in page
        assert all(f"| `{key.name}` |" in page for key in table.keys)


def test_every_key_is_in_the_schema():
    jsonschema.Draft7Validator.check_schema(SCHEMA.schema)
    assert set(SCHEMA.schema["properties"]) == {key.name for key in SETTINGS.keys}
    state = SCHEMA.schema["properties"]["state"]["items"]
    assert set(state["properties"]) == {key.name for key in STATE.keys}
    assert json.loads((ROOT / "docs" / "clew.schema.json").read_text(encoding="utf-8")) == SCHEMA.schema


@pytest.mark.parametrize("name", PROFILES)
def test_the_schema_takes_every_profile_and_what_init_writes(name):
    profile = read_profile(name)
    SCHEMA.validate(profile.settings)
    SCHEMA.validate(tomllib.loads(settings_template(profile)))


def test_the_schema_takes_the_settings_of_the_fixtures():
    found = list((ROOT / "fixtures").rglob("clew.toml"))
    assert found
    for path in found:
        SCHEMA.validate(tomllib.loads(path.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "text",
    [
        "",
        STATE_TABLE.replace("name =", "nam ="),
        STATE_TABLE + 'position = "middle"\n',
        STATE_TABLE + "accessor = []\n",
        STATE_TABLE.replace('["s"]', '["2s"]'),
        STATE_TABLE.replace('"get()"', "3"),
        STATE_TABLE + 'changers = [{name = "f", argument = -1}]\n',
        STATE_TABLE + 'changers = [{effect = "unknown"}]\n',
        STATE_TABLE + 'derived = {"other()" = "s->other"}\n',
        STATE_TABLE + 'provided = ["struct t *"]\n',
        STATE_TABLE + 'twin = "static"\n',
        STATE_TABLE + 'bindings = {ctyp = "c_void_p"}\n',
        "columns = 12\n" + STATE_TABLE,
        "columns = true\n" + STATE_TABLE,
        'include = "*.c"\n' + STATE_TABLE,
        "defines = {A = 1}\n" + STATE_TABLE,
        'profile = "gti"\n',
    ],
)  # fmt: skip
def test_the_schema_objects_where_clew_does(text):
    assert not SCHEMA.is_valid(tomllib.loads(text))
    with pytest.raises(ConfigError):
        parse_settings("clew.toml", text.encode())


@pytest.mark.parametrize(
    "text",
    [
        STATE_TABLE,
        STATE_TABLE + 'changers = ["f", {name = "g", effect = "argument", argument = 1}]\n',
        'profile = "git"\npinned = ["...", "f"]\n',
        'profile = "cpython"\n[[state]]\nname = "tstate"\naccessors = ["...", "mine()"]\n',
        STATE_TABLE + 'twin = "{name}_r"\nwrapper = "macro"\nprovided = ["struct t *: {}->s"]\n',
    ],
)
def test_the_schema_takes_what_clew_takes(text):
    SCHEMA.validate(tomllib.loads(text))
    parse_settings("clew.toml", text.encode())
