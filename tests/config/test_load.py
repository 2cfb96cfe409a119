import pytest

from clew.config.load import load_settings, parse_settings, profile_settings
from clew.config.profiles import PROFILES
from clew.config.settings import Accessor, Changer, Settings, State
from clew.errors import ConfigError

STATE = """
[[state]]
name = "ts"
type = "T *"
names = ["ts"]
accessors = ["GET()"]
"""


def parse(text):
    return parse_settings("clew.toml", text.encode())


def fault(text):
    with pytest.raises(ConfigError) as caught:
        parse(text)
    return caught.value


def test_the_least_settings_are_the_cautious_defaults():
    state = State("ts", "T *", ("ts",), (Accessor("GET()"),))
    assert parse(STATE) == Settings((state,))


def test_every_key():
    settings = parse("""
        include = ["src/*.c"]
        exclude = ["third"]
        generated = ["gen.h"]
        pinned = ["main", "cb_*"]
        export_macros = ["API"]
        types = ["u8"]
        defines = { DEBUG = "1" }
        columns = 100
        [[state]]
        name = "ts"
        type = "T *"
        names = ["ts", "t"]
        accessors = ["GET()", { spelling = "current", object = true, checked = true, assigned = true }]
        changers = ["swap", { name = "restore", effect = "argument", argument = 1 }]
        preserves = ["call"]
        noreturn = ["die"]
        indirect = "preserves"
        external = "unknown"
        derived = { "INTERP()" = "{}->interp" }
        provided = ["struct frame *: {}->ts"]
        holders = "named"
        others = ["t_*"]
        position = "last"
        boundary = "inline"
        fetch = "entry"
        header = "t.h"
    """)
    assert settings == Settings(
        states=(
            State(
                "ts",
                "T *",
                ("ts", "t"),
                (Accessor("GET()"), Accessor("current", object=True, checked=True, assigned=True)),
                (Changer("swap"), Changer("restore", "argument", 1)),
                ("call",),
                ("die",),
                "preserves",
                "unknown",
                (("INTERP()", "{}->interp"),),
                ("struct frame *: {}->ts",),
                holders="named",
                others=("t_*",),
                position="last",
                boundary="inline",
                fetch="entry",
                header="t.h",
            ),
        ),
        include=("src/*.c",),
        exclude=("third",),
        generated=("gen.h",),
        pinned=("main", "cb_*"),
        export_macros=("API",),
        types=("u8",),
        defines=(("DEBUG", "1"),),
        columns=100,
    )


def test_dots_stand_for_the_defaults():
    assert parse('pinned = ["...", "cb"]' + STATE).pinned == ("main", "cb")


# ---- profiles --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PROFILES)
def test_shipped_profiles_are_valid(name):
    settings = profile_settings(name)
    assert settings.profile == name
    for state in settings.states:
        assert state.type.rstrip().endswith("*")
        assert len({accessor.spelling for accessor in state.accessors}) == len(state.accessors)
        assert len({changer.name for changer in state.changers}) == len(state.changers)


def test_own_keys_win_over_the_profile():
    settings = parse('profile = "cpython"\ncolumns = 100\npinned = ["...", "my_function"]')
    shipped = profile_settings("cpython")
    assert settings.columns == 100
    assert settings.pinned == (*shipped.pinned, "my_function")
    assert settings.states == shipped.states


def test_a_state_of_the_profile_is_changed_key_by_key():
    settings = parse("""
        profile = "cpython"
        [[state]]
        name = "tstate"
        boundary = "inline"
        changers = ["...", "my_switch"]
        derived = { "MINE()" = "{}->mine" }
    """)
    shipped, state = profile_settings("cpython").state("tstate"), settings.state("tstate")
    assert state.boundary == "inline"
    assert state.changers == (*shipped.changers, Changer("my_switch"))
    assert state.derived == (*shipped.derived, ("MINE()", "{}->mine"))
    assert state.accessors == shipped.accessors
    assert [each.name for each in settings.states] == ["tstate", "interp", "runtime"]


def test_a_new_state_joins_those_of_the_profile():
    names = [state.name for state in parse('profile = "git"' + STATE).states]
    assert names == ["repository", "hash_algo", "index", "ts"]


def test_like_copies_how_calls_act():
    settings = parse(
        STATE
        + 'changers = ["swap"]\nindirect = "preserves"\n'
        + STATE.replace('"ts"\n', '"other"\n', 1)
        + 'like = "ts"\nindirect = "unknown"\n'
    )
    other = settings.state("other")
    assert other.changers == (Changer("swap"),)
    assert other.indirect == "unknown"


def test_like_in_a_circle_ends():
    text = STATE + 'like = "b"\n' + STATE.replace('"ts"\n', '"b"\n', 1) + 'like = "ts"\npreserves = ["f"]\n'
    assert parse(text).state("ts").preserves == ("f",)


