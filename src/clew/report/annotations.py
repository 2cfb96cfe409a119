"""The result of a check as workflow commands, which GitHub shows as annotations beside the lines.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions
"""

from collections.abc import Iterator

from clew.check.model import TITLES, CheckFinding, CheckResult

_IN_MESSAGE = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_IN_PROPERTY = _IN_MESSAGE | {":": "%3A", ",": "%2C"}


def check_annotations(result: CheckResult, prefix: str) -> str:
    """Return one command a finding; *prefix* is the path of the root below the repository's top, with a
    slash at its end, or ""."""
    return "".join(f"{line}\n" for line in _commands(result, prefix))


def _commands(result: CheckResult, prefix: str) -> Iterator[str]:
    for finding in result.findings:
        more = "".join(f"\n{e.path}:{e.line}: {e.message}" for e in finding.evidence)
        yield f"::error {_properties(finding, prefix)}::{_escape(finding.message + more, _IN_MESSAGE)}"


def _properties(finding: CheckFinding, prefix: str) -> str:
    values = {
        "file": prefix + finding.path,
        "line": str(finding.line),
        "col": str(finding.column),
        "endColumn": str(finding.column + finding.width),
        "title": f"clew: {TITLES[finding.code]}",
    }
    return ",".join(f"{name}={_escape(value, _IN_PROPERTY)}" for name, value in values.items())


def _escape(text: str, table: dict[str, str]) -> str:
    return "".join(table.get(character, character) for character in text)
