from dataclasses import replace

import pytest

from clew import api
from clew.report.audit_files import Progress
from clew.report.audit_html import render_audits

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def audit(tree):
    return api.audit(api.open_tree(tree, api.load_settings(tree / "clew.toml")), "session")


@pytest.fixture
def opened(browser, audit, tmp_path):
    file = tmp_path / "audit.html"
    progress = Progress(2, 9, (), ("a <b> & c.c",))
    other = replace(audit, state="</title><script>document.title='owned'</script>")
    file.write_text(render_audits([audit, other], {"session": progress}), encoding="utf-8")
    browser.open(file)
    yield browser
    assert browser.complaints == []
    assert browser.requests == [file.as_uri()]


def texts(browser, selector):
    return browser.js(f"[...document.querySelectorAll({selector!r})].map(node => node.innerText)")


def test_the_page_counts(opened):
    assert texts(opened, "#state-1 h1") == ["0 of 2 files are clean"]
    assert texts(opened, ".since")[0].startswith("Since the earlier audit: -2 clean files, -4 fetches.")
    assert texts(opened, "#state-1 .files tbody tr td:first-child") == ["main.c", "a <b> & c.c"]
    assert texts(opened, "#state-1 .files tbody td:nth-child(2)") == ["4", "1"]


def test_names_stay_text(opened):
    assert opened.js("document.title").startswith("Audit of session, </title><script>")


def test_files_and_pins_unfold(opened):
    opened.js("document.querySelector('.open').click()")
    assert texts(opened, "tr.inside li")[0] == "11 current() in leaf"
    opened.js("document.querySelector('.open').click()")
    assert texts(opened, "tr.inside li") == []
    opened.js("document.querySelector('[data-code=address-taken] summary').click()")
    opened.wait()
    assert texts(opened, ".pin li") == ["main.c:14 hook its address stands in an initialiser"]


def test_the_search_finds_files_by_their_functions(opened):
    opened.type("twice")
    rows = "[...document.querySelectorAll('#state-1 .files tbody tr')]"
    shown = f"{rows}.filter(row => !row.hidden).map(row => row.dataset.path)"
    assert opened.js(shown) == ["a <b> & c.c"]
    opened.press("Escape")
    opened.type("")
    assert len(opened.js(shown)) == 2
