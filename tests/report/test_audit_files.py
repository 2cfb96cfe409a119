import json
from dataclasses import replace
from importlib.resources import files

import jsonschema
import pytest

from clew import api
from clew.config.load import parse_settings
from clew.errors import UsageError
from clew.plan.model import Place
from clew.report.audit import Audit, AuditFetch, AuditPin, AuditProblem, AuditSandwich, AuditTwin
from clew.report.audit_files import FileAudit, Progress, audit_files, compare, count_clean, read_before
from clew.report.json_report import AUDIT_VERSION, audits_json
from clew.report.paint import Painter
from clew.report.terminal import render_audit

SCHEMA = json.loads(
    files("clew.report").joinpath("schemas", f"audit-{AUDIT_VERSION}.json").read_text("utf-8")
)
AUDIT = Audit(
    "ts",
    (
        AuditFetch(Place("a.c", 5, 1, 6), "f", "GET()"),
        AuditFetch(Place("b.c", 5, 1, 6), "g", "GET()"),
        AuditFetch(Place("b.c", 9, 2, 6), "g", "GET()"),
        AuditFetch(Place("m.h", 9, 2, 6), "MACRO", "GET()"),
    ),
    (AuditPin("g", "b.c", 1, "address-taken", "in a table"),),
    (AuditSandwich("f", "a.c", 1, 1, 1, 2),),
    5,
    6,
    (AuditProblem("z.c", 0, "unreadable", "no"),),
    ("a.c", "b.c", "c.c", "d.c"),
)


def test_files_that_define_functions_or_fetch_are_counted():
    found = audit_files(AUDIT)
    assert found == (
        FileAudit("b.c", 2, 1, 0, 1),
        FileAudit("a.c", 1, 1, 1, 0),
        FileAudit("m.h", 1, 1, 0, 0),
        FileAudit("c.c", 0, 0, 0, 0),
        FileAudit("d.c", 0, 0, 0, 0),
    )
    assert count_clean(found) == 2


def test_an_audit_compared_with_itself_has_no_progress():
    assert compare(AUDIT, *read_before(audits_json([AUDIT]), "x")) == Progress(2, 4, (), ())


def test_cleaned_and_spoiled_files():
    before = {"ts": frozenset({"a.c", "d.c", "gone.c"})}
    assert compare(AUDIT, before, {"ts": 9}) == Progress(3, 9, ("c.c",), ("a.c",))
    assert compare(AUDIT, {}, {}) is None


def test_the_text_tells_the_number_that_only_goes_up():
    text = render_audit(AUDIT, Painter(colour=False), None, Progress(3, 9, ("c.c",), ("a.c",)))
    assert (
        "  a.c was clean, and fetches now\n2 of 5 files clean (-1), -5 fetches since the earlier audit\n"
        in text
    )
    assert "\n2 of 5 files clean\n4 fetches in" in render_audit(AUDIT, Painter(colour=False))


@pytest.mark.parametrize("progress", [{}, {"ts": Progress(3, 9, ("c.c",), ("a.c",))}])
def test_the_json_fits_its_schema(progress):
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(audits_json([AUDIT], progress)))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "no JSON"),
        ("[]", "this is no audit that lists its files"),
        ('{"audits": [{"state": "ts", "totals": {"fetches": 1}}]}', "this is no audit that lists its files"),
        ('{"audits": 3}', "this is no audit that lists its files"),
    ],
)
def test_anything_else_is_an_error(text, message):
    with pytest.raises(UsageError) as caught:
        read_before(text, "before.json")
    assert message in caught.value.what
    assert str(caught.value.place).startswith("before.json")


TWIN = AuditTwin("reset", "a.c", 3, "function", "_reset", "b.c", 9, 0)


@pytest.mark.parametrize(
    ("twins", "shown"), [((), "none found"), ((TWIN,), "reset (function): _reset in b.c:9")]
)
def test_twins_are_listed_where_they_were_asked_for(twins, shown):
    asked = replace(AUDIT, twins=twins)
    assert shown in render_audit(asked, Painter(colour=False))
    [data] = json.loads(audits_json([asked]))["audits"]
    assert data["twins"] == [twin._asdict() for twin in twins]
    jsonschema.Draft202012Validator(SCHEMA).validate(json.loads(audits_json([asked])))


def test_twins_are_not_mentioned_where_nobody_asked():
    assert "twins" not in render_audit(AUDIT, Painter(colour=False))
    assert "twins" not in json.loads(audits_json([AUDIT]))["audits"][0]


def test_the_twins_of_a_tree_are_found(tmp_path):
    (tmp_path / "main.c").write_text(
        "typedef struct State { int id; } State;\nState *state_get(void);\n"
        "static void _set(State *ts, int id) { ts->id = id; }\n"
        "void set(int id)\n{\n    _set(state_get(), id);\n}\n"
        "#define SET(id) _set(state_get(), id)\n"
    )
    text = '[[state]]\nname = "ts"\ntype = "State *"\nnames = ["ts"]\naccessors = ["state_get()"]\n'
    tree = api.open_tree(tmp_path, parse_settings("clew.toml", text.encode()))
    assert api.audit(tree, "ts").twins is None
    assert api.audit(tree, "ts", twins=True).twins == (
        AuditTwin("set", "main.c", 4, "function", "_set", "main.c", 3, 0),
        AuditTwin("SET", "main.c", 8, "macro", "_set", "main.c", 3, 0),
    )


def test_pins_are_shown_of_functions_that_fetch(tmp_path):
    (tmp_path / "main.c").write_text(
        "typedef struct State { int id; } State;\nState *state_get(void);\n"
        "static int in_table(void) { return state_get()->id; }\n"
        "static int called(void) { return state_get()->id; }\n"
        "static int above(void) { return called() + in_table(); }\n"
        "int (*const table[])(void) = {in_table, above};\n"
    )
    text = '[[state]]\nname = "ts"\ntype = "State *"\nnames = ["ts"]\naccessors = ["state_get()"]\n'
    tree = api.open_tree(tmp_path, parse_settings("clew.toml", text.encode()))
    [pin] = api.audit(tree, "ts").pins
    assert (pin.function, pin.path, pin.line, pin.code) == ("in_table", "main.c", 3, "address-taken")
