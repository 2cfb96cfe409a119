"""What the command line imports before it answers: each import is time at every call."""

import json
import os
import resource
import subprocess
import sys

import pytest

PROGRAM = """
import json, sys
from clew.cli.main import main
code = main(sys.argv[1:])
print(json.dumps(sorted(sys.modules)), file=sys.stderr)
sys.exit(code)
"""
CONFIG = """\
[[state]]
name = "ts"
type = "T *"
names = ["ts"]
accessors = ["GET()"]
"""
# What --version needs; all else is imported by what needs it.
VERSION_MODULES = {"clew", "clew.cli", "clew.cli.exits", "clew.cli.main", "clew.errors"}
HEAVY = {"libcst", "networkx", "pycparser", "rich", "jinja2", "sqlite3", "subprocess", "asyncio", "json"}
STAGES = ["cache", "check", "cli", "config", "errors", "report", "text", "verify"]
SECONDS_OF_CPU = 0.060


@pytest.fixture
def environment(tmp_path):
    """As when pip has installed clew: bytecode is there after the first run."""
    bytecode = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(tmp_path / "bytecode")}
    path = {"PYTHONPATH": os.pathsep.join(sys.path), "CLEW_CACHE_DIR": str(tmp_path / "cache")}
    return os.environ | bytecode | path


def modules(environment, *arguments):
    command = [sys.executable, "-c", PROGRAM, *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    listed = set(json.loads(done.stderr.splitlines()[-1]))
    return (
        listed - {"json", "json.decoder", "json.encoder", "json.scanner"}
        if arguments[0] != "check"
        else listed
    )


def heavy(found):
    return {name for name in found if name.split(".")[0] in HEAVY}


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_what_a_short_answer_imports(environment, option):
    found = modules(environment, option)
    assert {name for name in found if name.split(".")[0] == "clew"} == VERSION_MODULES
    assert heavy(found) == set()


def test_what_check_imports_when_nothing_has_to_be_read(environment, tmp_path):
    tree = tmp_path / "tree"
    tree.mkdir()
    (tree / "clew.toml").write_text(CONFIG)
    (tree / "main.c").write_text("void f(void) { (void)0; }\n")
    modules(environment, "check", "--root", str(tree))
    found = modules(environment, "check", "--root", str(tree))
    assert {name.split(".")[0] for name in heavy(found)} == {"sqlite3", "subprocess", "json"}
    stages = {".".join(name.split(".")[:2]) for name in found if name.startswith("clew.")}
    assert {name for name in found if name.startswith("clew.report.")} == {
        "clew.report.paint",
        "clew.report.wrap",
    }
    assert stages == {f"clew.{name}" for name in STAGES}


def cpu_seconds(environment, *arguments):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def test_version_is_quick(environment):
    cpu_seconds(environment, "-m", "clew", "--version")  # compiles
    bare = min(cpu_seconds(environment, "-c", "pass") for _ in range(5))
    clew = min(cpu_seconds(environment, "-m", "clew", "--version") for _ in range(5))
    # A busy machine is slower, also by its processor time.
    assert clew - bare < 2 * SECONDS_OF_CPU
