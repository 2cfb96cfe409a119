"""The page in a real browser: it works, it loads nothing, and no source text gets out of its place."""

import json
import re
import time
from dataclasses import replace

import pytest

from clew.report.html import render_html

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def page(review, tmp_path_factory):
    file = tmp_path_factory.mktemp("page") / "report.html"
    file.write_text(render_html(review), encoding="utf-8")
    return file


@pytest.fixture
def opened(browser, page):
    browser.open(page)
    yield browser
    assert browser.complaints == []
    assert browser.requests == [page.as_uri()]


def text(browser, selector):
    return browser.js(f"document.querySelector({json.dumps(selector)}).innerText")


def texts(browser, selector):
    return browser.js(f"[...document.querySelectorAll({json.dumps(selector)})].map(node => node.innerText)")


def test_the_overview_adds_up(opened):
    assert text(opened, "h1") == "4 functions take struct session * from their callers"
    numbers = [int(words) for words in texts(opened, "#overview .sum:first-of-type .num")][:4]
    *parts, total = numbers
    assert sum(parts) == total == 5


def test_source_text_stays_text(opened):
    opened.show("changes")
    assert opened.js("document.title") == "4 functions take session \u00b7 clew"
    assert opened.js("document.querySelectorAll('img, b > script, table script').length") == 0
    shown = text(opened, "#cards")
    assert '</script><script>document.title = "owned"</script><img src=x onerror' in shown
    assert "\xff\xfe" in shown  # Latin-1 where a file is no UTF-8
    assert "\u240c" in shown  # a form feed as its picture
    assert "{{ 7 * 7 }}" in shown
    opened.show("verification")
    assert "</table><script>document.title='owned'</script>" in text(opened, "#verification")


def test_text_that_reorders_is_shown_by_its_number(page):
    content = page.read_text(encoding="utf-8")
    assert "\u202e" not in content
    assert "\u27e8U+202E\u27e9" in content


def test_a_change_is_shown_side_by_side_with_its_reason(opened):
    opened.show("changes?find=middle")
    rows = opened.js(
        "[...document.querySelectorAll('.card')].filter(c => c.querySelector('h3').innerText === 'middle')"
        ".flatMap(c => [...c.querySelectorAll('.diff tr:not(.above)')])"
        ".map(row => [...row.cells].map(cell => cell.innerText))"
    )
    assert rows == [
        [
            "13", "static int middle(int x) { return leaf(x); }",
            "14", "static int middle(struct session *s, int x) { return leaf(s, x); }",
            "thread middle gets the state from its callers\npass leaf takes the state",
        ]
    ]  # fmt: skip
    inserted = opened.js("[...document.querySelectorAll('.card .ins u')].map(node => node.innerText)")
    assert "struct session *s, " in inserted


def test_every_old_and_new_line_is_on_the_page(opened, review):
    """The rows of a change, joined, are the old and the new text."""
    opened.show("changes")
    opened.js("for (const button of document.querySelectorAll('.fold button')) button.click()")
    old, new = opened.js(
        "[1, 3].map(at => [...document.querySelectorAll('.diff tr:not(.above)')]"
        ".filter(row => !row.cells[at].classList.contains('none')).map(row => row.cells[at].textContent))"
    )
    for change in review.changes:
        source = review.sources[change.path]
        before = change.span.of(source.text)
        after, at = "", change.span.start
        for edit in change.edits:
            after += source.text[at : edit.span.start] + edit.text
            at = edit.span.end
        after += source.text[at : change.span.end]
        for column, piece in ((old, before), (new, after)):
            plain = [line.rstrip("\r") for line in piece.split("\n") if line.isascii() and "\x0c" not in line]
            assert [line for line in plain if line and line not in column] == []


def test_filters_and_search(opened):
    opened.show("changes")
    everything = len(texts(opened, ".card"))
    opened.js("[...document.querySelectorAll('.chip')].find(b => b.innerText.startsWith('boundary')).click()")
    opened.wait()
    assert 0 < len(texts(opened, ".card")) < everything
    assert set(texts(opened, ".card .role")) == {"boundary"}
    opened.press("Escape")
    assert len(texts(opened, ".card")) == everything
    opened.type("twice")
    assert set(texts(opened, ".card h3")) == {"twice", "other"}
    opened.type("nothing of the kind")
    assert text(opened, "#change-count").startswith("Nothing fits")


