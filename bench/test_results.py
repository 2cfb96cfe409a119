"""Read what test commands print: the result of each test, "ok" or how it failed."""

import re

from clew.verify.process import Measured

_REGRTEST = re.compile(
    r"^\d+:\d\d:\d\d .*?\[ *\d+/\d+(?:/\d+)?\] (?P<name>test_\w+)(?P<rest>.*)$", re.MULTILINE
)
_REGRTEST_LIST = re.compile(
    r"^\d+ tests? (?P<what>failed|skipped)[^:\n]*:\n(?P<names>(?:    .*\n?)+)", re.MULTILINE
)
_PROVE_LINE = re.compile(r"^(?P<name>t\d{4}[-\w.]*\.sh) \.+ ?(?P<rest>.*)$", re.MULTILINE)
_PROVE_SUMMARY = re.compile(
    r"^(?P<name>t\d{4}[-\w.]*\.sh)\s+\(Wstat:.*\n(?P<rest>(?:  .*\n?)*)", re.MULTILINE
)


def read_regrtest(ran: Measured) -> dict[str, str]:
    """Read the output of CPython's ``-m test`` (one line a test, then lists of what failed)."""
    results = {match["name"]: "ok" for match in _REGRTEST.finditer(ran.stdout)}
    for match in _REGRTEST_LIST.finditer(ran.stdout):
        for name in match["names"].split():
            results[name] = match["what"]
    if ran.code < 0:
        results["the interpreter"] = f"signal {-ran.code}"
    return results


def read_prove(ran: Measured) -> dict[str, str]:
    """Read the output of ``prove``: each script once, and the failed tests of the summary."""
    results: dict[str, str] = {}
    for match in _PROVE_LINE.finditer(ran.stdout):
        rest = match["rest"]
        results[match["name"]] = "ok" if rest == "ok" else "skipped" if "skipped" in rest else "failed"
    for match in _PROVE_SUMMARY.finditer(ran.stdout):
        failed = [line.strip() for line in match["rest"].splitlines() if "Failed" in line or "exit" in line]
        # A test that is expected to fail and passes is in the summary too.
        if failed:
            results[match["name"]] = "failed: " + "; ".join(failed)
    return results


def read_make_test(ran: Measured) -> dict[str, str]:
    """Read the output of a test target that prints a heading per group and stops, or not, on errors.

    A heading is a line between dashes or equal signs (``------------ libtest ------------``).
    """
    results: dict[str, str] = {}
    current = ""
    for line in ran.stdout.splitlines() + ran.stderr.splitlines():
        heading = re.fullmatch(r"[-=]{3,}\s*(\S.*?)\s*[-=]{3,}", line)
        if heading:
            current = heading[1]
            results.setdefault(current, "ok")
        elif re.match(r"make(\[\d+\])?: \*\*\* ", line):
            results[re.sub(r"make\[\d+\]", "make", line)] = "failed"
            if current:
                results[current] = "failed"
    results["exit code"] = "ok" if ran.code == 0 else f"failed: {ran.code}"
    return results
