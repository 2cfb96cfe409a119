"""A small program to report on, the official SARIF schema, and a real browser."""

import shutil
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from clew import api
from clew.report.verdicts import Verdict

BENCH = Path(__file__).parents[2] / "bench"
if str(BENCH) not in sys.path:
    sys.path.insert(0, str(BENCH))

SETTINGS = """\
[[state]]
name = "session"
type = "struct session *"
names = ["s"]
accessors = ["current()"]
changers = ["swap"]
"""
# Everything that a page, a table or a terminal might take for something else.
PLAIN = b"""\
struct session { int n; };
struct session *current(void);
void swap(void);
static void hook(int *p);
static int leaf(int x); /* </script><script>document.title='owned'</script> */
static void (*table[])(int *) = { hook };
static int leaf(int x)
{
    /* </script><script>document.title = "owned"</script><img src=x onerror="document.title=1"> \xff\xfe */
    const char *text = "<b>&amp;</b> `code` | pipe @someone {{ 7 * 7 }}";\x0c
    return current()->n + x;
}
static int middle(int x) { return leaf(x); }
static void hook(int *p) { *p = middle(*p); swap(); *p += current()->n; }
static int late(void) { int n = current()->n; swap(); return n + current()->n; }
int main(void) { int x = 1; table[0](&x); int y = middle(x); return y + late(); }
"""
UNICODE = (
    "struct session { int n; };\r\nstruct session *current(void);\r\n"
    "static int twice(void)\r\n{\r\n    /* \u202egnirts \u00e9\u4e2d */\r\n"
    "    return 2 * /* \u00e9 */ current()->n;\r\n}\r\n"
    "int other(void) { return twice(); }\r\n"
).encode()


def _make_review(root):
    tree = api.open_tree(root, api.load_settings(root / "clew.toml"))
    return api.review(tree, api.rewrite(tree, api.make_plan(tree, "session")))


@pytest.fixture(scope="session")
def make_review():
    """The review of a folder with the settings above."""
    return _make_review


@pytest.fixture(scope="session")
def tree(tmp_path_factory):
    root = tmp_path_factory.mktemp("report")
    (root / "clew.toml").write_text(SETTINGS)
    (root / "main.c").write_bytes(PLAIN)
    (root / "a <b> & c.c").write_bytes(UNICODE)
    return root


@pytest.fixture(scope="session")
def review(tree):
    verdicts = (
        Verdict("compile", "passed", "2 files, no new diagnostic"),
        Verdict("run <make test>", "failed", "</table><script>document.title='owned'</script>"),
        Verdict("poison", "not-run", "no test command | is configured"),
    )
    return replace(_make_review(tree), command="clew rewrite --state session --write", verdicts=verdicts)


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """Headless Chromium; tests that need it are skipped without."""
    if shutil.which("chromium") is None:
        pytest.skip("there is no chromium on PATH")
    from browser import Browser  # noqa: PLC0415 (only with its package)

    found = Browser(tmp_path_factory.mktemp("chromium"))
    yield found
    found.close()
