"""What works while fetching aborts."""

from clew.verify.driver.child import Observation
from clew.verify.verdict import Verdict


def compare_probes(before: Observation, after: Observation) -> Verdict:
    """Compare what became of each probe (a line ``[name, "passed" or how it ended]``).

    Passed: something works without the global that did not, and nothing the other way round.  Where nothing
    differs, nothing was shown.
    """
    for name, found in (("before", before), ("after", after)):
        if found.ending:
            lines = (f"the program {name} {found.ending}", *found.backtrace)
            return Verdict("drive", "failed" if name == "after" else "not-run", "poison: no result", lines)
    was = {name for name, outcome in before.lines if outcome == "passed"}
    now = {name for name, outcome in after.lines if outcome == "passed"}
    names = [name for name, _ in after.lines]
    if not names:
        return Verdict("drive", "not-run", "poison: the library does not watch its accessor")
    lost, won = sorted(was - now), sorted(now - was)
    figures = {"probes": len(names), "before": len(was), "after": len(now)}
    summary = f"poison: {len(was)} of {len(names)} probes run without the global before, {len(now)} after"
    evidence = _list("runs without the global now", won)
    if lost:
        evidence = _list("fetches now, and did not before", lost) + evidence
        return Verdict("drive", "failed", summary, tuple(evidence), figures=figures)
    if not won:
        nothing = "nothing that the change threads can be called with the state in hand"
        return Verdict("drive", "not-run", f"{summary}: {nothing}", figures=figures)
    still = _list("still needs the global", [name for name in names if name not in now])
    return Verdict("drive", "passed", summary, (*evidence, *still), figures=figures)


def _list(what: str, names: list[str]) -> list[str]:
    return [f"{what}: {', '.join(names)}"] if names else []
