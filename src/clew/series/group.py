"""Which functions change together, and in which order.

Callees come before their callers; functions that call each other in a circle change in one patch.  As far as
that allows, the static functions of one file change together, and before functions that other files call;
each of those has a patch of its own, with all its callers.
"""

from collections.abc import Iterable, Sequence

from clew.link.order import Component, find_components
from clew.text.record import record

Key = tuple[str, str]  # name, and the file of a static function or ""


@record()
class Group:
    """Functions that get the parameter in one patch; *home* is their file when all are static there."""

    members: tuple[Key, ...]
    home: str


def group_functions(functions: Iterable[Key], calls: Iterable[tuple[Key, Key]]) -> list[Group]:
    """Return the groups in their order; *calls* has pairs of caller and callee."""
    components = find_components(sorted(functions), calls)
    waiting = dict(enumerate(components))
    groups: list[Group] = []
    while waiting:
        ready = [index for index, one in waiting.items() if not one.calls & waiting.keys()]
        homes = [home for index in ready if (home := _home(components[index]))]
        # The file with most to do first, so that there are few patches.
        home = max(sorted(set(homes)), key=homes.count) if homes else ""
        taken = _take_statics(components, waiting, home) if home else ready[:1]
        groups.append(Group(tuple(key for index in taken for key in components[index].members), home))
        for index in taken:
            waiting.pop(index, None)
    return groups


def _take_statics(
    components: Sequence[Component[Key]], waiting: dict[int, Component[Key]], home: str
) -> list[int]:
    """Take what is static in *home* and has all its callees behind it, again and again."""
    taken: list[int] = []
    while True:
        left = waiting.keys() - set(taken)
        ready = [i for i in sorted(left) if not components[i].calls & left and _home(components[i]) == home]
        if not ready:
            return taken
        taken += ready


def _home(component: Component[Key]) -> str:
    homes = {path for _, path in component.members}
    return homes.pop() if len(homes) == 1 else ""
