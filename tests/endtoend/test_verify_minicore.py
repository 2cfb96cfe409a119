"""`clew verify` over the small core: the rewrite is proved, and a wrong one is caught by each layer."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from clew.cli.main import main

pytestmark = pytest.mark.compiler

MINICORE = Path(__file__).parents[2] / "fixtures" / "minicore"
RUN = ["--build", "make -s OPTIMISE='-O0 -g'", "--test", "make -s check OPTIMISE='-O0 -g'"]


@pytest.fixture(scope="module")
def core(tmp_path_factory):
    """The core as it is, with a log of what its build would do."""
    root = tmp_path_factory.mktemp("core") / "before"
    shutil.copytree(MINICORE, root, ignore=shutil.ignore_patterns("build"))
    # A make above this one would have it print the folder, and the copies made later are in others.
    dry_run = ["make", "--no-print-directory", "-n"]
    log = subprocess.run(dry_run, cwd=root, check=True, capture_output=True, text=True)
    (root / "make.log").write_text(log.stdout)
    return root


@pytest.fixture(scope="module")
def rewritten(core):
    after = core.with_name("after")
    shutil.copytree(core, after)
    assert main(["rewrite", "--root", str(after), "--state", "ts", "--write", "--allow-dirty", "-q"]) in (
        0,
        1,
    )
    return after


def verify(capsys, root, *argv):
    code = main(["verify", "--root", str(root), "--state", "ts", "--format", "json", "-q", *argv])
    report = json.loads(capsys.readouterr().out)
    return code, {check["check"]: check for check in report["checks"]}


def test_the_rewrite_is_proved(core, capsys):
    code, checks = verify(capsys, core, "--commands", str(core / "make.log"), "--fast", *RUN, "--instrument")
    assert code == 0
    assert checks["compile"]["figures"]["configurations"][0]["units"] >= 8
    figures = checks["instrument"]["figures"]
    # The rest is compiled only with MC_TRACE or MC_DEBUG_REFS.
    assert figures["executed"] >= 0.8 * figures["threaded"]
    assert figures["checks"] > 1000
    assert figures["trusted"]["checks"] > 100
    assert figures["mismatches"] == 0
    assert figures["fetches_before"] > figures["fetches_after"] > 0


@pytest.mark.parametrize(
    ("path", "right", "wrong", "caught"),
    [
        ("core/import.c", "return eggs(ts, slices);", "return eggs(slices);", "compile"),
        ("core/import.c", "return eggs(ts, slices);", "return eggs(ts, slices * 1000);", "run"),
        (
            "core/import.c",
            "return eggs(ts, slices);",
            "return eggs((MCState *)ts->interp, slices);",
            "instrument",
        ),
    ],
)
def test_a_wrong_rewrite_is_caught(core, rewritten, capsys, tmp_path, path, right, wrong, caught):
    after = tmp_path / "wrong"
    shutil.copytree(rewritten, after)
    text = (after / path).read_text()
    assert text.count(right) == 1
    (after / path).write_text(text.replace(right, wrong))
    how = {
        "compile": ["--commands", str(after / "make.log"), "--fast"],
        "run": RUN,
        "instrument": [*RUN, "--no-run", "--instrument"],
    }
    code, checks = verify(capsys, after, "--before", str(core), *how[caught])
    assert (code, checks[caught]["status"]) == (1, "failed")
