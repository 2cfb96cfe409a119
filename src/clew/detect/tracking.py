"""Which locals of a function can hold a state."""

import re

from clew.config.settings import State
from clew.detect.values import Value
from clew.parse.flow import Flow

_DROPPED = re.compile(r"\b(?:const|volatile|restrict|register|auto|static|struct)\b")


def same_type(one: str, two: str) -> bool:
    """Tell whether two C types are spelled alike but for qualifiers, ``struct`` and blanks."""
    return _plain(one) == _plain(two)


def _plain(type_text: str) -> str:
    return "".join(_DROPPED.sub(" ", type_text).split())


def state_locals(flow: Flow, state: State) -> dict[int, Value | None]:
    """Return the locals of the state's type by index; parameters come with what they brought."""
    found: dict[int, Value | None] = {}
    position = 0
    for index, local in enumerate(flow.locals):
        if same_type(local.type, state.type) and local.kind in ("parameter", "auto"):
            found[index] = ("arg", position) if local.kind == "parameter" else None
        if local.kind == "parameter":
            position += 1
    return found
