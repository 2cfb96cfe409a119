import sys

from clew.verify.process import run_measured

PYTHON = sys.executable


def test_output_code_and_environment(tmp_path):
    script = "import os, sys; print(os.environ['WORD'], os.getcwd()); sys.stderr.write('oops'); sys.exit(3)"
    ran = run_measured([PYTHON, "-c", script], cwd=tmp_path, env={"WORD": "hello"})
    assert (ran.code, ran.stderr, ran.ok) == (3, "oops", False)
    assert ran.stdout.strip() == f"hello {tmp_path.resolve()}"


def test_memory_of_the_command_is_measured():
    small = run_measured([PYTHON, "-c", "pass"])
    large = run_measured([PYTHON, "-c", "x = bytearray(700 << 20)"])
    assert large.peak_mib - small.peak_mib > 150
    assert small.ok


def test_a_command_that_takes_too_long_is_killed_with_its_children():
    ran = run_measured(["sh", "-c", "sleep 60 & wait"], timeout=0.5)
    assert ran.timed_out
    assert not ran.ok
    assert ran.seconds < 20


def test_bytes_that_are_no_utf8_are_kept_readable():
    ran = run_measured([PYTHON, "-c", r"import os; os.write(1, b'a\xff\n')"])
    assert ran.stdout == "a\ufffd\n"
