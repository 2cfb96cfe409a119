"""SARIF against the official schema and the limits of code scanning."""

import json
import random
import shutil
from dataclasses import replace

import jsonschema
import pytest

from clew.plan.model import Place, Refusal
from clew.report import sarif
from clew.report.sarif import render_sarif


def results(text):
    return json.loads(text)["runs"][0]["results"]


def test_it_fits_the_schema(review, sarif_schema):
    jsonschema.Draft7Validator(sarif_schema).validate(json.loads(render_sarif(review)))


def test_the_schema_would_object(review, sarif_schema):
    log = json.loads(render_sarif(review))
    log["runs"][0]["results"][0]["level"] = "fatal"
    assert not jsonschema.Draft7Validator(sarif_schema).is_valid(log)


def test_each_refusal_is_a_result_of_a_described_rule(review):
    run = json.loads(render_sarif(review))["runs"][0]
    assert len(run["results"]) == len(review.plan.refusals)
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    assert {result["ruleId"] for result in run["results"]} == rules == {"address-taken", "state-may-change"}


def test_a_refused_fetch_comes_first_with_the_places_that_prove_it(review):
    first, second = results(render_sarif(review))
    assert (first["level"], second["level"]) == ("warning", "note")
    assert first["message"]["text"].startswith("late: the state may have changed")
    assert [place["message"]["text"] for place in first["relatedLocations"]] == ["swap may change it"]
    region = second["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 6, "startColumn": 35, "endColumn": 39}


def test_columns_count_characters_and_paths_are_uris(review):
    place = next(fetch.place for fetch in review.plan.fetches if "&" in fetch.place.path)
    refusal = Refusal("compared", place, "twice", "because")
    (result,) = results(render_sarif(replace(review, plan=replace(review.plan, refusals=(refusal,)))))
    location = result["locations"][0]["physicalLocation"]
    assert location["artifactLocation"]["uri"] == "a%20%3Cb%3E%20%26%20c.c"
    line = "    return 2 * /* \u00e9 */ current()->n;"
    column = line.index("current")
    assert location["region"] == {"startLine": 6, "startColumn": column + 1, "endColumn": column + 8}
    assert place.column == column + 2  # bytes


def prints(review):
    found = results(render_sarif(review))
    return {result["partialFingerprints"]["primaryLocationLineHash"] for result in found}


def test_fingerprints_survive_moved_and_indented_lines(tree, review, make_review, tmp_path):
    before = prints(review)
    shutil.copy(tree / "clew.toml", tmp_path)
    moved = (
        (tree / "main.c")
        .read_bytes()
        .replace(b"struct session { int n; };", b"/* new */\n\n\nstruct session { int n; };")
    )
    moved = moved.replace(
        b"static void (*table[])(int *) = { hook };", b"\tstatic void (*table[])(int *) = {  hook };"
    )
    (tmp_path / "main.c").write_bytes(moved)
    assert prints(make_review(tmp_path)) == before
    assert len(before) == 2


def test_equal_lines_have_different_fingerprints(review):
    refusal = next(refusal for refusal in review.plan.refusals if refusal.code == "address-taken")
    plan = replace(review.plan, refusals=(refusal, refusal, refusal))
    found = results(render_sarif(replace(review, plan=plan)))
    names = [result["partialFingerprints"]["primaryLocationLineHash"] for result in found]
    assert len(set(names)) == 3
    assert [name[-2:] for name in names] == [":1", ":2", ":3"]


def test_the_number_of_results_and_places_is_limited(review, sarif_schema):
    place = Place("main.c", 0, 1, 1)
    refusal = Refusal("state-may-change", place, "f", "why", ((place, "here"),) * 3000)
    plan = replace(review.plan, refusals=(refusal, *[replace(refusal, chain=())] * 6000))
    log = json.loads(render_sarif(replace(review, plan=plan)))
    run = log["runs"][0]
    assert len(run["results"]) == 5000
    assert max(len(result.get("relatedLocations", ())) for result in run["results"]) < 100
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"].startswith("1001 results were left out")
    jsonschema.Draft7Validator(sarif_schema).validate(log)


def test_the_packed_size_is_limited(review, monkeypatch):
    monkeypatch.setattr(sarif, "MOST_BYTES", 20_000)
    noise = random.Random(1)
    place = Place("main.c", 0, 1, 1)
    refusals = tuple(Refusal("compared", place, "f", f"{noise.getrandbits(2000):x}") for _ in range(200))
    found = results(render_sarif(replace(review, plan=replace(review.plan, refusals=refusals))))
    assert 1 < len(found) < 100


@pytest.mark.parametrize("name", ["r\udce9pertoire/a.c", "a b#c?.c"])
def test_odd_paths_are_uris(review, name):
    refusal = Refusal("compared", Place(name, 0, 1, 1), "f", "why")
    text = render_sarif(replace(review, plan=replace(review.plan, refusals=(refusal,))))
    uri = results(text)[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri in ("r%E9pertoire/a.c", "a%20b%23c%3F.c")
