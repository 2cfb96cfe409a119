"""Every golden case as a report: whatever clew does to a program, its reports hold together."""

import json
import re
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from clew import api
from clew.report.html import render_html
from clew.report.markdown import render_markdown
from clew.report.review_json import render_json
from clew.report.sarif import render_sarif
from clew.text.edit import apply_edits

CASES = Path(__file__).parents[2] / "fixtures" / "cases"
NAMES = sorted(path.parent.name for path in CASES.glob("*/case.toml"))
SCHEMA = json.loads(files("clew.report").joinpath("schemas", "report-1.json").read_text("utf-8"))
# The keys of `clew.toml` in a case; the others describe the case itself.
KEYS = {
    "include",
    "exclude",
    "foreign",
    "generated",
    "pinned",
    "export_macros",
    "types",
    "defines",
    "columns",
}


def load(name, folder):
    """Return the review of a case."""
    text = (CASES / name / "case.toml").read_text()
    data = tomllib.loads(text)
    tables = re.search(r"^\[\[state\]\].*?(?=^\[(?!\[|state)|\Z)", text, re.MULTILINE | re.DOTALL)
    assert tables is not None
    lines = [line for line in text[: tables.start()].splitlines() if line.split(" ")[0] in KEYS]
    (folder / "clew.toml").write_text("\n".join([*lines, tables[0]]))
    settings = api.load_settings(folder / "clew.toml")
    scope: dict[str, Any] = {
        key: tuple(v) if isinstance(v, list) else v for key, v in data.get("scope", {}).items()
    }
    tree = api.open_tree(CASES / name / "before", settings, api.Scope(**scope))
    return api.review(tree, api.rewrite(tree, api.make_plan(tree, settings.states[0].name)))


@pytest.mark.parametrize("name", NAMES)
def test_the_reports_of_a_case_hold_together(name, tmp_path, sarif_schema):
    review = load(name, tmp_path)
    data = json.loads(render_json(review))
    jsonschema.Draft202012Validator(SCHEMA).validate(data)
    jsonschema.Draft7Validator(sarif_schema).validate(json.loads(render_sarif(review)))
    assert sum(len(change["edits"]) for change in data["changes"]) == sum(map(len, review.edits.values()))
    page, text = render_html(review), render_markdown(review)
    for refusal in review.plan.refusals:
        assert f'"{refusal.code}"' in page
        assert f"`{refusal.code}`" in text
    assert all(change["why"] and change["role"] for change in data["changes"])
    _check_counts(review, data)


def _check_counts(review, data):
    """The number of fetches afterwards is what counting the spellings in the new text gives."""

    def count(texts):
        spelled = [accessor.spelling for accessor in review.state.accessors]
        patterns = [re.compile(r"(?<!\w)" + re.escape(word) + r"(?!\w)") for word in spelled]
        return sum(len(pattern.findall(text)) for text in texts for pattern in patterns)

    old = [review.sources[path].text for path in review.edits]
    new = [apply_edits(review.sources[path].text, edits) for path, edits in review.edits.items()]
    grown = data["summary"]["fetches"]["after"] - data["summary"]["fetches"]["before"]
    assert grown == count(new) - count(old)
