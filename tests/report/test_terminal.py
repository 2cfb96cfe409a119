import json
import re
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from clew.plan.model import Boundary, FetchDecision, Place, Plan, Refusal, ThreadedFunction, ThreadedMacro
from clew.report.audit import Audit, AuditFetch, AuditPin, AuditProblem, AuditSandwich
from clew.report.json_report import audits_json
from clew.report.paint import Painter
from clew.report.terminal import plan_totals, render_audit, render_plan
from clew.text.source import SourceText

PLAIN = Painter(colour=False)
AUDIT = Audit(
    state="ts",
    fetches=(
        AuditFetch(Place("b.c", 5, 1, 6), "g", "GET()"),
        AuditFetch(Place("a.c", 900, 90, 12), "f", "GET()"),
        AuditFetch(Place("a.c", 10, 2, 5), "f", "GET()"),
    ),
    pins=(
        AuditPin("cb", "a.c", 7, "address-taken", "stored in table at a.c:20"),
        AuditPin("main", "a.c", 9, "main", "it is main"),
    ),
    sandwiches=(AuditSandwich("f", "a.c", 1, 2, 1, 3),),
    functions=12,
    files=2,
    problems=(AuditProblem("z.c", 0, "unreadable", "Permission denied"),),
)


def test_an_audit():
    assert (
        render_audit(AUDIT, PLAIN)
        == """\
audit of ts: 12 functions in 2 files scanned

fetches
  a.c (2)
      2:5  GET() in f
    90:12  GET() in f
  b.c (1)
    1:6  GET() in g

sandwiches: they fetch although callers hold the state
  1. a.c:1: f: 1 of 3 callers with the state in hand, 2 fetches

pinned functions
  address-taken (1): The address of the function is taken
    a.c:7: cb: stored in table at a.c:20
  main (1)
    a.c:9: main: it is main

not read or not understood
  unreadable (1)
    z.c: Permission denied

0 of 2 files clean
3 fetches in 2 functions, 1 sandwich, 2 pinned functions, 1 problem"""
    )


def test_an_audit_that_found_nothing():
    assert render_audit(Audit("ts", (), (), (), 1, 1), PLAIN) == (
        "audit of ts: 1 function in 1 file scanned\n\n"
        "0 fetches in 0 functions, 0 sandwiches, 0 pinned functions, 0 problems"
    )


def test_an_audit_as_json():
    (audit,) = json.loads(audits_json([AUDIT]))["audits"]
    assert audit["totals"] == {
        "fetches": 3, "pins": 2, "sandwiches": 1, "problems": 1, "defining_files": 2, "clean_files": 0,
    }  # fmt: skip
    assert audit["fetches"][0] == {
        "path": "b.c",
        "offset": 5,
        "line": 1,
        "column": 6,
        "function": "g",
        "accessor": "GET()",
    }
    assert audit["sandwiches"][0]["callers_holding"] == 1
    assert audit["pins"][0]["code"] == "address-taken"
    codes = json.loads(audits_json([AUDIT]))["codes"]
    assert codes["address-taken"]["title"] == "The address of the function is taken"


SOURCES = {"a.c": SourceText("a.c", "int f(void)\n{\n    swap();\n\treturn GET();\n}\n")}
PLAN = Plan(
    state="ts",
    scope={},
    files={"a.c": "00"},
    functions=(
        ThreadedFunction("f", "a.c", 1, "ts", 0, 1, ("f", "g")),
        ThreadedFunction("h", "a.c", 1, "ts", 0, 2, ("h",), "pin"),
    ),
    boundaries=(
        Boundary("run", "a.c", 3, "local", "ts", "exported", "marked API"),
        Boundary("cb", "a.c", 4, "inline", "", "address-taken", "in a table"),
        Boundary("main", "a.c", 5, "held", "t", "main", "it is main"),
    ),
    macros=(ThreadedMacro("RAISE", "a.c", 1, "ts"),),
    fetches=(
        FetchDecision(Place("a.c", 38, 4, 9), "f", "GET()", "refused", "swap"),
        FetchDecision(Place("a.c", 0, 1, 1), "f", "GET()", "rewritten", "parameter"),
    ),
    balance=(),
    refusals=(
        Refusal(
            "state-change",
            Place("a.c", 38, 4, 9),
            "f",
            "swap() may switch",
            ((Place("a.c", 18, 3, 5), "here"),),
        ),
    ),
)


