"""Whether earlier results that clew takes for right still are: small changes, with the cache and without.

    python bench/renewal_trial.py --tree TREE --settings FILE --state ts --linkage any --work DIR

Changes copies of the C files of a tree, one small change after the other, and compares plan and edits that a
store remembers with those made anew.  Prints how many were renewed, by the kind of the change, and every
difference; exit status 1 where there is one.
"""

import argparse
import json
import sys
from collections import Counter
from pathlib import Path
from random import Random
from typing import Self

from small_changes import Changer

from clew import api
from clew.cache.store import Store
from clew.errors import ClewError
from clew.incremental import memory

_LIMIT = 1 << 30


def _answers(root: Path, options: argparse.Namespace, store: Store | None) -> tuple[str, ...]:
    """Return all that clew says about the tree at *root*."""
    settings = api.load_settings(options.settings)
    scope = api.Scope(paths=tuple(options.paths), linkage=options.linkage)
    found = []
    try:
        tree = api.open_tree(root, settings, scope, store=store)
        plan = api.make_plan(tree, options.state)
        found += [repr(plan), repr(dict(api.rewrite(tree, plan).edits))]
        if options.audit:
            found.append(repr(api.audit(api.open_tree(root, settings, scope, store=store), options.state)))
    except ClewError as error:
        found.append(str(error))
    return tuple(found)


def _copy(tree: Path, work: Path) -> dict[str, str]:
    texts = {}
    for path in sorted(tree.rglob("*.[ch]")):
        name = path.relative_to(tree).as_posix()
        texts[name] = path.read_bytes().decode("latin-1")
        (work / name).parent.mkdir(parents=True, exist_ok=True)
        (work / name).write_bytes(path.read_bytes())
    return texts


def main() -> int:
    """Run the trial."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--tree", type=Path, required=True)
    parser.add_argument("--settings", type=Path, required=True)
    parser.add_argument("--state", required=True)
    parser.add_argument("--linkage", default="static")
    parser.add_argument("--changes", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--work", type=Path, required=True, help="an empty folder")
    parser.add_argument("--audit", action="store_true", help="compare audits as well")
    parser.add_argument("--only-renewed", action="store_true", help="make anew only what was renewed")
    parser.add_argument(
        "--restart", type=int, default=5, help="go back to the original after so many changes"
    )
    parser.add_argument("paths", nargs="*", help="the scope")
    options = parser.parse_args()
    root = options.work / "tree"
    texts = _copy(options.tree, root)
    store = Store(options.work / "cache.sqlite", "trial", print, _LIMIT)
    renewed, kinds, wrong = Counter[str](), Counter[str](), 0
    changer = Changer(texts, Random(options.seed))  # noqa: S311 (repeatable is what is wanted)
    _answers(root, options, store)
    for number in range(options.changes):
        if number % options.restart == 0:
            for path, text in texts.items():
                changer.texts[path] = text
                (root / path).write_bytes(text.encode("latin-1"))
            _answers(root, options, store)
        kind, path = changer.change()
        (root / path).write_bytes(changer.texts[path].encode("latin-1"))
        kinds[kind] += 1
        with _Watch() as watch:
            known = _answers(root, options, store)
        renewed[kind] += watch.seen
        if watch.seen or not options.only_renewed:
            anew = _answers(root, options, None)
            if known != anew:
                wrong += 1
                print(f"change {number}, {kind} in {path}: another answer")
                (options.work / f"wrong-{number}.c").write_bytes(changer.texts[path].encode("latin-1"))
                (options.work / f"wrong-{number}.json").write_text(
                    json.dumps([known, anew], indent=1), "utf-8"
                )
    store.close()
    for kind, count in sorted(kinds.items()):
        print(f"{kind:20} {renewed[kind]:4} of {count} renewed")
    print(f"{sum(renewed.values())} of {sum(kinds.values())} renewed, {wrong} wrong")
    return 1 if wrong else 0


class _Watch:
    """Sees whether a result was renewed."""

    def __init__(self) -> None:
        self.seen = False

    def __enter__(self) -> Self:
        self._certify = memory.certify
        memory.certify = self._call
        return self

    def __exit__(self, *_: object) -> None:
        memory.certify = self._certify

    def _call(self, *arguments: object) -> object:
        found = self._certify(*arguments)  # type: ignore[arg-type]
        self.seen = self.seen or found is not None
        return found


if __name__ == "__main__":
    sys.exit(main())
