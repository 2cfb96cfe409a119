import json
import sys

import pytest
import verify_project

FIGURES = {"threaded": 10, "executed": 9, "checks": 10, "mismatches": 0, "functions": [], "places": []}
REPORT = {
    "status": "passed",
    "summary": "10 checks in 9 of 10 threaded functions, 0 mismatches",
    "evidence": ["fetches executed: 5 before, 4 after (-20.0 %)"],
    "seconds": 1.0,
}


@pytest.fixture
def run(tmp_path, capsys):
    """Run the script with a stand-in for clew that prints its arguments to a file, and a report."""

    def call(*argv, **figures):
        check = REPORT | {"check": "instrument", "figures": FIGURES | figures}
        script = tmp_path / "clew.py"
        text = json.dumps({"checks": [{"check": "compile"}, check]})
        script.write_text(
            f"import sys\nopen({str(tmp_path / 'argv')!r}, 'w').write('|'.join(sys.argv))\nprint({text!r})\n"
        )
        words = ["git", "--root", str(tmp_path), "--work", str(tmp_path / "w"), *argv]
        code = verify_project._main([*words, "--clew", f"{sys.executable} {script}"])
        return code, capsys.readouterr().out, (tmp_path / "argv").read_text()

    kept = tmp_path / "w" / "instrumented-runtime" / "reports-0"
    kept.mkdir(parents=True)
    (kept / "status").write_text("0\n")
    return call


def test_it_hands_on_what_is_verified_and_prints_the_evidence(run):
    code, out, argv = run("--tests", "t0000*.sh")
    assert code == 0
    assert "fetches executed: 5 before" in out
    assert "--state|repository" in argv
    assert "cd t && prove -j2 t0000*.sh" in argv


@pytest.mark.parametrize("figures", [{"executed": 7}, {"checks": 9}])
def test_too_little_is_no_success(run, figures):
    assert run("--checks", "10", **figures)[0] == 1