def test_keys(opened):
    opened.press("2")
    assert opened.js("location.hash") == "#changes"
    opened.press("j")
    opened.press("j")
    assert opened.js("document.querySelectorAll('.card.current').length") == 1
    opened.press("u")
    assert opened.js("document.querySelectorAll('.diff.one').length") > 0
    opened.press("u")
    opened.press("t")
    dark = opened.js("document.documentElement.dataset.theme")
    opened.press("t")
    assert {dark, opened.js("document.documentElement.dataset.theme")} == {"dark", "light"}
    opened.press("?")
    assert opened.js("keys.open") is True


def test_the_graph_explains_a_threaded_function(opened):
    opened.show("graph")
    opened.type("middle")
    opened.press("/")
    opened.press("Enter")
    assert text(opened, "#detail h2") == "middle"
    assert texts(opened, "#detail .chain li") == ["middle", "leaf", "current() at main.c:11"]
    assert opened.js("document.querySelectorAll('#focus .edge.why').length") == 2
    names = opened.js("[...document.querySelectorAll('#focus .node text')].map(node => node.textContent)")
    assert {"main", "hook", "middle", "leaf"} <= set(names)


def test_the_graph_explains_a_pin(opened):
    node = opened.js("JSON.parse(data.textContent).nodes.findIndex(node => node[0] === 'hook')")
    opened.show(f"graph?f={node}")
    assert "address-taken" in text(opened, "#detail")
    opened.js("document.querySelector('#detail a[href^=\"#refusals\"]').click()")
    opened.wait()
    assert "The address of the function is taken" in text(opened, "#refused")


def test_refusals_show_their_source(opened):
    opened.show("refusals?code=state-may-change")
    assert texts(opened, ".refusal mark")[0] == "current"
    assert "swap may change it" in text(opened, "#refused")


def test_a_print_holds_all_parts(opened):
    printed = opened.print()
    assert printed.startswith(b"%PDF")
    # The cards were built, although the window never showed them.
    assert opened.js("[...document.querySelectorAll('.card')].every(card => card.querySelector('table'))")
    assert opened.js("document.querySelectorAll('.refusal').length") > 0


def test_two_thousand_changes(browser, review, tmp_path):
    many = replace(review, changes=review.changes * (2000 // len(review.changes) + 1))
    file = tmp_path / "many.html"
    file.write_text(render_html(many), encoding="utf-8")
    browser.open(file)
    browser.show("changes")
    built, placed = browser.js(
        "[document.querySelectorAll('.card table').length, document.querySelectorAll('.card').length]"
    )
    assert placed >= 2000
    assert built < 60
    began = time.perf_counter()
    browser.type("middle")
    assert time.perf_counter() - began < 3
    assert browser.complaints == []


def test_the_page_loads_nothing_by_its_text(page):
    content = page.read_text(encoding="utf-8")
    head, _, rest = content.partition('<script type="application/json" id="data">')
    assert rest.count("</script>") == 2
    assert not re.search(r'\b(?:src|href)="(?!#)', head)
    assert "default-src 'none'" in head.replace("&#39;", "'")


def test_nothing_to_report(browser, review, tmp_path):
    plan = replace(
        review.plan, files={}, functions=(), boundaries=(), macros=(), fetches=(), balance=(), refusals=()
    )
    empty = replace(review, plan=plan, changes=(), edits={}, verdicts=(), pins=(), command="")
    empty = replace(empty, survey=replace(review.survey, nodes=(), edges=()), added_fetches=0)
    file = tmp_path / "empty.html"
    file.write_text(render_html(empty), encoding="utf-8")
    browser.open(file)
    assert text(browser, "h1") == "Nothing changes"
    for part in ("changes", "graph", "refusals", "verification"):
        browser.show(part)
    assert browser.complaints == []
