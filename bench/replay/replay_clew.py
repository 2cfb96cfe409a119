"""clew runs on a case's tree: one state after the other, each on what the one before left."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from replay_before import read_before
from replay_case import Case, Kind
from replay_policy import Policy, guess_policy
from replay_settings import make_settings, state_name

from clew import api
from clew.errors import ClewError
from clew.pipeline import Tree
from clew.plan.model import Plan

CONFIG = "clew.toml"
_SHARED = {"program", "graph", "parser"}  # of a tree: they depend on its texts alone

Mode = Literal["functions", "files"]


@dataclass(frozen=True, slots=True)
class Ran:
    """The *plans* by kind of state, what clew said where it did not plan, the *settings* and the *policy* it
    ran with, and the paths it wrote, by state."""

    plans: dict[str, Plan]
    errors: tuple[str, ...]
    settings: str
    policy: Policy
    written: tuple[tuple[str, ...], ...]


class _Reader:
    """Reads trees; what stands in the files is found once for the same texts."""

    def __init__(self) -> None:
        self._first: Tree | None = None

    def open(self, root: Path, config: Path, scope: api.Scope) -> api.OpenTree:
        """Open the tree at *root*, and remember the first one."""
        opened = api.open_tree(root, api.load_settings(config), scope)
        tree, first = opened.pipeline_tree, self._first
        if first is None:
            self._first = tree
        elif tree.sources == first.sources and tree.foreign == first.foreign:
            for name in _SHARED & vars(first).keys():
                vars(tree)[name] = vars(first)[name]
        return opened


def run_clew(
    case: Case,
    mode: Mode,
    root: Path,
    settings: str = "",
    policy: Policy | None = None,
) -> Ran:
    """Let clew thread the states of *case* through the tree at *root*, in place, with *policy*, and with
    *settings* or those that both make."""
    config = root / CONFIG
    before = read_before(case, root)
    policy = policy or guess_policy(case, before)
    tidied = {"": (), "beside": before.beside.names, "all": before.beside.names + before.elsewhere.names}
    settings = settings or make_settings(case, root, policy)
    config.write_text(settings, "utf-8")
    plans: dict[str, Plan] = {}
    errors: list[str] = []
    written: list[tuple[str, ...]] = []
    reader = _Reader()
    for kind in (*case.kinds_in_order(), *(case.kinds_beside() if mode == "functions" else ())):
        try:
            opened = reader.open(root, config, _scope(case, kind, mode, tidied[policy.tidied]))
            change = api.rewrite(opened, api.make_plan(opened, state_name(case, kind)))
        except ClewError as error:
            errors.append(f"{kind.name}: {error}")
            continue
        for path, content in change.files.items():
            (root / path).write_bytes(content)
        plans[kind.name] = change.plan
        written.append(tuple(change.files))
    return Ran(plans, tuple(errors), settings, policy, tuple(written))


def _scope(case: Case, kind: Kind, mode: Mode, tidied: tuple[str, ...]) -> api.Scope:
    """Return the scope: the files of the case, and with mode "functions" the very functions; of those
    that are *tidied* up, the ones that hold the state."""
    if mode == "functions":
        functions = case.functions_of(kind)
        holders = (*(name for name in case.functions if name not in functions), *tidied)
        return api.Scope(paths=case.files, functions=functions, linkage="any", holders=holders)
    only_static = all(gained.static for gained in case.gained)
    return api.Scope(paths=case.files, linkage="static" if only_static else "any")
