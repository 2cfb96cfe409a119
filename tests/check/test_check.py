"""What `clew check` finds, and what it knows again."""

import json

import pytest

NEW = "    session_get()->count += by;\n"


def test_everything_is_new_without_base_and_baseline(project):
    code, out, _ = project.check()
    assert code == 1
    assert "main.c:5:5: fetch: eggs fetches session implicitly, although a caller has it in hand" in out
    assert "main.c:8: spam has it in hand as session" in out
    assert "main.c:16:17: fetch: run fetches session implicitly\n" in out
    assert "not proved: whether the state is still the same at a call" in out
    assert project.found() == ["main.c:5 fetch", "main.c:16 fetch"]


def test_nothing_is_new_since_the_last_commit(project):
    assert project.check("--since", "HEAD") == (0, "", "")
    assert project.check("--staged") == (0, "", "")


def test_one_more_fetch_in_a_function_is_the_one_whose_line_is_new(project):
    project.edit("main.c", NEW, "    session_get()->count++;\n" + NEW)
    assert project.found("--since", "HEAD") == ["main.c:5 fetch"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("static void eggs", "\n\n/* more */\n\nstatic void eggs"),
        ("    session_get()->count += by;", "\tsession_get()->count += by; /* note */"),
        ("session_get()->count += by", "session_get()->count += 2 * by"),
        ("static void eggs(int by)", "static void eggs(int by, int twice)"),
    ],
    ids=["moved lines", "blanks and comments", "edited line", "edited header"],
)
def test_no_news(project, old, new):
    project.edit("main.c", old, new)
    assert project.check("--since", "HEAD")[0] == 0


def test_renamed_function(project):
    text = (project.root / "main.c").read_text().replace("eggs", "bacon")
    project.write("main.c", text)
    assert project.found("--since", "HEAD") == ["main.c:10 sandwich"]  # by its name, spam calls another one


def test_function_moved_to_another_file(project):
    text = (project.root / "main.c").read_text()
    start, end = text.index("static void eggs"), text.index("static int spam")
    project.write("eggs.c", '#include "state.h"\n' + text[start:end])
    project.write("main.c", text[:start] + "void eggs(int);\n" + text[end:])
    project.git("add", "-A")
    assert project.found("--since", "HEAD") == []
    assert project.found("--staged") == []


def test_a_copied_function_is_new(project):
    text = (project.root / "main.c").read_text()
    start, end = text.index("static void eggs"), text.index("static int spam")
    project.write("eggs.c", '#include "state.h"\n' + text[start:end])
    assert project.found("--since", "HEAD") == ["eggs.c:4 fetch"]


def test_new_call_of_what_fetches_from_what_holds(project):
    project.edit("main.c", "    return session->count;", "    run();\n    return session->count;")
    code, out, _ = project.check("--since", "HEAD")
    assert code == 1
    assert "main.c:11:5: sandwich: spam has session in hand as session, and run fetches it again" in out
    assert "main.c:17: run fetches it" in out


def test_call_into_another_file(project):
    project.write(
        "far.c", '#include "state.h"\nint spread(int by)\n{\n    return session_get()->count + by;\n}\n'
    )
    project.commit()
    project.edit("main.c", "    eggs(by);", "    eggs(spread(by));")
    assert project.found("--since", "HEAD") == ["main.c:10 sandwich"]


def test_a_static_function_of_another_file_is_not_meant(project):
    body = "{\n    return session_get()->count + by;\n}\n"
    project.write("far.c", f'#include "state.h"\nstatic int far(int by)\n{body}')
    project.commit()
    project.edit("main.c", "    eggs(by);", "    eggs(far(by));")
    assert project.found("--since", "HEAD") == []


def test_who_fetches_although_it_has_the_state(project):
    project.edit("main.c", "    eggs(by);", "    session_get()->count = 0;\n    eggs(by);")
    assert "spam fetches session, which it has in hand as session" in project.check("--since", "HEAD")[1]


def test_a_variable_that_is_filled_is_no_reproach(project):
    project.edit(
        "main.c",
        "    return spam(session_get(), 2);",
        "    struct session *s = session_get();\n    return spam(s, 2);",
    )
    project.edit("main.c", "int run(void)", "int walk(void)")
    _, out, _ = project.check()
    assert "walk fetches session implicitly\n" in out


def test_macros_and_file_scope(project):
    project.write("wide.h", "#define COUNT session_get()->count\n")
    _, out, _ = project.check("--since", "HEAD")
    assert "wide.h:1:15: fetch: the macro COUNT fetches session wherever it is used" in out


