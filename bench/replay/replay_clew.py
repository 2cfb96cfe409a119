"""clew runs on a case's tree: one state after the other, each on what the one before left."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from replay_before import Before, read_before
from replay_case import Case, Kind
from replay_settings import make_settings, state_name, worked_through

from clew import api
from clew.errors import ClewError
from clew.plan.model import Plan

Mode = Literal["functions", "files"]


@dataclass(frozen=True, slots=True)
class Ran:
    """The *plans* by kind of state, what clew said where it did not plan, the *settings* it ran with, and the
    paths it wrote, by state."""

    plans: dict[str, Plan]
    errors: tuple[str, ...]
    settings: str
    written: tuple[tuple[str, ...], ...]


def run_clew(case: Case, mode: Mode, root: Path, settings: str = "") -> Ran:
    """Let clew thread the states of *case* through the tree at *root*, in place, with *settings* or those
    that the facts of the case make."""
    config = root / "clew.toml"
    settings = settings or make_settings(case, root)
    config.write_text(settings, "utf-8")
    plans: dict[str, Plan] = {}
    errors: list[str] = []
    written: list[tuple[str, ...]] = []
    everywhere = _edits_holders(case, read_before(case, root))
    for kind in (*case.kinds_in_order(), *(case.kinds_beside() if mode == "functions" else ())):
        try:
            scope = _scope(case, kind, mode, everywhere=everywhere)
            change = _thread(case, kind, scope, root, config)
        except ClewError as error:
            errors.append(f"{kind.name}: {error}")
            continue
        plans[kind.name] = change.plan
        written.append(tuple(change.files))
    return Ran(plans, tuple(errors), settings, tuple(written))


def _thread(case: Case, kind: Kind, scope: api.Scope, root: Path, config: Path) -> api.Rewrite:
    tree = api.open_tree(root, api.load_settings(config), scope)
    change = api.rewrite(tree, api.make_plan(tree, state_name(case, kind)))
    for path, content in change.files.items():
        (root / path).write_bytes(content)
    return change


def _edits_holders(case: Case, before: Before) -> bool:
    """Tell whether people replaced fetches in other functions that hold the state, too: as many went again
    as those that gained it had, and not in the file alone that was worked through."""
    gone = case.patterns.get("acc removed", 0)
    return not worked_through(case) and gone > 0 and gone >= 2 * before.fetches


def _scope(case: Case, kind: Kind, mode: Mode, *, everywhere: bool) -> api.Scope:
    """Return the scope: the files of the case, and with mode "functions" the very functions."""
    if mode == "functions":
        functions = case.functions_of(kind)
        holders = ("*",) if everywhere else tuple(name for name in case.functions if name not in functions)
        return api.Scope(paths=case.files, functions=functions, linkage="any", holders=holders)
    only_static = all(gained.static for gained in case.gained)
    return api.Scope(paths=case.files, linkage="static" if only_static else "any")
