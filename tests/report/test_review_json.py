import json
from importlib.resources import files

import jsonschema
import pytest

from clew.report.review_json import REPORT_VERSION, render_json
from clew.text.edit import apply_edits

SCHEMA = json.loads(
    files("clew.report").joinpath("schemas", f"report-{REPORT_VERSION}.json").read_text("utf-8")
)


@pytest.fixture(scope="module")
def data(review):
    return json.loads(render_json(review))


def test_the_schema_is_one():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_it_fits_the_schema(data):
    jsonschema.Draft202012Validator(SCHEMA).validate(data)


@pytest.mark.parametrize("key", ["version", "plan", "changes", "codes", "verdicts"])
def test_the_schema_would_object(data, key):
    broken = {**data, key: "?"}
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(broken)
    del broken[key]
    assert not jsonschema.Draft202012Validator(SCHEMA).is_valid(broken)


def test_the_numbers_add_up(data, review):
    summary = data["summary"]
    assert sum(summary["outcomes"].values()) == summary["fetches"]["before"] == 5
    texts = (apply_edits(review.sources[path].text, edits) for path, edits in review.edits.items())
    assert summary["fetches"]["after"] == sum(text.count("current()") for text in texts)


def test_every_edit_belongs_to_one_change(data, review):
    described = [(change["path"], edit["start"]) for change in data["changes"] for edit in change["edits"]]
    made = [(path, edit.span.start) for path, edits in review.edits.items() for edit in edits]
    assert sorted(described) == sorted(made)
