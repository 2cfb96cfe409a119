"""clew runs on a case's tree: one state after the other, each on what the one before left."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from replay_case import Case, Kind
from replay_settings import make_settings, state_name

from clew import api
from clew.errors import ClewError
from clew.plan.model import Plan

Mode = Literal["functions", "files"]


@dataclass(frozen=True, slots=True)
class Ran:
    """The *plans* by kind of state, and what clew said where it did not plan."""

    plans: dict[str, Plan]
    errors: tuple[str, ...]


def run_clew(case: Case, mode: Mode, root: Path) -> Ran:
    """Let clew thread the states of *case* through the tree at *root*, in place."""
    config = root / "clew.toml"
    config.write_text(make_settings(case, root), "utf-8")
    plans: dict[str, Plan] = {}
    errors: list[str] = []
    for kind in case.kinds_in_order():
        try:
            plans[kind.name] = _thread(case, kind, mode, root, config)
        except ClewError as error:
            errors.append(f"{kind.name}: {error}")
    return Ran(plans, tuple(errors))


def _thread(case: Case, kind: Kind, mode: Mode, root: Path, config: Path) -> Plan:
    tree = api.open_tree(root, api.load_settings(config), _scope(case, kind, mode))
    change = api.rewrite(tree, api.make_plan(tree, state_name(case, kind)))
    for path, content in change.files.items():
        (root / path).write_bytes(content)
    return change.plan


def _scope(case: Case, kind: Kind, mode: Mode) -> api.Scope:
    """Return the scope: the files of the case, and with mode "functions" the very functions."""
    if mode == "functions":
        return api.Scope(paths=case.files, functions=case.functions_of(kind), linkage="any")
    only_static = all(gained.static for gained in case.gained)
    return api.Scope(paths=case.files, linkage="static" if only_static else "any")