@pytest.mark.parametrize(
    ("body", "fetches"),
    [
        ("return the_registry->size;", True),
        ("struct registry *the_registry = 0; return the_registry->size;", False),
        ("the_registry = 0; return 0;", False),
        ("return &the_registry == 0;", False),
        ("struct { int the_registry; } x = {1}; return x.the_registry;", False),
        ("the_registry: return 0;", False),
        ("return (@ the_registry;", True),  # cannot be parsed: better one too many
    ],
)
def test_a_variable_counts_where_it_is_read(project, body, fetches):
    project.write("reg.c", f'#include "state.h"\nint size(void)\n{{\n    {body}\n}}\n')
    found = project.found("--since", "HEAD")
    assert found == (["reg.c:4 fetch"] if fetches else [])


def test_only_one_state(project):
    project.write("reg.c", '#include "state.h"\nint size(void) { return the_registry->size; }\n')
    assert project.found("--since", "HEAD", "--state", "session") == []
    assert project.found("--since", "HEAD", "--state", "registry") == ["reg.c:2 fetch"]


# ---- the baseline ------------------------------------------------------------------------------------


def test_baseline(project):
    code, _, err = project.check("--write-baseline")
    assert code == 0
    assert "clew-baseline.json: 3 known findings" in err
    assert project.check() == (0, "", "")
    project.edit("main.c", "static void eggs", "\n\nstatic void eggs")
    project.edit("main.c", "int run(void)\n{", "int run(void)\n{\n    session_get()->count = 0;")
    assert project.found() == ["main.c:18 fetch"]


def test_baseline_is_written_alike_whatever_the_order(project):
    project.check("--write-baseline")
    first = (project.root / "clew-baseline.json").read_bytes()
    project.check("--write-baseline", "--no-cache")
    assert (project.root / "clew-baseline.json").read_bytes() == first
    assert json.loads(first)["findings"][0] == {
        "code": "fetch",
        "state": "session",
        "path": "main.c",
        "function": "eggs",
        "what": "session_get()",
        "text": "session_get()->count += by;",
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "not valid JSON"),
        ("[]", "not a baseline that this version of clew reads"),
        ('{"version": 1}', '"findings" must be a list'),
        ('{"version": 1, "findings": [{"code": "fetch"}]}', "finding 1 must have the strings"),
    ],
)
def test_bad_baseline(project, text, message):
    project.write("clew-baseline.json", text)
    code, out, err = project.check()
    assert (code, out) == (2, "")
    assert message in err
    assert "clew check --write-baseline" in err


def test_baseline_of_a_part_is_refused(project):
    code, _, err = project.check("--write-baseline", "main.c")
    assert code == 2
    assert "a baseline is made of the whole work tree" in err


# ---- allowing ----------------------------------------------------------------------------------------


def allow(project, comment, at="    session_get()->count += by;"):
    project.edit("main.c", at, f"{at} {comment}")
    return project.check("--format", "json", "--since", "HEAD~0")


def messages(out):
    return [(one["code"], one["line"], one["message"]) for one in json.loads(out)["findings"]]


def test_allowed(project):
    project.edit("main.c", "session_get()->count +=", "session_get()->count = session_get()->count +")
    assert project.check("--since", "HEAD")[0] == 1
    code, out, _ = allow(project, "/* clew: allow[fetch] set up before there is a session */", "count + by;")
    assert code == 0
    assert json.loads(out)["totals"] == {"new": 0, "known": 1, "allowed": 2, "files": 2}


def test_allowed_from_the_line_above(project):
    project.edit("main.c", NEW, f"    // clew: allow[fetch] for a test\n\n{NEW}")
    project.edit(
        "main.c",
        "    return spam(session_get(), 2);",
        "    /* clew: allow[fetch] as\n     * above */\n    return spam(session_get(), 2);",
    )
    code, out, _ = project.check("--format", "json")
    assert (code, json.loads(out)["totals"]["allowed"]) == (0, 2)


def test_allowed_sandwich(project):
    call = "    run(); /* clew: allow[sandwich] run starts anew */\n    return session->count;"
    project.edit("main.c", "    return session->count;", call)
    assert project.check("--since", "HEAD")[0] == 0


@pytest.mark.parametrize(
    ("comment", "code", "message"),
    [
        ("/* clew: allow[fetch] */", "allow-reason", "it allows nothing without a reason"),
        ("/* clew: allow[fetsh] why */", "allow-code", "fetsh: no such code"),
        ("/* clew: allow why */", "allow-code", "it does not say what it allows"),
        ("/* clew: allow[sandwich] why */", "allow-unused", "there is no sandwich here"),
    ],
)
def test_wrong_allowances(project, comment, code, message):
    _, out, _ = allow(project, comment)
    found = messages(out)
    assert (code, 5) in [one[:2] for one in found]
    assert any(message in one[2] for one in found)


