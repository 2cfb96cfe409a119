"""Pick fetches of a plan to be checked by hand, with the lines around them and the reasons.

The choice is spread over outcomes and refusal codes, and depends on --seed alone.  Prints Markdown.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

_CONTEXT = 3


def choose_samples(plan: dict[str, Any], count: int, seed: int) -> list[dict[str, Any]]:
    """Return *count* fetch decisions of *plan*: outcomes and reasons take turns."""
    rng = Random(seed)  # noqa: S311 (repeatable is what is wanted)
    groups: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for fetch in plan["fetches"]:
        if fetch["outcome"] != "out-of-scope":
            code = _refusal_of(plan, fetch).get("code", "")
            groups[fetch["outcome"], code].append(fetch)
    queues = [rng.sample(groups[key], len(groups[key])) for key in sorted(groups)]
    chosen: list[dict[str, Any]] = []
    while len(chosen) < count and any(queues):
        chosen += [queue.pop() for queue in queues if queue]
    return chosen[:count]


def _refusal_of(plan: dict[str, Any], fetch: dict[str, Any]) -> dict[str, Any]:
    """Return the refusal at the place of *fetch*, or an empty one."""
    for refusal in plan["refusals"]:
        place, wanted = refusal["place"], fetch["place"]
        if (place["path"], place["offset"]) == (wanted["path"], wanted["offset"]):
            return dict(refusal)
    return {}


def describe_sample(plan: dict[str, Any], fetch: dict[str, Any], root: Path) -> str:
    """Return a Markdown section about one fetch: what was decided, why, and the lines around it."""
    place, refusal = fetch["place"], _refusal_of(plan, fetch)
    lines = (root / place["path"]).read_text("latin-1").split("\n")
    at = place["line"] - 1
    numbered = [
        f"{'>' if index == at else ' '} {index + 1:6} {lines[index].rstrip()}"
        for index in range(max(0, at - _CONTEXT), min(len(lines), at + _CONTEXT + 1))
    ]
    parts = [
        f"### {place['path']}:{place['line']} `{fetch['function']}`: {fetch['outcome']}",
        "",
        fetch["why"],
    ]
    if refusal:
        parts += ["", f"`{refusal['code']}`: {refusal['why']}"]
        parts += [f"- {p['path']}:{p['line']}: {words}" for p, words in refusal.get("chain", ())]
    return "\n".join([*parts, "", "```c", *numbered, "```", ""])


def count_outcomes(plan: dict[str, Any]) -> str:
    """Return a Markdown table of fetches by outcome."""
    counts: dict[str, int] = defaultdict(int)
    for fetch in plan["fetches"]:
        counts[fetch["outcome"]] += 1
    rows = [f"| {outcome} | {number} |" for outcome, number in sorted(counts.items())]
    return "\n".join(["| outcome | fetches |", "|---|---|", *rows, f"| total | {len(plan['fetches'])} |", ""])


def _main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("plan", type=Path, help="a plan, as clew plan --format json prints it")
    parser.add_argument("root", type=Path, help="the tree as it was before the rewrite")
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print the chosen decisions as JSON")
    options = parser.parse_args(argv)
    plan = json.loads(options.plan.read_text("utf-8"))
    chosen = choose_samples(plan, options.count, options.seed)
    if options.json:
        print(json.dumps(chosen, indent=1))
        return 0
    print(count_outcomes(plan))
    for fetch in chosen:
        print(describe_sample(plan, fetch, options.root))
    return 0


if __name__ == "__main__":
    sys.exit(_main(sys.argv[1:]))