def test_a_plan():
    assert (
        render_plan(PLAN, SOURCES, PLAIN)
        == """\
plan for ts

functions that get the parameter
  a.c:1: f: fetches through g; 1 call to change
  a.c:1: h: fetches; 2 calls to change [pinned by hand]

macros that take it from where they are used
  a.c:1: RAISE: uses ts

boundaries: pinned functions that hand it on
  a.c:3: run: fetches once, into ts; pinned (exported): marked API
  a.c:4: cb: fetches at each call; pinned (address-taken): in a table
  a.c:5: main: has it in t; pinned (main): it is main

refusals
  state-change (1)
    a.c:4: f: swap() may switch
      4 | \treturn GET();
        | \t       ^
      a.c:3: here

2 fetches: 1 rewritten, 0 boundary, 1 refused, 0 out-of-scope
1 function threaded, 1 macro, 3 boundaries, 1 file to change
1 refusal: 1 state-change"""
    )


def test_a_code_of_the_catalogue_comes_with_its_title_and_with_what_to_do():
    (refusal,) = PLAN.refusals
    known = replace(PLAN, refusals=(replace(refusal, code="unsequenced"),))
    shown = render_plan(known, SOURCES, PLAIN)
    assert "  unsequenced (1): The same expression may change the state, in no definite order\n" in shown
    assert "    next: Split the expression into statements" in shown


def test_shorter_lists_say_how_many_they_left_out():
    shown = render_audit(AUDIT, PLAIN, limit=1)
    assert "      2 in a.c\n        ... and 1 more\n" in shown
    assert "pinned functions\n  address-taken (1)" in shown
    plan = replace(PLAN, functions=PLAN.functions * 3, refusals=PLAN.refusals * 2)
    assert "  ... and 5 more\n\nmacros" in render_plan(plan, SOURCES, PLAIN, limit=1)
    assert render_plan(plan, SOURCES, PLAIN, limit=1).count("swap() may switch") == 1
    assert "    ... and 1 more\n" in render_plan(plan, SOURCES, PLAIN, limit=1)


def test_a_reason_that_starts_with_its_subject_is_not_told_twice():
    refusal = Refusal("pinned", Place("a.c", 0, 1, 1), "f", "f keeps its signature")
    assert "a.c:1: f keeps its signature" in render_plan(replace(PLAN, refusals=(refusal,)), {}, PLAIN)


def test_a_refusal_in_a_file_that_is_not_at_hand_has_no_excerpt():
    assert "|" not in render_plan(PLAN, {}, PLAIN)


OUTCOMES = st.sampled_from(["rewritten", "boundary", "refused", "out-of-scope"])
CODES = st.sampled_from(["state-change", "unparsed", "shadowed"])


@given(st.lists(OUTCOMES, max_size=30), st.lists(CODES, max_size=10))
def test_totals_add_up(outcomes, codes):
    place = Place("a.c", 0, 1, 1)
    plan = Plan(
        "ts",
        {},
        {},
        (),
        (),
        (),
        tuple(FetchDecision(place, "f", "GET()", outcome, "") for outcome in outcomes),
        (),
        tuple(Refusal(code, place, "f", "") for code in codes),
    )
    fetches, _changes, refusals = plan_totals(plan)
    for line in (fetches, refusals):
        total, *parts = [int(number) for number in re.findall(r"\d+", line)]
        assert total == sum(parts)
