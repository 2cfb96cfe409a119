"""The result of a check as text for people."""

from clew.check.model import CheckFinding, CheckResult
from clew.report.excerpt import excerpt
from clew.report.paint import Painter, harmless

UNPROVED = (
    "not proved: whether the state is still the same at a call; `clew plan` proves what it changes "
    "(docs/check.md)"
)


def render_check(result: CheckResult, paint: Painter) -> str:
    """Return the findings with their source lines, and the totals."""
    lines: list[str] = []
    for finding in result.findings:
        lines += [*_finding(finding, paint), ""]
    lines.append(totals(result))
    if any(finding.code == "sandwich" or finding.evidence for finding in result.findings):
        lines.append(UNPROVED)
    return "\n".join(lines)


def totals(result: CheckResult) -> str:
    """Return one line with the numbers."""
    found, files = len(result.findings), result.checked
    line = (
        f"{found or 'no'} new finding{'' if found == 1 else 's'} in {files} file{'' if files == 1 else 's'}"
    )
    details = [f"{result.known} known", f"{result.allowed} allowed"]
    return f"{line} ({', '.join(details)})"


def _finding(finding: CheckFinding, paint: Painter) -> list[str]:
    place = paint("place", harmless(f"{finding.path}:{finding.line}:{finding.column}"))
    lines = [f"{place}: {paint('error', finding.code)}: {harmless(finding.message)}"]
    shown = excerpt(finding.line, finding.column, finding.source, paint, finding.width)
    lines += [f"  {line}" for line in shown]
    for evidence in finding.evidence:
        where = paint("place", harmless(f"{evidence.path}:{evidence.line}"))
        lines.append(f"  {where}: {harmless(evidence.message)}")
    return lines