def test_an_allowance_that_covers_nothing_any_more(project):
    allow(project, "/* clew: allow[fetch] why */")
    project.commit()
    project.edit("main.c", "session_get()->count += by;", "(void)by;")
    _, out, _ = project.check("--format", "json", "--since", "HEAD")
    assert [one[0] for one in messages(out)] == ["allow-unused"]


def test_an_allowance_that_went_away(project):
    allow(project, "/* clew: allow[fetch] why */")
    project.commit()
    project.edit("main.c", " /* clew: allow[fetch] why */", "")
    assert project.found("--since", "HEAD") == ["main.c:5 fetch"]


def test_what_is_no_comment_allows_nothing(project):
    project.edit("main.c", "{\n    session_get()", '{\n    puts("clew: allow[fetch] why"); session_get()')
    assert project.found() == ["main.c:5 fetch", "main.c:16 fetch"]


# ---- fixing ------------------------------------------------------------------------------------------


def test_fix_uses_what_is_in_hand(project):
    project.edit("main.c", "    eggs(by);", "    session_get()->count = 0;\n    eggs(by);")
    code, out, err = project.check("--since", "HEAD", "--fix")
    assert (code, out) == (0, "")
    assert "fixed 1 of 1 fetches in 1 file" in err
    text = (project.root / "main.c").read_text()
    assert "    session->count = 0;\n    eggs(by);" in text
    assert "    session_get()->count += by;" in text  # known, and in another function
    undo = project.root / ".clew/undo-1.patch"
    project.git("apply", "-R", str(undo))
    assert "session_get()->count = 0" in (project.root / "main.c").read_text()


def test_fix_leaves_what_it_cannot_prove(project):
    config = (project.root / "clew.toml").read_text()
    project.write(
        "clew.toml", config.replace('holders = "named"', 'holders = "named"\nchangers = ["session_switch"]')
    )
    project.write("state.h", HEADER_WITH_SWITCH)
    project.commit()
    project.edit(
        "main.c", "    eggs(by);", "    session_switch();\n    session_get()->count = 0;\n    eggs(by);"
    )
    before = (project.root / "main.c").read_bytes()
    code, _, err = project.check("--since", "HEAD", "--fix")
    assert code == 1
    assert "fixed 0 of 1 fetches" in err
    assert (project.root / "main.c").read_bytes() == before


HEADER_WITH_SWITCH = """\
struct session { int count; };
struct registry { int size; };
extern struct registry *the_registry;
struct session *session_get(void);
void session_switch(void);
int spread(int by);
"""


def test_fix_of_staged_files(project):
    project.edit("main.c", "    eggs(by);", "    session_get()->count = 0;\n    eggs(by);")
    project.git("add", "-A")
    code, _, err = project.check("--staged", "--fix")
    assert code == 1  # what is staged is as it was
    assert "stage them and commit again" in err
    assert "    session->count = 0;" in (project.root / "main.c").read_text()
    project.git("add", "-A")
    assert project.check("--staged") == (0, "", "")


def test_fix_does_not_touch_what_is_not_staged(project):
    project.edit("main.c", "    eggs(by);", "    session_get()->count = 0;\n    eggs(by);")
    project.git("add", "-A")
    project.edit("main.c", "int run(void)", "int  run(void)")
    before = (project.root / "main.c").read_bytes()
    code, _, err = project.check("--staged", "--fix")
    assert code == 1
    assert "main.c is not fixed: it has changes that are not staged" in err
    assert (project.root / "main.c").read_bytes() == before


def test_fix_takes_the_path_to_a_state_that_hangs_off_one_in_hand(project):
    derived = '[state.derived]\n"the_registry" = "{}->registry"\n\n[[state]]\nname = "registry"'
    config = (project.root / "clew.toml").read_text().replace('[[state]]\nname = "registry"', derived)
    project.write("clew.toml", config)
    project.write(
        "state.h", HEADER_WITH_SWITCH.replace("{ int count; }", "{ int count; struct registry *registry; }")
    )
    project.commit()
    project.edit("main.c", "    eggs(by);", "    the_registry->size = 0;\n    eggs(by);")
    code, _, err = project.check("--since", "HEAD", "--fix")
    assert "fixed 1 of 1 fetches" in err
    assert code == 0
    assert "    session->registry->size = 0;" in (project.root / "main.c").read_text()
