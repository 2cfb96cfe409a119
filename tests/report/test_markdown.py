from dataclasses import replace

import pytest

from clew.plan.model import Place, Refusal, ThreadedFunction
from clew.report.markdown import LIMIT, code, render_markdown, words
from clew.report.verdicts import Verdict


def test_the_text_says_what_changes(review):
    text = render_markdown(review)
    assert text.startswith("## 4 functions take `struct session *` from the caller\n")
    assert "| **5** | **in all**" in text
    assert "| compile | **passed** | 2 files, no new diagnostic |" in text
    assert "- `middle` (`main.c:13`) for `leaf`, which fetches\n" in text
    assert "`a <b> & c.c`" in text
    assert text.count("<details>") == text.count("</details>") == 4


def test_without_verdicts_nothing_was_verified(review):
    assert "Nothing was verified" in render_markdown(replace(review, verdicts=()))


def test_words_stay_words(review):
    text = render_markdown(review)
    assert "<script>" not in text
    assert "&lt;/table&gt;" in text
    assert "no test command \\| is configured" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", "`a`"),
        ("a`b", "``a`b``"),
        ("`a``", "``` `a`` ```"),
        ("a|b", "`a\\|b`"),
        ("a\nb", "`a b`"),
    ],
)
def test_code_spans_cannot_be_left(text, expected):
    assert code(text) == expected


def test_nobody_is_mentioned_and_nothing_is_marked():
    assert words("@me <b> & _x_ #1 [a](b)") == "&#64;me &lt;b&gt; &amp; \\_x\\_ \\#1 \\[a\\]\\(b\\)"


def test_a_large_change_is_cut_and_says_so(review):
    function = ThreadedFunction("f" * 60, "some/long/path.c", 1, "s", 0, 1, ("f", "g" * 80))
    refusal = Refusal("address-taken", Place("main.c", 0, 1, 1), "f" * 50, "\u00e9" * 300)
    plan = replace(review.plan, functions=(function,) * 2000, refusals=(refusal,) * 2000)
    text = render_markdown(replace(review, plan=plan))
    assert LIMIT * 0.8 < len(text.encode("utf-8")) <= LIMIT
    assert text.count("this text would be longer than 60 KB") == 2
    shown = text.count("`some/long/path.c:1`")
    assert f"_{2000 - shown} more left out" in text
    assert text.count("<details>") == text.count("</details>") == 4


def test_long_evidence_is_cut(review):
    text = render_markdown(replace(review, verdicts=(Verdict("run", "passed", "<" * 5000),)))
    assert text.count("&lt;") == 400
    assert "\u2026 |" in text
