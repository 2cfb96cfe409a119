"""The pages of docs/rules and docs/refusals: clew is run on every piece of C that they show.

With ``CLEW_REGEN=1`` in the environment the results are written into the pages, for a person to review with
``git diff``.

A ``c noop`` block stays as it is; a ``c before`` block becomes the ``c after`` block that follows.  A ``c``
block with a file name is one more file of the next example.  A ``toml`` block holds the settings from
there on.
"""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from clew import api
from clew.config.load import parse_settings
from clew.plan.catalogue import CATALOGUE
from clew.report.paint import Painter
from clew.report.terminal import render_plan

ROOT = Path(__file__).parents[2]
RULES = ROOT / "docs" / "rules"
REFUSALS = ROOT / "docs" / "refusals"
REGENERATE = bool(os.environ.get("CLEW_REGEN"))

_INCLUDE = '#include "state.h"\n\n'
_BLOCK = re.compile(r"^```(\w+) ?([\w.]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass
class Example:
    """One example of a page: *kind* is "noop", "before" or "refused"; *number* counts the blocks of the page,
    up to the one that shows the *result* if there is one."""

    page: Path
    kind: str
    settings: str
    files: dict[str, str] = field(default_factory=dict)
    result: str = ""
    number: int = 0
    linkage: str = "static"

    def __str__(self):
        return f"{self.page.stem}-{self.kind}-{self.number}"


def _blocks(page):
    found = _BLOCK.finditer(page.read_text(encoding="utf-8"))
    return [(number, *match.groups()) for number, match in enumerate(found)]


def _shared():
    blocks = {(language, name): text for _, language, name, text in _blocks(RULES / "README.md")}
    return blocks["c", "state.h"], blocks["toml", ""]


STATE_H, SETTINGS = _shared()


def _included(files):
    """Return the files of a rule's example with the include that the pages leave out."""
    return {name: f"{_INCLUDE}{text}" if name == "main.c" else text for name, text in files.items()}


def _rule_examples(page):
    settings = SETTINGS
    files: dict[str, str] = {}
    for number, language, name, text in _blocks(page):
        if language == "toml":
            settings = text
        elif name in ("noop", "before"):
            example = Example(page, name, settings, _included(files | {"main.c": text}), number=number)
            files = {}
            yield example
        elif name == "after":
            example.result, example.number = text, number
        else:
            files[name] = text


def _refusal_example(page):
    example = Example(page, "refused", SETTINGS)
    for number, language, name, text in _blocks(page):
        if language == "toml":
            example.settings = text
        elif language in ("c", "asm"):
            example.files[name or "main.c"] = text
        else:
            example.result, example.number = text, number
    if "clew plan --linkage internal" in page.read_text(encoding="utf-8"):
        example.linkage = "internal"
    return example


RULE_PAGES = sorted(set(RULES.glob("*.md")) - {RULES / "README.md"})
RULE_EXAMPLES = [example for page in RULE_PAGES for example in _rule_examples(page)]
REFUSAL_PAGES = sorted(set(REFUSALS.glob("*.md")) - {REFUSALS / "README.md"})
REFUSAL_EXAMPLES = [_refusal_example(page) for page in REFUSAL_PAGES]


def _open(example, files, folder):
    for name, text in {"state.h": STATE_H, **files}.items():
        (folder / name).write_text(text, encoding="utf-8")
    settings = parse_settings("clew.toml", example.settings.encode())
    return api.open_tree(folder, settings, api.Scope(linkage=example.linkage))


def _rewritten(example, files, folder):
    """Return the files after clew."""
    tree = _open(example, files, folder)
    changed = api.rewrite(tree, api.make_plan(tree, "ts")).files
    return files | {path: data.decode("utf-8") for path, data in changed.items()}


def _check(example, found):
    """Compare what clew did with what the page shows, or write it there."""
    if REGENERATE and found != example.result:
        text = example.page.read_text(encoding="utf-8")
        start, end = list(_BLOCK.finditer(text))[example.number].span(3)
        example.page.write_text(text[:start] + found + text[end:], encoding="utf-8")
        pytest.skip("written into the page; run again")
    assert found == example.result


def _compile(files, folder, *options):
    for name, text in {"state.h": STATE_H, **files}.items():
        (folder / name).write_text(text, encoding="utf-8")
    units = [name for name in files if name.endswith(".c")]
    compiler = shutil.which("gcc") or "cc"
    command = [compiler, "-fsyntax-only", *options, *units]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


# ---- rules -----------------------------------------------------------------------------------------


def test_every_rule_has_a_page_with_noops_first():
    rules = "reuse thread boundary macros unpaste declare derive provide redirect split"
    assert {page.stem for page in RULE_PAGES} == {*rules.split(), "pins"}
    for page in RULE_PAGES:
        kinds = [example.kind for example in _rule_examples(page)]
        assert kinds == sorted(kinds, reverse=True)
        assert {"noop", "before"} == set(kinds)


@pytest.mark.parametrize("example", RULE_EXAMPLES, ids=str)
def test_an_example_of_a_rule(example, tmp_path):
    after = _rewritten(example, example.files, tmp_path)
    if example.kind == "noop":
        assert after == example.files
        return
    assert after != example.files
    _check(example, after["main.c"].removeprefix(_INCLUDE))


@pytest.mark.parametrize("example", RULE_EXAMPLES, ids=str)
def test_a_second_run_changes_nothing(example, tmp_path):
    once = _rewritten(example, example.files, tmp_path)
    assert _rewritten(example, once, tmp_path) == once


@pytest.mark.compiler
@pytest.mark.parametrize("example", RULE_EXAMPLES, ids=str)
def test_an_example_compiles_before_and_after(example, tmp_path):
    options = ("-std=gnu11", "-Wall", "-Werror", "-Wno-unused-function")
    _compile(example.files, tmp_path, *options)
    _compile(_rewritten(example, example.files, tmp_path), tmp_path, *options)


# ---- refusals --------------------------------------------------------------------------------------


def test_every_code_has_a_page_and_every_page_a_code():
    assert {page.stem for page in REFUSAL_PAGES} == set(CATALOGUE)
    index = (REFUSALS / "README.md").read_text(encoding="utf-8")
    for code, entry in CATALOGUE.items():
        assert f"| [{code}]({code}.md) | {entry.title} |" in index


@pytest.mark.parametrize("page", REFUSAL_PAGES, ids=lambda page: page.stem)
def test_a_page_says_what_the_catalogue_says(page):
    words = " ".join(page.read_text(encoding="utf-8").split())
    entry = CATALOGUE[page.stem]
    assert words.startswith(f"# {entry.code} **{entry.title}.** {entry.why} ## Example")
    assert words.endswith(f"## How to proceed {entry.proceed}")


@pytest.mark.parametrize("example", REFUSAL_EXAMPLES, ids=str)
def test_an_example_is_refused_for_its_reason_alone(example, tmp_path):
    tree = _open(example, example.files, tmp_path)
    plan = api.make_plan(tree, "ts")
    reasons = {refusal.code for refusal in plan.refusals} or {item.pin for item in plan.boundaries}
    assert reasons == {example.page.stem}


@pytest.mark.parametrize("example", REFUSAL_EXAMPLES, ids=str)
def test_a_page_shows_what_clew_prints(example, tmp_path):
    tree = _open(example, example.files, tmp_path)
    shown = render_plan(api.make_plan(tree, "ts"), tree.sources, Painter(colour=False)).split("\n")
    _check(example, "".join(f"{line}\n" for line in _about(example.page.stem, shown)))


def _about(code, shown):
    """Return the lines of a plan that speak of *code*: its refusals, or the boundaries that have it."""
    for first, line in enumerate(shown):
        if line.startswith(f"  {code} ("):
            last = next(i for i in range(first, len(shown)) if shown[i].startswith("    next: "))
            return shown[first:last]
    heading = next(line for line in shown if line.startswith("boundaries"))
    return [heading, *(line for line in shown if f"pinned ({code})" in line)]


@pytest.mark.compiler
@pytest.mark.parametrize("example", REFUSAL_EXAMPLES, ids=str)
def test_a_refused_example_is_c(example, tmp_path):
    _compile(example.files, tmp_path, "-std=gnu89", "-w")
    _compile(_rewritten(example, example.files, tmp_path), tmp_path, "-std=gnu89", "-w")
