import re

import pytest

from clew.config.draft import StateDraft
from clew.config.load import parse_settings, profile_settings
from clew.config.profiles import PROFILES, detect_profile, read_profile
from clew.config.schema import SETTINGS, STATE, TABLES, describe_schema
from clew.config.template import settings_template
from clew.errors import ConfigError


@pytest.mark.parametrize("name", PROFILES)
def test_a_template_means_its_profile(name):
    text = settings_template(read_profile(name))
    assert parse_settings("clew.toml", text.encode()) == profile_settings(name)


@pytest.mark.parametrize("name", [None, *PROFILES])
def test_every_key_is_explained(name):
    text = settings_template(read_profile(name) if name else None)
    for key in (*SETTINGS.keys, *STATE.keys):
        assert key.name in ("profile", "state", "name") or f"{key.name} = " in text


@pytest.mark.parametrize("name", [None, *PROFILES])
def test_every_commented_key_may_be_uncommented(name):
    """Each `# key = value` is valid where it stands: what a person uncomments must not be a fault."""
    text = settings_template(read_profile(name) if name else None)
    head, separator, tail = text.partition("# [[state]]")
    settings = re.sub(r"^# (\w+ = )", r"\1", head, flags=re.MULTILINE)
    states = re.sub(r"^# ?(\w+ = .*|\[\[state\]\]|\]|    .*)$", r"\1", separator + tail, flags=re.MULTILINE)
    settings_read = parse_settings("clew.toml", (settings + states).encode())
    assert settings_read.states


def test_a_template_without_profile_says_what_is_missing():
    with pytest.raises(ConfigError, match="no state is described"):
        parse_settings("clew.toml", settings_template(None).encode())


EVIDENCE = {
    "cpython": {"Include/Python.h": "", "Python/pystate.c": "PyThreadState_Swap(x)"},
    "git": {"git-compat-util.h": "", "repository.h": "extern struct repository *the_repository;"},
    "tinycc": {"libtcc.c": "", "tcc.h": "ST_DATA struct TCCState *tcc_state;"},
    "vim": {"src/vim.h": "", "src/globals.h": "EXTERN win_T *curwin;", "src/structs.h": "win_T"},
    "x86emu": {"include/x86emu.h": "", "decode.c": "", "include/x86emu_int.h": "#define M x86emu"},
}


def plant(root, files):
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)


@pytest.mark.parametrize("name", PROFILES)
def test_a_tree_is_recognised(tmp_path, name):
    plant(tmp_path, EVIDENCE[name])
    assert detect_profile(tmp_path).name == name


@pytest.mark.parametrize("name", PROFILES)
def test_half_the_evidence_is_none(tmp_path, name):
    files = EVIDENCE[name]
    for missing in files:
        root = tmp_path / missing.replace("/", "-")
        plant(root, {path: text for path, text in files.items() if path != missing})
        assert detect_profile(root) is None


def test_files_without_the_text_are_no_evidence(tmp_path):
    plant(tmp_path, dict.fromkeys(EVIDENCE["git"], ""))
    assert detect_profile(tmp_path) is None


def test_the_reference_lists_every_key():
    reference = describe_schema()
    for table in TABLES:
        for key in table.keys:
            assert f"| `{key.name}` |" in reference
    assert "| `linkage` |" not in reference
    assert "| `columns` | integer | `80` |" in reference


DRAFTS = [
    StateDraft("cur", "variable", "struct s *", ("s", "it"), "a.c:1: used in 9 functions of 2 files", "s.h"),
    StateDraft("E", "object", "struct e *", (), "e.c:1: used in 4 functions of 1 file"),
    StateDraft("get_it()", "call", "It *", ("it",), "it.c:1: used in 3 functions of 1 file"),
]


def test_the_first_draft_holds_and_the_others_may_be_uncommented():
    text = settings_template(None, DRAFTS)
    [state] = parse_settings("clew.toml", text.encode()).states
    assert (state.name, state.type, state.names) == ("cur", "struct s *", ("s", "it"))
    assert state.accessors[0].assigned
    drafts, _, _ = text.partition("# What else")
    all_states = re.sub(
        r"^# (\[\[state\]\]|(?:name|type|names|accessors|header) = )", r"\1", drafts, flags=re.MULTILINE
    )
    found = parse_settings("clew.toml", all_states.encode()).states
    assert [one.name for one in found] == ["cur", "E", "get_it"]
    assert found[0].header == "s.h"
    assert found[1].accessors[0].object
    assert found[2].accessors[0].spelling == "get_it()"
