"""What README.md shows is what clew does, and no link of the documentation leads nowhere."""

import re
from pathlib import Path

import pytest

from clew import api
from clew.cli.main import COMMANDS
from clew.config.load import parse_settings
from clew.plan.catalogue import CATALOGUE

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]


def _block(language, text=README):
    found = re.search(rf"^```{language}\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def test_the_first_diff_is_what_clew_does():
    root = ROOT / "fixtures" / "minicore"
    settings = api.load_settings(root / "clew.toml")
    tree = api.open_tree(root, settings, api.Scope(paths=("core/import.c",)))
    assert _block("diff") in api.rewrite(tree, api.make_plan(tree, "ts")).diff().decode("latin-1")


def test_the_library_example_runs(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    exec(compile(_block("python"), "README.md", "exec"), {})
    totals, _, diff = capsys.readouterr().out.partition("\n")
    assert "'rewritten': " in totals
    assert diff.startswith("--- a/core/")


def test_the_settings_example_is_complete():
    (state,) = parse_settings("README.md", _block("toml").encode()).states
    assert state.names == ("session", "s")


def test_the_refusal_shown_is_that_of_its_page():
    page = (ROOT / "docs" / "refusals" / "state-may-change.md").read_text(encoding="utf-8")
    assert _block("text") == _block("text", page)


def test_the_number_of_codes_and_the_commands():
    assert f"\n{len(CATALOGUE)} codes" in README
    assert all(f"| `clew {name}` |" in README for name in COMMANDS)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_no_link_leads_nowhere(page):
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
