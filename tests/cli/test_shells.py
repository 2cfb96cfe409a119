"""Help that fits, schemas, and completion in a real shell."""

import json
import os
import subprocess
import sys

import pytest

from clew.cli.main import COMMANDS, main

CONFIG = """\
[[state]]
name = "session"
type = "T *"
names = ["s"]
accessors = ["GET()"]
"""


def run_help(*arguments):
    environment = {**os.environ, "COLUMNS": "80"}
    command = [sys.executable, "-m", "clew", *arguments, "--help"]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.splitlines()


def test_the_help_fits_a_screen():
    lines = run_help()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80
    assert not any("\\b" in line for line in lines)
    assert all(any(line.startswith(f"  {name} ") for line in lines) for name in COMMANDS)


@pytest.mark.parametrize("name", ["settings", "report", "audit"])
def test_schemas_are_printed(name, capsys):
    assert main(["schema", name]) == 0
    assert json.loads(capsys.readouterr().out)["$schema"].startswith("http")


@pytest.mark.parametrize(("shell", "word"), [("bash", "complete"), ("zsh", "compdef"), ("fish", "complete")])
def test_the_script_for_a_shell(shell, word, capsys, monkeypatch):
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert word in script
    assert "_CLEW_COMPLETE" in script
    monkeypatch.setenv("SHELL", f"/usr/bin/{shell}")
    assert main(["completion"]) == 0
    assert capsys.readouterr().out == script


def test_an_unknown_shell(capsys, monkeypatch):
    monkeypatch.setenv("SHELL", "/bin/tcsh")
    assert main(["completion"]) == 2
    assert "cannot complete for tcsh" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["clew", "re"], {"plain,rewrite", "plain,report"}),
        (["clew", "report", "--fo"], {"plain,--format"}),
        (["clew", "report", "--format", "s"], {"plain,sarif"}),
        (["clew", "audit", "--state", "se"], {"plain,session"}),
        (["clew", "plan", "--root", "bad", "--state", "se"], set()),
        (["clew", "plan", "ma"], {"file,ma"}),
    ],
)
def test_words_are_completed(words, expected, tmp_path):
    (tmp_path / "clew.toml").write_text(CONFIG)
    (tmp_path / "bad").mkdir()
    (tmp_path / "bad" / "clew.toml").write_text("[[")
    environment = {
        **os.environ,
        "_CLEW_COMPLETE": "bash_complete",
        "COMP_WORDS": " ".join(words),
        "COMP_CWORD": str(len(words) - 1),
    }
    program = "import sys; sys.argv[0] = 'clew'; from clew.cli.main import run; run()"
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert set(done.stdout.split()) == expected