# ---- faults ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "where", "what", "next_step"),
    [
        ('profile = "cpyton"', "1:1", "no profile 'cpyton'", "did you mean 'cpython'?"),
        ('profile = "zzz"', "1:1", "no profile 'zzz'", "known profiles: cpython, git, tinycc, vim, x86emu"),
        ("colums = 3" + STATE, "1:1", "unknown key 'colums'", "did you mean 'columns'?"),
        ("columns = '80'" + STATE, "1:1", "columns must be an integer, not a string", ""),
        ("columns = true" + STATE, "1:1", "columns must be an integer, not a boolean", ""),
        ("columns = 3" + STATE, "1:1", "columns must be at least 40", ""),
        ("pinned = ['a', 3]" + STATE, "1:1", "not a list of a string and an integer", ""),
        ("defines = { A = 1 }" + STATE, "1:1", "defines must be a table of strings, not a table", ""),
        ("types = ['a', 'b c']" + STATE, "1:15", "'b c' is not a C identifier", ""),
        ("state = 3", "1:1", "state must be a list of tables, not an integer", ""),
        ("state = [3]", "1:10", "an element of state must be a table, not an integer", ""),
        ("", "", "no state is described", "add a [[state]] table"),
        (STATE.replace("name = ", "# name = "), "2:3", "a state without name", ""),
        (STATE + STATE, "9:1", "two states are called 'ts'", ""),
        (STATE.replace("type = ", "# type = "), "2:3", "state 'ts' has no type", ""),
        (STATE + 'like = "tss"', "7:1", "no state 'tss'", "did you mean 'ts'?"),
        (STATE + 'indirect = "keeps"', "7:1", 'indirect cannot be "keeps"', 'one of "preserves", "unknown"'),
        (
            STATE + 'position = "behind"',
            "7:1",
            'position cannot be "behind"',
            '"first", "last", "after TYPE"',
        ),
        (STATE + 'position = "after *"', "7:1", 'position cannot be "after *"', '"after TYPE"'),
        (STATE + 'derived = { "A()" = "interp" }', "7:13", "the path 'interp' has no {}", ""),
        (STATE + '[state.derived]\n"A()" = "interp"', "8:1", "the path 'interp' has no {}", ""),
        (STATE + 'provided = ["struct x"]', "7:13", "does not read `TYPE: PATH`", ""),
        (
            STATE + 'changers = [\n  "a", # a, b\n  { name = "b", efect = "unknown" },\n]',
            "9:17",
            "'efect'",
            "'effect'",
        ),
        (STATE + 'changers = [{ name = "b", argument = -1 }]', "7:27", "argument cannot be negative", ""),
        (STATE + '[[state.changers]]\nname = "a"\n[[state.changers]]\nnme = "b"', "10:1", "'nme'", "'name'"),
        (STATE + 'changers = ["a", { effect = "saves" }]', "7:18", "an element of changers has no name", ""),
        (STATE.replace("GET()", "()"), "6:14", "holds no C identifier", ""),
    ],
)
def test_faults_are_placed_and_explained(text, where, what, next_step):
    error = fault(text)
    assert what in error.what
    assert next_step in error.next_step
    place = ":".join(str(number) for number in (error.place.line, error.place.column) if number)
    assert place == where
    if error.place.line:
        assert error.place.source == text.split("\n")[error.place.line - 1]


@pytest.mark.parametrize(
    ("text", "place", "what"),
    [
        ("a = \n", "clew.toml:1:5", "not valid TOML: Invalid value"),
        ("include = ['a'\n", "clew.toml:1:14", "not valid TOML"),
        ("x = 1\nx = 2\n", "clew.toml:2:6", "not valid TOML: Cannot overwrite a value"),
        ("x = 1\r\ny = = 2\r\n", "clew.toml:2:5", "not valid TOML"),
        ("a = " + "[" * 100_000, "clew.toml", "nested too deeply"),
        ("a = " + "9" * 5000, "clew.toml", "not valid TOML"),
        ("a = 1\0", "clew.toml:1:6", "not valid TOML"),
    ],
)
def test_syntax_faults(text, place, what):
    error = fault(text)
    assert str(error.place) == place
    assert what in error.what


def test_text_that_is_not_utf8():
    with pytest.raises(ConfigError) as caught:
        parse_settings("clew.toml", b"# ok\n# \xff\n")
    assert str(caught.value) == "clew.toml:2: not valid UTF-8"


def test_a_byte_order_mark_is_no_fault():
    assert parse("\ufeff" + STATE).states[0].name == "ts"


def test_a_missing_file_names_the_way_out(tmp_path):
    with pytest.raises(ConfigError) as caught:
        load_settings(tmp_path / "clew.toml")
    assert "clew init" in caught.value.next_step


def test_a_folder_is_no_settings_file(tmp_path):
    with pytest.raises(ConfigError, match="cannot be read"):
        load_settings(tmp_path)
