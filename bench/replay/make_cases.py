"""Make cases for `replay.py` of further commits: to see that clew does not only fit those it was made with.

    git log --no-merges --format=%H --since=2017-01-01 -E -i --grep='struct repository|the_repository' \
        -- '*.c' > commits.txt
    python bench/replay/make_cases.py --cases cases.json --like git-74d414c9f1 --repo /src/git/.git \
        commits.txt > more.json

The states are those of the case ``--like``.  The judge reads what the commits did; of that, what a case says
about policy is kept, as in the cases by hand.  Nobody has judged what a tool could reach, so that is all.
Commits are left out that are among the cases, in which less than ``--least`` edits thread a state, and in
which for each edit more than ``--most-lines`` lines were added: they are about something else.
"""

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import score as judge

_MOST_FILES = 40  # more take the judge long
_PURE_LINES = 2.2  # added for each edit, at most, in a commit that counts as nearly pure threading
_MODES = ("rename", "split", "macro-split")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line *argv*; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--cases", type=Path, required=True, help="the file of cases that there are")
    parser.add_argument("--like", required=True, metavar="ID", help="the case whose states are looked for")
    parser.add_argument("--repo", required=True, metavar="GITDIR")
    parser.add_argument("--least", type=int, default=6, metavar="EDITS")
    parser.add_argument("--most-lines", type=float, default=4, metavar="LINES")
    parser.add_argument("commits", type=Path, help="a file with a commit in each line")
    options = parser.parse_args(argv)
    known = json.loads(options.cases.read_text("utf-8"))["cases"]
    like = next((case for case in known if case["id"] == options.like), None)
    if like is None:
        parser.error(f"{options.cases} has no case {options.like}")
    have = {case["commit"] for case in known}
    commits = (line.split()[0] for line in options.commits.read_text("utf-8").splitlines() if line.strip())
    wanted = [commit for commit in dict.fromkeys(commits) if commit not in have]
    cases = list(_make(wanted, like, options))
    json.dump({"cases": cases}, sys.stdout)
    print(f"{len(cases)} cases of {len(wanted)} commits", file=sys.stderr)
    return 0


def _make(
    commits: Iterable[str], like: dict[str, Any], options: argparse.Namespace
) -> Iterator[dict[str, Any]]:
    spec = judge.Spec(like["state"])
    for commit in commits:
        words = _git(options.repo, "log", "-1", "--format=%H%n%P%n%as%n%s", commit).splitlines()
        full, parent, date, subject = words
        paths, edits = _read_edits(options.repo, parent, full, spec)
        lines = _count_added(options.repo, parent, full) / max(len(edits), 1)
        gained = [edit for edit in edits if edit.kind == "sig" and _function_of(edit)]
        if len(edits) < options.least or not gained or lines > options.most_lines:
            continue
        yield {
            "id": f"{like['id'].partition('-')[0]}-{full[:10]}",
            **{key: like[key] for key in ("repo", "primary_kind", "state")},
            "commit": full,
            "parent": parent,
            "date": date,
            "subject": subject,
            "class": "thread",
            "gold": lines <= _PURE_LINES,
            "scope": {"files": paths, "functions": sorted({_function_of(edit) for edit in gained})},
            "counts": Counter(edit.kind for edit in edits),
            "ceiling": _reach_all(len(edits)),
            "patterns": _count_patterns(edits, like["state"]),
            "functions_gained": list(map(_describe, gained)),
            "twins": [_describe_twin(edit) for edit in gained if edit.attrs["mode"] in _MODES],
        }


def _read_edits(gitdir: str, parent: str, commit: str, spec: judge.Spec) -> tuple[list[str], list[Any]]:
    """Return the C files that *commit* changes, and what it does to the states in them."""
    before, after = judge.GitTree(gitdir, parent), judge.GitTree(gitdir, commit)
    try:
        old, new = before.list(), after.list()
        paths = sorted(p for p in old.keys() | new.keys() if judge.is_c(p) and old.get(p) != new.get(p))
        if not paths or len(paths) > _MOST_FILES:
            return paths, []
        edits, _ = judge.extract_edits(*(judge.Version(tree, paths, spec) for tree in (before, after)), spec)
        return paths, edits
    finally:
        before.close()
        after.close()


def _reach_all(edits: int) -> dict[str, int]:
    counts = {"edits": edits, "edits_mechanical": edits, "edits_policy": 0}
    return counts | {"functions_touched": 1, "pure_threading": 1}


def _function_of(edit: Any) -> str:
    """Return the name of the function that *edit* is about, "" where the judge knows none."""
    name: str = edit.key[1]
    return name.partition("#")[0]  # behind it, which of several


def _describe_twin(edit: Any) -> dict[str, str]:
    return {"old": _function_of(edit), "new": edit.attrs["newname"], "mode": edit.attrs["mode"]}


def _describe(edit: Any) -> dict[str, Any]:
    path, _, kind = edit.key
    attrs = edit.attrs
    return {
        "file": path,
        "function": _function_of(edit),
        "kind": kind,
        "mode": attrs["mode"],
        "param": attrs["name"],
        "position": attrs["pos"],
        "static": attrs["static"],
    }


def _count_patterns(edits: Iterable[Any], state: dict[str, Any]) -> Counter[str]:
    """Count the habits that `replay_policy` reads."""
    accessors = {"".join(one.split()) for kind in state["kinds"] for one in kind.get("accessors", ())}
    found: Counter[str] = Counter()
    for edit in edits:
        attrs = edit.attrs
        if edit.kind == "call":
            found[f"call src {attrs['source']}"] += 1
            found["call redirected"] += bool(attrs["to"])
            if attrs["source"] == "field":
                found["srctext " + re.sub(r"^\w+", "X", attrs["text"])] += 1
        elif edit.kind == "acc":
            found["acc removed"] += 1
        elif edit.kind == "decl+" and attrs["init"] in accessors:
            found["decl+ init accessor (fetch at entry)"] += 1
        elif edit.kind == "proto":
            found["proto in header"] += attrs["path"].endswith(".h")
    return found


def _count_added(gitdir: str, parent: str, commit: str) -> int:
    lines = _git(gitdir, "diff", "--numstat", parent, commit, "--", "*.c", "*.h").splitlines()
    return sum(int(line.split("\t")[0]) for line in lines if line[0].isdigit())


def _git(gitdir: str, *words: str) -> str:
    ran = subprocess.run(["git", f"--git-dir={gitdir}", *words], check=True, capture_output=True)
    return ran.stdout.decode(errors="replace")


if __name__ == "__main__":
    sys.exit(main())
