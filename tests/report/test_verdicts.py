import json

import pytest

from clew.errors import UsageError
from clew.report.verdicts import Verdict, count_statuses, read_verdicts
from clew.report.verify_report import verdicts_json
from clew.verify import verdict as verify

LIST = [
    {"check": "compile", "status": "passed", "evidence": "2 files"},
    {"check": "run", "status": "not-run"},
]


@pytest.mark.parametrize("data", [LIST, {"checks": LIST, "state": "ts", "passed": False}])
def test_a_list_or_an_object_with_one(data):
    found = read_verdicts(json.dumps(data), "v.json", "ts")
    assert found == (Verdict("compile", "passed", "2 files"), Verdict("run", "not-run", ""))
    assert count_statuses(found) == {"passed": 1, "failed": 0, "not-run": 1}


def test_what_verify_writes_is_read():
    verdict = verify.Verdict("compile", "passed", "2 units, no new diagnostic", ("a.c: ok", "b.c: ok"), 1.5)
    (found,) = read_verdicts(verdicts_json("ts", [verdict]), "v.json", "ts")
    assert found == Verdict("compile", "passed", "2 units, no new diagnostic\na.c: ok\nb.c: ok")


def test_verdicts_on_another_state_are_not_mixed_in():
    with pytest.raises(UsageError) as caught:
        read_verdicts('{"state": "interp", "checks": []}', "v.json", "ts")
    assert caught.value.what == "these verdicts are on the state 'interp', not 'ts'"


def test_evidence_may_be_a_value():
    (found,) = read_verdicts('[{"check": "c", "status": "failed", "evidence": {"exit": 1}}]', "v.json")
    assert found.evidence == '{\n  "exit": 1\n}'


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "no JSON"),
        ("3", "holds no list"),
        ('{"a": []}', "holds no list"),
        ("[1]", 'verdict 1 has no "check"'),
        ('[{"check": "c", "status": "ok"}]', "verdict 1: the status 'ok' is none of passed, failed, not-run"),
        ('[{"check": "c"}]', "verdict 1: the status None"),
    ],
)
def test_anything_else_is_an_error_with_its_place(text, message):
    with pytest.raises(UsageError) as caught:
        read_verdicts(text, "v.json")
    assert message in caught.value.what
    assert caught.value.place.path == "v.json"
