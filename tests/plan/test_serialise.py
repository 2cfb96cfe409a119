import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clew.errors import PlanFileError
from clew.plan.json_place import find_value
from clew.plan.model import (
    Boundary,
    FetchBalance,
    FetchDecision,
    Place,
    Plan,
    Refusal,
    ThreadedFunction,
    ThreadedMacro,
)
from clew.plan.serialise import read_plan, write_plan

PLACE = Place("a.c", 10, 2, 3)
PLAN = Plan(
    state="tstate",
    scope={"paths": ["Python"], "depth": None},
    files={"a.c": "00"},
    functions=(ThreadedFunction("f", "a.c", 2, "tstate", 0, 3, ("f", "g")),),
    boundaries=(Boundary("main", "a.c", 9, "local", "tstate", "main", "it is main"),),
    macros=(ThreadedMacro("RAISE", "a.c", 1, "tstate"),),
    fetches=(FetchDecision(PLACE, "f", "GET()", "rewritten", "the parameter"),),
    balance=(FetchBalance("f", "a.c", 1, 0),),
    refusals=(Refusal("state-change", PLACE, "h", "it swaps", ((PLACE, "here"), (PLACE, "there"))),),
)


def test_what_is_written_is_read():
    assert read_plan(write_plan(PLAN)) == PLAN


def test_defaults_may_be_left_out():
    data = json.loads(write_plan(PLAN))
    del data["functions"][0]["decision"]
    assert read_plan(json.dumps(data)) == PLAN


def edited(old, new):
    text = write_plan(PLAN)
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize(
    ("text", "message", "line_holds"),
    [
        (
            edited('"decision": "thread"', '"decision": "skip"'),
            'functions[0].decision must be "thread" or "pin"',
            '"skip"',
        ),
        (edited('"callers": 3', '"callers": "3"'), 'functions[0].callers must be an integer, not "3"', '"3"'),
        (edited('"callers": 3', '"callers": true'), "must be an integer, not true", "true"),
        (edited('"callers": 3', '"colours": 3'), "functions[0] has no 'colours'", '"colours"'),
        (edited('"callers": 3,', ""), "functions[0] lacks 'callers'", "{"),
        (edited('"here"', "7"), "refusals[0].chain[0][1] must be a string, not 7", "7"),
        (edited('"a.c": "00"', '"a.c": 0'), "files.a.c must be a string, not 0", "0"),
        (edited('"fetches": [', '"fetches": [ 5, '), "fetches[0] must be an object, not 5", "5"),
    ],
)
def test_faults_are_placed(text, message, line_holds):
    with pytest.raises(PlanFileError) as caught:
        read_plan(text, "my-plan.json")
    place = caught.value.place
    assert message in caught.value.what
    assert place.path == "my-plan.json"
    assert line_holds in place.source
    assert place.source[place.column - 1 :][: len(line_holds)].strip() != ""
    assert text.split("\n")[place.line - 1] == place.source


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "not valid JSON: Expecting value"),
        ('{"state": ', "not valid JSON"),
        ("[" * 100_000, "not a plan"),
        ("9" * 5000, "not a plan"),
        ("[]", "the plan must be an object, not []"),
        ('{"version": 99}', "plan version 99, but this clew reads version 1"),
        ("{}", "plan version None"),
    ],
)
def test_what_is_no_plan(text, message):
    with pytest.raises(PlanFileError) as caught:
        read_plan(text)
    assert message in caught.value.what
    assert "clew plan" in caught.value.next_step


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=20,
)


@given(data=JSON, indent=st.sampled_from([None, 2]), picks=st.lists(st.integers(0, 3), max_size=5))
def test_every_value_is_found_where_it_stands(data, indent, picks):
    text, path, value = json.dumps(data, indent=indent), [], data
    for pick in picks:
        if isinstance(value, list) and pick < len(value):
            path.append(pick)
        elif isinstance(value, dict) and pick < len(value):
            path.append(list(value)[pick])
        else:
            break
        value = value[path[-1]]
    offset, width = find_value(text, tuple(path))
    assert json.loads(text[offset : offset + width]) == value


def test_the_last_existing_part_is_found():
    assert find_value('{"a": [1, 22]}', ("a", 7)) == (6, 7)
    assert find_value('{"a": 1}', ("a", "b")) == (6, 1)
